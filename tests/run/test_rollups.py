"""Parcels added up by park, district, land class and rule: by hand, whatever the batches, and read back from JSON."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landcheck import Options, Report, Request, Rollup, UsageError, check, load_report, render
from landcheck.cli.app import app
from landcheck.report.content.rollup_tables import rollup_tables

HEAD = (
    "parcel_id,park_id,district,land_class,single_use,site_area_m2,far_gfa_m2,above_ground_gfa_m2,"
    "other_industry_gfa_m2,living_gfa_m2,term_years"
)
# K1: FAR 2.5 passes all; FAR 1.5 is short of 5,000 m². K2: living 4,000 of 20,000 is 1,000 over; no areas at all.
ROWS = """\
A,K1,浦东新区,industrial_standard,true,10000,25000,25000,1000,500,20
B,K1,浦东新区,industrial_standard,true,10000,15000,15000,0,0.005,20
C,K2,浦东新区,rd_project,true,30000,60000,20000,0,4000,20
D,K2,浦东新区,industrial_standard,true,,,,,,20
E,,,other,true,5000.005,1000,1000,0,0,20
"""
AS_OF = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text(f"{HEAD}\n{ROWS}", encoding="utf-8")


def checked(**more: object) -> Report:
    return check(Request("p.csv", as_of=AS_OF, **more))  # type: ignore[arg-type]


def of(report: Report, by: str) -> dict[str | None, Rollup]:
    return {one.key: one for one in report.rollup(by)}


def test_parks_come_to_what_their_parcels_do() -> None:
    parks = of(checked(), "park")
    assert list(parks) == ["K1", "K2", None]
    first, second, none = parks.values()
    assert (first.parcels, first.land_m2, first.above_ground_m2, first.far_gfa_m2) == (2, 20_000, 40_000, 40_000)
    assert (first.far_mean, first.far_lowest, first.far_highest) == (2.0, 1.5, 2.5)
    assert (first.verdicts, first.verdict_land_m2) == ((1, 0, 0, 1, 0), (10_000, 0, 0, 10_000, 0))
    assert (first.rooms["floor"].short_m2, first.rooms["floor"].free) == (5_000, 2)
    # 7,500 - 1,500 and 4,500 - 0.005; 3,750 - 500 and 2,250 - 0.005, which leaves 0.005 unused
    assert first.rooms["other_use"].may_m2 == 6_000 + 4_499.99
    assert first.rooms["living"].may_m2 == 3_250 + 2_249.99
    assert (second.land_unknown, second.above_ground_unknown, second.far_unknown) == (1, 1, 1)
    living = second.rooms["living"]
    assert (living.may_m2, living.over_m2, living.known, living.unknown) == (0, 1_000, 1, 1)
    assert second.rooms["floor"].short_unknown == 1
    assert second.open == 3  # FAR, both shares of D
    assert (none.parcels, none.verdicts, none.land_m2) == (1, (0, 0, 0, 0, 1), 5_000.0)
    assert none.rooms["living"].free == 1


def test_districts_classes_and_rules_too() -> None:
    report = checked()
    assert [(key, one.parcels) for key, one in of(report, "district").items()] == [("浦东新区", 4), (None, 1)]
    assert [*of(report, "land_class")] == ["industrial_standard", "rd_project", "other"]
    far = of(report, "rule")["far-industrial"]
    assert (far.parcels, far.verdicts, far.open, far.land_m2, far.rooms) == (3, (1, 0, 1, 1, 2), 1, 20_000, {})
    assert far.far_mean == 2.0
    with pytest.raises(UsageError):
        report.rollup("owner")


def test_no_size_of_batches_changes_them() -> None:
    draw = random.Random(3)
    rows = [
        f"P{n},K{draw.randrange(5)},,{draw.choice(['industrial_standard', 'rd_general', 'other'])},true,"
        + ",".join(str(draw.random() * most) for most in (1e5, 3e5, 3e5, 1e5, 1e5))
        + ",20"
        for n in range(500)
    ]
    Path("p.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    whole = checked(headroom=True)
    for size in (1, 7, 499):
        parts = checked(headroom=True, batch_rows=size)
        assert parts.rollups == whole.rollups
        options = Options("en")
        assert list(render(parts, "json", options)) == list(render(whole, "json", options))


def test_the_green_of_a_park_stands_beside_its_floor_area() -> None:
    Path("green.csv").write_text("green_id,park_id,change,area_m2\nG1,K1,reduction,900\nG2,K1,new_planned,300\n")
    report = checked(sources={"green": "green.csv"})
    (table,) = (one for one in rollup_tables(report, ["park"], "en") if one.title == "Headroom by park")
    green = [row for row in table.rows if row[1].startswith("green")]
    assert green == [("K1", "green, to be made up for", "", "", "600", "", "", "")]


def test_a_saved_result_has_them_and_nothing_more_than_was_asked_for() -> None:
    plain, full = (["check", "p.csv", "--as-of", "2022-06-01", "-q", "--exit-zero", *more, "--output-format", "json"]
                   for more in ([], ["--headroom"]))  # fmt: skip
    first, second = (CliRunner().invoke(app, call).stdout for call in (plain, full))
    assert "headroom" not in json.loads(first)
    held = json.loads(second)["headroom"]
    assert held["living"]["room_m2"] == [3_250, 2_249.99, -1_000, None, None]
    assert held["living"]["state"] == "kkkuf"
    assert held["living"]["missing"][3] == ["other_industry_gfa_m2", "living_gfa_m2", "above_ground_gfa_m2"]
    Path("r.json").write_text(second, encoding="utf-8")
    saved = load_report("r.json")
    assert saved.rollups == checked().rollups
    assert "".join(render(saved, "json", Options(json.loads(second)["language"]))) == second
    with_xlsx = CliRunner().invoke(app, [*plain, "-o", "r.xlsx"]).stdout
    assert with_xlsx == first


def test_the_terminal_adds_up_by_what_is_asked_for() -> None:
    call = ["check", "p.csv", "--as-of", "2022-06-01", "-q", "--exit-zero", "--lang", "en", "--output-format", "plain"]
    told = CliRunner().invoke(app, [*call, "--by", "park"]).stdout
    assert "Headroom by park" in told
    assert "no limit in this pack" in told
    assert "1 of 2 (50%)" in told
    assert "By rule" not in told
    assert "By park" not in CliRunner().invoke(app, call).stdout
