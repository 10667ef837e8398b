"""Tables with a row for each boundary point: the plots, and what does not make one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
import xlsxwriter
from read_samples import content

from landcheck.model import Level
from landcheck.read import Layer, open_layer

NORTH, EAST = 3_450_000.0, 652_000.0
RING = [(0, 0), (0, 100), (100, 100), (100, 0)]  # north, east: 10,000 m²


def ring(points: list[tuple[float, float]], *, east: float = 0) -> list[list[float]]:
    return [[NORTH + n, EAST + e + east] for n, e in points]


def csv(folder: Path, heading: str, *rows: list[Any]) -> Path:
    lines = [heading, *(",".join(map(str, row)) for row in rows)]
    (folder / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "p.csv"


def shapes(layer: Layer, size: int = 100) -> list[Any]:
    return [None if wkb is None else shapely.from_wkb(wkb) for wkb in content(layer, size)["wkb"]]


def said(layer: Layer) -> dict[str, dict[str, Any]]:
    content(layer)
    return {one.message.code: {**one.message.values, "level": one.level} for one in layer.findings}


@pytest.mark.parametrize("closing", [False, True])
@pytest.mark.parametrize("size", [1, 100])
def test_rows_of_points_are_plots_with_what_their_rows_say_once(tmp_path: Path, size: int, *, closing: bool) -> None:
    points = [*RING, RING[0]] if closing else RING
    rows = [
        [plot, f"J{n + 1}", *place, 19000 + east]
        for plot, east in (("A", 0), ("B", 200))
        for n, place in enumerate(ring(points, east=east))
    ]
    layer = open_layer(str(csv(tmp_path, "地块编号,点号,X坐标,Y坐标,计容建筑面积", *rows)), "parcels")
    assert [one.area for one in shapes(layer, size)] == [10_000, 10_000]
    assert shapes(layer)[1].bounds == (EAST + 200, NORTH, EAST + 300, NORTH + 100)
    assert layer.columns == ("地块编号", "计容建筑面积")
    assert content(layer)["计容建筑面积"] == ["19000", "19200"]
    assert (layer.has_geometry, layer.info.rows, said(layer)) == (True, 2, {})


@pytest.mark.parametrize(
    ("heading", "turned", "told"),
    [
        ("地块编号,北坐标,东坐标", False, {}),
        ("地块编号,纵坐标(m),横坐标(m)", False, {}),
        ("地块编号,横坐标,纵坐标", True, {}),
        ("地块编号,X,Y", False, {}),
        ("地块编号,X,Y", True, {"read-points-swapped"}),
        ("parcel_id,easting,northing", True, {}),
    ],
)
def test_north_and_east_by_the_headings_or_by_the_numbers(
    tmp_path: Path, heading: str, told: set[str], *, turned: bool
) -> None:
    rows = [["A", *(place[::-1] if turned else place)] for place in ring([(0, 0), (0, 200), (100, 200), (100, 0)])]
    layer = open_layer(str(csv(tmp_path, heading, *rows)), "parcels")
    assert shapes(layer)[0].bounds == (EAST, NORTH, EAST + 200, NORTH + 100)
    assert set(said(layer)) == set(told)


def test_where_nothing_tells_north_no_shape_is_made(tmp_path: Path) -> None:
    """Of a local grid both orders are possible."""
    rows = [["A", 1200 + n, -3400 + e] for n, e in RING]
    layer = open_layer(str(csv(tmp_path, "地块编号,X,Y", *rows)), "parcels")
    assert shapes(layer) == [None]
    assert said(layer)["read-points-axes"]["level"] is Level.ERROR
    layer = open_layer(str(csv(tmp_path, "地块编号,北坐标,东坐标", *rows)), "parcels")
    assert shapes(layer)[0].area == 10_000


def test_the_column_of_the_order_counts_and_rings_are_holes_where_they_lie_inside(tmp_path: Path) -> None:
    hole = [(10, 10), (10, 40), (40, 40), (40, 10)]
    outer = [["A", 1, n + 1, *place] for n, place in enumerate(ring(RING))]
    inner = [["A", 2, n + 1, *place] for n, place in enumerate(ring(hole))]
    mixed = [outer[0], outer[2], inner[3], inner[0], outer[1], outer[3], inner[2], inner[1]]
    layer = open_layer(str(csv(tmp_path, "地块编号,圈号,序号,X,Y", *mixed)), "parcels")
    assert [one.area for one in shapes(layer)] == [10_000 - 900]


def test_points_that_cannot_be_read_and_rings_of_two_points_cost_their_plot_its_shape(tmp_path: Path) -> None:
    good = [["A", *place] for place in ring(RING)]
    bad = [["B", *place] for place in ring(RING, east=200)]
    bad[2][1] = "见附件"
    short = [["C", 1, *place] for place in ring(RING)[:3]] + [["C", 2, *place] for place in ring(RING)[:2]]
    rows = [[one[0], 1, *one[1:]] for one in (*good, *bad)] + short
    layer = open_layer(str(csv(tmp_path, "地块编号,圈号,X,Y", *rows)), "parcels")
    assert [one is None for one in shapes(layer)] == [False, True, True]
    told = said(layer)
    assert (told["read-points-unread"]["count"], told["read-points-unread"]["row"]) == (1, ("text", 8))
    assert told["read-points-few"]["ids"] == ["C"]


def test_values_that_differ_within_a_plot_are_joined_and_decide_nothing(tmp_path: Path) -> None:
    rows = [["A" if n == 0 else "", *place, 19000 + n // 3] for n, place in enumerate(ring(RING))]
    layer = open_layer(str(csv(tmp_path, "地块编号,X,Y,计容建筑面积", *rows)), "parcels")
    assert content(layer)["地块编号"] == ["A"]
    assert content(layer)["计容建筑面积"] == ["19000 / 19001"]


def test_a_workbook_of_points(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "p.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["宗地编号", "界址点号", "纵坐标X(米)", "横坐标Y(米)"])
    points = [
        (plot, n, *place) for plot, east in ((101, 0), (102, 200)) for n, place in enumerate(ring(RING, east=east))
    ]
    for number, row in enumerate(points, start=1):
        sheet.write_row(number, 0, row)
    book.close()
    layer = open_layer(str(tmp_path / "p.xlsx"), "parcels")
    assert [one.area for one in shapes(layer)] == [10_000, 10_000]
    assert content(layer)["宗地编号"] == ["101", "102"]


@pytest.mark.parametrize("role", ["parcels", "attributes"])
def test_a_table_of_plots_with_a_place_each_stays_a_table(tmp_path: Path, role: str) -> None:
    rows = [[f"P{n}", *place] for n, place in enumerate(ring(RING))]
    layer = open_layer(str(csv(tmp_path, "地块编号,X,Y", *rows)), role)
    assert not layer.has_geometry
    assert content(layer)["地块编号"] == ["P0", "P1", "P2", "P3"]


@pytest.mark.parametrize("heading", ["id", "FID", "No"])
def test_an_id_that_the_points_of_a_plot_share_is_no_label(tmp_path: Path, heading: str) -> None:
    plots = [("A", 17, ring(RING)), ("B", 18, ring(RING, east=200))]
    rows = [[plot, number, *place] for plot, number, places in plots for place in places]
    layer = open_layer(str(csv(tmp_path, f"地块编号,{heading},X,Y", *rows)), "parcels")
    assert [one.area for one in shapes(layer)] == [10_000, 10_000]
    assert content(layer)["地块编号"] == ["A", "B"]
    assert said(layer) == {}
