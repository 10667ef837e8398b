"""What a drawing holds beside closed lines: arcs, open outlines, paper space, texts, and what GDAL passes over."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from read_samples import codes, content, refusal
from test_dxf import AWAY, SQUARE, drawing, pairs, polyline

from landcheck.model import Level
from landcheck.read import Layer, open_layer

LARGE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]


def spline(knots: list[float], control: list[tuple[float, float]], degree: int, weights: tuple[float, ...] = ()) -> str:
    head = pairs(0, "SPLINE", 5, "AB", 8, "地块", 100, "AcDbEntity", 100, "AcDbSpline", 70, 11, 71, degree)
    numbers = (one for code, each in ((40, knots), (41, weights)) for value in each for one in (code, value))
    return head + pairs(*numbers, *(one for x, y in control for one in (10, x, 20, y)))


R, S = 100.0, math.sqrt(0.5)
ROUND = [(R, 0), (R, R), (0, R), (-R, R), (-R, 0), (-R, -R), (0, -R), (R, -R), (R, 0)]
CIRCLE = spline([0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4], ROUND, 2, (1, S, 1, S, 1, S, 1, S, 1))
PERIODIC = spline(list(range(11)), [*LARGE, *LARGE[:3]], 3)
GROUPS = (70, 1033, 71, 3, 72, 0, 73, 0, 74, 3, 11, 0, 21, 0, 11, 9, 21, 9, 11, 0, 21, 0)
PASSING = pairs(0, "SPLINE", 5, "AC", 8, "地块", 100, "AcDbEntity", 100, "AcDbSpline", *GROUPS)


@pytest.mark.parametrize(("entity", "area"), [(CIRCLE, math.pi * R**2), (PERIODIC, 61 / 90 * 100**2)])
def test_closed_splines_are_drawn_to_a_millimetre(tmp_path: Path, entity: str, area: float) -> None:
    """A circle as four rational arcs; and the cubic curve of equal knots about a square: 61/90 of it."""
    layer = open_layer(str(drawing(tmp_path / "a.dxf", entity)), "parcels")
    assert layer.findings == ()
    assert areas(layer) == pytest.approx([area], abs=0.001 * 2 * math.pi * R)


def test_splines_that_cannot_be_drawn_are_told(tmp_path: Path) -> None:
    square = polyline("地块", LARGE)
    bad = spline([0, 1], LARGE, 3)
    for entity in (PASSING, bad, CIRCLE.replace("\nAB\n", "\n\n"), CIRCLE + CIRCLE):
        layer = open_layer(str(drawing(tmp_path / "a.dxf", square, entity)), "parcels")
        assert areas(layer) == [10_000]
        told = said(layer)["read-dxf-unread"]
        assert (told["count"], told["kinds"], told["level"]) == (entity.count("SPLINE\n5"), ["SPLINE"], Level.ERROR)
    opened = spline([0, 0, 0, 0, 1, 1, 1, 1], LARGE, 3)
    told = said(open_layer(str(drawing(tmp_path / "a.dxf", square, opened)), "parcels"))["read-dxf-open"]
    assert (told["count"], told["level"]) == (1, Level.ERROR)


def test_a_spline_in_a_block_is_told(tmp_path: Path) -> None:
    block = pairs(0, "BLOCK", 8, "0", 2, "PLOT", 70, 0, 10, 0, 20, 0, 3, "PLOT") + CIRCLE + pairs(0, "ENDBLK", 8, "0")
    place = pairs(0, "INSERT", 8, "地块", 2, "PLOT", 10, 500, 20, 0)
    layer = open_layer(str(drawing(tmp_path / "a.dxf", polyline("地块", LARGE), place, blocks=block)), "parcels")
    assert areas(layer) == [10_000]
    assert said(layer)["read-dxf-unread"]["kinds"] == ["SPLINE"]


def test_dimensions_leaders_and_masks_are_no_plots(tmp_path: Path) -> None:
    """GDAL draws the arrows of a dimension, which stand in a block of its own, and the frame of a mask as areas."""
    arrow = pairs(
        0, "SOLID", 8, "0", 100, "AcDbEntity", 100, "AcDbTrace", 10, 0, 20, 0, 11, 9, 21, 0, 12, 0, 22, 9, 13, 0, 23, 9
    )
    block = pairs(0, "BLOCK", 8, "0", 2, "*D1", 70, 1, 10, 0, 20, 0, 3, "*D1") + arrow + pairs(0, "ENDBLK", 8, "0")
    dimension = pairs(
        0, "DIMENSION", 5, "D1", 8, "地块", 100, "AcDbEntity", 100, "AcDbDimension", 2, "*D1", 10, 0, 20, 0
    )
    frame = (10, 0, 20, 0, 30, 0, 11, 9, 21, 0, 31, 0, 12, 0, 22, 9, 32, 0, 13, 1, 23, 1)
    corners = (
        71,
        2,
        91,
        5,
        14,
        -0.5,
        24,
        -0.5,
        14,
        0.5,
        24,
        -0.5,
        14,
        0.5,
        24,
        0.5,
        14,
        -0.5,
        24,
        0.5,
        14,
        -0.5,
        24,
        -0.5,
    )
    mask = pairs(0, "WIPEOUT", 5, "D2", 8, "地块", 100, "AcDbEntity", 100, "AcDbWipeout", *frame, *corners)
    path = drawing(tmp_path / "a.dxf", polyline("地块", LARGE), dimension, mask, blocks=block)
    assert len(pyogrio.read_bounds(path)[0]) > 2
    layer = open_layer(str(path), "parcels")
    assert areas(layer) == [10_000]
    assert layer.findings == ()


OLD_PLOT = (
    pairs(0, "POLYLINE", 8, "DIMENSION", 66, 1, 70, 1)
    + "".join(pairs(0, "VERTEX", 8, "DIMENSION", 10, x, 20, y) for x, y in LARGE)
    + pairs(0, "SEQEND", 8, "DIMENSION")
)
OLD_ARROW = pairs(0, "SOLID", 8, "0", 10, 0, 20, 0, 11, 9, 21, 0, 12, 0, 22, 9, 13, 0, 23, 9)
OLD_BLOCK = pairs(0, "BLOCK", 8, "0", 2, "*D1", 70, 1, 10, 0, 20, 0, 3, "*D1") + OLD_ARROW + pairs(0, "ENDBLK", 8, "0")
OLD_DIMENSION = pairs(0, "DIMENSION", 8, "DIMENSION", 2, "*D1", 10, 0, 20, 0)


def in_binary(path: Path, *, wide: bool) -> Path:
    """The drawing in binary: group numbers of two bytes, or, up to R12, of one."""
    lines, parts = path.read_text(encoding="ascii").splitlines(), [b"AutoCAD Binary DXF\r\n\x1a\x00"]
    for code, value in zip(map(int, lines[::2]), lines[1::2], strict=True):
        parts.append(struct.pack("<H" if wide else "<B", code))
        if 10 <= code < 60:
            parts.append(struct.pack("<d", float(value)))
        elif 60 <= code < 80:
            parts.append(struct.pack("<h", int(value)))
        else:
            parts.append(struct.pack("<i", int(value)) if 90 <= code < 100 else value.encode() + b"\0")
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize("form", ["text", "binary", "binary of R12"])
@pytest.mark.parametrize("version", ["AC1009", "AC1015"])
def test_arrows_of_dimensions_without_handles_are_no_plots(tmp_path: Path, form: str, version: str) -> None:
    """Neither R12 nor a drawing in binary has handles to tell them by; a layer may be called like them."""
    path = drawing(tmp_path / "a.dxf", OLD_PLOT, OLD_DIMENSION, version=version, blocks=OLD_BLOCK)
    before = path.read_bytes() if form == "text" else in_binary(path, wide=form == "binary").read_bytes()
    assert len(pyogrio.read_bounds(path)[0]) == 2
    layer = open_layer(str(path), "parcels")
    assert areas(layer) == [10_000]
    assert layer.info.layer == "DIMENSION"
    assert layer.findings == ()
    assert path.read_bytes() == before


def test_what_is_passed_over_is_told_of_a_binary_drawing_of_r12(tmp_path: Path) -> None:
    solid = pairs(0, "3DSOLID", 8, "A", 70, 1)
    region = pairs(0, "REGION", 8, "A", 10, 1.5)
    path = in_binary(drawing(tmp_path / "a.dxf", OLD_PLOT, region, solid, region, version="AC1009"), wide=False)
    assert said(open_layer(str(path), "parcels"))["read-dxf-unread"]["kinds"] == ["REGION"]


def areas(layer: Layer) -> list[float]:
    return [shapely.from_wkb(wkb).area for wkb in content(layer)["wkb"]]


def said(layer: Layer) -> dict[str, dict[str, Any]]:
    content(layer)
    return {f.message.code: {**f.message.values, "level": f.level, "rule": f.rule} for f in layer.findings}


def text(layer: str, words: str, x: float, y: float) -> str:
    return pairs(0, "TEXT", 8, layer, 100, "AcDbEntity", 100, "AcDbText", 10, x, 20, y, 40, 1, 1, words)


def circle_of_two_bulges(radius: float) -> str:
    head = pairs(0, "LWPOLYLINE", 8, "地块", 100, "AcDbEntity", 100, "AcDbPolyline", 90, 2, 70, 1)
    return head + pairs(10, -radius, 20, 0, 42, 1, 10, radius, 20, 0, 42, 1)


def old_circle_of_two_bulges(radius: float) -> str:
    corners = [pairs(0, "VERTEX", 8, "地块", 10, x, 20, 0, 42, 1) for x in (-radius, radius)]
    return pairs(0, "POLYLINE", 8, "地块", 66, 1, 70, 1) + "".join(corners) + pairs(0, "SEQEND", 8, "地块")


@pytest.mark.parametrize(
    "entity",
    [
        circle_of_two_bulges(100),
        old_circle_of_two_bulges(100),
        pairs(0, "CIRCLE", 8, "地块", 100, "AcDbEntity", 100, "AcDbCircle", 10, 0, 20, 0, 40, 100),
        pairs(
            0,
            "ELLIPSE",
            8,
            "地块",
            100,
            "AcDbEntity",
            100,
            "AcDbEllipse",
            10,
            0,
            20,
            0,
            11,
            200,
            21,
            0,
            40,
            0.25,
            41,
            0,
            42,
            2 * math.pi,
        ),
    ],
)
def test_arcs_keep_their_area(tmp_path: Path, entity: str) -> None:
    """π·100² is 31415.927; GDAL's own chords of four degrees hold 31390.4, which turns a FAR of 1.9989 into 2.0005."""
    layer = open_layer(str(drawing(tmp_path / "p.dxf", entity)), "parcels")
    assert areas(layer) == [pytest.approx(math.pi * 100**2, rel=4e-6)]
    assert codes(layer) == []


