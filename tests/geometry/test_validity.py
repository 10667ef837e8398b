"""Faults: which, where, and when the area can be told all the same."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.geometry.area import planar_area_m2
from landcheck.geometry.crs.frame import declared_crs
from landcheck.geometry.shapes.batch import of_objects
from landcheck.geometry.validity import examine
from landcheck.messages import catalogue


def look(*geoms):
    drawn = np.empty(len(geoms), object)
    drawn[:] = [shapely.from_wkt(g) if isinstance(g, str) else g for g in geoms]
    faults, usable = examine(of_objects(drawn), None)
    return faults, np.nan_to_num(planar_area_m2(usable, declared_crs("4549")))


SQUARE = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
BOW_TIE = "POLYGON((0 0,10 10,10 0,0 10,0 0))"


def test_sound_shapes_have_no_faults():
    holed = "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,2 4,4 4,4 2,2 2))"
    repeated = "POLYGON((0 0,10 0,10 0,10 10,0 10,0 0))"
    parts = "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))"
    faults, areas = look(SQUARE, holed, repeated, parts)
    assert faults == []
    assert areas.tolist() == [100, 96, 100, 1]


def test_a_bow_tie_is_not_repaired_and_its_crossing_is_named():
    faults, areas = look(SQUARE, BOW_TIE)
    assert [(f.row, f.code, f.x, f.y, f.repaired) for f in faults] == [(1, "self-intersection", 5, 5, False)]
    assert areas.tolist() == [100, 0]


def test_a_ring_that_touches_itself_means_one_thing_only():
    # a hole drawn as part of the shell, joined to it at (5, 0)
    inverted = "POLYGON((0 0,5 0,4 2,6 2,5 0,10 0,10 10,0 10,0 0))"
    faults, areas = look(inverted)
    assert [(f.code, f.x, f.y, f.repaired) for f in faults] == [("ring-self-intersection", 5, 0, True)]
    assert areas.tolist() == [98]


def test_a_slip_of_a_millimetre_does_not_take_the_area_away():
    # the last corner lies a millimetre past the first edge, the area in doubt is 5e-7 of the whole
    slip = "POLYGON((0 0,100 0,100 100,0 100,0 50,-0.001 0.001,0.001 -0.001,0 0))"
    (fault,), areas = look(slip)
    assert (fault.code, fault.repaired) == ("self-intersection", True)
    assert areas == pytest.approx([10_000], rel=1e-5)


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,20 21,21 21,20 20))", "hole-outside"),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,1 9,9 9,9 1,1 1),(3 3,3 4,4 4,3 3))", "nested-holes"),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((3 3,4 3,4 4,3 3)))", "nested-shells"),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,5 10,10 5,5 0,0 5))", "interior-disconnected"),
        ("POLYGON((0 0,5 5,0 0,0 0))", "zero-area"),
        ("POLYGON((0 0,5 5,10 10,0 0))", "zero-area"),
        ("POLYGON((3 3,3 3,3 3,3 3))", "zero-area"),
        ("POINT(1 2)", "not-a-polygon"),
        ("LINESTRING(0 0,5 0,5 5,0 0)", "not-a-polygon"),
        ("POLYGON EMPTY", "empty"),
        ("GEOMETRYCOLLECTION EMPTY", "empty"),
    ],
)
def test_every_fault_has_its_name(wkt, code):
    (fault,), _ = look(wkt)
    assert fault.code == code


def test_null_and_unreadable_are_told_apart():
    import pyarrow as pa

    from landcheck.geometry.shapes.batch import shapes

    faults, _ = examine(shapes(pa.array([None, b"\x01\x03\x00"], pa.binary())), None)
    assert [(f.row, f.code) for f in faults] == [(0, "null"), (1, "unreadable")]


def test_every_fault_can_be_said():
    codes = [name for name in catalogue() if name.startswith("data-geometry-")]
    assert len(codes) > 20
    (fault,), _ = look(BOW_TIE)
    said = fault.message(file="a.shp", row=7)
    assert "x 5, y 5" in said.say("en")
    assert "第 7 行" in said.say("zh")
    (fault,), _ = look("POLYGON EMPTY")
    assert "row 7" in fault.message(file="a.shp", row=7).say("en")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9))
def test_no_shape_that_geos_calls_invalid_is_called_sound(corners):
    polygon = shapely.Polygon(corners)
    faults, _ = look(polygon)
    assert bool(faults) == (not polygon.is_valid)


@pytest.mark.parametrize(
    ("shape", "code", "area"),
    [
        # two squares of 10 m side by side, along the whole side and along half of it; one beside two that do not touch
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((10 0,20 0,20 10,10 10,10 0)))", "parts-adjoin", 200),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((10 5,20 5,20 15,10 15,10 5)))", "parts-adjoin", 200),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((10 0,20 0,20 10,10 10,10 0)),((50 0,60 0,60 10,50 0)))",
         "parts-adjoin", 250),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((5 5,20 5,20 15,5 15,5 5)))", "parts-overlap", 0),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((0 0,10 0,10 10,0 10,0 0)))", "parts-overlap", 0),
        # two holes of 2 m side by side; a hole that starts on the outline
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,2 4,4 4,4 2,2 2),(4 2,4 4,6 4,6 2,4 2))", "hole-along-side", 92),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(0 2,0 4,4 4,4 2,0 2))", "hole-along-side", 0),
        # a boundary does cross here
        ("MULTIPOLYGON(((0 0,10 10,10 0,0 10,0 0)),((10 0,20 0,20 10,10 0)))", "self-intersection", 0),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(-2 2,-2 4,4 4,4 2,-2 2))", "self-intersection", 0),
    ],
)  # fmt: skip
def test_what_shares_a_side_or_lies_over_another_part_crosses_nothing(shape, code, area):
    (fault,), areas = look(shape)
    assert (fault.code, fault.repaired) == (code, area > 0)
    assert areas == pytest.approx([area])
