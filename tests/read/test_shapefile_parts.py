"""Shapefiles whose parts are missing, cut off or at odds: every record keeps its row and the loss is counted."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from read_samples import codes, content, cut, dbf_layout, patch, snapshot, write

from landcheck.read import Layer, open_layer

COUNT = 10


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "p.shp", {"name": [f"n{n}" for n in range(COUNT)], "v": [n * 1.5 for n in range(COUNT)]})


def read(path: Path) -> tuple[Layer, dict[str, list[Any]]]:
    """Read it all, and make sure that nothing on disk changed."""
    before = snapshot(path.parent)
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert snapshot(path.parent) == before
    assert layer.info.rows == len(values["wkb"])
    return layer, values


def shapes(values: dict[str, list[Any]]) -> list[bool]:
    return [wkb is not None for wkb in values["wkb"]]


def test_without_its_index_the_shapes_are_found_by_walking(path: Path) -> None:
    path.with_suffix(".shx").unlink()
    layer, values = read(path)
    assert shapes(values) == [True] * COUNT
    assert codes(layer) == ["read-no-shx"]


def test_an_index_of_another_file_is_not_believed(path: Path) -> None:
    shx = path.with_suffix(".shx")
    raw = shx.read_bytes()
    shx.write_bytes(raw[:100] + raw[100 + 3 * 8 :])
    patch(shx, 100, struct.pack(">ii", 77, 3))
    layer, values = read(path)
    assert shapes(values) == [True] * COUNT
    assert codes(layer) == ["read-shx-wrong"]


def test_an_index_cut_short_hides_no_shape(path: Path) -> None:
    shx = path.with_suffix(".shx")
    shx.write_bytes(shx.read_bytes()[: 100 + 4 * 8])
    layer, values = read(path)
    assert (shapes(values), values["name"][-1]) == ([True] * COUNT, f"n{COUNT - 1}")
    assert codes(layer) == ["read-shx-wrong"]


def test_an_index_and_a_table_cut_at_the_same_row_hide_no_shape(path: Path) -> None:
    shx, dbf = path.with_suffix(".shx"), path.with_suffix(".dbf")
    shx.write_bytes(shx.read_bytes()[: 100 + 4 * 8])
    _, header, record = dbf_layout(dbf)
    dbf.write_bytes(dbf.read_bytes()[: header + 4 * record])
    patch(dbf, 4, struct.pack("<I", 4))
    layer, values = read(path)
    assert (shapes(values), values["name"]) == ([True] * COUNT, ["n0", "n1", "n2", "n3", *[None] * (COUNT - 4)])
    assert codes(layer) == ["read-shx-wrong", "read-dbf-shorter"]


def test_all_parts_cut_at_the_same_row_are_told_by_the_length_in_the_header(path: Path) -> None:
    shx, dbf = path.with_suffix(".shx"), path.with_suffix(".dbf")
    (start,) = struct.unpack(">i", shx.read_bytes()[100 + 4 * 8 :][:4])
    shx.write_bytes(shx.read_bytes()[: 100 + 4 * 8])
    _, header, record = dbf_layout(dbf)
    dbf.write_bytes(dbf.read_bytes()[: header + 4 * record])
    patch(dbf, 4, struct.pack("<I", 4))
    lost = path.stat().st_size - 2 * start
    path.write_bytes(path.read_bytes()[: 2 * start])
    layer, values = read(path)
    assert shapes(values) == [True] * 4
    assert [(f.message.code, f.message.values["bytes"]) for f in layer.findings] == [("read-shp-end", lost)]


def test_a_shp_cut_off_keeps_all_attribute_rows(path: Path) -> None:
    whole = read(path)[1]
    cut(path, 0.5)
    layer, values = read(path)
    there = sum(shapes(values))
    assert 0 < there < COUNT
    assert values["wkb"][:there] == whole["wkb"][:there]
    assert values["name"] == whole["name"]
    (finding,) = (f for f in layer.findings if f.message.code == "read-shp-cut")
    assert (finding.level, finding.row, finding.message.values["count"]) == ("error", there + 1, COUNT - there)


def test_a_dbf_cut_off_keeps_all_shapes(path: Path) -> None:
    _, header, record = dbf_layout(path.with_suffix(".dbf"))
    raw = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(raw[: header + 6 * record + 5])
    layer, values = read(path)
    assert shapes(values) == [True] * COUNT
    assert values["name"] == [f"n{n}" for n in range(6)] + [None] * 4
    assert [(f.message.code, f.row, f.message.values["count"]) for f in layer.findings] == [("read-dbf-shorter", 7, 4)]


def test_a_dbf_with_fewer_records_keeps_all_shapes(path: Path) -> None:
    patch(path.with_suffix(".dbf"), 4, struct.pack("<I", 7))
    layer, values = read(path)
    assert values["name"] == [f"n{n}" for n in range(7)] + [None] * 3
    assert codes(layer) == ["read-dbf-shorter"]


def test_a_dbf_with_more_records_keeps_them_without_shape(path: Path) -> None:
    dbf = path.with_suffix(".dbf")
    _, header, record = dbf_layout(dbf)
    raw = dbf.read_bytes()
    dbf.write_bytes(raw[: header + COUNT * record] + raw[header : header + 2 * record])
    patch(dbf, 4, struct.pack("<I", COUNT + 2))
    layer, values = read(path)
    assert shapes(values) == [True] * COUNT + [False] * 2
    assert values["name"][-2:] == ["n0", "n1"]
    assert [(f.message.code, f.row, f.message.values["count"]) for f in layer.findings] == [("read-shp-shorter", 11, 2)]


def test_without_its_dbf_only_the_shapes_are_known(path: Path) -> None:
    path.with_suffix(".dbf").unlink()
    layer, values = read(path)
    assert layer.columns == ()
    assert shapes(values) == [True] * COUNT
    assert codes(layer) == ["read-no-dbf"]


def test_a_dbf_announcing_four_thousand_million_records_costs_nothing(path: Path) -> None:
    patch(path.with_suffix(".dbf"), 4, b"\xff\xff\xff\xff")
    layer, values = read(path)
    assert len(values["name"]) == COUNT
    assert codes(layer) == ["read-dbf-shorter"]


def test_records_marked_as_deleted_are_left_out_and_counted(path: Path) -> None:
    _, header, record = dbf_layout(path.with_suffix(".dbf"))
    patch(path.with_suffix(".dbf"), header + 2 * record, b"*")
    layer, values = read(path)
    assert values["name"] == [f"n{n}" for n in range(COUNT) if n != 2]
    assert [(f.message.code, f.message.values["count"]) for f in layer.findings] == [("read-dbf-deleted", 1)]


@pytest.mark.parametrize("text", [b"abc", b"1,5", b"****"])
def test_text_in_a_number_column_is_read_as_text_and_never_zero(path: Path, text: bytes) -> None:
    """GDAL gives 0 for abc and 1 for 1,5. The row after a deleted record is counted as it is read."""
    _, header, record = dbf_layout(path.with_suffix(".dbf"))
    patch(path.with_suffix(".dbf"), header, b"*")
    patch(path.with_suffix(".dbf"), header + 4 * record + record - 24, text.rjust(24))
    _, values = read(path)
    assert [one if one == text.decode() else float(one) for one in values["v"]] == [
        1.5, 3.0, 4.5, text.decode(), 7.5, 9.0, 10.5, 12.0, 13.5,
    ]  # fmt: skip


def test_suffixes_in_mixed_case_still_belong_together(path: Path, tmp_path: Path) -> None:
    path.with_suffix(".dbf").rename(tmp_path / "P.DBF")
    layer, values = read(path)
    assert values["name"] == [f"n{n}" for n in range(COUNT)]
    assert codes(layer) == []


def test_a_prj_that_gdal_cannot_parse_does_not_make_the_layer_unreadable(path: Path) -> None:
    path.with_suffix(".prj").write_text(
        'GEOGCS["China Geodetic',
    )
    layer, values = read(path)
    assert shapes(values) == [True] * COUNT
    assert layer.wkt == 'GEOGCS["China Geodetic'


def test_any_part_of_a_shapefile_names_it(path: Path) -> None:
    assert content(open_layer(str(path.with_suffix(".dbf")), "parcels"))["name"][0] == "n0"


def test_a_dbf_alone_is_a_table(path: Path, tmp_path: Path) -> None:
    path.unlink()
    path.with_suffix(".shx").unlink()
    layer = open_layer(str(path.with_suffix(".dbf")), "attributes")
    assert not layer.has_geometry
    assert content(layer)["v"] == [n * 1.5 for n in range(COUNT)]
    assert content(open_layer(str(tmp_path), "attributes"))["name"][9] == "n9"
    patch(path.with_suffix(".dbf"), 4, struct.pack("<I", COUNT + 5))
    longer = open_layer(str(path.with_suffix(".dbf")), "attributes")
    assert len(content(longer)["v"]) == COUNT
    assert [(f.message.code, f.message.values["count"]) for f in longer.findings] == [("read-dbf-shorter", 5)]


def test_repeated_column_names_are_told_of_and_told_apart(path: Path) -> None:
    dbf = path.with_suffix(".dbf")
    patch(dbf, 32 + 32, b"name\x00")
    layer, values = read(path)
    assert layer.columns == ("name", "name (2)")
    assert values["name (2)"][1] == 1.5
    assert codes(layer) == ["read-column-twice"]
