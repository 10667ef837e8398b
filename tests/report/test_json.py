from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import jsonschema
import pytest

import landcheck.report
from landcheck import Request, check
from landcheck.messages import Lang
from landcheck.model import Finding, Report, Summary, Verdict
from landcheck.report.content.filled import ASIDE
from landcheck.report.options import Options, Show
from landcheck.report.write import render
from landcheck.verdicts.gather import BLOCK

SCHEMA = json.loads(files(landcheck.report).joinpath("schema.json").read_text(encoding="utf-8"))


def text_of(report: Report, name: str = "json", lang: Lang = "zh", show: Show = "all") -> str:
    return "".join(render(report, name, Options(lang, show)))


def part(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}


def valid(value: Any, schema: dict[str, Any]) -> None:
    jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator)


def test_the_schema_itself_is_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("show", ["findings", "all"])
def test_the_report_is_valid(report: Report, lang: Lang, show: Show) -> None:
    text = text_of(report, lang=lang, show=show)
    assert text.endswith("}\n")
    valid(json.loads(text), SCHEMA)


def test_an_empty_report_is_valid(report: Report) -> None:
    empty = replace(
        report, findings=(), data=(), ledger=(), transfers=(), notices=(), inputs=(), assumptions=(), parameters={},
        summary=Summary({"parcel": 0}, {}),
    )  # fmt: skip
    valid(json.loads(text_of(empty)), SCHEMA)


def test_the_keys_of_the_contract_hold_what_the_contract_says(report: Report) -> None:
    read = json.loads(text_of(report, show="findings"))
    assert read["schema_version"] == "1"
    assert read["tool"] == {"name": "landcheck", "version": "9.9.9"}
    assert read["pack"][0]["in_force_from"] == "2021-09-01"
    assert read["as_of"] == "2026-11-22"
    assert read["reading"] == "threshold"
    assert read["summary"]["parcel"] == 3
    assert read["summary"]["verdicts"]["far-industrial"] == {
        "pass": 1, "fail": 1, "review": 0, "undetermined": 1, "not_applicable": 0,
    }  # fmt: skip
    failed = next(f for f in read["findings"] if f["rule"] == "far-industrial" and f["verdict"] == "fail")
    assert failed["subject"] == {"type": "parcel", "id": "P1"}
    assert failed["clause"] == "五(二)"
    assert failed["location"] == [121.6, 31.2]
    required = failed["requirements"][0]
    assert (required["measured"], required["limit"], required["margin"]) == (1.8, 2.0, -0.2)
    assert (required["operator"], required["unit"], required["missing"]) == ("at_least", "1", [])
    assert read["assumptions"][0] == {"role": "parcels", "field": "single_use", "value": True, "rows": 1117}
    assert read["green_ledger"][0]["uncovered_m2"] == 600
    assert read["data"][0]["rule"] == "data/overlap"


def test_findings_leaves_out_passes_and_all_lists_them(report: Report) -> None:
    short, whole = (json.loads(text_of(report, show=show))["findings"] for show in ("findings", "all"))
    assert {f["verdict"] for f in short} == {"fail", "review", "undetermined"}
    assert [f for f in whole if f["verdict"] not in ("pass", "not_applicable")] == short
    assert len(whole) == 8


@pytest.mark.parametrize("where", ["top", "finding", "requirement", "ledger", "subject", "pack"])
def test_the_schema_refuses_an_unknown_key(report: Report, where: str) -> None:
    read = json.loads(text_of(report))
    finding = read["findings"][0]
    places = {
        "top": read, "finding": finding, "requirement": finding["requirements"][0], "ledger": read["green_ledger"][0],
        "subject": finding["subject"], "pack": read["pack"][0],
    }  # fmt: skip
    places[where]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        valid(read, SCHEMA)


def test_the_schema_refuses_a_lost_key_and_an_unknown_verdict(report: Report) -> None:
    read = json.loads(text_of(report))
    lost, wrong = deepcopy(read), deepcopy(read)
    del lost["findings"][0]["verdict"]
    wrong["findings"][0]["verdict"] = "ok"
    for broken in (lost, wrong):
        with pytest.raises(jsonschema.ValidationError):
            valid(broken, SCHEMA)


def test_a_number_that_is_none_becomes_null(report: Report, made: SimpleNamespace) -> None:
    failed = made.far_failure("P1")
    odd = failed.requirements[0]._replace(measured=float("nan"), margin=float("-inf"), margin_m2=float("inf"))
    read = json.loads(
        text_of(replace(report, findings=(failed._replace(requirements=(odd,)),))), parse_constant=pytest.fail
    )  # fmt: skip
    required = read["findings"][0]["requirements"][0]
    assert (required["measured"], required["margin"], required["margin_m2"]) == (None, None, None)


