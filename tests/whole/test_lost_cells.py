"""Cells that a reader could not read: told once, by the reader, and never taken for empty ones or for their mark."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import pyogrio
import pytest
import xlsxwriter
from open_documents import write_document

from landcheck import Finding, Report, Request, check, convert
from landcheck.errors import FaultsError
from landcheck.exceptions.register import load_register
from landcheck.fields.cells import UNREAD
from landcheck.model import Verdict
from landcheck.rulebook import load_pack
from landcheck.run.field_survey import survey_fields

PASS, FAIL, UNDETERMINED = Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED
HEADINGS = ["parcel_id", "land_class", "term_years", "recognition", "above_ground_gfa_m2", "other_industry_gfa_m2",
            "living_gfa_m2", "approval_date", "is_stock"]  # fmt: skip
# 1,000 + 1,000 of 10,000 m²: 20 % and 10 %, where single use is assumed
SOUND = "industrial_project,20,none,10000,1000,1000,2025-06-01,false"
LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


def judged(parcels: Path, text: str = "", **sources: Path) -> Report:
    if text:
        parcels.write_text(text, encoding="utf-8")
    return check(Request(str(parcels), sources={name: str(path) for name, path in sources.items()}, show_all=True,
                         as_of=dt.date(2026, 6, 30)))  # fmt: skip


def of(report: Report, rule: str) -> dict[str, Finding]:
    return {one.subject.id: one for one in report.findings if one.rule.id == rule}


def open_by(report: Report, rule: str) -> dict[str, tuple[Verdict, tuple[str, ...]]]:
    return {name: (one.verdict, one.unreadable) for name, one in of(report, rule).items()}


def said(report: Report) -> list[str]:
    return [one.message.say(language) for one in report.data for language in LANGUAGES]


def test_what_a_short_row_lacks_or_an_open_quote_hides_is_not_assumed(tmp_path: Path) -> None:
    head = ",".join([*HEADINGS, "single_use", "in_high_tech_zone"])
    rows = [f"A,{SOUND},,", f"B,{SOUND}", f'C,{SOUND},"false,true', f'D,{SOUND},"false",true']
    report = judged(tmp_path / "p.csv", "\n".join([head, *rows, ""]))
    assert open_by(report, "living-15") == {
        "A": (PASS, ()),
        "B": (UNDETERMINED, ("in_high_tech_zone", "single_use")),
        "C": (UNDETERMINED, ("in_high_tech_zone", "single_use")),
        "D": (Verdict.NOT_APPLICABLE, ()),
    }
    assert [(one.message.code, one.row) for one in report.data] == [("read-row-short", 2), ("read-quote-unclosed", 3)]


@pytest.mark.parametrize("lost", ["false,x", '"false'])
def test_what_a_row_of_the_table_beside_loses_is_not_assumed(tmp_path: Path, lost: str) -> None:
    (tmp_path / "a.csv").write_text(f"parcel_id,single_use\nA,\nB,{lost}\n", encoding="utf-8")
    rows = "\n".join([",".join(HEADINGS), f"A,{SOUND}", f"B,{SOUND}", ""])
    report = judged(tmp_path / "p.csv", rows, attributes=tmp_path / "a.csv")
    assert open_by(report, "mixed-use-30") == {"A": (PASS, ()), "B": (UNDETERMINED, ("single_use",))}
    assert len(report.data) == 1


@pytest.mark.parametrize("field", ["remarks", "land_code"])
def test_a_lost_cell_that_may_have_said_m0_leaves_the_use_open(tmp_path: Path, field: str) -> None:
    (tmp_path / "a.csv").write_text(f"parcel_id,{field}\nA,x\nB,M0,见图\nC,M0\n", encoding="utf-8")
    rows = [",".join(HEADINGS), *(f"{name},{SOUND}" for name in "ABC"), ""]
    found = open_by(judged(tmp_path / "p.csv", "\n".join(rows), attributes=tmp_path / "a.csv"), "living-15")
    assert found["A"] == (PASS, ())
    assert found["B"][0] is UNDETERMINED
    assert field in found["B"][1]
    assert found["C"] == (Verdict.NOT_APPLICABLE, ())
    stated = [f"{rows[0]},single_use", f"B,{SOUND},true", ""]
    report = judged(tmp_path / "p.csv", "\n".join(stated), attributes=tmp_path / "a.csv")
    assert open_by(report, "living-15") == {"B": (PASS, ())}


def test_lost_remarks_may_have_said_industry_against_the_code(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("parcel_id,remarks\nA,x\nB,M0,见图\n", encoding="utf-8")
    rows = "parcel_id,land_code,far\nA,R2,1.5\nB,R2,1.5\n"
    report = judged(tmp_path / "p.csv", rows, attributes=tmp_path / "a.csv")
    assert [one.verdict for one in of(report, "far-industrial").values()] == [Verdict.NOT_APPLICABLE, UNDETERMINED]


def workbook(path: Path) -> Path:
    """A: floor area never calculated; B: an error for it; C: sound, with an error in the park and in no field."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["地块编号", "产业用地类型", "用地面积", "计容建筑面积", "容积率", "所属园区编号", "经办"])
    for row, name in enumerate("ABC", 1):
        sheet.write_row(row, 0, [name, "产业项目类", 10000, 21000, 2.1, "P1", "张"])
    sheet.write_formula("D2", "=C2*2", value="")
    sheet.write_formula("D3", "=1/0", value="#DIV/0!")
    sheet.write_formula("F4", "=NA()", value="#N/A")
    sheet.write_formula("G4", "=G9", value="")
    book.close()
    return path