@pytest.mark.parametrize("kind", ["MPOLYGON", "REGION", "ACAD_PROXY_ENTITY", "TCH_OPENING"])
def test_an_entity_that_is_not_read_is_an_error_of_its_layer(tmp_path: Path, kind: str) -> None:
    unread = pairs(0, kind, 8, "地块", 100, "AcDbEntity", 70, 0)
    path = drawing(tmp_path / "p.dxf", polyline("地块", SQUARE), polyline("道路", AWAY), unread)
    found = said(open_layer(str(path), "parcels", layer="地块"))["read-dxf-unread"]
    assert (found["count"], found["kinds"], found["level"], found["rule"]) == (1, [kind], Level.ERROR, "data/geometry")
    assert codes(open_layer(str(path), "parcels", layer="道路")) == []
    assert said(open_layer(str(path), "parcels", layer="entities"))["read-dxf-unread"]["count"] == 1


def test_a_drawing_of_unread_entities_only_says_which(tmp_path: Path) -> None:
    path = drawing(tmp_path / "p.dxf", pairs(0, "REGION", 8, "地块"))
    assert refusal(path) == "read-dxf-unread-only"


def test_an_unread_entity_counts_in_a_block_only_where_that_is_inserted(tmp_path: Path) -> None:
    block = pairs(0, "BLOCK", 8, "0", 2, "PLOT", 70, 0, 10, 0, 20, 0, 3, "PLOT") + pairs(0, "REGION", 8, "0")
    block += pairs(0, "ENDBLK", 8, "0")
    path = drawing(tmp_path / "a.dxf", polyline("地块", SQUARE), blocks=block)
    assert codes(open_layer(str(path), "parcels")) == []
    insert = pairs(0, "INSERT", 8, "0", 2, "PLOT", 10, 100, 20, 0)
    path = drawing(tmp_path / "b.dxf", polyline("地块", SQUARE), insert, blocks=block)
    assert said(open_layer(str(path), "parcels"))["read-dxf-unread"]["count"] == 1