def test_a_margin_of_zero_has_no_sign(report: Report, made: SimpleNamespace) -> None:
    passed = made.finding(made.GREEN, "K", Verdict.PASS, made.outcome(made.GREEN, Verdict.PASS, 0.0, margin=-0.0))
    assert "-0.0" not in text_of(replace(report, findings=(passed,)))


def untyped(line: dict[str, Any]) -> dict[str, Any]:
    """A finding of JSON Lines as the JSON has it: numbers and words under one key, of yes and no as such."""

    def whole(outcome: dict[str, Any]) -> dict[str, Any]:
        of_words = {"measured": outcome["measured_word"], "limit": outcome["limit_words"]}
        held = outcome | {name: word for name, word in of_words.items() if word is not None}
        del held["measured_word"], held["limit_words"]
        if not held["unit"]:  # a comparison with yes or no
            held |= {name: bool(held[name]) for name in of_words if isinstance(held[name], float)}
        return held | {"alternatives": list(map(whole, held["alternatives"]))} if "alternatives" in held else held

    return line | {"requirements": list(map(whole, line["requirements"]))}


def test_jsonl_holds_the_objects_of_json_a_line_each(report: Report) -> None:
    whole = json.loads(text_of(report))
    head, *rest = (json.loads(line) for line in text_of(report, "jsonl").splitlines())
    valid(head, part("header"))
    findings = [line for line in rest if "verdict" in line]
    data = [line for line in rest if "level" in line]
    for line in findings:
        valid(line, part("findingline"))
    for line in data:
        valid(line, part("data"))
    assert (list(map(untyped, findings)), data) == (whole["findings"], whole["data"])
    assert [line for line in rest if "sides" in line] == whole["conflicts"]
    assumed = [one | {"value": str(one["value"]).lower()} for one in whole["assumptions"]]
    assert head == {key: whole[key] for key in head} | {"assumptions": assumed}
    assert head.keys() | {"findings", "data", "conflicts"} == whole.keys()


class Watched(Finding):
    """A finding that tells when nobody holds it any more."""

    gone: ClassVar[int] = 0

    def __del__(self) -> None:
        Watched.gone += 1


class Lazy(Sequence[Finding]):
    """The same finding many times over, made when looked at; ``most_alive``: how many were held at a time."""

    def __init__(self, finding: Finding, count: int) -> None:
        self.finding = Watched(*finding)
        self.count, self.made, self.most_alive = count, 0, 0

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: Any) -> Any:
        raise AssertionError("only to be iterated")

    def __iter__(self) -> Iterator[Finding]:
        before = Watched.gone - self.made
        for row in range(self.count):
            yield self.finding._replace(row=row)
            self.made += 1
            self.most_alive = max(self.most_alive, self.made - (Watched.gone - before))


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "github"])
def test_a_long_list_is_written_without_being_held(report: Report, made: SimpleNamespace, name: str) -> None:
    long, held = Lazy(made.far_failure("P1"), 5 * BLOCK), (ASIDE + 1) * BLOCK + 50
    before, at_once, size = 0, 0, 0
    for piece in render(replace(report, findings=long), name, Options("zh")):
        at_once, before, size = max(at_once, long.made - before), long.made, size + len(piece)
    assert long.made >= long.count
    assert long.most_alive <= held  # GitHub's annotations are the worst of all, and some wait for worse ones
    assert name == "github" or (at_once <= held and size > long.count * 150)


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "md", "plain", "table", "github"])
def test_the_same_report_gives_the_same_text(report: Report, name: str) -> None:
    assert text_of(report, name) == text_of(report, name)


def test_a_finding_names_the_park_of_its_parcel_where_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "parcels.csv"
    rows = ("A,K1", "B,", "C,K2", "D,K1")
    path.write_text("parcel_id,park_id\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = check(Request(str(path), as_of=dt.date(2026, 6, 30)))
    told = json.loads(text_of(report))["findings"]
    assert {(one["subject"]["id"], one.get("park")) for one in told} == {
        ("A", "K1"), ("B", None), ("C", "K2"), ("D", "K1"),
    }  # fmt: skip
    assert {(one.subject.id, one.park) for one in report.findings} == {
        (one["subject"]["id"], one.get("park")) for one in told
    }
