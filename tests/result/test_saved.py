"""Results kept, turned into other formats without the inputs, and compared."""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from landcheck.cli.app import app

HEAD = "parcel_id,land_class,site_area_m2,far_gfa_m2,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def saved(name: str, *rows: str, show: str = "findings") -> str:
    Path("p.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    result = run("check", "p.csv", "--as-of", "2022-06-01", "--show", show, "-o", name, "--exit-zero", "-q")
    assert result.exit_code == 0, result.output
    return name


ROWS = (
    "P1,industrial_project,20000,36000,36000,9000,9000",  # FAR 1.8; 50 % other uses, 25 % living
    "P2,industrial_project,20000,,40000,1000,1000",
    "P3,rd_general,10000,30000,30000,0,0",
)


def test_a_saved_result_is_written_again_byte_for_byte() -> None:
    saved("r.json", *ROWS, show="all")
    assert run("report", "r.json", "-o", "again.json", "--show", "all").exit_code == 0
    assert Path("again.json").read_bytes() == Path("r.json").read_bytes()


def test_a_saved_result_speaks_the_other_language() -> None:
    saved("r.json", *ROWS)
    result = run("report", "r.json", "--output-format", "plain", "--lang", "zh")
    assert "容积率为1.8，低于下限2.0" in result.stdout


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": "1"}', '{"schema_version": "9"}', "no json"])
def test_what_is_no_result_is_refused_by_name(text: str) -> None:
    Path("r.json").write_text(text, encoding="utf-8")
    result = run("report", "r.json", "-o", "again.json")
    assert result.exit_code == 4
    assert "r.json" in result.output
    assert not Path("again.json").exists()


def test_diff_tells_fixed_new_changed_better_and_worse() -> None:
    saved("old.json", *ROWS)
    saved(
        "new.json",
        "P1,industrial_project,20000,38000,38000,9000,0",  # FAR 1.9: nearer; living 0: fixed; others 23.7 %: fixed
        "P2,industrial_project,20000,30000,40000,1000,1000",  # open before, now 1.5: changed
        "P3,rd_general,10000,29000,30000,0,0",  # 2.9: new
    )
    result = run("diff", "old.json", "new.json", "--output-format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)

    def told(name: str) -> set[tuple[str, str]]:
        return {(f["subject"]["id"], f["rule"]) for f in (pair.get("new", pair) for pair in found[name])}

    assert ("P3", "far-rd-general") in told("new")
    assert {("P1", "living-15"), ("P1", "mixed-use-30")} <= told("fixed")
    assert told("changed") == {("P2", "far-industrial")}
    assert told("better") == {("P1", "far-industrial")}
    assert told("worse") == set()
    assert run("diff", "old.json", "old.json").exit_code == 0


def test_a_result_of_somebody_s_own_pack_needs_to_be_told_where_the_pack_is() -> None:
    assert run("rules", "new", "packs/mine").exit_code == 0
    Path("p.csv").write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")
    words = ("--pack", "packs/mine", "--as-of", "2026-06-01", "-o", "r.json", "--exit-zero", "-q")
    assert run("check", "p.csv", *words).exit_code == 0
    for command in (("report", "r.json", "-o", "again.json"), ("diff", "r.json", "r.json")):
        refused = run(*command)
        assert refused.exit_code == 2
        assert "mine" in refused.stderr
        assert "--pack" in refused.stderr
        assert run(*command, "--pack", "packs/mine").exit_code == 0
    assert Path("again.json").read_bytes() == Path("r.json").read_bytes()


def test_the_joint_remedy_stands_in_the_report_and_whatif_confirms_it() -> None:
    saved("r.json", *ROWS)
    finding = next(
        f for f in json.loads(Path("r.json").read_text("utf-8"))["findings"] if f["rule"] == "far-industrial"
    )
    changes = {change["field"]: change["by"] for change in finding["joint_remedy"]["changes"]}
    # 4,000 m² more make the whole 40,000: 12,000 for both and 6,000 for living; 18,000 and 9,000 there are
    assert changes == {
        "far_gfa_m2": 4000,
        "above_ground_gfa_m2": 4000,
        "living_gfa_m2": -3000,
        "other_industry_gfa_m2": -3000,
    }
    sets = ["--set", "far_gfa_m2=40000", "--set", "above_ground_gfa_m2=40000", "--set", "living_gfa_m2=6000",
            "--set", "other_industry_gfa_m2=6000"]  # fmt: skip
    result = run("whatif", "p.csv", "--parcel", "P1", "--as-of", "2022-06-01", "--output-format", "json", *sets)
    after = {one["rule"]: (one["before"], one["after"]["verdict"]) for one in json.loads(result.stdout)["whatif"]}
    assert {after[rule] for rule in ("far-industrial", "mixed-use-30", "living-15")} == {("fail", "pass")}
    assert "36000" in Path("p.csv").read_text("utf-8")


def test_whatif_refuses_what_is_no_field_or_value() -> None:
    saved("r.json", *ROWS)
    for wrong in ("speed=3", "far_gfa_m2=lots", "far_gfa_m2"):
        result = run("whatif", "p.csv", "--parcel", "P1", "--set", wrong)
        assert result.exit_code == 2, result.output
    assert run("whatif", "p.csv", "--parcel", "P9", "--set", "far=2").exit_code == 4


def test_what_is_supposed_counts_as_if_the_file_held_it() -> None:
    """Emptied, a value is missing as in the file: it is assumed or derived again where it would be there."""
    Path("p.csv").write_text(
        "parcel_id,land_class,single_use,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2\n"
        "P1,industrial_project,false,10000,0,2000\n", encoding="utf-8",
    )  # fmt: skip
    Path("a.csv").write_text("parcel_id,land_class\nP1,industrial_project\n", encoding="utf-8")

    def living(*sets: str) -> tuple[str, str]:
        result = run("whatif", "p.csv", "--parcel", "P1", "--as-of", "2022-06-01", "--output-format", "json", *sets)
        one = next(one for one in json.loads(result.stdout)["whatif"] if one["rule"] == "living-15")
        return one["before"], one["after"]["verdict"]

    assert living("--set", "single_use=") == ("not_applicable", "fail")  # assumed to be the only use
    assert living("--set", "single_use=", "--no-assumptions") == ("not_applicable", "undetermined")
    assert living("--set", "single_use=true", "--set", "living_gfa_m2=1500") == ("not_applicable", "pass")
    # what is supposed stands above the table of attributes as well
    told = living("--attributes", "a.csv", "--set", "land_class=other", "--set", "single_use=true")
    assert told == ("not_applicable", "not_applicable")


def test_what_to_ask_for_first() -> None:
    saved("r.json", *ROWS, "P4,,20000,40000,40000,0,0")
    asks = json.loads(Path("r.json").read_text("utf-8"))["ask_first"]
    # without its class P4 cannot be judged on FAR (two rules) nor on its shares (two rules)
    land_class = next(ask for ask in asks if ask["field"] == "land_class")
    assert land_class["alone"] >= 4
    assert asks == sorted(asks, key=lambda ask: (-ask["alone"], -ask["verdicts"]))


DAMAGED = {
    "$.findings[0].row": lambda saved: saved["findings"][0].update(row="1"),
    "$.findings[0].verdict": lambda saved: saved["findings"][0].update(verdict="ok"),
    "$.findings[0].requirements[0]": lambda saved: saved["findings"][0]["requirements"][0].pop("margin"),
    "$.as_of": lambda saved: saved.update(as_of="yesterday"),
    "$.pack[0]": lambda saved: saved["pack"].insert(0, "shanghai-2021-9"),
    "schema_version": lambda saved: saved.update(schema_version="2"),
}  # fmt: skip


@pytest.mark.parametrize("place", DAMAGED)
def test_a_damaged_result_is_refused_with_the_place_in_it(place: str) -> None:
    saved("r.json", *ROWS)
    held = json.loads(Path("r.json").read_text("utf-8"))
    DAMAGED[place](held)
    Path("r.json").write_text(json.dumps(held), encoding="utf-8")
    result = run("report", "r.json", "-o", "again.json")
    assert result.exit_code == 4
    assert place in result.output
    assert not Path("again.json").exists()


def test_a_name_that_no_code_page_could_read_comes_back() -> None:
    saved("r.json", *ROWS)
    text = Path("r.json").read_text("utf-8").replace('"id":"P1"', '"id":"\\udc80"')
    Path("r.json").write_text(text, encoding="utf-8")
    assert run("report", "r.json", "-o", "again.json").exit_code == 0
    assert Path("again.json").read_text("utf-8") == text


def test_what_stays_in_the_language_it_was_saved_in_is_told() -> None:
    saved("r.json", *ROWS, "P3,rd_general,10000,30000,30000,0,none")  # a repeated id and a value that cannot be read
    said = run("report", "r.json", "--output-format", "plain", "--lang", "zh").stdout
    assert "沿用保存结果时的语言（英文）" in said
    assert "机械核对" in said  # what speaks of no value is said in any language
    assert "This is a mechanical check" not in said
    assert "id P3 stands in" in said
    assert "saved" not in run("report", "r.json", "--output-format", "plain", "--lang", "en").stdout
    assert "沿用" in run("report", "r.json", "-o", "r.md", "-o", "z.json", "--lang", "zh").stderr
    assert "沿用保存结果时的语言（英文）" in Path("r.md").read_text(encoding="utf-8")
    assert json.loads(Path("z.json").read_text(encoding="utf-8"))["notices"][0]["code"] == "saved-in-language"


def test_a_text_of_a_later_version_is_refused_or_shown_whatever_it_stands_for() -> None:
    hanging = "P4,industrial_project,15000,36000,40000,11500,0"  # 28.75 % of what is above ground, 31.94 % of the FAR's
    saved("r.json", *ROWS, hanging)
    sound = Path("r.json").read_text(encoding="utf-8")
    places = {
        (*(step for step in place if isinstance(step, str)), held * (place[0] == "interpretations")): place
        for place, held in texts(json.loads(sound))
    }
    assert len(places) > 70
    for place in places.values():
        document = json.loads(sound)
        *way, last = place
        functools.reduce(operator.getitem, way, document)[last] = "01:00:00"
        Path("r.json").write_text(json.dumps(document), encoding="utf-8")
        result = run("report", "r.json", "--output-format", "plain", "--lang", "en")
        assert "internal error" not in result.output, (place, result.output)


def texts(held: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in a document, after its place."""
    if isinstance(held, dict | list):
        for step, inside in held.items() if isinstance(held, dict) else enumerate(held):
            yield from texts(inside, (*place, step))
    elif isinstance(held, str):
        yield place, held