def test_paper_space_is_no_ground(tmp_path: Path) -> None:
    frame = polyline("地块", AWAY).replace("8\n地块\n", "8\n地块\n67\n1\n")
    proxy = pairs(0, "REGION", 8, "地块", 67, 1)
    layer = open_layer(str(drawing(tmp_path / "p.dxf", polyline("地块", SQUARE), frame, proxy)), "parcels")
    assert areas(layer) == [100.0]
    assert codes(layer) == []


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_drawing_without_header_has_its_names(tmp_path: Path, encoding: str) -> None:
    body = pairs(0, "SECTION", 2, "ENTITIES") + polyline("地块", SQUARE) + text("地块编号", "浦东新区三林镇一号", 5, 5)
    path = tmp_path / "p.dxf"
    path.write_bytes((body + pairs(0, "ENDSEC", 0, "EOF")).encode(encoding))
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert (values["Layer"], values["地块编号"]) == (["地块"], ["浦东新区三林镇一号"])
    assert layer.info.encoding == ("UTF-8" if encoding == "utf-8" else "GB18030")


def test_an_outline_open_by_less_than_the_tolerance_is_closed_and_told(tmp_path: Path) -> None:
    """The gap is 9 mm, of a line of 400 m: below a centimetre and below a ten-thousandth of the length."""
    ring = polyline("地块", [*LARGE, (0.0, 0.009)], closed=False)
    layer = open_layer(str(drawing(tmp_path / "p.dxf", ring)), "parcels")
    assert areas(layer) == [10000.0]
    found = said(layer)["read-dxf-joined"]
    assert (found["count"], found["gap"], found["places"]) == (1, 0.009, ["0.000, 0.000"])
    assert (found["level"], found["rule"]) == (Level.WARNING, "data/geometry")


