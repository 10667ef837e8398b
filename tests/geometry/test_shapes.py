"""What is read from WKB, and what is not lost when one record is bad."""

from __future__ import annotations

import math
import struct

import numpy as np
import pyarrow as pa
import pytest
import shapely

from landcheck.geometry.shapes.batch import of_objects, shapes


def areas(*wkb):
    drawn = shapes(pa.array(wkb, pa.binary()))
    by_row = np.bincount(drawn.rings.row, np.where(drawn.rings.hole, -1, 1) * np.abs(drawn.outlines.area), len(drawn))
    return by_row.tolist()


def points(*xy):
    return b"".join(struct.pack("<2d", *p) for p in xy)


def head(kind, count):
    return struct.pack("<BII", 1, kind, count)


CIRCLE = head(8, 5) + points((0, 0), (1, 1), (2, 0), (1, -1), (0, 0))
SQUARE = shapely.box(0, 0, 10, 10)


def test_every_way_to_write_a_polygon_is_read():
    multi = shapely.MultiPolygon([SQUARE])
    two = shapely.MultiPolygon([SQUARE, shapely.box(20, 0, 21, 2)])
    holed = shapely.Polygon(SQUARE.exterior, [shapely.box(1, 1, 3, 3).exterior])
    z = shapely.force_3d(SQUARE, 5.0)
    variants = [
        shapely.to_wkb(SQUARE),
        shapely.to_wkb(SQUARE, byte_order=0),
        shapely.to_wkb(multi),
        shapely.to_wkb(two),
        shapely.to_wkb(holed),
        shapely.to_wkb(z, output_dimension=3, flavor="iso"),
        shapely.to_wkb(z, output_dimension=3, flavor="extended"),
        shapely.to_wkb(shapely.set_srid(SQUARE, 4549), include_srid=True),
    ]
    assert areas(*variants) == [100, 100, 100, 102, 96, 100, 100, 100]


def test_a_bad_record_leaves_the_others_alone():
    good = shapely.to_wkb(SQUARE)
    unclosed = head(3, 1) + struct.pack("<I", 4) + points((0, 0), (5, 0), (5, 5), (0, 5))
    nan = good.replace(struct.pack("<d", 10.0), struct.pack("<d", math.nan), 1)
    infinite = good.replace(struct.pack("<d", 10.0), struct.pack("<d", math.inf), 1)
    huge = good.replace(struct.pack("<d", 10.0), struct.pack("<d", 1e200), 1)
    many = head(3, 1) + struct.pack("<I", 2**31) + points((0, 0))
    records = [good, good[:40], unclosed, nan, infinite, huge, many, b"", b"\x01", None, good]
    assert areas(*records) == [100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100]
    assert shapely.is_missing(shapes(pa.array(records, pa.binary())).geoms()).tolist() == [False] + [True] * 9 + [False]


def test_arcs_become_chords_close_enough_for_an_area():
    disc = head(10, 1) + CIRCLE
    full = head(10, 1) + head(8, 3) + points((0, 0), (2, 0), (0, 0))
    half = head(12, 1) + head(10, 1) + head(9, 2) + head(8, 3) + points((0, 0), (1, 1), (2, 0))
    half += head(2, 2) + points((2, 0), (0, 0))
    square = shapely.to_wkb(SQUARE)
    assert areas(disc, full, half, square) == pytest.approx([math.pi, math.pi, math.pi / 2, 100], rel=1e-5)
    with_m = struct.pack("<BII", 1, 2010, 1) + struct.pack("<BII", 1, 2008, 5)
    with_m += b"".join(struct.pack("<3d", *p, 7.0) for p in [(0, 0), (1, 1), (2, 0), (1, -1), (0, 0)])
    assert areas(with_m) == pytest.approx([math.pi], rel=1e-5)
    assert areas(disc[:-20], head(7, 1) * 100) == [0, 0]