def open_document(path: Path) -> Path:
    """A: a formula without a result; B: an error."""
    cell = '<table:table-cell office:value-type="{}"{}><text:p>{}</text:p></table:table-cell>'
    words = [["地块编号", "产业用地类型", "用地面积", "计容建筑面积"]]
    rows = [[cell.format("string", "", word) for word in row] for row in words]
    known = [cell.format("string", "", "产业项目类"), cell.format("float", ' office:value="10000"', "10000")]
    lost = [
        '<table:table-cell table:formula="of:=[.C2]*2"/>',
        cell.format("string", ' table:formula="of:=1/0"', "#DIV/0!"),
    ]
    rows += [[cell.format("string", "", name), *known, one] for name, one in zip("AB", lost, strict=True)]
    return write_document(path, rows)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_cell_is_told_once_and_never_by_its_mark(tmp_path: Path, kind: str) -> None:
    path = {"xlsx": workbook, "ods": open_document}[kind](tmp_path / f"p.{kind}")
    report = judged(path)
    told = {one.message.code: one.message.values["cells"] for one in report.data}
    beside = ["F4"] if kind == "xlsx" else []
    uncalculated = ["G4"] if kind == "xlsx" else []
    assert told == {"read-cell-errors": ["D3", *beside], "read-cell-not-calculated": ["D2", *uncalculated]}
    found = of(report, "far-industrial")
    assert [(found[name].verdict, found[name].unreadable) for name in "AB"] == [(UNDETERMINED, ("far_gfa_m2",))] * 2
    for suffix in ("json", "jsonl", "csv", "html", "md"):
        for language in LANGUAGES:
            out = tmp_path / f"r.{suffix}"
            report.write(str(out), lang=language)
            text = out.read_text(encoding="utf-8")
            assert "=?" not in text
            assert UNREAD not in text


def test_what_a_merged_cell_covers_in_other_columns_is_not_assumed(tmp_path: Path) -> None:
    """否 stands in 存量 and covers 单一用途 of B and C."""
    book = xlsxwriter.Workbook(str(tmp_path / "p.xlsx"))
    sheet = book.add_worksheet()
    for row, cells in enumerate([[*HEADINGS, "single_use"], *([name, *SOUND.split(",")] for name in "ABC")]):
        sheet.write_row(row, 0, [float(cell) if row and cell.isdigit() else cell for cell in cells])
    sheet.merge_range("I3:J4", "否")
    book.close()
    report = judged(tmp_path / "p.xlsx")
    assert open_by(report, "living-15") == {
        "A": (PASS, ()), "B": (UNDETERMINED, ("single_use",)), "C": (UNDETERMINED, ("single_use",)),
    }  # fmt: skip
    told = {one.message.code: (str(one.level), one.message.values["cells"]) for one in report.data}
    assert told == {"read-merged-across": ("warning", ["I3:J4"]), "read-merged-down": ("warning", ["I3:J4"])}


