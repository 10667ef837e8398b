"""VCT: plots of 100 x 100 m written line by line in the layouts of three versions, whole and with lines gone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import pi
from pathlib import Path
from typing import Any

import pytest
import shapely
from read_samples import codes, content, refusal

from landcheck.errors import InputError
from landcheck.geometry.crs.frame import frame
from landcheck.model import Level, Subject
from landcheck.read import layer_names, open_layer
from landcheck.read.drivers.survey import text_lines
from landcheck.read.layer import Layer

EAST, NORTH = 40_620_000, 3_450_000
HEAD = {
    "DataMark": "LANDUSE-VCT", "Version": "3.0", "CoordinateSystemType": "P", "Dim": "2", "XAxisDirection": "E",
    "YAxisDirection": "N", "XYUnit": "M", "Spheroid": "CGCS2000,6378137.0,298.257222101",
    "Projection": "高斯-克吕格投影", "Parameters": "120,1,40500000,0,3,40", "Separator": ",",
}  # fmt: skip
OLD = {
    "Datamark": "LANDUSE.VCT", "Version": "2.0", "Unit": "M", "Dim": "2", "Topo": "1", "Projection": "Gauss-Krueger",
    "Spheroid": "CGCS2000", "Parameters": "6378137,6356752", "Meridian": "120",
}  # fmt: skip
PLOTS = "2001,宗地,Polygon,ZD"
FIELDS = ["ZD,3", "BSM,Int,10", "DKBH,Char,20", "MJ,Double,15,2", "0"]
ROW = "1,PD-01,10000.00"
CORNERS = ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
HOLE = ((30, 30), (60, 30), (60, 60), (30, 60), (30, 30))
Corners = Sequence[tuple[float, float]]


def points(corners: Corners = CORNERS, east: float = EAST, north: float = NORTH) -> list[str]:
    """How many, and each as east, north."""
    return [str(len(corners)), *(f"{east + x:.3f},{north + y:.3f}" for x, y in corners)]


def plot(number: int, *rings: Corners, code: str = "2001", east: float = EAST, kind: str = "11") -> list[str]:
    """A polygon of its own points, as in version 3.0."""
    written = [line for ring in rings or (CORNERS,) for line in (kind, *points(ring, east))]
    return [str(number), code, "unknown", "1", f"{east},{NORTH}", str(len(rings) or 1), *written, "0"]


def bounded(number: int, *lines: int, across: int = 8) -> list[str]:
    """A polygon of lines, as in version 3.0."""
    rows = [",".join(map(str, lines[at : at + across])) for at in range(0, len(lines), across)]
    return [str(number), "2001", "unknown", "100", f"{EAST},{NORTH}", "21", str(len(lines)), *rows, "0"]


def line(number: int, *corners: tuple[float, float], kind: str = "11") -> list[str]:
    """A line of one segment, as in version 3.0."""
    return [str(number), "1099000000", "unknown", "1", "1", kind, *points(corners), "0"]


def section(name: str, lines: Sequence[str]) -> list[str]:
    return [name + "Begin", *lines, name + "End", ""]


def text(
    polygons: Sequence[str] = (),
    lines: Sequence[str] = (),
    head: dict[str, str] = HEAD,
    rows: Sequence[str] = (ROW,),
    classes: Sequence[str] = (PLOTS,),
    fields: Sequence[str] = FIELDS,
) -> list[str]:
    """The lines of a file; by default of one plot."""
    return [
        *section("Head", [f"{key}: {value}" for key, value in head.items() if value]),
        *section("FeatureCode", classes),
        *section("TableStructure", fields),
        *section("Line", lines),
        *section("Polygon", polygons or plot(1)),
        *section("Attribute", ["ZD", *rows, "TableEnd"]),
    ]


def vct(folder: Path, lines: Sequence[str], *, encoding: str = "gbk", layer: str | None = None) -> Layer:
    path = folder / "p.vct"
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return open_layer(str(path), "parcels", layer=layer)


def areas(layer: Layer) -> list[float | None]:
    return [None if wkb is None else round(shapely.from_wkb(wkb).area, 3) for wkb in content(layer)["wkb"]]


def told(layer: Layer) -> dict[str, Any]:
    """The codes of the findings with their values, all of which can be said."""
    assert all("{" not in finding.message.say(lang) for finding in layer.findings for lang in ("zh", "en"))
    return {finding.message.code.removeprefix("read-vct-"): finding.message.values for finding in layer.findings}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_a_plot_is_read_with_the_row_of_its_table_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    layer = vct(tmp_path, text(), encoding=encoding)
    values = content(layer)
    assert shapely.from_wkb(values.pop("wkb")[0]).bounds == (EAST, NORTH, EAST + 100, NORTH + 100)
    assert values == {"BSM": ["1"], "DKBH": ["PD-01"], "MJ": ["10000.00"]}
    assert (layer.wkt, layer.info.layer, layer.driver) == ("EPSG:4528", "宗地", "VCT")
    assert not layer.findings


def test_an_id_before_the_row_is_no_value_of_it(tmp_path: Path) -> None:
    layer = vct(tmp_path, text([*plot(7), *plot(8, east=EAST + 200)], rows=["8,18,PD-08,1", "7,17,PD-07,"]))
    assert content(layer)["DKBH"] == ["PD-07", "PD-08"]
    assert content(layer)["MJ"] == [None, "1"]
    assert not layer.findings


def test_tables_that_no_0_ends_are_told_apart_by_their_names(tmp_path: Path) -> None:
    """As a public program of version 2.0 writes them, one after the other."""
    classes = ["1001,界址点,Point,JZD", PLOTS]
    layer = vct(tmp_path, text(classes=classes, fields=["JZD,1", "BSM,Int,10", *FIELDS[:-1]]), layer="宗地")
    assert content(layer)["DKBH"] == ["PD-01"]
    assert not layer.findings


def test_lines_run_both_ways_and_a_zero_begins_another_ring(tmp_path: Path) -> None:
    around = [*line(1, (0, 0), (0, 100), (100, 100)), *line(2, (0, 0), (100, 0), (100, 100)), *line(3, *HOLE)]
    assert areas(vct(tmp_path, text(bounded(1, 1, -2, 0, 3), around))) == [9_100]
    assert areas(vct(tmp_path, text(bounded(1, -3, 0, 2, -1), around))) == [9_100]
    apart = [*around, *line(4, *((x + 200, y) for x, y in CORNERS))]
    layer = vct(tmp_path, text(bounded(1, 1, -2, 0, 3, 0, 4, across=3), apart))
    assert areas(layer) == [19_100]
    assert not layer.findings


def test_neighbours_share_the_line_between_them(tmp_path: Path) -> None:
    lines = [
        *line(5, (100, 0), (100, 100)),
        *line(6, (100, 100), (0, 100), (0, 0), (100, 0)),
        *line(4, (100, 0), (150, 0), (150, 100), (100, 100)),
    ]
    layer = vct(tmp_path, text([*bounded(1, 5, 6), *bounded(2, 4, -5)], lines, rows=[ROW, "2,PD-02,5000"]))
    assert areas(layer) == [10_000, 5_000]
    assert not layer.findings


@pytest.mark.parametrize("end", [[], ["0"]])
@pytest.mark.parametrize("kind", [[], ["100"]])
def test_version_2_has_lines_without_segments_and_may_end_objects_with_nothing(
    tmp_path: Path, end: list[str], kind: list[str]
) -> None:
    lines = [
        ["1", "3001", "border", "1", *points(((0, 0), (0, 100), (100, 100))), *end],
        ["2", "3001", "border", "1", *points(((0, 0), (100, 0), (100, 100))), *end],
    ]
    polygon = ["10", "2001", "ZD", *kind, f"{EAST},{NORTH}", "2", "1,-2", *end]
    other = ["11", "2001", "ZD", *kind, f"{EAST},{NORTH}", "2", "2,-1", *end]
    classes = ["3001,界线,Line,0,0,0,JX", "2001,宗地,Polygon,0,0,0,ZD"]
    rows = ["10,PD-01,1", "11,PD-02,1"]
    layer = vct(tmp_path, text([*polygon, *other], [*lines[0], *lines[1]], OLD, rows, classes))
    assert areas(layer) == [10_000, 10_000]
    assert layer.wkt == "EPSG:4528"
    assert not layer.findings


def test_version_1_has_rings_until_a_zero_and_lines_with_their_nodes(tmp_path: Path) -> None:
    head = OLD | {"Datamark": "CNSDTF-VCT", "Version": "1.0", "Topo": "0"}
    direct = ["10", "2001", "ZD", f"{EAST},{NORTH}", *points(), *points(HOLE), "0"]
    classes = ["2001,宗地,Polygon,255,ZD"]
    layer = vct(tmp_path, text([*direct, "11", *direct[1:]], (), head, ["10,PD-01,1", "11,PD-02,1"], classes))
    assert areas(layer) == [9_100, 9_100]
    nodes = ["1", "3001", "border", "1", *points(), "101", "101", "10", "-1"]
    again = ["2", *nodes[1:]]
    polygon = ["10", "2001", "ZD", f"{EAST},{NORTH}", "1", "2"]
    layer = vct(tmp_path, text(polygon, [*nodes, *again], head | {"Topo": "2"}, ["10,PD-01,1"], classes))
    assert areas(layer) == [10_000]
    assert not layer.findings


def test_circles_and_arcs_are_drawn_as_such(tmp_path: Path) -> None:
    three = ((10, 0), (0, 10), (-10, 0))
    circle = [*plot(1, three, kind="12"), "2", "2001", "x", "1", "0,0", "1", "13", f"{EAST},{NORTH}", "10", "0"]
    half = [*line(1, *three, kind="12"), *line(2, (-10, 0), (10, 0))]
    layer = vct(tmp_path, text([*circle, *bounded(3, 1, 2)], half, rows=[ROW, "2,B,1", "3,C,1"]))
    assert areas(layer) == pytest.approx([100 * pi, 100 * pi, 50 * pi], rel=1e-5)
    assert not layer.findings


def test_curves_that_are_not_known_have_no_shape_and_are_told(tmp_path: Path) -> None:
    spline = [*line(1, (0, 0), (50, 80), (100, 0), kind="15"), *line(2, (0, 0), (100, 0))]
    ellipse = ["2", "2001", "x", "1", "0,0", "1", "14", "0,0", "9,0", "0.5", "0"]
    polygons = [*bounded(1, 1, -2), *ellipse, *plot(3)]
    layer = vct(tmp_path, text(polygons, spline, rows=[ROW, "2,B,1", "3,C,1"]))
    assert areas(layer) == [None, None, 10_000]
    assert told(layer)["missing"]["ids"] == ["1"]
    assert told(layer)["curves"]["ids"] == ["2"]


@pytest.mark.parametrize(
    ("head", "east", "code"),
    [
        ({}, EAST, "EPSG:4528"),
        ({"Parameters": "120,,,,1.0,40500000,0.0,3,40"}, EAST, "EPSG:4528"),
        ({"Parameters": "120,1,500000,0,3,40"}, 620_000, "EPSG:4549"),
        ({"Parameters": "120,1,500000,0,,"}, 620_000, "EPSG:4549"),
        ({"Parameters": "123,1,21500000,0,6,21"}, 21_330_000, "EPSG:4499"),
        ({"Parameters": "117,1,20500000,0,,"}, 20_530_000, "EPSG:4498"),
        ({"Parameters": "", "Meridian": "120"}, 620_000, "EPSG:4549"),
        ({"Parameters": "", "Meridian": "120"}, EAST, "EPSG:4528"),
        ({"Spheroid": "IAG-75 Spheroid"}, EAST, "EPSG:2364"),
        ({"Spheroid": "Krassovsky,6378245,298.3", "Parameters": "120,1,500000,0,3,40"}, 620_000, "EPSG:2437"),
        ({"Parameters": "120,1,40500000,0,3,39"}, EAST, None),
        ({"Parameters": "117,1,40500000,0,3,40"}, EAST, None),
        ({"Parameters": "120,1,40500000,0,6,40"}, EAST, None),
        ({"Parameters": "120,1,40000,0,3,40"}, EAST, None),
        ({"Parameters": "120,0.9996,40500000,0,3,40"}, EAST, None),
        ({"Parameters": "120,1,500000,0,3,40", "Meridian": "117"}, EAST, None),
        ({"Parameters": ""}, 620_000, None),
    ],
)
def test_the_system_is_what_meridian_zone_and_false_easting_agree_on(
    tmp_path: Path, head: dict[str, str], east: int, code: str | None
) -> None:
    layer = vct(tmp_path, text(plot(1, east=east), head=HEAD | head))
    assert layer.wkt == code
    assert [(one.message.code, one.rule, one.level) for one in layer.findings] == (
        [] if code else [("read-vct-zone", "data/crs", Level.ERROR)]
    )
    told(layer)


@pytest.mark.parametrize(
    "head", [{"Spheroid": "WGS84"}, {"Projection": "兰伯特"}, {"XYUnit": "K"}, {"CoordinateSystemType": "C"}]
)
def test_a_system_that_is_not_understood_is_told(tmp_path: Path, head: dict[str, str]) -> None:
    layer = vct(tmp_path, text(head=HEAD | head))
    assert layer.wkt is None
    assert list(told(layer)) == ["system"]


def test_a_head_against_its_coordinates_gives_no_place(tmp_path: Path) -> None:
    layer = vct(tmp_path, text(plot(1, east=39_620_000)))
    bounds = shapely.from_wkb(content(layer)["wkb"][0]).bounds
    placed = frame(layer.wkt, None, bounds, layer.driver, Subject("layer", "parcels"), "p.vct")
    assert (placed.crs, [one.message.code for one in placed.findings]) == (None, ["data-crs-zone-other"])


def test_degrees_axes_and_offset_are_obeyed(tmp_path: Path) -> None:
    swapped = HEAD | {"XAxisDirection": "N", "YAxisDirection": "E", "Offset": "1000,2000"}
    turned = tuple((y, x) for x, y in CORNERS)
    polygon = [*plot(1)[:6], "11", *points(turned, NORTH - 1000, EAST - 2000), "0"]
    layer = vct(tmp_path, text(polygon, head=swapped))
    assert shapely.from_wkb(content(layer)["wkb"][0]).bounds == (EAST, NORTH, EAST + 100, NORTH + 100)
    degrees = HEAD | {"CoordinateSystemType": "D", "XYUnit": "D"}
    polygon = [*plot(1)[:6], "11", *points(((0, 0), (0.1, 0), (0, 0.1), (0, 0)), 121, 31), "0"]
    layer = vct(tmp_path, text(polygon, head=degrees))
    assert layer.wkt == "EPSG:4490"
    assert shapely.from_wkb(content(layer)["wkb"][0]).bounds == (121, 31, 121.1, 31.1)


SEVERAL = (PLOTS, "2002,地类图斑,Polygon,DLTB", "2003,空层,Polygon,KC", "1001,界址点,Point,JZD")


def test_of_several_feature_classes_that_hold_something_one_is_meant(tmp_path: Path) -> None:
    lines = text([*plot(1), *plot(2, code="2002", east=EAST + 200)], classes=SEVERAL)
    layer = vct(tmp_path, lines)
    assert layer_names(str(tmp_path / "p.vct")) == ("宗地", "地类图斑")
    assert (layer.info.layer, content(layer)["DKBH"]) == ("宗地", ["PD-01"])
    for name in ("地类图斑", "2002", "DLTB"):
        layer = vct(tmp_path, lines, layer=name)
        assert content(layer)["标识码"] == ["2"]
    with pytest.raises(InputError) as error:
        vct(tmp_path, lines, layer="空层")
    assert error.value.message.code == "read-no-such-layer"
    unclear = [line.replace("宗地", "图斑") for line in lines]
    with pytest.raises(InputError) as error:
        vct(tmp_path, unclear)
    assert error.value.message.code == "read-several-layers"


def test_comments_blank_lines_and_other_signs_between_values(tmp_path: Path) -> None:
    lines = text(head=HEAD | {"Separator": "|"})
    lines = [line if line.startswith("Par") else line.replace(",", "|") for line in lines]
    lines = ["", *lines[:15], "CommentBegin", "PolygonEnd", "CommentEnd", *lines[15:]]
    layer = vct(tmp_path, [f"  {line}" for line in lines])
    assert areas(layer) == [10_000]
    assert layer.wkt == "EPSG:4528"
    assert not layer.findings


@pytest.mark.parametrize("size", [40, 97, 1000])
def test_pieces_of_a_file_give_the_same_as_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    lines = [*line(1, (0, 0), (0, 100), (100, 100)), *line(2, (0, 0), (100, 0), (100, 100)), *line(3, *HOLE)]
    polygons = [*plot(1), *bounded(2, 1, -2, 0, 3), *plot(3, CORNERS, HOLE)]
    whole = text(polygons, lines, rows=[ROW, "2,PD-02,1", "3,PD-03,1"])
    expected = content(vct(tmp_path, whole))
    monkeypatch.setattr(text_lines, "BYTES_AT_ONCE", size)
    layer = vct(tmp_path, whole)
    assert content(layer) == expected
    assert areas(layer) == [10_000, 9_100, 9_100]
    assert not layer.findings


WHOLE = text(
    [*plot(1), *bounded(2, 1, -2, 0, 3), *plot(3, CORNERS, HOLE)],
    [*line(1, (0, 0), (0, 100), (100, 100)), *line(2, (0, 0), (100, 0), (100, 100)), *line(3, *HOLE)],
    rows=[ROW, "2,PD-02,1", "3,PD-03,1"],
)


def outcome(folder: Path, lines: Sequence[str]) -> Any:
    """What is read, or None where something is told or all refused."""
    try:
        layer = vct(folder, lines)
        values = content(layer)
    except InputError:
        return None
    told(layer)
    return None if layer.findings else (layer.wkt, values)


def test_a_file_that_is_cut_off_is_never_read_as_a_whole_one(tmp_path: Path) -> None:
    right = outcome(tmp_path, WHOLE)
    assert right
    for end in range(1, len(WHOLE) - 2):  # the last line is blank
        assert outcome(tmp_path, WHOLE[:end]) is None, WHOLE[end]


def test_a_line_that_is_gone_or_stands_twice_is_told_or_changes_nothing(tmp_path: Path) -> None:
    right = outcome(tmp_path, WHOLE)
    for at, one in enumerate(WHOLE):
        optional = ":" in one or one in ("FeatureCodeBegin",)
        for lines in ([*WHOLE[:at], *WHOLE[at + 1 :]], [*WHOLE[:at], one, *WHOLE[at:]]):
            assert optional or outcome(tmp_path, lines) in (None, right), (at, one)


def test_a_count_that_is_wrong_is_told(tmp_path: Path) -> None:
    for at, one in enumerate(WHOLE):
        if one.isdecimal() and int(one) in (2, 3, 4, 5, 21) and WHOLE[at + 1] != "2001":
            for wrong in ("1", str(int(one) + 1), "999999999999"):
                lines = [*WHOLE[:at], wrong, *WHOLE[at + 1 :]]
                assert outcome(tmp_path, lines) is None, (at, one, wrong)


def test_lines_that_changed_places_are_never_fewer_plots_in_silence(tmp_path: Path) -> None:
    for at, (one, other) in enumerate(pairwise(WHOLE)):
        found = outcome(tmp_path, [*WHOLE[:at], other, one, *WHOLE[at + 2 :]])
        assert found is None or len(found[1]["wkb"]) == 3 or ":" in one, (at, one, other)


@pytest.mark.parametrize(
    ("change", "code", "values"),
    [
        (("1,-2,0,3", "1,-2,0,9"), "missing", {"ids": ["2"], "count": 1}),
        (("1,-2,0,3", "1,2,0,3"), "gaps", {"ids": ["2"], "count": 1}),
        (("3,PD-03,1", "3,PD-03"), "rows", {"count": 1}),
        (("3,PD-03,1", "4,PD-03,1"), "no-object", {"ids": ["4"]}),
        (("3,PD-03,1", "2,PD-03,1"), "rows-twice", {"ids": ["2"]}),
        (("ZD,3", "ZD,4"), "fields", {"stated": 4, "count": 3}),
        ((points()[1], "34500OO,1"), "objects", {"text": "1"}),
    ],
)
def test_what_does_not_fit_together_is_an_error_with_its_ids(
    tmp_path: Path, change: tuple[str, str], code: str, values: dict[str, Any]
) -> None:
    at = WHOLE.index(change[0])
    layer = vct(tmp_path, [*WHOLE[:at], change[1], *WHOLE[at + 1 :]])
    found = told(layer)[code]
    assert {key: found[key] for key in values} == values
    assert all(one.level is Level.ERROR for one in layer.findings)


def test_ids_that_stand_twice_are_told(tmp_path: Path) -> None:
    layer = vct(tmp_path, text([*plot(1), *plot(1, east=EAST + 200)]))
    assert told(layer)["ids-twice"]["ids"] == ["1"]
    layer = vct(tmp_path, text(bounded(1, 3), [*line(3, *CORNERS), *line(3, *HOLE)]))
    assert told(layer)["lines-twice"]["ids"] == ["3"]


def test_a_ring_left_open_among_closed_ones_is_told(tmp_path: Path) -> None:
    layer = vct(tmp_path, text([*plot(1), *plot(2, CORNERS[:-1], east=EAST + 200)], rows=[ROW, "2,B,1"]))
    assert areas(layer) == [10_000, 10_000]
    assert told(layer)["open"]["ids"] == ["2"]


def test_no_polygons_and_sections_without_an_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.vct"
    for lines, code in (
        (text(classes=["1001,界址点,Point,JZD"]), "read-vct-no-polygons"),
        (["HeadBegin", "Version:3.0"], "read-vct-section"),
        ([one for one in WHOLE if one != "PolygonEnd"], "read-vct-section"),
        ([one for one in WHOLE if one != "LineBegin"], "read-vct-section"),
    ):
        path.write_text("\n".join(lines), encoding="utf-8")
        assert refusal(path) == code
    assert codes(vct(tmp_path, text())) == []


def test_numbers_that_no_map_has_are_no_points(tmp_path: Path) -> None:
    wrong = [one.replace(f"{EAST + 100:.3f}", "1e308", 1) for one in plot(1)]
    layer = vct(tmp_path, text([*wrong, *plot(2)], rows=[ROW, "2,B,1"]))
    assert areas(layer) == [None, 10_000]
    assert "objects" in told(layer)
