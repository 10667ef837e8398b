"""What a sheet shows beside its values, in the three kinds of workbook: totals, hidden rows, formats, errors."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from read_samples import content, rewritten

from landcheck.fields.cells import UNREAD
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise, unreadable_rows
from landcheck.model import Role
from landcheck.read import Layer, open_layer
from landcheck.read.drivers.tables.sheet_marks import as_shown, unit_of

HEADINGS = ["地块编号", "产业用地类型", "用地面积", "计容建筑面积", "批准日期", "栋数"]
ROWS: list[list[Any]] = [
    [1, "产业项目类", 1.5, 38000, "2022-09-01", 5],
    [2, None, 20000, None, "2022-09-01", None],
    [13, "标准厂房类", 20000, 30000, None, "x"],
    [None, None, None, None, None, None],
    [14, "标准厂房类", 20000, None, "2022-09-01", "x"],
]


def written(path: Path, kinds: str) -> Path:
    """The rows from C4 on, with an id shown as PD-001, a unit beside a number, merged cells, errors, and void rows."""
    book = xlsxwriter.Workbook(str(path / "t.xlsx"))
    sheet = book.add_worksheet("宗地")
    sheet.write("C1", "一览表")
    for number, row in enumerate([HEADINGS, *ROWS]):
        sheet.write_row(number + 3, 2, row)
    shown = book.add_format({"num_format": '"PD-"000'})
    for row in (1, 2, 3, 5):
        sheet.write_number(row + 3, 2, ROWS[row - 1][0], shown)
    sheet.write_number("E5", 1.5, book.add_format({"num_format": '0.00"公顷"'}))
    sheet.merge_range("D5:D6", "产业项目类")
    sheet.merge_range("F5:F6", 38000)
    sheet.merge_range("H5:H6", 5)
    sheet.write_formula("G7", "=1/0", None, "#DIV/0!")
    sheet.write_formula("F9", "=NA()", None, "#N/A")
    sheet.set_row(6, options={"hidden": True})
    sheet.write_string("D9", "标准厂房类", book.add_format({"font_strikeout": True}))
    book.close()
    return as_kind(path / "t.xlsx", kinds)


def as_kind(path: Path, kinds: str) -> Path:
    """The workbook in another kind, as LibreOffice writes it."""
    kind = "xls" if kinds == "et" else kinds.rsplit(maxsplit=1)[-1]
    if kind != "xlsx":
        if not shutil.which("soffice"):
            pytest.skip("LibreOffice (soffice) is not installed")
        profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(path.parent), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = path.with_suffix(f".{kind}")
    if kinds == "indented ods":
        rewritten(str(made), "><(?=/?(?:table|text:p))", ">\n  <", "content.xml")
    return made.rename(path.with_suffix(f".{kinds.rsplit(maxsplit=1)[-1]}"))


KINDS = ["xlsx", "xls", "ods", "indented ods", "et"]


@pytest.fixture(scope="module", params=KINDS)
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp(request.param), request.param)


def told(layer: Layer) -> dict[str, Any]:
    return {found.message.code: found.message.values for found in layer.findings}


@pytest.mark.parametrize("size", [1, 2, 100])
def test_what_a_sheet_shows_in_every_kind_of_workbook(path: Path, size: int) -> None:
    layer = open_layer(str(path), "parcels")
    values = content(layer, size)
    assert values["地块编号"] == ["PD-001", "PD-002", "PD-013", "PD-014"]
    assert values["产业用地类型"] == ["产业项目类", "产业项目类", "标准厂房类", "标准厂房类"]
    assert list(map(str, values["计容建筑面积"])) == ["38000 (F5:F6)", "38000 (F5:F6)", "30000", UNREAD + "#N/A"]
    assert values["用地面积"][0] in ("1.5公顷", "1.50公顷")
    assert values["批准日期"] == ["2022-09-01", "2022-09-01", UNREAD + "#DIV/0!", "2022-09-01"]
    said = told(layer)
    assert said["read-merged-total"]["cells"] == ["F5:F6", "H5:H6"]
    assert said["read-merged-down"]["cells"] == ["D5:D6"]
    assert (said["read-rows-hidden"]["rows"], said["read-rows-hidden"]["count"]) == ([3], 1)
    assert said["read-rows-struck"]["rows"] == [4]
    assert sorted(said["read-cell-errors"]["cells"]) == ["F9", "G7"]
    for found in layer.findings:
        assert all("{" not in found.message.say(language) for language in ("zh", "en"))


def test_totals_and_errors_are_unknown_and_nothing_is_taken_in_their_place(path: Path) -> None:
    layer = open_layer(str(path), "parcels")
    (rows,) = layer.batches(100)
    batch, _ = normalise(Role.PARCELS, rows.table, map_columns(Role.PARCELS, layer.columns, {}, "t"), 0)
    assert unreadable_rows(batch, "far_gfa_m2").tolist() == [True, True, False, True]
    assert unreadable_rows(batch, "approval_date").tolist() == [False, False, True, False]
    assert batch.columns["site_area_m2"].tolist() == [15_000, 20_000, 20_000, 20_000]


def test_of_many_rows_the_first_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet()
    for row in range(20):
        sheet.write_row(row, 0, [f"P{row}", row] if row else HEADINGS[:2])
        sheet.set_row(row, options={"hidden": row > 1})
    book.close()
    layer = open_layer(str(tmp_path / "t.xlsx"), "parcels")
    content(layer)
    (hidden,) = layer.findings
    assert "18 rows are hidden" in hidden.message.say("en")
    assert "13, and 6 more" in hidden.message.say("en")


@pytest.mark.parametrize("kinds", KINDS)
def test_what_still_stands_under_merged_cells_is_never_read(tmp_path: Path, kinds: str) -> None:
    """Excel keeps the value of a covered cell where a program merged over it: D3 = 21000 under D2:D3."""
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet()
    rows = [["地块编号", "用地面积", "备注", "计容建筑面积"], ["A1", 10000, "x", 38000], ["A2", 10000, "y", 21000]]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    merges = b'<mergeCells count="2"><mergeCell ref="D2:D3"/><mergeCell ref="B3:C3"/></mergeCells>'
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b"</sheetData>", b"</sheetData>" + merges)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    values = content(open_layer(str(as_kind(tmp_path / "t.xlsx", kinds)), "parcels"))
    assert list(map(str, values["计容建筑面积"])) == ["38000 (D2:D3)"] * 2
    assert values["备注"] == ["x", UNREAD + "?"]


@pytest.mark.parametrize(
    ("heading", "value", "total"),
    [
        ("用地面积(公顷)", 1.9, True),
        ("容积率", 2, True),
        ("增收土地价款", 100, True),
        ("计容建筑面积", "1.9万㎡", True),
        ("我的面积", 19000, True),  # --map may name it
        ("是否存量", 1, False),
        ("所属园区编号", 12, False),
        ("批准日期", 44440, False),
        ("我的备注", "x", False),
    ],
)
def test_numbers_over_several_rows_are_totals_and_words_and_days_are_not(
    tmp_path: Path, heading: str, value: Any, *, total: bool
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet()
    for number, row in enumerate([["地块编号", heading], ["A"], ["B"], ["C", value]]):
        sheet.write_row(number, 0, row)
    sheet.merge_range("B2:B3", value)
    book.close()
    layer = open_layer(str(tmp_path / "t.xlsx"), "parcels")
    values = content(layer)[heading]
    assert values[0] == values[1]
    assert ("read-merged-total" in told(layer)) == total
    assert str(values[0]).endswith("(B2:B3)") == total
    assert not str(values[2]).endswith("(B2:B3)")


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1, '"PD-"000', "PD-001"), (1234, '"PD-"000', "PD-1234"), (2, "\\P\\D\\-000", "PD-002"),
        (310112, "00000000", "00310112"), (12345, "000-000", "012-345"), (1, 'General"号"', "1号"),
        (7, "第0号", "第7号"), (7, '[Red]"A"0;"B"0', "A7"), (7, "0", "7"), (0, "000", "000"),
        (1.5, '"PD-"000', None), (-1, '"PD-"000', None), (1, "yyyy-mm-dd", None), (1, "#,##0", None), (1, "0%", None),
    ],
)  # fmt: skip
def test_a_number_as_its_format_shows_it(value: float, code: str, text: str | None) -> None:
    assert as_shown(value, code) == text


@pytest.mark.parametrize(
    ("code", "unit"),
    [('0.00"公顷"', "公顷"), ('#,##0 "亩"', "亩"), ('0"万元"', "万元"), ('"¥"#,##0', ""), ('0"号"', ""), ("0%", "")],
)
def test_the_unit_in_a_format(code: str, unit: str) -> None:
    assert unit_of(code) == unit


@pytest.mark.parametrize("suffix", [".et", ".xls", ".xlsx"])
def test_a_workbook_in_an_archive_is_read_with_its_marks_whatever_it_is_called(tmp_path: Path, suffix: str) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["地块编号", "计容建筑面积"])
    sheet.write_column(1, 0, ["A", "B", "C"])
    sheet.merge_range("B2:B3", 38000)
    sheet.write_formula("B4", "=1/0", None, "#DIV/0!")
    book.close()
    path = (tmp_path / "t.xlsx").rename(tmp_path / f"t{suffix}")
    layer = open_layer(str(path), "parcels")
    assert [str(value) for value in content(layer)["计容建筑面积"]] == [
        "38000 (B2:B3)",
        "38000 (B2:B3)",
        UNREAD + "#DIV/0!",
    ]
    assert {"read-merged-total", "read-cell-errors"} <= set(told(layer))
