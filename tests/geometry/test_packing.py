"""Polygons as text: on the grid exact, off it within half a step, and small."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landcheck.geometry.shapes.packing import pack, packed, steps_per_unit, unpack, unpacked


def wkb(*geoms):
    return pa.array([None if geom is None else shapely.to_wkb(geom) for geom in geoms], pa.binary())


def there_and_back(steps, *geoms):
    return shapely.from_wkb(unpack(pack(wkb(*geoms), steps), steps, len(geoms), 10_000)[0].to_pylist())


@given(st.lists(st.integers(-(2**61), 2**61)))
def test_integers_come_back(values):
    assert unpacked(packed(np.array(values, np.int64)), len(values)).tolist() == values


def test_the_packing_by_hand():
    # differences 3, -1: zigzag 6, 1: the lowest bytes first, then seven times two zeros
    import base64
    import zlib

    assert zlib.decompress(base64.b64decode(packed(np.array([3, 2])))) == bytes([6, 1]) + bytes(14)


def test_holes_parts_and_what_is_no_polygon():
    hole = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)], [(5, 5), (6, 5), (6, 6)]])
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    two = shapely.MultiPolygon([hole, shapely.box(20, 20, 21, 21)])
    back = there_and_back(1000, None, hole, shapely.Point(1, 2), two, shapely.Polygon(), bowtie)
    assert [None if one is None else one.normalize() for one in back] == [
        None, shapely.MultiPolygon([hole]).normalize(), None, two.normalize(), None,
        shapely.MultiPolygon([bowtie]).normalize(),
    ]  # fmt: skip


@pytest.mark.parametrize(("steps", "origin"), [(10**3, 3_450_000.0), (10**8, 121.0)])
def test_a_coordinate_moves_by_half_a_step_at_most(steps, origin):
    rng = np.random.default_rng(7)
    geoms = [shapely.Point(*(origin + rng.random(2))).buffer(200 / steps * rng.random() * 1000, 3) for _ in range(200)]
    moved = np.abs(shapely.get_coordinates(there_and_back(steps, *geoms)) - shapely.get_coordinates(geoms))
    assert 0 < moved.max() < 0.51 / steps


def test_what_is_out_of_reach_is_not_drawn():
    assert there_and_back(10**8, shapely.box(0, 0, 1e11, 1)).tolist() == [None]


def test_the_grid_is_a_millimetre_whatever_the_unit():
    import pyproj

    steps = {code: steps_per_unit(None if code is None else pyproj.CRS(code).to_wkt())
             for code in (None, "EPSG:4490", "EPSG:4549", "EPSG:2263", "+proj=tmerc +lon_0=121 +units=km")}  # fmt: skip
    assert list(steps.values()) == [10**8, 10**8, 10**3, 10**3, 10**6]


def test_nothing_packs_to_nothing():
    assert len(unpack(pack(wkb(), 1000), 1000, 0, 0)[0]) == 0


def test_no_more_is_unpacked_than_was_announced():
    zeros = packed(np.zeros(1000, np.int64))
    assert len(unpacked(zeros, 1000)) == 1000
    with pytest.raises(ValueError, match="> 999"):
        unpacked(zeros, 999)
    square = pack(wkb(shapely.box(0, 0, 1, 1)), 1000)  # four points, the one that closes it left out
    assert unpack(square, 1000, 1, 4)[1] == 4
    with pytest.raises(ValueError, match="points: 4 > 3"):
        unpack(square, 1000, 1, 3)
    with pytest.raises(ValueError, match="parts: > 0"):
        unpack(square, 1000, 0, 4)
    with pytest.raises(ValueError, match="points: 4000000000000 > 30"):
        unpack(square | {"points": packed(np.array([4 * 10**12]))}, 1000, 1, 30)


def test_a_parcel_takes_a_third_of_its_wkb():
    rng = np.random.default_rng(7)
    middles = np.column_stack([rng.uniform(600_000, 660_000, 5000), rng.uniform(3_400_000, 3_460_000, 5000)])
    shapes = wkb(*(shapely.Point(*middle).buffer(rng.uniform(20, 300), 3) for middle in middles))
    assert sum(map(len, pack(shapes, 1000).values())) < sum(map(len, shapes.to_pylist())) / 3
