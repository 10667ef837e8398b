"""Coordinate reports: plots of 100 x 100 m written line by line, whole and with all that may be wrong in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
import xlsxwriter
from read_samples import codes, content, notes, refusal

from landcheck import Request, check
from landcheck.geometry.crs.frame import frame
from landcheck.model import Level, Subject
from landcheck.read import open_layer
from landcheck.read.layer import Layer
from landcheck.request import ColumnRef

EAST, NORTH = 40_620_000, 3_450_000
HEAD = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "投影类型": "高斯克吕格", "计量单位": "米", "带号": "40"}
LINE = "5,1.0000,PD-01,甲地块,面,H51,工业用地,0601,@"


def square(
    east: float = EAST, north: float = NORTH, side: float = 100, *, ring: int = 1, first: int = 1, closed: bool = True
) -> list[str]:
    """The lines of a square's corners, north before east."""
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)][: 4 + closed]
    return [f"J{first + at},{ring},{north + n:.3f},{east + e:.3f}" for at, (n, e) in enumerate(corners)]


def report(folder: Path, *lines: str | list[str], encoding: str = "gbk", **head: str) -> Layer:
    """A report of these lines, opened; what of the head is given empty is left out."""
    said = {**HEAD, **head}
    text = ["[属性描述]", *(f"{key}={value}" for key, value in said.items() if value), "[地块坐标]"]
    for one in lines:
        text += [one] if isinstance(one, str) else one
    path = folder / "p.txt"
    path.write_bytes("\r\n".join([*text, ""]).encode(encoding))
    return open_layer(str(path), "parcels")


def areas(layer: Layer) -> list[float | None]:
    return [None if wkb is None else round(shapely.from_wkb(wkb).area, 9) for wkb in content(layer)["wkb"]]


def told(layer: Layer) -> dict[str, Any]:
    """The codes of the findings with their values, all of which can be said."""
    assert all("{" not in finding.message.say("zh") for finding in layer.findings)
    return {finding.message.code: finding.message.values for finding in layer.findings}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_a_report_is_read_with_its_fields_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    layer = report(tmp_path, LINE, square(), encoding=encoding)
    values = content(layer)
    shape = shapely.from_wkb(values.pop("wkb")[0])
    assert shape.bounds == (EAST, NORTH, EAST + 100, NORTH + 100)
    assert {name: cells[0] for name, cells in values.items()} == {
        "界址点数": "5", "地块面积(公顷)": "1.0000", "地块编号": "PD-01", "地块名称": "甲地块",
        "图幅号": "H51", "地块用途": "工业用地", "地类编码": "0601",
    }  # fmt: skip
    assert layer.wkt == "EPSG:4528"
    assert not layer.findings


@pytest.mark.parametrize(
    ("east", "head", "code"),
    [
        (EAST, {}, "EPSG:4528"),
        (620_000, {}, "EPSG:4549"),
        (EAST, {"带号": "", "几度分带": ""}, "EPSG:4528"),
        (21_330_000, {"带号": "21", "几度分带": "6"}, "EPSG:4499"),
        (330_000, {"带号": "21", "几度分带": "6度带"}, "EPSG:4510"),
        (EAST, {"坐标系": "80国家大地坐标系"}, "EPSG:2364"),
        (620_000, {"坐标系": "北京1954坐标系"}, "EPSG:2437"),
        (620_000, {"带号": ""}, None),
        (EAST, {"坐标系": ""}, None),
        (EAST, {"带号": "39"}, "EPSG:4527"),  # the eastings say 40: an error once the layer is placed
    ],
)
def test_the_system_is_what_head_and_digits_say(tmp_path: Path, east: int, head: dict[str, str], code: str) -> None:
    layer = report(tmp_path, LINE, square(east), **head)
    assert layer.wkt == code
    assert codes(layer) == []