def test_the_park_of_a_lost_cell_is_not_told_by_the_place(tmp_path: Path) -> None:
    def square(east: int, side: int) -> str:
        corners = ((0, 0), (side, 0), (side, side), (0, side), (0, 0))
        return f'"SRID=4549;POLYGON (({", ".join(f"{620_000 + east + x} {3_450_000 + y}" for x, y in corners)}))"'

    (tmp_path / "parks.csv").write_text(f"park_id,WKT\nP1,{square(0, 9_000)}\n", encoding="utf-8")
    rows = [f"A,{square(0, 100)},", f"B,{square(200, 100)},P1,x", f"C,{square(400, 100)}"]
    text = "\n".join(["parcel_id,WKT,park_id", *rows, ""])
    report = judged(tmp_path / "p.csv", text, parks=tmp_path / "parks.csv")
    assert {one.subject.id: one.park for one in report.findings if one.rule.id == "term-50"} == {
        "A": "P1", "B": None, "C": None,
    }  # fmt: skip


def test_lost_cells_stay_lost_in_a_file_that_is_written_again(tmp_path: Path) -> None:
    made = str(tmp_path / "b.gpkg")
    convert(Request(str(workbook(tmp_path / "p.xlsx"))), made)
    _, table = pyogrio.read_arrow(made)
    assert table.column("计容建筑面积").to_pylist() == ["=?", "#DIV/0!", "21000"]
    assert table.column("经办").to_pylist() == ["张", "张", "=?"]
    found = of(check(Request(made, show_all=True)), "far-industrial")
    assert [found[name].verdict for name in "ABC"] == [UNDETERMINED, UNDETERMINED, PASS]


def test_the_survey_counts_lost_cells_and_tells_of_them_once(tmp_path: Path) -> None:
    (layer,) = survey_fields(Request(str(workbook(tmp_path / "p.xlsx")))).layers
    columns = {one.name: one for one in layer.columns}
    assert (columns["计容建筑面积"].unread, columns["计容建筑面积"].samples) == (2, ("21000",))
    assert columns["所属园区编号"].unread == 1
    texts = [message.say(language) for message in layer.notes for language in LANGUAGES]
    assert sum("D2" in text for text in texts) == 2
    assert not any(UNREAD in text or "=?" in text for text in texts)


def test_a_register_with_a_row_that_cannot_be_split_is_refused_without_the_mark(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text(
        "rule,parcel,number,approver,reason,granted,expires\nfar-industrial,A,批1号,局,因,a,2026-01-01,2027-01-01\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultsError) as refused:
        load_register(str(path), [load_pack("shanghai-2021-9")])
    told = [fault.say(language) for fault in refused.value.faults for language in LANGUAGES]
    assert "read-row-long" in [fault.code for fault in refused.value.faults]
    assert not any(UNREAD in text or "“?”" in text for text in told)


def test_a_point_whose_row_cannot_be_split_leaves_its_plot_without_a_shape(tmp_path: Path) -> None:
    corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
    points = [[f"J{at},{name},{3_450_000 + x}.5,{620_000 + 200 * step + y}.5,工业" for at, (x, y) in enumerate(corners)]
              for step, name in enumerate("AB")]  # fmt: skip
    points[0][2] += ",x"
    path = tmp_path / "p.csv"
    text = "\n".join(["点号,地块编号,北坐标,东坐标,备注", *points[0], *points[1], ""])
    path.write_text(text, encoding="utf-8")
    report = check(Request(str(path), crs="EPSG:4549"))
    told = [(one.rule, one.subject.id, one.message.code) for one in report.data if one.rule != "data/column"]
    assert ("data/geometry", "A", "data-geometry-null") in told
    assert not [one for one in told if one[:2] == ("data/geometry", "B")]
    assert {one.subject.id for one in report.findings} == {"A", "B"}
    assert not any(UNREAD in text or "“?”" in text for text in said(report))
