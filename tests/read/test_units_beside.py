"""Units in a row under the headings, in a title, or behind a line break: applied and told, never a parcel."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from read_samples import content

from landcheck.fields.mapping import map_columns
from landcheck.model import Role
from landcheck.read import Layer, open_layer
from landcheck.request import ColumnRef

Rows = list[list[Any]]
HEADINGS = ["地块编号", "产业用地类型", "用地面积", "计容建筑面积", "出让年期", "批准日期"]
PLOT = ["A", "产业项目类", 1, 19000, 20, "2022-09-01"]


def workbook(path: Path, rows: Rows) -> None:
    book = xlsxwriter.Workbook(str(path.with_suffix(".xlsx")))
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()


def text(path: Path, rows: Rows) -> None:
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.fixture(params=[workbook, text])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Rows], Layer]:
    def opened(rows: Rows) -> Layer:
        request.param(tmp_path / "t", rows)
        (made,) = tmp_path.iterdir()
        return open_layer(str(made), "parcels")

    return opened


def units(layer: Layer) -> dict[str, str]:
    return {use.field.name: use.unit for use in map_columns(Role.PARCELS, layer.columns, {}, "t") if use.unit}


def beside(layer: Layer) -> tuple[str, ...]:
    return next((note.values["columns"] for note in layer.info.notes if note.code == "read-units-beside"), ())


@pytest.mark.parametrize(
    "under",
    [
        [None, None, "(公顷)", "(㎡)", "(年)", None],
        ["单位", "-", "公顷", "平方米", "年", "(年月日)"],
        [None, "(类)", "单位:公顷", "【m2】", "／", None],
        [None, None, "（hm²）", "(㎡)", "年", "(年)"],
    ],
)
def test_a_row_of_units_is_no_parcel(table: Callable[[Rows], Layer], under: list[Any]) -> None:
    layer = table([HEADINGS, under, PLOT])
    assert units(layer) == {"site_area_m2": "ha", "far_gfa_m2": "m2", "term_years": "years"}
    assert content(layer)["地块编号"] == ["A"]
    assert {"产业用地类型", "批准日期"} <= set(layer.columns)  # what is no number has no unit
    assert "公顷" in beside(layer)[0] or "hm" in beside(layer)[0]


def test_a_unit_that_nobody_knows_or_another_than_the_heading_says_leaves_the_column_unused(
    table: Callable[[Rows], Layer],
) -> None:
    heads = ["地块编号", "用地面积(公顷)", "计容建筑面积", "出让年期"]
    layer = table([heads, [None, "(㎡)", "(千平)", "(年)"], ["A", 1, 19, 20]])
    assert units(layer) == {"term_years": "years"}
    assert content(layer)["地块编号"] == ["A"]


@pytest.mark.parametrize("row", [["A", "年", 1, 2, 20, ""], ["年", "公顷厂", 1, 2, 3, 4], ["A", "M1", 1, 2, 20, "年"]])
def test_a_row_with_a_word_that_is_a_unit_too_is_a_parcel(table: Callable[[Rows], Layer], row: list[Any]) -> None:
    assert content(table([HEADINGS, row, PLOT]))["地块编号"] == [row[0], "A"]


@pytest.mark.parametrize(
    ("title", "site", "price"),
    [
        (["汇总表（面积单位：公顷）"], "ha", "CNY"),
        (["汇总表", None, None, "单位:公顷、万元"], "ha", "wan_CNY"),
        (["一览表 面积单位均为亩,金额单位：亿元"], "mu", "yi_CNY"),
        (["编制单位:亩产规划院"], "m2", "CNY"),
        (["填报单位：上海市元通公司"], "m2", "CNY"),
    ],
)
def test_the_units_of_a_title_count_for_areas_and_money(
    table: Callable[[Rows], Layer], title: list[Any], site: str, price: str
) -> None:
    heads = ["地块编号", "用地面积", "计容建筑面积(万㎡)", "容积率", "出让年期", "增收土地价款"]
    layer = table([title, heads, ["A", 1, 1.9, 1.9, 20, 0]])
    found = units(layer)
    assert (found["site_area_m2"], found["extra_land_price_cny"]) == (site, price)
    assert (found["far_gfa_m2"], found["far"], found["term_years"]) == ("wan_m2", "1", "years")
    assert bool(beside(layer)) == (site != "m2")


@pytest.mark.parametrize("title", ["面积单位:千平方米", "面积单位:公顷,建筑面积单位:万平方米", "单位:百亩"])
def test_a_title_with_an_unknown_unit_or_two_leaves_the_areas_unused(
    table: Callable[[Rows], Layer], title: str
) -> None:
    assert units(table([[title], ["地块编号", "用地面积", "出让年期"], ["A", 1, 20]])) == {"term_years": "years"}


def test_a_column_that_only_the_user_names_has_the_unit_of_the_title_too(table: Callable[[Rows], Layer]) -> None:
    layer = table([["单位:公顷"], ["地块编号", "占地", "出让年期"], ["A", 1, 20]])
    given = {"site_area_m2": ColumnRef("占地")}
    (site,) = (u for u in map_columns(Role.PARCELS, layer.columns, given, "t") if u.field.name == "site_area_m2")
    assert site.unit == "ha"


@pytest.mark.parametrize("beside_title", ["2022年", "第1页", "上报稿"])
def test_a_title_with_something_beside_it_is_no_heading(table: Callable[[Rows], Layer], beside_title: str) -> None:
    rows = [["产业用地汇总表", None, beside_title], HEADINGS[:4], PLOT[:4]]
    assert table(rows).columns == tuple(HEADINGS[:4])


@pytest.mark.parametrize("mark", ["（平方米）", "［平方米］", "(平方米)", "【单位：平方米】"])
def test_a_unit_behind_a_line_break_is_the_unit_of_the_heading(table: Callable[[Rows], Layer], mark: str) -> None:
    layer = table([["地块编号", f"用地面积\n{mark}", f"计容建筑\n面积\r\n{mark}"], ["A", 10000, 19000]])
    assert units(layer) == {"site_area_m2": "m2", "far_gfa_m2": "m2"}
    assert all(len(name.splitlines()) == 1 for name in layer.columns)


@pytest.mark.parametrize("role", ["green", "attributes"])
def test_the_units_of_other_tables_stand_beside_their_headings_too(tmp_path: Path, role: str) -> None:
    heads, field = (
        (["绿地编号", "变化类型", "绿地面积"], "area_m2") if role == "green" else (HEADINGS[:3], "site_area_m2")
    )
    text(tmp_path / "t", [["一览表"], heads, [None, None, "(公顷)"], ["A", "调减", 1.5]])
    layer = open_layer(str(tmp_path / "t.csv"), role)
    owner = Role.GREEN if role == "green" else Role.PARCELS
    assert {use.field.name: use.unit for use in map_columns(owner, layer.columns, {}, "t") if use.unit} == {field: "ha"}
    assert content(layer)[heads[0]] == ["A"]
