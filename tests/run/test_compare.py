"""One set of parcels at two dates or by two packs: the same as two runs, saved and set side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from landcheck.cli.app import app

SAMPLES = Path(__file__).resolve().parents[2] / "sample_parcels"
HEAD = (
    "parcel_id,land_class,site_area_m2,far_gfa_m2,term_years,recognition,above_ground_gfa_m2,other_industry_gfa_m2,"
    "living_gfa_m2,approval_date,special_process_recognised,smart_space"
)
ROWS = (
    # FAR 1.8: below the floor of 2021-9, and within the control value of 2.0 of 2025-28
    "low,industrial_project,10000,18000,20,none,18000,0,0,2025-06-01,false,false",
    # FAR 2.2: the other way round
    "high,industrial_project,10000,22000,20,none,22000,0,0,2025-06-01,false,false",
    # 18 % living by both
    "living,industrial_project,10000,20000,20,none,20000,0,3600,2025-06-01,false,false",
    # 2.4 of 3.0 as general R&D; no floor for it in 2025-28
    "rd,rd_general,10000,24000,20,none,24000,0,0,2025-06-01,false,false",
    # approved before 2025-28 was in force
    "older,industrial_project,10000,18000,20,none,18000,0,0,2023-06-01,false,false",
    # no date of its own: bound or not by the date of the check
    "undated,industrial_project,10000,18000,20,none,18000,0,0,,false,false",
    # nothing known
    "blank,industrial_project,10000,,,,,,,2025-06-01,false,false",
)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    Path("p.csv").write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--lang", "en"])


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code in {0, 1}, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def compared(*arguments: str) -> dict[str, Any]:
    return told(run("compare", *arguments, "--output-format", "json"))


def apart(old: tuple[str, ...], new: tuple[str, ...], *both: str) -> Result:
    """Two runs of their own, saved with every verdict, and their difference."""
    for name, options in (("a.json", old), ("b.json", new)):
        result = run("check", *both, *options, "--show", "all", "-o", name, "--exit-zero", "-q")
        assert result.exit_code == 0, result.stderr
    return run("diff", "a.json", "b.json", "--output-format", "json")


PLAN = str(SAMPLES / "plan.gpkg")
INPUTS = {
    "sheet": ("p.csv",),
    "plan": (PLAN,),
    "dirty": (str(SAMPLES / "dirty.gpkg"),),
    "bare": (str(SAMPLES / "gbk" / "parcels.shp"), "--no-assumptions"),
}
DATES = [("2021-08-31", "2021-09-01"), ("2024-01-01", "2026-11-22"), ("2026-11-22", "2013-01-01")]
PACKS = [("shanghai-2021-9", "shanghai-2025-28"), ("shanghai-2021-6", "shanghai-2021-9"),
         ("shanghai-green", "shanghai-2021-9"), ("shanghai-2025-28", "china-terms")]  # fmt: skip


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize(("first", "second"), DATES)
def test_two_dates_are_the_difference_of_two_runs(name: str, first: str, second: str) -> None:
    here = run("compare", *INPUTS[name], "--as-of", first, "--as-of", second, "--output-format", "json")
    there = apart(("--as-of", first), ("--as-of", second), *INPUTS[name])
    assert here.stdout == there.stdout
    assert here.exit_code == there.exit_code


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize(("first", "second"), PACKS)
def test_two_packs_are_the_difference_of_two_runs(name: str, first: str, second: str) -> None:
    both = (*INPUTS[name], "--as-of", "2026-01-01")
    here = run("compare", *both, "--pack", first, "--pack", second, "--output-format", "json")
    there = apart(("--pack", first), ("--pack", second), *both)
    assert here.stdout == there.stdout
    assert here.exit_code == there.exit_code


def entries(found: dict[str, Any], name: str) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Subject and rule of a section's findings, with the verdicts before and after."""
    out = {}
    for entry in found[name]:
        pair = (entry["old"], entry["new"]) if "old" in entry else (entry, entry)
        was = entry.get("was", pair[0]["verdict"])
        now = entry.get("now", pair[1]["verdict"])
        out[pair[1]["subject"]["id"], pair[1]["rule"]] = (was, now)
    return out


def steps(found: dict[str, Any], topic: str) -> dict[tuple[str, str], int]:
    named = {number: each["name"] for number, each in enumerate(found["topics"])}
    return {(s["old"], s["new"]): s["count"] for s in found["transitions"] if named[s["topic"]] == topic}


