"""Spreadsheets as people lay them out: merged cells, grouped headings, blank rows, days and codes typed as numbers."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from read_samples import content

from landcheck.fields.cells import UNREAD
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise
from landcheck.model import EPOCH, Role
from landcheck.read import Layer, open_layer

Then = Callable[[Any], None]
DAY = dt.date(2021, 8, 31)  # 44439

LOST = UNREAD + "?"


def opened(place: Path, rows: list[list[Any]], then: Then | None = None, **options: object) -> Layer:
    """The sheet 宗地 with these rows, and what ``then`` adds."""
    path = place / "t.xlsx"
    workbook = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", **options})
    sheet = workbook.add_worksheet("宗地")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if then is not None:
        then(sheet)
    workbook.close()
    return open_layer(str(path), "parcels")


def merged(**ranges: object) -> Then:
    """Merge these cells, ``B2_B4=value``."""
    return lambda sheet: [sheet.merge_range(name.replace("_", ":"), value) for name, value in ranges.items()] and None


def told(layer: Layer) -> dict[str, Any]:
    """The values of each finding, by its code."""
    return {found.message.code: found.message.values for found in layer.findings}


def noted(layer: Layer) -> dict[str, Any]:
    """The values of each note, by its code."""
    return {note.code: note.values for note in layer.info.notes}


def days(layer: Layer, size: int = 100) -> list[dt.date | None]:
    """The approval dates as the rules see them; no value may be at fault."""
    uses = map_columns(Role.PARCELS, layer.columns, {}, "t.xlsx")
    found: list[dt.date | None] = []
    for rows in layer.batches(size):
        batch, faults = normalise(Role.PARCELS, rows.table, uses, rows.first_row)
        assert faults == []
        found += [EPOCH + dt.timedelta(days=int(day)) for day in batch.columns["approval_date"]]
    return found


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_cell_merged_over_rows_counts_for_each_of_them_and_is_told(tmp_path: Path, size: int) -> None:
    rows = [["编号", "存量"], ["P1"], ["P2"], ["P3"], ["P4", "否"]]
    layer = opened(tmp_path, rows, merged(B2_B4="是"))
    assert content(layer, size) == {"编号": ["P1", "P2", "P3", "P4"], "存量": ["是", "是", "是", "否"]}
    assert told(layer)["read-merged-down"] == {
        "file": "t.xlsx", "layer": "宗地", "count": 1, "columns": ("存量",), "cells": ["B2:B4"],
    }  # fmt: skip


def test_a_merged_date_counts_for_each_row(tmp_path: Path) -> None:
    layer = opened(tmp_path, [["编号", "批准日期"], ["P1"], ["P2"]], merged(B2_B3=DAY))
    assert days(layer) == [DAY, DAY]


def test_merged_cells_of_a_table_that_does_not_start_in_column_a(tmp_path: Path) -> None:
    rows = [[None, None, "编号", "存量"], [None, None, "P1"], [None, None, "P2"]]
    layer = opened(tmp_path, rows, merged(D2_D3="是"))
    assert content(layer) == {"编号": ["P1", "P2"], "存量": ["是", "是"]}
    assert told(layer)["read-merged-down"]["cells"] == ["D2:D3"]


def test_a_record_of_two_merged_rows_is_one_row(tmp_path: Path) -> None:
    layer = opened(tmp_path, [["编号", "far"]], merged(A2_A3="P1", B2_B3=2, A4_A5="P2", B4_B5=3))
    assert content(layer) == {"编号": ["P1", "P2"], "far": [2, 3]}
    assert "read-merged-down" not in told(layer)


def test_a_line_merged_across_columns_gives_no_value_to_the_others_and_is_told(tmp_path: Path) -> None:
    rows = [["编号", "far", "gfa"], ["P1", 2, 3]]
    layer = opened(tmp_path, rows, merged(A3_C3="合计"))
    assert content(layer) == {"编号": ["P1", "合计"], "far": ["2", LOST], "gfa": ["3", LOST]}
    assert told(layer)["read-merged-across"]["cells"] == ["A3:C3"]
    assert "read-merged-down" not in told(layer)


def test_a_formula_with_a_zero_that_was_never_calculated_is_unreadable(tmp_path: Path) -> None:
    def formulas(sheet: Any) -> None:
        sheet.write_formula("B2", "=9000+SUM(A1:A1)")
        sheet.write_formula("B3", "=9000+1", value=9001)
        sheet.write_formula("B5", "=1>2", value=False)

    layer = opened(tmp_path, [["编号", "living"], ["P1"], ["P2"], ["P3", 0], ["P4"]], formulas)
    assert content(layer, 2)["living"] == [UNREAD + "=?", "9001", "0", "FALSE"]
    assert told(layer)["read-cell-not-calculated"]["cells"] == ["B2"]


def test_a_zero_in_a_workbook_that_was_calculated_is_a_value(tmp_path: Path) -> None:
    layer = opened(tmp_path, [["编号", "living"], ["P1"]], lambda sheet: sheet.write_formula("B2", "=1-1"))
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    layer = open_layer(str(path), "parcels")
    assert content(layer)["living"] == [0]
    assert told(layer) == {}


def test_where_the_data_starts_and_which_blank_rows_are_not_counted_is_noted(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["一览表"],
        [],
        ["编号", "far", "gfa"],
        [],
        [],
        [],
        ["P1", 2],
        ["P2", 2],
        [],
        [" "],
        ["P3", 2],
    ]
    layer = opened(tmp_path, rows)
    assert content(layer)["编号"] == ["P1", "P2", "P3"]
    assert noted(layer) == {
        "read-sheet-first-row": {"file": "t.xlsx", "layer": "宗地", "place": 7},
        "read-sheet-blank-rows": {"file": "t.xlsx", "layer": "宗地", "count": 2, "number": 3, "place": 11},
    }
    assert noted(opened(tmp_path, [["编号", "far"], ["P1", 2], ["P2", 2]])) == {}


GROUPED = [
    ["编号", "用地面积", "建筑面积(万平方米)", None, None, "备注"],
    [None, None, "计容建筑面积", "地上建筑总量", "生活配套设施", None],
    ["P1", 100, 3, 2, 1, "x"],
]


def test_columns_of_a_group_find_their_fields_with_the_unit_of_the_group(tmp_path: Path) -> None:
    spans = merged(A1_A2="编号", B1_B2="用地面积", C1_E1="建筑面积(万平方米)", F1_F2="备注")
    layer = opened(tmp_path, GROUPED, spans)
    assert layer.columns[:4] == ("编号", "用地面积", "计容建筑面积(万平方米)", "地上建筑总量(万平方米)")
    units = {use.field.name: use.unit for use in map_columns(Role.PARCELS, layer.columns, {}, "t.xlsx")}
    assert units["far_gfa_m2"] == "wan_m2"
    assert content(layer)["编号"] == ["P1"]


def test_a_group_above_the_row_of_most_words_is_part_of_the_heading(tmp_path: Path) -> None:
    rows = [
        ["编号", "增容前", None, "增容后", None, "其他", None],
        [None, "容积率", "计容建筑面积", "容积率", "地上建筑总量", "生活配套设施", "屋顶绿化"],
        ["P1", 1, 2, 3, 4, 5, "是"],
    ]
    layer = opened(tmp_path, rows, merged(A1_A2="编号", B1_C1="增容前", D1_E1="增容后", F1_G1="其他"))
    assert layer.columns == (
        "编号", "增容前/容积率", "增容前/计容建筑面积", "增容后/容积率", "地上建筑总量", "生活配套设施", "屋顶绿化",
    )  # fmt: skip
    assert noted(layer)["read-sheet-groups"]["columns"] == (
        "增容后/地上建筑总量", "其他/生活配套设施", "其他/屋顶绿化",
    )  # fmt: skip


def test_a_heading_merged_over_two_columns_of_data_takes_no_row_of_them(tmp_path: Path) -> None:
    layer = opened(tmp_path, [["编号", "far", "备注", None], ["P1", 2, "x", None]], merged(C1_D1="备注"))
    assert content(layer)["编号"] == ["P1"]


def test_digits_lost_are_told_where_texts_stand_beside_the_numbers(tmp_path: Path) -> None:
    layer = opened(tmp_path, [["编号"], [310115000001000017], [310115000001000018], ["310115000001000019"]])
    assert content(layer)["编号"] == ["310115000001000000", "310115000001000000", "310115000001000019"]
    assert told(layer)["read-digits-lost"] == {"file": "t.xlsx", "column": "编号", "count": 2}


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("others", [["2021-08-31", "2021年8月31日"], [DAY, "2021-8-31"], [44439, 20210831], [DAY, DAY]])
def test_serial_days_among_texts_and_dates_are_days(tmp_path: Path, others: list[Any], size: int) -> None:
    rows = [["编号", "批准日期"], ["P1", 44439], *(["P", other] for other in others)]
    assert days(opened(tmp_path, rows), size) == [DAY] * 3


def test_serial_days_count_from_1904_where_the_workbook_does(tmp_path: Path) -> None:
    rows = [["编号", "批准日期"], ["P1", 44439 - 1462], ["P2", DAY]]
    assert days(opened(tmp_path, rows, date_1904=True)) == [DAY, DAY]


def test_numbers_that_are_no_dates_stay_numbers(tmp_path: Path) -> None:
    rows = [["编号", "计容建筑面积", "说明"], ["P1", 44439, 44439], ["P2", "44440", "A"], ["P3", "2021-09", "B"]]
    assert content(opened(tmp_path, rows)) == {
        "编号": ["P1", "P2", "P3"], "计容建筑面积": ["44439", "44440", "2021-09"], "说明": ["44439", "A", "B"],
    }  # fmt: skip
