"""Cells that cannot be read, wherever they stand: the verdicts that they leave open name them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from landcheck import Options, load_report, render
from landcheck.model import Verdict
from landcheck.report.content.sentences import message, remedy
from landcheck.request import Request
from landcheck.run.check import run_check

PARCEL = {"parcel_id": "A", "land_class": "industrial_project", "approval_date": "2022-01-01", "term_years": "20",
          "recognition": "none", "site_area_m2": "10000", "far_gfa_m2": "20000", "above_ground_gfa_m2": "20000",
          "living_gfa_m2": "1000", "other_industry_gfa_m2": "1000", "single_use": "true", "is_stock": "false",
          "in_high_tech_zone": "true"}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def table(name: str, *rows: dict[str, str]) -> str:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def named(**sources: str) -> dict[str, tuple[str, ...]]:
    """By rule, of the undetermined findings, the fields whose cells cannot be read."""
    _, report = run_check(Request("p.csv", as_of=dt.date(2026, 6, 30), sources=sources))
    return {one.rule.id: one.unreadable for one in report.findings if one.verdict is Verdict.UNDETERMINED}


def test_a_cell_of_the_table_of_attributes() -> None:
    table("p.csv", {name: value for name, value in PARCEL.items() if name != "term_years"})
    table("a.csv", {"parcel_id": "A", "term_years": "二十左右"})
    assert named(attributes="a.csv") == {"term-50": ("term_years",)}


BUILDING = {"parcel_id": "A", "use": "living", "gfa_m2": "1000", "floors_above": "3", "floors_below": "1"}


@pytest.mark.parametrize(
    ("spoilt", "fields"),
    [
        ({"gfa_m2": "-5"}, ("living_gfa_m2", "above_ground_gfa_m2")),
        ({"floors_below": "一或二"}, ("living_gfa_m2", "above_ground_gfa_m2")),
        ({"use": "见图"}, ("living_gfa_m2",)),
        ({"gfa_m2": ""}, ()),
    ],
)
def test_a_cell_of_a_building(spoilt: dict[str, str], fields: tuple[str, ...]) -> None:
    areas = ("above_ground_gfa_m2", "living_gfa_m2", "other_industry_gfa_m2")
    table("p.csv", {name: value for name, value in PARCEL.items() if name not in areas})
    table("b.csv", BUILDING | {"use": "main_industry", "gfa_m2": "19000"}, BUILDING | spoilt)
    assert named(buildings="b.csv")["living-15"] == fields


def test_a_cell_of_green_and_one_of_its_park() -> None:
    table("p.csv", PARCEL)
    green = {"green_id": "G", "park_id": "K", "change": "reduction", "area_m2": "500", "reason": "expansion",
             "project_completed": "true"}  # fmt: skip
    planned = green | {"green_id": "H", "park_id": "L", "change": "new_planned", "reason": ""}
    table("g.csv", green, planned)
    park = {"park_id": "K", "name": "园", "district": "嘉定区", "district_balance_approved": "也许"}
    table("k.csv", park, park | {"park_id": "L", "district_balance_approved": "true"})
    assert named(green="g.csv", parks="k.csv") == {"green-balance": ("district_balance_approved",)}
    table("g.csv", green | {"area_m2": "约五百"}, planned)
    assert named(green="g.csv", parks="k.csv") == {"green-balance": ("area_m2", "district_balance_approved")}


def test_what_is_missing_and_what_cannot_be_read_are_told_apart() -> None:
    table("p.csv", PARCEL | {"living_gfa_m2": "约一千", "other_industry_gfa_m2": ""})
    _, report = run_check(Request("p.csv", as_of=dt.date(2026, 6, 30)))
    one = next(one for one in report.findings if one.rule.id == "mixed-use-30")
    assert (set(one.missing), one.unreadable) == ({"living_gfa_m2", "other_industry_gfa_m2"}, ("living_gfa_m2",))
    assert message(one, "zh") == (
        "单元格的值无法采用（见数据问题）：生活配套设施建筑面积；缺少：其他产业用途建筑面积（见分用途建筑面积表）"
    )
    assert remedy(one, "zh") == "改正单元格：生活配套设施建筑面积；需补充：分用途建筑面积表"


def test_the_declared_far_beside_an_area_that_cannot_be_read_is_not_called_unreadable() -> None:
    table("p.csv", PARCEL | {"site_area_m2": "约一万", "far": "2.1"})
    assert named()["far-industrial"] == ("site_area_m2",)


def test_the_overlay_is_named_and_not_the_use_that_it_settles() -> None:
    table("p.csv", {**PARCEL, "single_use": "", "overlay_m0": "待定"})
    assert named()["living-15"] == ("overlay_m0",)


def test_what_is_asked_for_first_says_how_often_a_cell_is_to_be_corrected() -> None:
    rows = ({"parcel_id": "A"}, {"parcel_id": "B", "term_years": "二十左右"}, {"parcel_id": "C", "term_years": ""})
    table("p.csv", *(PARCEL | row for row in rows))
    _, report = run_check(Request("p.csv", as_of=dt.date(2026, 6, 30)))
    (ask,) = (ask for ask in report.asks if ask.field == "term_years")
    assert (ask.verdicts, ask.alone, ask.unreadable) == (2, 2, 1)
    lines = "".join(render(report, "plain", Options("zh"))).splitlines()
    assert next(line for line in lines if "出让年期" in line and "待定" in line).endswith(
        "2 项结论待定，其中 2 项只缺此项；1 项因单元格的值无法采用，改正即可"
    )
    Path("r.json").write_text("".join(render(report, "json", Options("zh"))), encoding="utf-8")
    assert load_report("r.json").asks == report.asks
