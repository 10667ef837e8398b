"""A file that was cut off tells in which program to open it and save it again: the one it was made with."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from landcheck import InputError, Request, check

SAMPLES = Path(__file__).parents[2] / "sample_parcels"


def cut(path: Path, source: Path) -> Path:
    content = source.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def workbook(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "whole.xlsx") as book:
        book.add_worksheet("宗地").write_row(0, 0, ["parcel_id", "far"])
    return folder / "whole.xlsx"


def said(path: Path, **sources: str) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        check(Request(str(path), sources=sources))
    return caught.value.say("zh"), caught.value.say("en")


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".ods", ".et"])
def test_a_workbook_is_opened_in_the_spreadsheet_program(tmp_path: Path, suffix: str) -> None:
    path = cut(tmp_path / f"b{suffix}", workbook(tmp_path))
    for zh, en in (said(path), said(SAMPLES / "small.geojson", attributes=str(path))):
        assert f"“b{suffix}”" in zh
        assert zh.endswith("请用 Excel 或 WPS 打开检查后另存；打不开的请重新复制或下载")
        assert "open it in Excel, WPS or LibreOffice, check it and save it again" in en
        assert "GIS" not in zh + en


def test_a_drawing_a_geopackage_and_a_parquet_have_programs_of_their_own(tmp_path: Path) -> None:
    zh, en = said(cut(tmp_path / "d.dwg", SAMPLES / "plan.dwg"))
    assert "请用 CAD 软件打开检查后另存" in zh
    assert "open it in a CAD program" in en
    assert "请用 GIS 软件打开检查后重新导出" in said(cut(tmp_path / "g.gpkg", SAMPLES / "plan.gpkg"))[0]
    (tmp_path / "p.parquet").write_bytes(b"PAR1" + bytes(300))
    assert said(tmp_path / "p.parquet")[0].endswith("请重新导出、复制或下载")


def test_a_document_is_cut_or_whole_no_table_and_an_archive_is_packed_again(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pack or download it again"):
        check(Request(str(cut(tmp_path / "z.zip", workbook(tmp_path)))))
    assert "另存为 XLSX 或 CSV" in said(cut(tmp_path / "w.docx", workbook(tmp_path)))[0]