@pytest.mark.parametrize(
    "points",
    [
        [*LARGE, (0.0, 0.011)],  # over a centimetre
        [*[(x / 10, y / 10) for x, y in LARGE], (0.0, 0.0045)],  # over a ten-thousandth of 40 m
        LARGE,  # its last edge is missing
    ],
)
def test_any_other_open_outline_is_an_error(tmp_path: Path, points: list[tuple[float, float]]) -> None:
    path = drawing(tmp_path / "p.dxf", polyline("地块", AWAY), polyline("地块", points, closed=False))
    layer = open_layer(str(path), "parcels")
    assert areas(layer) == [50.0]
    found = said(layer)["read-dxf-open"]
    assert (found["count"], found["places"], found["level"]) == (1, ["0.000, 0.000"], Level.ERROR)


def test_single_lines_that_bound_an_area_are_an_error(tmp_path: Path) -> None:
    edges = [
        pairs(0, "LINE", 8, "地块", 100, "AcDbEntity", 100, "AcDbLine", 10, a[0], 20, a[1], 11, b[0], 21, b[1])
        for a, b in zip(LARGE, [*LARGE[1:], LARGE[0]], strict=True)
    ]
    whole = open_layer(str(drawing(tmp_path / "p.dxf", polyline("地块", AWAY), *edges)), "parcels")
    assert said(whole)["read-dxf-lines"]["count"] == 1
    part = open_layer(str(drawing(tmp_path / "q.dxf", polyline("地块", AWAY), *edges[:3])), "parcels")
    assert list(said(part)) == ["read-dxf-left-out"]


