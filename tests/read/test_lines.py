"""Where the user finds a row: in sentences the row of the sheet or line of the text, in JSON the row of the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from test_sheet_marks import as_kind
from typer.testing import CliRunner

from landcheck.cli.app import app
from landcheck.model import TableLines
from landcheck.read import open_layer

HEADINGS = ["地块编号", "产业用地类型", "计容建筑面积", "用地面积", "出让年期"]
ROWS: list[list[Any]] = [
    ["宗地一览表"],
    HEADINGS,
    ["A1", "产业项目类", 18000, 10000, 20],
    [],
    ["A2", "产业项目类", "约2万", 10000, 60],
    [None, "产业项目类", 10000, 10000, 30],
    ["A1", "标准厂房类", 30000, 10000, 20],
]
"""A1 in rows 3 and 7 of the sheet, A2 in 5, a row without a number in 6: rows 1, 4, 2 and 3 of the data."""


def written(folder: Path, kind: str) -> Path:
    if kind == "csv":
        path = folder / "t.csv"
        lines = (",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
    book = xlsxwriter.Workbook(str(folder / "t.xlsx"))
    sheet = book.add_worksheet("宗地")
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    book.close()
    return as_kind(folder / "t.xlsx", kind)


def ran(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--output-format", "plain"])
    assert result.exit_code in (0, 1, 3), result.output
    return result.stdout


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls", "ods", "et"])
def test_sentences_name_the_row_that_the_user_sees_and_json_that_of_the_data(tmp_path: Path, kind: str) -> None:
    path, saved = written(tmp_path, kind), str(tmp_path / "r.json")
    zh = ran("check", str(path), "-o", saved, "--lang", "zh", "--as-of", "2022-01-01")
    of = "文件" if kind == "csv" else "工作表"
    assert f"地块 A2（{of}第 5 行）" in zh
    assert f"{of}第 6 行没有编号" in zh
    assert f"编号 A1 重复出现在{of}第 3、7 行" in zh
    assert f"{of}第 5 行：字段“计容建筑面积”" in zh
    result = json.loads(Path(saved).read_text(encoding="utf-8"))
    assert {one["row"] for one in result["findings"]} == {1, 2, 3, 4}
    assert {(one["subject"]["id"], one["row"]) for one in result["data"]} == {("#3", 3), ("A1", 1), ("A2", 2)}
    where = "text" if kind == "csv" else "sheet"
    assert result["inputs"][0]["lines"] == {"of": where, "steps": [[1, 3], [2, 5]]}
    again = ran("report", saved, "--lang", "zh")
    assert again.splitlines()[:40] == zh.splitlines()[:40]


def test_each_table_has_its_own_lines_and_a_layer_of_shapes_counts_its_rows(tmp_path: Path) -> None:
    outline = {"type": "Polygon", "coordinates": [[[121.6, 31.2], [121.601, 31.2], [121.601, 31.201], [121.6, 31.2]]]}
    plots = [{"type": "Feature", "properties": {"parcel_id": one}, "geometry": outline} for one in ("A2", "A3")]
    layer = {"type": "FeatureCollection", "features": plots}
    (tmp_path / "p.geojson").write_text(json.dumps(layer), encoding="utf-8")
    table = written(tmp_path, "xlsx")
    said = ran("check", str(tmp_path / "p.geojson"), "--attributes", str(table), "--lang", "en")
    assert "parcels A2 (row 1) and A3 (row 2) overlap" in said
    assert "t.xlsx, sheet row 5: field far_gfa_m2" in said
    assert "no parcel id and was not used; supply the ids: sheet rows 6" in said
    told = ran("explain", str(tmp_path / "p.geojson"), "--attributes", str(table), "--parcel", "A2", "--lang", "en")
    assert 'column "出让年期", sheet row 5' in told


def test_lines_of_a_text_count_those_within_quotes_and_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\r\n1,"x\r\ny\r\nz"\r\n\r\n2,x\r\n,\r\n3,"x\r\ny"\r\n4,x\r\n')
    layer = open_layer(str(path), "attributes")
    for size in (1, 2, 100):
        list(layer.batches(size))
        assert layer.info.lines == TableLines("text", [(1, 2), (2, 6), (3, 8), (4, 10)])
    assert [layer.info.lines.found(row).number for row in (1, 2, 3, 4)] == [2, 6, 8, 10]


def test_lines_of_a_text_whose_quotes_do_not_close(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,"x\n2,y\n\n3,z\n', encoding="utf-8")
    layer = open_layer(str(path), "attributes")
    list(layer.batches(2))
    assert layer.info.lines == TableLines("text", [(1, 2), (3, 5)])


def test_a_plot_of_boundary_points_stands_where_its_first_point_stands(tmp_path: Path) -> None:
    points = [(i, 3450000 + n, 500000 + e) for i in "AB" for n, e in ((0, 0), (0, 100), (100, 100), (100, 0))]
    rows = ["界址点成果表,,", "地块编号,北坐标,东坐标", *(",".join(map(str, one)) for one in points)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    layer = open_layer(str(path), "parcels")
    list(layer.batches())
    assert layer.has_geometry
    assert layer.info.lines == TableLines("text", [(1, 3), (2, 7)])


def test_fields_and_convert_name_the_row_of_the_sheet_too(tmp_path: Path) -> None:
    path = written(tmp_path, "xlsx")
    assert "sheet row 5: field far_gfa_m2" in ran("fields", str(path), "--lang", "en")
    result = CliRunner().invoke(app, ["convert", str(path), "-o", str(tmp_path / "o.gpkg"), "--lang", "en"])
    assert "t.xlsx, sheet row 5: field far_gfa_m2" in result.output


def test_a_layer_is_called_by_its_file_where_it_has_no_name(tmp_path: Path) -> None:
    corners = [[500000, 3450000], [500100, 3450000], [500100, 3450100], [500000, 3450000]]
    outline = {"type": "Polygon", "coordinates": [corners]}
    plot = {"type": "Feature", "properties": {"parcel_id": "A"}, "geometry": outline}
    path = tmp_path / "p.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [plot]}), encoding="utf-8")
    assert "p.geojson: GeoJSON without a stated system" in ran("check", str(path), "--lang", "en")
    assert "p.geojson 是没有坐标系说明的 GeoJSON" in ran("check", str(path), "--lang", "zh")
