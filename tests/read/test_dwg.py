"""Drawings in DWG, made here by ezdwg, which writes what AutoCAD 2000 does: every area worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import shapely
from read_samples import content, refusal

from landcheck.model import Level
from landcheck.read import Layer, open_layer

ezdwg = pytest.importorskip("ezdwg", reason="ezdwg (the extra landcheck[dwg]) is not installed")

QUARTER = math.tan(math.pi / 8)  # the bulge of a quarter of a circle
SEGMENT = 50**2 * 2 * (math.pi / 4 - 0.5)  # between it and its chord of 100
LAYERS = ("地块", "用地 M1", "地块编号", "线")
SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]


class Drawing:
    """A drawing to add entities to, and the layer read from it."""

    def __init__(self, path: Path) -> None:
        self.path, self.made = path, ezdwg.new()
        self.made.layers.update({name: {"color_index": 7} for name in LAYERS})
        self.model = self.made.modelspace()

    def read(self, layer: str | None = None) -> Layer:
        self.made.save(str(self.path))
        return open_layer(str(self.path), "parcels", layer=layer)

    def areas(self, layer: str | None = None) -> list[float]:
        return [shapely.from_wkb(wkb).area for wkb in content(self.read(layer))["wkb"]]


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path / "a.dwg")


def moved(points: list[tuple[float, float]], x: float, y: float = 0) -> list[tuple[float, float]]:
    return [(a + x, b + y) for a, b in points]


def said(layer: Layer) -> dict[str, dict[str, Any]]:
    content(layer)
    return {one.message.code: {**one.message.values, "level": one.level, "rule": one.rule} for one in layer.findings}


def test_closed_polylines_of_both_kinds_with_their_arcs(drawing: Drawing) -> None:
    bulges = [0, QUARTER, 0, 0]
    drawing.model.add_lwpolyline(SQUARE, closed=True, layer="地块")
    drawing.model.add_lwpolyline(moved(SQUARE, 200), closed=True, bulges=bulges, layer="地块")
    drawing.model.add_polyline2d(moved(SQUARE, 400), closed=True, bulges=bulges, layer="地块")
    drawing.model.add_polyline2d(moved(SQUARE, 600), closed=True, layer="地块")
    drawing.model.add_polyline3d([(x, y, 5.0) for x, y in moved(SQUARE, 800)], closed=True, layer="地块")
    drawing.model.add_circle((1000, 0, 0), 50, layer="地块")
    drawing.model.add_ellipse((1200, 0, 0), (50, 0, 0), 0.5, layer="地块")
    expected = [10_000, 10_000 + SEGMENT, 10_000 + SEGMENT, 10_000, 10_000, math.pi * 2500, math.pi * 1250]
    assert drawing.areas() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("x", [300.0, 40_652_000.0])
def test_a_mirrored_plot_lies_where_it_was_mirrored_to(drawing: Drawing, x: float) -> None:
    """Its x runs the other way, and its arc, drawn to the left of the way in its own system, cuts into the plot."""
    points = [(-x, 0.0), (-x - 100, 0.0), (-x - 100, 100.0), (-x, 100.0)]
    drawing.model.add_lwpolyline(points, closed=True, bulges=[0, QUARTER, 0, 0], extrusion=(0, 0, -1), layer="地块")
    (shape,) = (shapely.from_wkb(wkb) for wkb in content(drawing.read())["wkb"])
    assert shape.bounds == pytest.approx((x, 0, x + 100, 100))
    assert shape.area == pytest.approx(10_000 - SEGMENT, rel=1e-5)


def test_the_ground_of_hatches_leaves_their_islands_out(drawing: Drawing) -> None:
    island, lake = (
        moved([(x / 5, y / 5) for x, y in SQUARE], 40, 40),
        moved([(x / 10, y / 10) for x, y in SQUARE], 45, 45),
    )
    drawing.model.add_hatch([SQUARE, island], layer="用地 M1")
    drawing.model.add_hatch([moved(ring, 200) for ring in (SQUARE, island, lake)], layer="用地 M1")
    drawing.model.add_hatch([moved(SQUARE, 400)], layer="用地 M1", extrusion=(0, 0, -1))
    layer = drawing.read()
    assert [shapely.from_wkb(wkb).area for wkb in content(layer)["wkb"]] == [10_000 - 400, 10_000 - 400 + 100, 10_000]
    assert not layer.findings


def test_arcs_of_a_hatch_are_told_as_chords(drawing: Drawing) -> None:
    drawing.model.add_hatch([{"points": SQUARE, "bulges": [0, 1, 0, 0], "closed": True}], layer="地块")
    drawing.model.add_hatch([moved(SQUARE, 200)], layer="地块")
    told = said(drawing.read())["read-dwg-hatch-arcs"]
    assert (told["count"], told["level"], told["rule"]) == (1, Level.WARNING, "data/geometry")


def test_layers_texts_and_handles(drawing: Drawing) -> None:
    one = drawing.model.add_lwpolyline(SQUARE, closed=True, layer="用地 M1")
    two = drawing.model.add_lwpolyline(moved(SQUARE, 200), closed=True, layer="用地 M1")
    drawing.model.add_text("浦东-01", (50, 50, 0), 5, layer="地块编号")
    drawing.model.add_mtext("{\\fSimSun|b0;浦东-02}\\P工业", (250, 50, 0), 5, layer="地块编号")
    values = content(drawing.read())
    assert values["地块编号"] == ["浦东-01", "浦东-02 工业"]
    assert values["EntityHandle"] == [f"{one.handle:X}", f"{two.handle:X}"]
    assert values["Layer"] == ["用地 M1"] * 2


def test_blocks_are_unfolded_where_they_are_inserted(drawing: Drawing) -> None:
    block = drawing.made.blocks.new("宗地", base_point=(10, 10, 0))
    entity = block.add_lwpolyline(moved([(x / 2, y / 2) for x, y in SQUARE], 10, 10), closed=True, layer="0")
    block.add_lwpolyline([(0, 0), (1, 1)], layer="线")
    first = drawing.model.add_blockref("宗地", (1000, 0, 0), scale=(2, 2, 2), layer="地块")
    drawing.model.add_blockref("宗地", (3000, 0, 0), scale=(2, 1, 1), rotation=90, layer="地块")
    drawing.model.add_attrib(first, "DKBH", "浦东-09", (1020, 20, 0), 2, layer="地块编号")
    values = content(drawing.read("地块"))
    shapes = [shapely.from_wkb(wkb) for wkb in values["wkb"]]
    assert shapes[0].bounds == pytest.approx((1000, 0, 1100, 100))
    assert shapes[1].bounds == pytest.approx((3000 - 50, 0, 3000, 100))  # turned to the left about its base
    assert values["EntityHandle"][0] == f"{first.handle:X}.{entity.handle:X}"
    assert values["DKBH"] == ["浦东-09", None]


def test_what_is_no_ground_and_what_is_not_closed(drawing: Drawing) -> None:
    drawing.model.add_lwpolyline(SQUARE, closed=True, layer="地块")
    drawing.model.add_lwpolyline(moved(SQUARE, 200), closed=False, layer="地块")
    drawing.model.add_line((0, 0, 0), (5, 0, 0), layer="地块")
    drawing.made.paperspace().add_lwpolyline(moved(SQUARE, 400), closed=True, layer="地块")
    layer = drawing.read()
    assert len(content(layer)["wkb"]) == 1
    told = said(layer)
    assert (told["read-dxf-open"]["count"], told["read-dxf-open"]["level"]) == (1, Level.ERROR)
    assert told["read-dxf-left-out"]["count"] == 1


def test_closed_splines_are_drawn_to_a_millimetre(drawing: Drawing) -> None:
    """The cubic curve of equal knots about a square bounds 61/90 of it; a circle is four rational arcs."""
    corners = [(x, y, 0.0) for x, y in SQUARE]
    drawing.model.add_spline([*corners, *corners[:3]], degree=3, knots=list(range(11)), layer="地块")
    ring = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0)]
    half, knots = math.sqrt(0.5), [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]
    points, weights = [(500 + 100 * x, 100 * y, 0.0) for x, y in ring], [1, half, 1, half, 1, half, 1, half, 1]
    drawing.model.add_spline(points, degree=2, knots=knots, weights=weights, layer="地块")
    assert drawing.areas() == pytest.approx([61 / 90 * 100**2, math.pi * 100**2], abs=0.001 * 2 * math.pi * 100)


def test_kinds_that_are_not_read_are_counted_with_their_layer(drawing: Drawing) -> None:
    drawing.model.add_lwpolyline(SQUARE, closed=True, layer="地块")
    passed = [(0.0, 0.0, 0.0), (10.0, 10.0, 0.0), (20.0, 0.0, 0.0), (30.0, 10.0, 0.0)]
    for layer in ("地块", "线"):
        drawing.model.add_spline_fit(passed, layer=layer)
    told = said(drawing.read())["read-dxf-unread"]
    assert (told["count"], told["kinds"], told["level"]) == (1, ["SPLINE"], Level.ERROR)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_a_drawing_cut_off_or_spoilt_is_refused_or_read_whole(drawing: Drawing, share: float) -> None:
    for number in range(20):
        drawing.model.add_lwpolyline(moved(SQUARE, 200 * number), closed=True, layer="地块")
    drawing.read()
    raw = drawing.path.read_bytes()
    drawing.path.write_bytes(raw[: 64 + int(share * (len(raw) - 64))])
    assert refusal(drawing.path).startswith("read-")


def test_versions_that_cannot_be_read_are_refused_with_the_way_out(drawing: Drawing) -> None:
    drawing.made.save(str(drawing.path))
    raw = drawing.path.read_bytes()
    for version, code in ((b"AC1012", "read-dwg-old"), (b"AC1009", "read-dwg-old"), (b"AC1050", "read-dwg-new")):
        drawing.path.write_bytes(version + raw[6:])
        assert refusal(drawing.path) == code