def test_texts_inside_a_shape_are_columns_by_their_layer(tmp_path: Path) -> None:
    path = drawing(
        tmp_path / "p.dxf", polyline("地块", SQUARE), polyline("地块", AWAY), text("地块编号", "MH-01", 5, 5),
        text("地块编号", r"MH-\U+4E59", 25, 2), text("用途", "M1", 25, 2), text("图名", "某园区", 500, 500),
    )  # fmt: skip
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert (values["地块编号"], values["用途"]) == (["MH-01", "MH-乙"], [None, "M1"])
    assert "图名" not in layer.columns
    assert codes(layer) == ["read-dxf-textless"]  # 用途


def test_several_texts_in_one_shape_are_told(tmp_path: Path) -> None:
    texts = [text("地块编号", "MH-01", 5, 5), text("地块编号", "MH-02", 6, 5)]
    layer = open_layer(str(drawing(tmp_path / "p.dxf", polyline("地块", SQUARE), *texts)), "parcels")
    assert content(layer)["地块编号"] == ["MH-01 / MH-02"]
    assert said(layer)["read-dxf-texts"]["layers"] == ["地块编号"]


def test_shapes_without_the_text_that_most_have_are_told(tmp_path: Path) -> None:
    squares = [polyline("地块", [(x + 20 * n, y) for x, y in SQUARE]) for n in range(5)]
    ids = [text("地块编号", f"MH-0{n}", 5 + 20 * n, 5) for n in range(3)]
    notes = [text("注记", "仓库", 5, 6)]
    told = said(open_layer(str(drawing(tmp_path / "p.dxf", *squares, *ids, *notes)), "parcels"))
    assert told["read-dxf-textless"]["layers"] == ["地块编号: 2"]


def test_a_text_is_that_of_the_smallest_shape_around_it(tmp_path: Path) -> None:
    inner = polyline("地块", [(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0)])
    ids = [text("地块编号", "内", 3, 3), text("地块编号", "外", 8, 8)]
    layer = open_layer(str(drawing(tmp_path / "p.dxf", polyline("地块", SQUARE), inner, *ids)), "parcels")
    assert content(layer)["地块编号"] == ["外", "内"]
    assert codes(layer) == []


def attribute(tag: str, words: str, x: float, y: float, handle: str) -> str:
    return pairs(0, "ATTRIB", 5, handle, 8, "0", 100, "AcDbEntity", 100, "AcDbText", 10, x, 20, y, 40, 1, 1, words,
                 100, "AcDbAttribute", 2, tag, 70, 0)  # fmt: skip


@pytest.mark.parametrize(("version", "encoding"), [("AC1027", "utf-8"), ("AC1015", "gbk")])
def test_attributes_of_blocks_are_columns_by_their_tag(tmp_path: Path, version: str, encoding: str) -> None:
    place = pairs(
        0, "ATTDEF", 8, "0", 100, "AcDbEntity", 100, "AcDbText", 10, 0, 20, 0, 40, 1, 1, "-", 2, "DKBH", 70, 0
    )
    block = pairs(0, "BLOCK", 8, "0", 2, "宗地", 10, 0, 20, 0, 3, "宗地") + place + pairs(0, "ENDBLK", 8, "0")
    inserts = [
        pairs(0, "INSERT", 5, f"A{n}", 8, "标注", 66, 1, 2, "宗地", 10, 5 + 20 * n, 20, 2)
        + attribute("DKBH", f"MH-0{n}", 5 + 20 * n, 2, f"B{n}")
        + attribute("用途", "工业", 5 + 20 * n, 3, f"C{n}")
        + pairs(0, "SEQEND", 8, "标注")
        for n in range(2)
    ]
    path = drawing(tmp_path / "p.dxf", polyline("地块", SQUARE), polyline("地块", AWAY), *inserts, blocks=block,
                   version=version, encoding=encoding)  # fmt: skip
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert (values["DKBH"], values["用途"]) == (["MH-00", "MH-01"], ["工业", "工业"])
    assert codes(layer) == []


