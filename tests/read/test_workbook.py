"""Spreadsheets: headings, types, cells without a value, sheets, and cells far out."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from open_documents import write_document
from read_samples import codes, content, refusal, rewritten, snapshot, write

from landcheck.fields.cells import UNREAD
from landcheck.read import open_layer


def book(path: Path, *sheets: tuple[str, list[list[Any]]], then: Callable[[Any], None] | None = None) -> str:
    """A workbook with these sheets; ``then`` adds what a list of rows cannot say to the last."""
    workbook = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    if then is not None:
        then(sheet)
    workbook.close()
    return str(path)


def test_a_plain_sheet(tmp_path: Path) -> None:
    rows = [["地块编号", "容积率", "批准日期", "区"], ["01", 2.5, dt.date(2021, 9, 1), "浦东"], ["02", 2, None, None]]
    path = book(tmp_path / "t.xlsx", ("指标", rows))
    before = snapshot(tmp_path)
    layer = open_layer(path, "attributes")
    assert content(layer) == {
        "地块编号": ["01", "02"], "容积率": [2.5, 2.0], "批准日期": [dt.date(2021, 9, 1), None], "区": ["浦东", None],
    }  # fmt: skip
    assert layer.info.layer == "指标"
    assert snapshot(tmp_path) == before
    assert codes(layer) == []


def test_a_title_over_merged_cells_and_empty_rows_at_the_end_are_no_rows(tmp_path: Path) -> None:
    rows = [
        ["上海市产业用地一览表", None, None],
        [None] * 3,
        ["编号", "面\n积", "名称"],
        [1001, 1.5, "甲"],
        [" ", None, ""],
    ]
    path = book(tmp_path / "t.xlsx", ("s", rows), then=lambda sheet: sheet.merge_range("A1:C1", "上海市产业用地一览表"))
    assert content(open_layer(path, "attributes")) == {"编号": [1001], "面 积": [1.5], "名称": ["甲"]}


def test_columns_under_a_merged_group_are_called_by_their_own_name_where_no_other_has_it(tmp_path: Path) -> None:
    rows = [["编号", "建筑面积", None, "备注"], [None, "地上", "地下", None], ["P1", 10, 5, "x"]]
    path = book(tmp_path / "t.xlsx", ("s", rows), then=lambda sheet: sheet.merge_range("B1:C1", "建筑面积"))
    layer = open_layer(path, "attributes")
    assert content(layer) == {"编号": ["P1"], "地上": [10], "地下": [5], "备注": ["x"]}
    told = [note.values["columns"] for note in layer.info.notes if note.code == "read-sheet-groups"]
    assert told == [("建筑面积/地上", "建筑面积/地下")]


def test_numbers_that_are_codes_read_as_whole_numbers_and_mixed_columns_as_text(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ("s", [["id", "mixed"], [1001.0, "A1"], [1002.0, 7.0], [1003.0, 2.5]]))
    assert content(open_layer(path, "attributes"), 5) == {"id": [1001, 1002, 1003], "mixed": ["A1", "7", "2.5"]}


def test_digits_beyond_the_fifteenth_are_told_of(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ("s", [["id", "n"], [310115000000000001, 1], [310115000000000002, 2]]))
    layer = open_layer(path, "attributes")
    content(layer)
    assert [(f.message.code, f.message.values["count"]) for f in layer.findings] == [("read-digits-lost", 2)]


def test_errors_and_formulas_without_a_value_are_unreadable_and_told_of_empty_cells_are_not(tmp_path: Path) -> None:
    def formulas(sheet: Any) -> None:
        sheet.write_formula("B2", "=1/0", value="#DIV/0!")
        sheet.write_formula("B3", "=A2*2", value="")
        sheet.write_formula("B4", "=A2*2", value=4)

    path = book(tmp_path / "t.xlsx", ("s", [["id", "far"], ["1"], ["2"], ["3"], ["4", None]]), then=formulas)
    rewritten(path, r'(<c r="B3"[^>]*>)(<f>[^<]*</f>)<v></v>', r"\1\2")
    layer = open_layer(path, "attributes")
    assert content(layer, 9)["far"] == [UNREAD + "#DIV/0!", UNREAD + "=?", "4", None]
    told = {f.message.code: f.message.values["cells"] for f in layer.findings}
    assert told == {"read-cell-errors": ["B2"], "read-cell-not-calculated": ["B3"]}


def test_of_several_sheets_the_one_called_like_the_role_is_taken_or_the_user_is_asked(tmp_path: Path) -> None:
    one, two = [["id"], ["1"]], [["id"], ["2"]]
    named = book(tmp_path / "a.xlsx", ("说明", one), ("地块指标", two))
    assert content(open_layer(named, "parcels"))["id"] == ["2"]
    assert content(open_layer(named, "parcels", layer="说明"))["id"] == ["1"]
    unclear = book(tmp_path / "b.xlsx", ("Sheet1", one), ("Sheet2", two))
    assert refusal(unclear) == "read-several-layers"
    assert refusal(unclear, layer="Sheet9") == "read-no-such-layer"
    empty_ones = book(tmp_path / "c.xlsx", ("Sheet1", one), ("Sheet2", []), ("Sheet3", [[None]]))
    assert content(open_layer(empty_ones, "parcels"))["id"] == ["1"]


def open_document(path: Path, cells: list[list[str | float]], attributes: str = "") -> str:
    """A workbook as LibreOffice writes it; ``attributes`` of every cell."""
    number = '<table:table-cell {} office:value-type="float" office:value="{}"/>'
    text = '<table:table-cell {} office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return str(write_document(path, [
        [(number if isinstance(cell, float) else text).format(attributes, cell) for cell in row] for row in cells
    ]))  # fmt: skip


def test_open_document_sheets_are_read_as_libreoffice_and_as_gdal_write_them(tmp_path: Path) -> None:
    write(
        tmp_path / "g.ods", {"id": ["01", "02"], "far": [2.0, 2.5]}, driver="ODS", geometry=False, crs=None
    )  # fmt: skip
    assert content(open_layer(str(tmp_path / "g.ods"), "attributes")) == {"id": ["01", "02"], "far": [2.0, 2.5]}
    path = open_document(tmp_path / "o.ods", [["编号", "far"], ["01", 2.5]])
    assert content(open_layer(path, "attributes")) == {"编号": ["01"], "far": [2.5]}


COMMENT = "<office:annotation><text:p>待核实</text:p></office:annotation>"
SHAPE = """<draw:g><draw:custom-shape draw:name='a>b/'><text:p>待核实</text:p><draw:enhanced-geometry/>
</draw:custom-shape><draw:line/></draw:g>"""


@pytest.mark.parametrize("before", ["", COMMENT])
@pytest.mark.parametrize("after", ["", SHAPE, f"{SHAPE}\n{SHAPE}"])
def test_a_comment_and_a_shape_at_a_cell_of_an_open_document_are_no_part_of_it(
    tmp_path: Path, before: str, after: str
) -> None:
    path = open_document(tmp_path / "a.ods", [["编号", "代码", "far"], ["101", "M1", "2.5"], ["102", "M2", "3"]])
    rewritten(
        path,
        " xmlns:office=",
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:office=',
        "content.xml",
    )
    number = r'"float" office:value="\1">' + before + r"<text:p>\1</text:p>" + after
    rewritten(path, r'"string"><text:p>([\d.]+)</text:p>', number, "content.xml")
    rewritten(path, "<text:p>M1</text:p>", f"{before}<text:p>M1</text:p>{after}", "content.xml")
    layer = open_layer(path, "attributes")
    assert content(layer) == {"编号": [101, 102], "代码": ["M1", "M2"], "far": [2.5, 3]}
    assert codes(layer) == []


def test_cells_merged_over_rows_in_an_open_document_count_for_each_row(tmp_path: Path) -> None:
    cells: list[list[str | float]] = [["编号", "存量"], ["01", "是"], ["02", ""], ["03", "否"]]
    path = open_document(tmp_path / "a.ods", cells)
    merge = ' table:number-columns-spanned="1" table:number-rows-spanned="2"'
    rewritten(path, '( office:value-type="string"><text:p>是)', rf"{merge}\1", "content.xml")
    layer = open_layer(path, "parcels")
    assert content(layer)["存量"] == ["是", "是", "否"]
    assert codes(layer) == ["read-merged-down"]


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "t.xlsx", ("s", []))) == "read-sheet-empty"


def test_a_cell_in_the_last_corner_is_refused_before_it_takes_the_memory(tmp_path: Path) -> None:
    path = book(
        tmp_path / "t.xlsx", ("s", [["id"], ["1"]]), then=lambda sheet: sheet.write("XFD1048576", "x")
    )  # fmt: skip
    assert refusal(path) == "read-sheet-sparse"


def test_a_geometry_column_in_a_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ("s", [["id", "WKT"], ["1", "POLYGON ((0 0, 1 0, 1 1, 0 0))"]]))
    layer = open_layer(path, "parcels")
    assert layer.has_geometry
    assert content(layer)["id"] == ["1"]


SHEET = "xl/worksheets/sheet1.xml"


def formula_book(path: Path, **parts: list[tuple[str, str]]) -> str:
    """A workbook whose FAR in B3 is a formula that no program has calculated, its sheet's or book's XML rewritten."""

    def formulas(sheet: Any) -> None:
        sheet.write_formula("B3", "=B2*2", value=0)
        sheet.write_formula("B4", "=1/0", value="#DIV/0!")

    book(path, ("s", [["id", "far"], ["P1", 1.5], ["P2"], ["P3"]]), then=formulas)
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, changes in (("xl/workbook.xml", parts.get("workbook", [])), (SHEET, parts.get("sheet", []))):
        for pattern, by in changes:
            changed = re.sub(pattern, by, texts[name])
            assert changed != texts[name]
            texts[name] = changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return str(path)


SINGLE = [('"', "'")]
PREFIXED = [(r"<(/?)(?=[a-z])", r"<\1ss:"), ("xmlns=", "xmlns:ss=")]
WRITINGS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "as xlsxwriter writes": {},
    "single quotes": {"sheet": SINGLE, "workbook": SINGLE},
    "another prefix": {"sheet": PREFIXED, "workbook": PREFIXED},
    "a prefix and single quotes": {"sheet": PREFIXED + SINGLE, "workbook": PREFIXED + SINGLE},
    "comments": {"sheet": [("<v>0</v></c></row>", "<!-- <v>3</v> --><v>0</v></c></row>")]},
    "spaces and other order": {"sheet": [(r'<c r="B4" t="e"', '<c t="e"\n r="B4" ')]},
    "entities": {"sheet": [("<f>B2", "<f>B2&lt;3&#38;&quot;x&quot;")]},
    "a sign in an attribute": {"sheet": [("<f>", '<f ca="1" xmlns:q="urn:a>b">')]},
    "no references": {"sheet": [(r' r="[A-Z]\d"', "")]},
    "some references": {"sheet": [(r' r="B\d"', "")]},
    "a formula in parts": {"sheet": [("<f>B2", "<f><![CDATA[B2]]>")]},
}


@pytest.mark.parametrize("parts", WRITINGS.values(), ids=WRITINGS)
def test_a_formula_never_calculated_is_told_however_the_xml_is_written(
    tmp_path: Path, parts: dict[str, list[tuple[str, str]]]
) -> None:
    layer = open_layer(formula_book(tmp_path / "t.xlsx", **parts), "attributes")
    assert content(layer)["far"] == ["1.5", UNREAD + "=?", UNREAD + "#DIV/0!"]
    assert {f.message.code: f.message.values["cells"] for f in layer.findings} == {
        "read-cell-errors": ["B4"], "read-cell-not-calculated": ["B3"],
    }  # fmt: skip


def test_entities_of_ones_own_are_refused(tmp_path: Path) -> None:
    declared = [("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet')]
    assert refusal(formula_book(tmp_path / "t.xlsx", sheet=declared)) == "read-failed"


def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert refusal(formula_book(tmp_path / "t.xlsx", sheet=[("UTF-8", "UTFNaN")])) == "read-failed"


def test_a_sheet_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    assert refusal(formula_book(tmp_path / "t.xlsx", sheet=[("(?s)</sheetData>.*", "</sheetData>")])) == "read-failed"


@pytest.mark.parametrize("cell", ['<c r="A1048576"><v>1</v></c>', "<c r='a1048576'><v>1</v></c>"])
def test_a_cell_far_below_the_row_it_stands_in_is_refused_too(tmp_path: Path, cell: str) -> None:
    stray = [("</row></sheetData>", rf'<c r="XFD4"><v>1</v></c>{cell}</row></sheetData>')]
    assert refusal(formula_book(tmp_path / "t.xlsx", sheet=stray)) == "read-sheet-sparse"


@pytest.mark.parametrize("value", ["1900&#48;", "&#x31;9000", "<![CDATA[19000]]>", "19<!-- -->000", "19<?x?>000"])
def test_a_number_that_would_be_read_wrong_is_unknown_and_told(tmp_path: Path, value: str) -> None:
    path = book(tmp_path / "t.xlsx", ("s", [["id", "计容建筑面积"], ["A", 19000], ["B", 21000]]))
    rewritten(path, "<v>19000</v>", f"<v>{value}</v>")
    layer = open_layer(path, "parcels")
    assert content(layer)["计容建筑面积"] == [UNREAD + "?", "21000"]
    assert codes(layer) == ["read-cell-misread"]
    assert list(layer.findings[0].message.values["cells"]) == ["B2"]


@pytest.mark.parametrize("value", ["<v><![CDATA[9]]></v>", "<v> 1 </v>", "<v>1<!-- -->1</v>"])
def test_so_is_the_number_of_a_text(tmp_path: Path, value: str) -> None:
    path = book(tmp_path / "t.xlsx", ("s", [["id", "产业用地类型"], ["A", "其他"]]))
    rewritten(path, r'(<c r="B2" t="s">)<v>3</v>', rf"\1{value}")
    layer = open_layer(path, "parcels")
    assert content(layer)["产业用地类型"] == [UNREAD + "?"]
    assert codes(layer) == ["read-cell-misread"]


@pytest.mark.parametrize(
    "cell", ['t="str"><v>A&#66;C</v>', 't="inlineStr"><is><t><![CDATA[ABC]]></t></is>', 't="str"><v>AB<!-- -->C</v>']
)
def test_texts_in_whatever_xml_are_read(tmp_path: Path, cell: str) -> None:
    path = book(tmp_path / "t.xlsx", ("s", [["id", "name"], ["A", "x"]]))
    rewritten(path, r'<c r="B2" t="s"><v>3</v></c>', f'<c r="B2" {cell}</c>')
    layer = open_layer(path, "parcels")
    assert content(layer)["name"] == ["ABC"]
    assert codes(layer) == []