@pytest.mark.parametrize(
    ("east", "north", "zone", "code"),
    [
        (EAST, NORTH, "39", "data-crs-zone-other"),
        (NORTH, EAST, "40", "data-crs-swapped-plane"),
        (NORTH, 620_000, "40", "data-crs-swapped-plane"),
        (121.1, 31.1, "40", "data-crs-degrees-as-metres"),
    ],
)
def test_numbers_that_contradict_the_head_have_no_place(
    tmp_path: Path, east: float, north: float, zone: str, code: str
) -> None:
    layer = report(tmp_path, LINE, square(east, north, 0.01 if east < 180 else 100), 带号=zone)
    bounds = shapely.from_wkb(content(layer)["wkb"][0]).bounds
    placed = frame(layer.wkt, None, bounds, layer.driver, Subject("layer", "parcels"), "p.txt")
    assert placed.crs is None
    assert [(finding.message.code, finding.level) for finding in placed.findings] == [(code, Level.ERROR)]


@pytest.mark.parametrize(
    ("head", "code", "level"),
    [
        ({"坐标系": "国家大地坐标系"}, "read-report-system", Level.WARNING),
        ({"坐标系": "上海2000坐标系"}, "read-report-system", Level.WARNING),
        ({"计量单位": "千米"}, "read-report-system", Level.WARNING),
        ({"几度分带": "6"}, "read-report-zone", Level.ERROR),
        ({"带号": "120"}, "read-report-zone", Level.ERROR),
    ],
)
def test_a_head_that_cannot_be_is_no_system(tmp_path: Path, head: dict[str, str], code: str, level: Level) -> None:
    layer = report(tmp_path, LINE, square(), **head)
    assert layer.wkt is None
    assert [(one.message.code, one.rule, one.level) for one in layer.findings] == [(code, "data/crs", level)]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"坐标系": "上海2000坐标系"}, "read-report-system"),
        ({"带号": "120"}, "read-report-zone"),
        ({"转换参数": "0,0,0,0,1.5,0,0"}, "read-report-parameters"),
        ({"转换参数": "0,0,0.000,0,0,0,0"}, None),
        ({"转换参数": ",,,,,,"}, None),
    ],
)
def test_what_is_in_doubt_about_the_system_is_settled_by_the_user(
    tmp_path: Path, head: dict[str, str], code: str | None
) -> None:
    report(tmp_path, LINE, square(), **head)
    asked = Request(str(tmp_path / "p.txt"), {})
    for request, expected in ((asked, {code} - {None}), (replace(asked, crs="4528"), set())):
        said = {found.message.code for found in check(request).data if found.rule == "data/crs"}
        assert said - {"data-crs-missing"} == expected


def test_two_reports_in_one_file_that_contradict_each_other_have_no_system(tmp_path: Path) -> None:
    second = ["[属性描述]", "带号=39", "[地块坐标]", LINE.replace("01", "02")]
    layer = report(tmp_path, LINE, square(), second, square(EAST + 200))
    assert layer.wkt is None
    assert told(layer)["read-report-zone"]["zone"] == "40/39"
    assert areas(layer) == [10_000, 10_000]


def test_rings_are_holes_or_parts_by_where_they_lie(tmp_path: Path) -> None:
    ten = LINE.replace("5,1.0000", "10,{}")
    hole = square(EAST + 30, NORTH + 30, 30, ring=2)
    assert areas(report(tmp_path, ten.format(0.91), square(), hole)) == [9_100]
    assert areas(report(tmp_path, ten.format(0.91), hole, square())) == [9_100]
    assert areas(report(tmp_path, ten.format(2), square(), square(EAST + 200, ring=2))) == [20_000]
    isle = square(EAST + 40, NORTH + 40, 10, ring=3)
    assert areas(report(tmp_path, LINE.replace("5,1.0000", "15,0.92"), square(), hole, isle)) == [9_200]


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("ring", [1, 2])
def test_rings_that_close_and_labels_that_restart_or_go_on(tmp_path: Path, *, closed: bool, ring: int) -> None:
    hole = square(EAST + 30, NORTH + 30, 30, ring=ring, closed=closed)
    layer = report(tmp_path, LINE.replace("5,1.0000", "8,0.9100"), square(closed=closed), hole)
    assert areas(layer) == [9_100]
    assert codes(layer) == []


