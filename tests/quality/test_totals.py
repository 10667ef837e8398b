"""Totals lines and notes among the rows of a table, by what their first cell says; in every layer that has ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check

PARCELS = "序号,地块编号,产业用地类型,用地面积,容积率\n1,A,标准厂房,10000,2.1\n"


def run(folder: Path, text: str, batch_rows: int = 100, **companions: str) -> Report:
    for name, rows in {"p": text, **companions}.items():
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    sources = {name: str(folder / f"{name}.csv") for name in companions}
    return check(Request(str(folder / "p.csv"), sources, show_all=True, batch_rows=batch_rows))


def of_ids(report: Report) -> list[tuple[int | None, str]]:
    return sorted((one.row, one.message.code) for one in report.data if one.rule == "data/id")


@pytest.mark.parametrize("batch_rows", [1, 100])
@pytest.mark.parametrize(
    "line", ["合计,,,10000,", ",,合计,10000,", "总计：1宗,,,10000,", "小 计,,,,", "注:面积为实测,,,,"]
)
def test_a_row_without_an_id_is_called_by_what_its_first_cell_says(tmp_path: Path, line: str, batch_rows: int) -> None:
    report = run(tmp_path, f"{PARCELS}{line}\n", batch_rows)
    assert of_ids(report) == [(2, "row-no-parcel")]
    said = next(one.message.say("zh") for one in report.data if one.rule == "data/id")
    assert line.strip(",").split(",")[0] in said


@pytest.mark.parametrize("line", [",,标准厂房,10000,2.1", "2,,合计,10000,2.1", "合计路1号,,,10000,2.1"])
def test_a_parcel_without_an_id_still_wants_one(tmp_path: Path, line: str) -> None:
    assert of_ids(run(tmp_path, f"{PARCELS}{line}\n")) == [(2, "id-missing")]


def test_subtotals_are_told_one_by_one_and_are_no_repeated_ids(tmp_path: Path) -> None:
    report = run(tmp_path, f"{PARCELS}小计,,,,\n2,B,标准厂房,10000,2.1\n小计,,,,\n3,小计,,,\n")
    assert of_ids(report) == [(row, "row-no-parcel") for row in (2, 4, 5)]


def test_so_are_those_of_green_parks_and_buildings(tmp_path: Path) -> None:
    report = run(
        tmp_path, PARCELS,
        parks="park_id,district\nK,D\n合计,\n",
        green="green_id,park_id,change,area_m2,project_completed,reason\n"
              "G1,K,reduction,500,yes,expansion\nG2,K,new_planned,400,yes,\n小计,K,new_planned,400,,\n",
        buildings="building_id,parcel_id,use,gfa_m2,floors_below\n"
                  "B1,A,main_industry,8000,0\nB2,A,living,2000,0\n小计,A,main_industry,8000,0\n",
    )  # fmt: skip
    assert of_ids(report) == [(2, "row-no-parcel"), (3, "row-no-parcel"), (3, "row-no-parcel")]
    verdicts = {(one.rule.id, one.subject.id): one.verdict.word for one in report.findings}
    assert verdicts["green-balance", "K"] == "undetermined"  # 500 taken, 400 given; counted twice they would do
    assert verdicts["living-15", "A"] == "undetermined"  # 20 %; with 8,000 m² counted twice it would be 11