def test_extended_data_of_shapes_are_columns_by_application(tmp_path: Path) -> None:
    def marked(points: list[tuple[float, float]], handle: str, number: str) -> str:
        shape = polyline("地块", points).replace("LWPOLYLINE\n", f"LWPOLYLINE\n5\n{handle}\n", 1)
        own = pairs(1001, "SOUTH", 1000, "300000", 1002, "{", 1000, number, 1040, 1.5, 1002, "}", 1071, 7)
        return shape + pairs(1001, "ACAD", 1000, "x") + own

    shapes = [
        marked(SQUARE, "1F", "宗地-1"),
        marked(AWAY, "2F", r"\U+5B97\U+5730-2"),
        polyline("地块", [(50.0, y) for y in (0.0, 1.0)]),
    ]
    values = content(open_layer(str(drawing(tmp_path / "p.dxf", *shapes)), "parcels"))
    assert values["SOUTH.1"] == ["300000", "300000"]
    assert values["SOUTH.2"] == ["宗地-1", "宗地-2"]
    assert (values["SOUTH.3"], values["SOUTH.4"]) == (["1.5", "1.5"], ["7", "7"])
    assert not [name for name in values if name.startswith("ACAD")]


def test_the_name_of_a_pattern_is_no_text(tmp_path: Path) -> None:
    edge = [pairs(10, x, 20, y) for x, y in SQUARE]
    hatch = pairs(0, "HATCH", 8, "地块", 100, "AcDbEntity", 100, "AcDbHatch", 2, "SOLID", 70, 1, 91, 1, 92, 2, 72, 0,
                  73, 1, 93, 4) + "".join(edge) + pairs(97, 0, 75, 0, 76, 1)  # fmt: skip
    values = content(open_layer(str(drawing(tmp_path / "p.dxf", hatch)), "parcels"))
    assert [shapely.from_wkb(wkb).area for wkb in values["wkb"]] == [100.0]
    assert values["Text"] == [None]


def test_codes_of_old_drawings_are_the_characters_they_stand_for(tmp_path: Path) -> None:
    """用 is U+7528; 地 is B5D8 in GBK."""
    number = text(r"\M+5B1E0\U+53F7", r"\M+5B5D8-1", 5, 5)
    path = drawing(tmp_path / "p.dxf", polyline(r"\U+7528\M+5B5D8", SQUARE), number,
                   version="AC1009", encoding="ascii")  # fmt: skip
    layer = open_layer(str(path), "parcels")
    assert layer.info.layer == "用地"
    assert content(layer)["编号"] == ["地-1"]


def test_a_layer_that_is_meant_and_has_no_closed_shape_is_refused_and_no_other_taken(tmp_path: Path) -> None:
    frame, region = polyline("图框", AWAY), pairs(0, "REGION", 8, "地块")
    path = drawing(tmp_path / "a.dxf", frame, region)
    assert refusal(path) == "read-dxf-layer-unread"
    path = drawing(tmp_path / "b.dxf", frame, polyline("地块", LARGE, closed=False))
    assert refusal(path) == "read-dxf-layer-open"
    assert areas(open_layer(str(path), "parcels", layer="图框")) == [50.0]
    path = drawing(tmp_path / "c.dxf", frame, text("标注", "M1", 0, 0))
    assert areas(open_layer(str(path), "parcels")) == [50.0]
    assert refusal(path, layer="标注") == "read-dxf-layer-open"
    assert refusal(path, layer="绿地") == "read-no-such-layer"