def test_labels_of_neighbours_do_not_cut_a_ring(tmp_path: Path) -> None:
    points = ["J2,1,3450000,40620100", "J5,1,3450000,40620200", "J6,1,3450100,40620200", "J3,1,3450100,40620100"]
    assert areas(report(tmp_path, LINE, points, "J2,1,3450000,40620100")) == [10_000]


def test_equal_lines_are_two_parcels_called_by_their_name(tmp_path: Path) -> None:
    line = LINE.replace("PD-01", "")
    layer = report(tmp_path, line, square(), line, square(EAST + 150))
    assert content(layer)["地块编号"] == ["甲地块", "甲地块"]
    assert "read-report-named" in notes(layer)


def test_lines_and_points_are_left_out_and_told(tmp_path: Path) -> None:
    layer = report(tmp_path, "2,,L1,中线,线,,,,@", square()[:2], LINE, square())
    assert content(layer)["地块编号"] == ["PD-01"]
    assert told(layer) == {
        "read-report-others": {"file": "p.txt", "count": 1, "line": 8, "plots": ["2,,L1,中线,线"]},
    }


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("1.0000", "1.0000"),
        ("10000", "1"),  # as some programs write it
        ("10000平方米", "1"),
        ("0.7655公顷", "0.7655"),  # a unit is believed: the check of areas tells of it
        ("0.9950", "0.9950"),
        ("15", "15?"),
        ("0", None),
        ("", None),
        ("面积", "面积"),
    ],
)
def test_an_area_counts_where_it_agrees_with_the_shape(tmp_path: Path, written: str, taken: str | None) -> None:
    other = LINE.replace("PD-01", "PD-02")
    layer = report(tmp_path, LINE.replace("1.0000", written), square(), other, square(EAST + 200))
    assert content(layer)["地块面积(公顷)"] == [taken, "1.0000"]
    assert codes(layer) == (["read-report-area"] if written == "15" else [])


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ("0,0,330106104,横桥村,D8-003,地块4,面,,,,@", {"地块编号": "D8-003", "地块名称": "地块4"}),
        ("1.0,D8,甲,面,,,,@", {"地块编号": "D8", "地块面积(公顷)": "1.0"}),
        ("5,1.0,D8,甲,面,,,地上,@", {"地块编号": "D8", "字段 8": "地上"}),
        ("5,1.0,D8,甲,面,H51,工业,0601,,,,,好地,@", {"地类编码": "0601", "其他": "好地"}),
        ("5,1.0,D8,甲,面 , , , ,@", {"地块编号": "D8", "地块名称": "甲"}),
        ("5，1.0，D8，甲，面，H51，工业，0601，@", {"地块编号": "D8", "图幅号": "H51"}),
    ],
)
def test_the_word_for_the_kind_tells_the_fields_apart(tmp_path: Path, lines: str, cells: dict[str, str]) -> None:
    layer = report(tmp_path, lines, square(), encoding="utf-8")
    values = content(layer)
    assert {name: values[name][0] for name in cells} == cells
    assert areas(layer) == [10_000]
    assert codes(layer) == []


def test_a_line_that_is_no_point_takes_the_shape_and_is_told(tmp_path: Path) -> None:
    wrong = [line.replace("3450100.000,40620100", "34501OO.000,40620100") for line in square()]
    layer = report(tmp_path, LINE, wrong, LINE.replace("01", "02"), square(EAST + 200))
    assert areas(layer) == [None, 10_000]
    values = told(layer)["read-report-lines"]
    assert (values["count"], values["line"], values["text"]) == (1, 11, "J3,1,34501OO.000,40620100.000")