def test_between_two_packs_rules_of_one_matter_stand_side_by_side() -> None:
    found = compared("p.csv", "--pack", "shanghai-2021-9", "--pack", "shanghai-2025-28", "--as-of", "2025-06-01")
    far = next(topic for topic in found["topics"] if topic["name"] == "far")
    assert (far["by"], far["old_rules"]) == ("matter", ["far-industrial", "far-rd-general"])
    assert "far-control-2025-28" in far["new_rules"]
    # low: floor against control value; high: the other way, for a person to judge; rd, 2.4 of the control value of 3.0;
    # older: 2025-28 does not bind it; undated is taken for 2025-06-01; blank is open by both
    assert steps(found, "far") == {
        ("fail", "pass"): 3, ("pass", "review"): 1, ("pass", "pass"): 1, ("fail", "not_applicable"): 1,
        ("undetermined", "undetermined"): 1,
    }  # fmt: skip
    new = entries(found, "new")
    assert new["high", "far-control-2025-28"] == ("pass", "review")
    assert entries(found, "fixed") | new == new | {
        ("low", "far-industrial"): ("fail", "pass"),
        ("rd", "far-rd-general"): ("fail", "pass"),
        ("undated", "far-industrial"): ("fail", "pass"),
    }
    assert entries(found, "dropped")["older", "far-industrial"] == ("fail", "not_applicable")
    assert not found["worse"] + found["better"]


def test_between_two_dates_rules_are_the_same_rules() -> None:
    found = compared("p.csv", "--as-of", "2021-08-31", "--as-of", "2021-09-01")
    assert {topic["by"] for topic in found["topics"]} == {"rule"}
    # only the parcel without a date of its own hangs on the date of the check
    assert entries(found, "new") == {("undated", "far-industrial"): ("not_applicable", "fail")}
    assert ("undated", "term-50") in entries(found, "settled")
    assert steps(found, "far-industrial")["not_applicable", "fail"] == 1
    assert sum(steps(found, "far-industrial").values()) == len(ROWS)


def test_a_margin_that_moves_without_a_change_of_verdict_is_told() -> None:
    # a text of the same matter, in force from 2026-01-01, that asks for 1.9 instead of 2.0: 1.8 fails still, but nearer
    assert CliRunner().invoke(app, ["rules", "new", "mine"]).exit_code == 0
    for file in ("policy.txt", "far-floor.toml"):
        path = Path("mine") / file
        path.write_text(path.read_text(encoding="utf-8").replace("1.0", "1.9"), encoding="utf-8")
    Path("p.csv").write_text(f"{HEAD}\n{ROWS[0]}\n".replace("2025-06-01", "2026-02-01"), encoding="utf-8")
    packs = ("--as-of", "2026-03-01", "--pack", "shanghai-2021-9", "--pack", "mine")
    found = compared("p.csv", *packs)
    assert not found["new"] + found["changed"] + found["worse"]
    (better,) = found["better"]
    margins = [better[side]["requirements"][0]["margin"] for side in ("old", "new")]
    assert margins == [pytest.approx(-0.2), pytest.approx(-0.1)]
    assert "(margin, FAR: -0.2 -> -0.1)" in run("compare", "p.csv", *packs).stdout


def test_what_is_compared_and_what_has_no_counterpart_is_said() -> None:
    packs = ("--pack", "shanghai-2021-9", "--pack", "shanghai-2025-28")
    text = run("compare", "p.csv", *packs, "--as-of", "2025-06-01").stdout
    assert text.startswith("old: shanghai-2021-9 as of 2025-06-01, reading threshold\n")
    assert "only in the old one: transfer of surplus land (surplus-transfer)" in text
    assert "only in the new one: pooling of adjacent plots (pool-cap-2025-28)" in text
    assert "fail -> pass  far-industrial -> far-control-2025-28  五(二) -> 7  parcel low (line 2):" in text


def test_the_status_is_1_where_something_is_new_or_worse_and_else_0() -> None:
    assert run("compare", "p.csv", "--as-of", "2021-08-31", "--as-of", "2021-09-01").exit_code == 1
    assert run("compare", "p.csv", "--as-of", "2021-09-01", "--as-of", "2021-08-31").exit_code == 0
    assert run("compare", "p.csv", "--as-of", "2021-09-01", "--as-of", "2021-09-01").exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--as-of", "2022-01-01"),
        ("--pack", "shanghai-2021-9"),
        ("--as-of", "2022-01-01", "--as-of", "2023-01-01", "--as-of", "2024-01-01"),
        ("--as-of", "2022-01-01", "--as-of", "2023-01-01", "--pack", "shanghai-2021-9", "--pack", "china-terms"),
        ("--as-of", "2022-01-01", "--as-of", "soon"),
        ("--pack", "shanghai-2021-9", "--pack", "nowhere"),
        ("--pack", "shanghai-2021-9", "--pack", "china-terms", "--set", "speed=3"),
    ],
)
def test_anything_but_two_of_one_kind_is_refused(options: tuple[str, ...]) -> None:
    result = run("compare", "p.csv", *options)
    assert result.exit_code == 2
    assert not result.stdout


def test_a_parameter_counts_for_the_pack_that_has_it() -> None:
    packs = ("--pack", "shanghai-2021-9", "--pack", "shanghai-2025-28", "--as-of", "2025-06-01")
    found = compared("p.csv", *packs, "--set", "flexible_term_years=15")
    assert found["old_result"]["parameters"] == {"base_term_years": 20}
    assert found["new_result"]["parameters"] == {"flexible_term_years": 15}
    assert "term" in {found["topics"][step["topic"]]["name"] for step in found["transitions"]}
