"""CAD drawings: closed lines, layers of the drawing, blocks, and the encoding by the version."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from read_samples import codes, content, refusal

from landcheck.read import open_layer


def pairs(*values: object) -> str:
    return "".join(f"{code}\n{value}\n" for code, value in zip(values[::2], values[1::2], strict=True))


def polyline(layer: str, points: list[tuple[float, float]], *, closed: bool = True) -> str:
    vertices = [item for x, y in points for item in (10, x, 20, y)]
    return pairs(
        0, "LWPOLYLINE", 8, layer, 100, "AcDbEntity", 100, "AcDbPolyline", 90, len(points), 70, int(closed), *vertices
    )


def drawing(path: Path, *entities: str, version: str = "AC1027", codepage: str = "ANSI_936", encoding: str = "utf-8",
            blocks: str = "") -> Path:  # fmt: skip
    text = pairs(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, version, 9, "$DWGCODEPAGE", 3, codepage, 0, "ENDSEC")
    text += pairs(0, "SECTION", 2, "BLOCKS") + blocks + pairs(0, "ENDSEC")
    text += pairs(0, "SECTION", 2, "ENTITIES") + "".join(entities) + pairs(0, "ENDSEC", 0, "EOF")
    path.write_bytes(text.encode(encoding))
    return path


SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
AWAY = [(20.0, 0.0), (30.0, 0.0), (30.0, 5.0), (20.0, 5.0)]


@pytest.mark.parametrize(("version", "encoding", "label"), [("AC1027", "utf-8", "UTF-8"), ("AC1015", "gbk", "GB18030")])
def test_closed_lines_become_polygons_and_layer_names_are_right(
    tmp_path: Path, version: str, encoding: str, label: str
) -> None:
    """Since R2007 all text is UTF-8 though $DWGCODEPAGE still says ANSI_936; GDAL believes the code page."""
    path = drawing(
        tmp_path / "p.dxf", polyline("用地-R2", SQUARE), polyline("用地-R2", AWAY),
        polyline("道路中线层", SQUARE[:2], closed=False), version=version, encoding=encoding,
    )  # fmt: skip
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert values["Layer"] == ["用地-R2", "用地-R2"]
    assert [shapely.from_wkb(wkb).area for wkb in values["wkb"]] == [100.0, 50.0]
    assert layer.info.layer == "用地-R2"
    assert layer.info.encoding == label
    assert layer.wkt is None


def test_of_several_layers_with_areas_one_must_be_named(tmp_path: Path) -> None:
    path = drawing(
        tmp_path / "p.dxf", polyline("A", SQUARE), polyline("B", AWAY), polyline("B", AWAY[:2], closed=False)
    )
    assert refusal(path) == "read-several-layers"
    layer = open_layer(str(path), "parcels", layer="B")
    assert content(layer)["Layer"] == ["B"]
    assert [(f.message.code, f.message.values["count"]) for f in layer.findings] == [("read-dxf-left-out", 1)]
    assert content(open_layer(str(path), "parcels", layer="entities"))["Layer"] == ["A", "B"]


def test_a_boundary_inside_a_block_is_read_with_its_own_layer(tmp_path: Path) -> None:
    block = pairs(0, "BLOCK", 8, "0", 2, "PLOT", 70, 0, 10, 0, 20, 0, 3, "PLOT") + polyline("宗地", SQUARE)
    block += pairs(0, "ENDBLK", 8, "0")
    insert = pairs(0, "INSERT", 8, "0", 2, "PLOT", 10, 100, 20, 0)
    layer = open_layer(str(drawing(tmp_path / "p.dxf", insert, blocks=block)), "parcels")
    values = content(layer)
    assert values["Layer"] == ["宗地"]
    assert shapely.from_wkb(values["wkb"][0]).bounds == (100, 0, 110, 10)
    assert codes(layer) == []


def test_drawings_without_areas_or_without_end_are_refused(tmp_path: Path) -> None:
    path = drawing(tmp_path / "p.dxf", polyline("A", SQUARE, closed=False))
    assert refusal(path) == "read-dxf-no-shapes"
    path.write_bytes(path.read_bytes()[:-8])
    assert refusal(path) == "read-cut-off"