def test_points_without_a_plot_and_plots_without_a_kind_are_told(tmp_path: Path) -> None:
    layer = report(tmp_path, square(), LINE, square())
    assert told(layer)["read-report-lines"]["count"] == 5
    layer = report(tmp_path, LINE.replace("面", ""), square(), LINE, square())
    assert areas(layer) == [10_000]
    assert told(layer)["read-report-lines"]["line"] == 8


@pytest.mark.parametrize("points", [[], square()[:2], [*square()[:2], square()[0]], [*square(), *square(ring=2)[:1]]])
def test_fewer_than_three_points_are_no_shape(tmp_path: Path, points: list[str]) -> None:
    layer = report(tmp_path, LINE, points, LINE.replace("01", "02"), square(EAST + 200))
    assert areas(layer) == [None, 10_000]
    assert codes(layer) == ["read-report-few"]


def test_fewer_points_than_stated_and_a_ring_left_open_among_closed_ones_are_errors(tmp_path: Path) -> None:
    assert codes(report(tmp_path, LINE.replace("5,", "6,"), square())) == ["read-report-count"]
    assert codes(report(tmp_path, LINE.replace("5,", "4,"), square())) == []
    assert codes(report(tmp_path, LINE.replace("5,", "0,", 1), square())) == []
    more = report(tmp_path, LINE.replace("5,", "3,", 1), square())
    assert [(one.message.code, one.level) for one in more.findings] == [("read-report-more", Level.WARNING)]
    layer = report(tmp_path, LINE, square(), LINE.replace("01", "02"), square(EAST + 200, closed=False))
    assert told(layer)["read-report-open"]["line"] == 15
    assert all(finding.level is Level.ERROR for finding in layer.findings)