def test_an_arc_goes_the_way_of_its_middle_point():
    # a pacman: three quarters of a circle about (0, 0) from east over west to south, and back to the middle
    arc = head(8, 3) + points((1, 0), (-math.sqrt(0.5), math.sqrt(0.5)), (0, -1))
    pacman = head(10, 1) + head(9, 2) + arc + head(2, 3) + points((0, -1), (0, 0), (1, 0))
    assert areas(pacman) == pytest.approx([0.75 * math.pi], rel=1e-5)


def test_bounds_are_those_of_all_parts_and_missing_without_a_polygon():
    two = shapely.MultiPolygon([SQUARE, shapely.box(20, -5, 21, 2)])
    drawn = of_objects(np.array([two, None, SQUARE, shapely.Point(3, 3)], object))
    assert drawn.bounds()[[0, 2]].tolist() == [[0, -5, 21, 10], [0, 0, 10, 10]]
    assert np.isnan(drawn.bounds()[[1, 3]]).all()


def test_changed_rows_stand_in_every_form():
    drawn = of_objects(np.array([SQUARE, shapely.box(5, 5, 6, 6), SQUARE], object))
    drawn.bounds()
    other = drawn.with_changed({0: shapely.box(0, 0, 2, 2), 1: None})
    assert np.nan_to_num(other.bounds()).tolist() == [[0, 0, 2, 2], [0, 0, 0, 0], [0, 0, 10, 10]]
    assert np.nan_to_num(shapely.area(other.geoms())).tolist() == [4, 0, 100]
    turned = other.take(np.array([2, 1, 0]))
    assert np.nan_to_num(shapely.area(turned.geoms())).tolist() == [100, 0, 4]
    assert np.nan_to_num(turned.bounds()[:, 2]).tolist() == [10, 0, 2]


def test_a_slice_of_a_larger_array_and_long_rings_are_read_right():
    circle = shapely.Point(0, 0).buffer(1, quad_segs=300)  # 1201 points
    many = pa.array(shapely.to_wkb(np.array([SQUARE, circle, SQUARE, circle.simplify(0.001), SQUARE], object)))
    drawn = shapes(many.slice(1, 3))
    order = np.argsort(drawn.rings.row)
    expected = shapely.area([circle, SQUARE, circle.simplify(0.001)])
    assert np.abs(drawn.outlines.area[order]) == pytest.approx(expected, rel=1e-12)
    assert len(shapes(many.slice(0, 0)).bounds()) == 0
    assert np.isnan(shapes(pa.array([None, None], pa.binary())).bounds()).all()


def test_centroids_are_those_of_geos_whatever_the_shape():
    far = np.array([40_500_000.0, 3_450_000.0])
    rings = [shapely.affinity.translate(one, *far) for one in (
        shapely.box(0, 0, 100, 50),
        shapely.Polygon([(0, 0), (0, 70), (40, 70), (40, 30), (90, 30), (90, 0)]),  # clockwise
        shapely.Polygon([(0, 0), (400, 400), (400, 400.001)]),  # 0.2 m² in a box of 160,000
        shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)]),  # a bow-tie: its halves are worth nought together
        shapely.Polygon([(0, 0), (80, 0), (80, 80), (0, 80)], [[(10, 10), (10, 30), (30, 30), (30, 10)]]),
        shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(50, 0, 90, 30)]),
        shapely.MultiPolygon([shapely.box(5, 5, 9, 30)]),
        shapely.Point(3, 4),
        shapely.LineString([(0, 0), (10, 0), (10, 30)]),
    )]  # fmt: skip
    there = np.array([*rings, None], object)
    drawn = shapes(pa.array([None if one is None else one.wkb for one in there], pa.binary()))
    rows = np.array([9, 4, 0, 1, 2, 3, 5, 6, 7, 8, 0])
    expected = shapely.get_coordinates(shapely.centroid(there[rows[1:]]))
    found = drawn.centroids(rows)
    assert np.isnan(found[0]).all()
    assert np.abs(found[1:] - expected).max() < 1e-7
    changed = drawn.with_changed({0: rings[1], 1: None})
    assert np.abs(changed.centroids(np.array([0])) - expected[2]).max() < 1e-7
    assert np.isnan(changed.centroids(np.array([1]))).all()