def test_wide_signs_blanks_and_sections_of_any_name(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    lines = [
        "[项目信息]",
        "名称=某项目",
        " ［属性描述］",
        "坐标系＝CGCS2000",
        "分带=3度带",
        "带号=40",
        "",
        "【地块坐标】",
    ]
    points = [line.replace(",", ", ") + ",4.5" for line in square()]
    path.write_text("\n".join([*lines, LINE, "", *points, "[备注]", "无"]), encoding="utf-8")
    layer = open_layer(str(path), "parcels")
    assert layer.wkt == "EPSG:4528"
    assert areas(layer) == [10_000]
    assert codes(layer) == []


def test_degrees_stay_degrees(tmp_path: Path) -> None:
    points = ["J1,1,31.1,121.1", "J2,1,31.1,121.2", "J3,1,31.2,121.2"]
    layer = report(tmp_path, LINE.replace("5,", "3,"), points, 计量单位="度", 带号="")
    assert layer.wkt == "EPSG:4490"
    assert shapely.from_wkb(content(layer)["wkb"][0]).bounds == (121.1, 31.1, 121.2, 31.2)


def listed(folder: Path, *lines: str) -> Layer:
    path = folder / "p.txt"
    path.write_text("\n".join(lines), encoding="gbk")
    return open_layer(str(path), "parcels")


def bare(east: float = EAST, side: float = 100, north: float = NORTH) -> list[str]:
    return [",".join(point.split(",")[2:]) for point in square(east, north, side)]


def test_bare_coordinates_are_plots_that_blank_lines_part(tmp_path: Path) -> None:
    layer = listed(tmp_path, *bare(), "", "", *bare(EAST + 150, 50))
    assert areas(layer) == [10_000, 2_500]
    assert (layer.wkt, layer.columns) == (None, ())
    assert codes(layer) == []
    found = check(Request(str(tmp_path / "p.txt"), {}, crs="4528", maps={"parcel_id": ColumnRef("#row")}))
    assert [(one.rows, one.crs) for one in found.inputs] == [(2, "EPSG:4528")]


def test_rings_that_no_blank_line_parts_are_one_plot_and_told(tmp_path: Path) -> None:
    layer = listed(tmp_path, *bare(), *bare(EAST + 30, 30, NORTH + 30), "", *bare(EAST + 150))
    assert areas(layer) == [9_100, 10_000]
    assert told(layer)["read-report-parts"] == {"file": "p.txt", "count": 1, "line": 1}


def test_a_bare_point_that_cannot_be_read_takes_the_shape(tmp_path: Path) -> None:
    layer = listed(tmp_path, *bare()[:3], "34500OO,1", *bare()[3:], "", *bare(EAST + 150))
    assert areas(layer) == [None, 10_000]
    assert told(layer)["read-report-lines"]["line"] == 4


def test_the_form_of_a_province_has_the_numbers_of_its_parcels(tmp_path: Path) -> None:
    def lines(number: str, points: list[str]) -> list[str]:
        return [f"{at},{number},{ring},{label},{place}" for at, (label, ring, place) in enumerate(
            (point.split(",", 2) for point in points), 1)]  # fmt: skip

    hole = square(EAST + 30, NORTH + 30, 30, ring=2)
    first, second = lines("A1", [*square(), *hole]), lines("A2", square(EAST + 150))
    for blank in ([""], []):
        layer = listed(tmp_path, "GISQLANDPLAN$$2017-02-25", *first, *blank, *second)
        assert content(layer)["地块编号"] == ["A1", "A2"]
        assert areas(layer) == [9_100, 10_000]
        assert codes(layer) == []


FORMS_OF_POINTS = {
    "label": "{label},{north},{east}",
    "height": "{label},{north},{east},4.5",
    "code": "{label},,{east},{north},4.5",
    "coded": "{label},JZD,{north},{east}",
    "tabs": "{label}\t{north}\t{east}",
    "blanks": "{label}  {north} {east}",
    "wide": "{label}，{north}，{east}",
    "semicolons": "{label};{north};{east}",
}


@pytest.mark.parametrize("form", FORMS_OF_POINTS.values(), ids=FORMS_OF_POINTS)
@pytest.mark.parametrize("suffix", [".txt", ".csv", ".dat"])
def test_points_with_a_label_are_plots_whatever_cuts_them(tmp_path: Path, form: str, suffix: str) -> None:
    def written(east: float, zone: str) -> list[str]:
        places = (point.split(",") for point in bare(east))
        return [form.format(label=f"J{at}", north=north, east=f"{zone}{float(easting) % 1e6:.2f}")
                for at, (north, easting) in enumerate(places, 1)]  # fmt: skip

    for zone in ("", "40"):
        path = tmp_path / f"p{suffix}"
        path.write_text("\n".join([*written(500_000, zone), "", *written(500_150, zone)]) + "\n", encoding="gbk")
        layer = open_layer(str(path), "parcels")
        assert areas(layer) == [10_000, 10_000]
        assert "地块编号" not in layer.columns  # a code that all points have is no plot's number
        x, y = shapely.from_wkb(content(layer)["wkb"][0]).bounds[:2]
        assert (x, y) == (float(f"{zone}500000"), NORTH)
        assert codes(layer) == []


def test_the_form_of_a_province_under_another_title_and_with_east_first(tmp_path: Path) -> None:
    """As a public program writes it: a title, then number, plot, ring, label, east and north."""
    lines = [
        f"{at},{plot},1,J{(at - 1) % 4 + 1},{east},{north}"
        for plot, first in ((1, EAST), (2, EAST + 150))
        for at, (north, east) in enumerate((point.split(",") for point in bare(first)), 1)
    ]
    for title in ("导出面数据0", "GISQLANDPLAN$$2017-02-25"):
        layer = listed(tmp_path, title, *lines)
        assert content(layer)["地块编号"] == ["1", "2"]
        assert areas(layer) == [10_000, 10_000]
        assert shapely.from_wkb(content(layer)["wkb"][0]).bounds[:2] == (EAST, NORTH)
        assert codes(layer) == []


def test_degrees_without_a_head_are_no_metres(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    points = ["J1,1,31.2,121.5", "J2,1,31.2,121.501", "J3,1,31.201,121.501", "J1,1,31.2,121.5"]
    path.write_text("\n".join(["[地块坐标]", "4,0.7655公顷,,地块1,面,,,,@", *points]), encoding="utf-8")
    layer = open_layer(str(path), "parcels")
    assert areas(layer) == [pytest.approx(5e-7)]
    assert codes(layer) == []


def test_the_label_is_the_number_of_the_plot_where_it_stays_the_same_along_it(tmp_path: Path) -> None:
    first, second = bare(500_000), bare(500_150)
    layer = listed(tmp_path, *(f"甲-1,{point}" for point in first), *(f"甲-2,{point}" for point in second))
    assert content(layer)["地块编号"] == ["甲-1", "甲-2"]
    assert areas(layer) == [10_000, 10_000]
    layer = listed(tmp_path, *(f"J{at},甲-{1 + at // 5},{point}" for at, point in enumerate([*first, *second])))
    assert content(layer)["地块编号"] == ["甲-1", "甲-2"]


def test_a_label_with_a_point_that_cannot_be_read_takes_the_shape(tmp_path: Path) -> None:
    lines = [f"J{at},{point}" for at, point in enumerate(bare(500_000), 1)]
    layer = listed(tmp_path, *lines[:3], "J9,34500OO,500000", *lines[3:])
    assert areas(layer) == [None]
    assert told(layer)["read-report-lines"]["line"] == 4


@pytest.mark.parametrize(
    "lines",
    [
        ["J1,5000.1,400.5", "J2,5100.1,400.5", "J3,5100.1,500.5"],  # a local grid: which is north nobody can tell
        ["1,31.21,121.51", "2,31.22,121.51", "3,31.22,121.52"],
        ["P1,10000,20000,18000", "P2,10000,20000,18000", "P3,10000,20000,18000"],
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".csv", ".xlsx"])
def test_rows_without_headings_are_never_a_table_that_lacks_its_first(
    tmp_path: Path, lines: list[str], suffix: str
) -> None:
    path = tmp_path / f"p{suffix}"
    if suffix == ".xlsx":
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, [line.split(",")[0], *map(float, line.split(",")[1:])])
        book.close()
    else:
        path.write_text("\n".join(lines), encoding="utf-8")
    assert refusal(path) == "read-no-heading"


def test_points_with_headings_and_no_number_of_a_plot_are_refused(tmp_path: Path) -> None:
    for heading in ("点号,X,Y", "点号,北坐标,东坐标,高程", "点号,X,Y,边长", "id,x,y", "id,x,y,z"):
        path = tmp_path / "p.csv"
        rows = [f"J{at},{point}{',4' * (heading.count(',') - 2)}" for at, point in enumerate(bare(500_000), 1)]
        path.write_text("\n".join([heading, *rows]), encoding="utf-8")
        assert refusal(path) == "read-points-no-plot"


def test_years_and_names_are_headings(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("街道,2019,2020,2021\n张江,1,2,3\n", encoding="utf-8")
    assert open_layer(str(path), "attributes").columns == ("街道", "2019", "2020", "2021")


def test_a_report_without_plots_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text("[地块坐标]\n", encoding="utf-8")
    assert refusal(path) == "read-report-empty"


def test_a_plain_table_is_no_report(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("地块编号,类型,备注\nA,面,x@\n[地块坐标],面,@\n", encoding="utf-8")
    layer = open_layer(str(path), "attributes")
    assert layer.driver == "CSV"
    assert content(layer)["地块编号"] == ["A", "[地块坐标]"]


def test_numbers_that_no_map_has_are_no_points(tmp_path: Path) -> None:
    wrong = [point.replace("3450100.000", "1" + "0" * 300) for point in square()]
    assert told(report(tmp_path, LINE, wrong))["read-report-lines"]["count"] == 2


def test_very_many_rings_take_no_time(tmp_path: Path) -> None:
    rings = [square(EAST + 20 * at, side=10, ring=at + 1) for at in range(4000)]
    layer = report(tmp_path, LINE.replace("5,1.0000", ","), *rings)
    assert areas(layer) == [400_000]
