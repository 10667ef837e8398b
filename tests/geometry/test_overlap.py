"""Overlaps: by hand, against everything with everything, and the same whatever the order and the batches."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.geometry.overlap import pairs as overlap
from landcheck.geometry.overlap import unmatched
from landcheck.geometry.overlap.pairs import WIDTH_M, Overlaps
from landcheck.geometry.shapes.batch import of_objects
from landcheck.geometry.validity import examine

METRES = pyproj.CRS("EPSG:4549")
LEAST_M2 = 1.0


def drawn(geoms):
    out = np.empty(len(geoms), object)
    out[:] = geoms
    return of_objects(out)


def found(geoms, batch=10_000, crs=None):
    overlaps = Overlaps(crs, LEAST_M2)
    for first in range(0, len(geoms), batch):
        overlaps.add(first, drawn(geoms[first : first + batch]))
    return overlaps.finish()


def pairs(geoms, batch=10_000):
    return [(o.row_a, o.row_b) for o in found(geoms, batch)]


def everything_with_everything(geoms):
    first, second = np.triu_indices(len(geoms), 1)
    geoms = np.array(geoms)
    common = shapely.intersection(geoms[first], geoms[second])
    area = shapely.area(common)
    shared = (area > LEAST_M2) & (2 * area > WIDTH_M * shapely.length(common))
    return dict(zip(zip(first[shared].tolist(), second[shared].tolist(), strict=True), area[shared], strict=True))


def test_two_squares_share_a_strip():
    (one,) = found([shapely.box(0, 0, 10, 10), shapely.box(8, 2, 20, 9), shapely.box(50, 0, 60, 10)])
    assert (one.row_a, one.row_b, one.same) == (0, 1, False)
    assert one.area_m2 == pytest.approx(2 * 7)
    assert 8 < one.x < 10
    assert 2 < one.y < 9


def test_a_parcel_drawn_twice_is_told_as_the_same():
    square = shapely.box(0, 0, 10, 10)
    (one,) = found([square, shapely.box(10, 0, 20, 10), shapely.Polygon(list(square.exterior.coords)[::-1])])
    assert (one.row_a, one.row_b, one.same) == (0, 2, True)
    assert one.area_m2 == pytest.approx(100)


@pytest.mark.parametrize(
    ("second", "meets"),
    [
        (shapely.box(100, 0, 200, 100), False),  # a common side
        (shapely.box(100, 40, 200, 60), False),  # a part of a side
        (shapely.box(100, 100, 200, 200), False),  # a corner
        (shapely.box(99.995, 0, 200, 100), False),  # 5 mm, 0.5 m²
        (shapely.box(99.991, 0, 200, 500), False),  # 9 mm wide and 0.9 m²
        (shapely.box(99.98, 0, 200, 100), True),  # 2 cm, 2 m²
        (shapely.box(99.5, 99.0, 200, 200), False),  # half a square metre
        (shapely.box(40, 40, 60, 60), True),  # inside
        (shapely.box(40, -50, 60, 150), True),  # across, no corner of either in the other
        (shapely.box(-10, -10, 110, 110), True),  # about
        (shapely.Polygon([(0, 0), (100, 0), (100, 100)]), True),  # half of it, on its own corners
        (shapely.Polygon(shapely.box(-50, -50, 150, 150).exterior, [shapely.box(0, 0, 100, 100).exterior]), False),
        (shapely.Polygon(shapely.box(-50, -50, 150, 150).exterior, [shapely.box(0, 0, 100, 90).exterior]), True),
        (shapely.MultiPolygon([shapely.box(300, 0, 310, 10), shapely.box(90, 90, 120, 120)]), True),
    ],
)
def test_what_counts_as_an_overlap(second, meets):
    for geoms in ([shapely.box(0, 0, 100, 100), second], [second, shapely.box(0, 0, 100, 100)]):
        assert (pairs(geoms) == [(0, 1)]) == meets


def test_an_area_is_measured_on_the_ellipsoid_and_its_place_in_the_layer():
    crs = pyproj.CRS("EPSG:4490")
    degree = np.array([[121.60, 31.20], [121.61, 31.20], [121.61, 31.21], [121.60, 31.21]])
    (one,) = found([shapely.Polygon(degree), shapely.Polygon(degree + np.array([0.009, 0.0]))], crs=crs)
    # a thousandth of a degree by a hundredth at 31.205 N
    metres = pyproj.Geod(ellps="GRS80").polygon_area_perimeter(
        [121.609, 121.61, 121.61, 121.609], [31.20, 31.20, 31.21, 31.21]
    )[0]
    assert one.area_m2 == pytest.approx(metres, rel=1e-6)
    assert 121.609 < one.x < 121.61
    feet = pyproj.CRS("EPSG:2263")
    (one,) = found([shapely.box(985e3, 2e5, 985.1e3, 200.1e3), shapely.box(985.05e3, 2e5, 985.2e3, 200.1e3)], crs=feet)
    assert one.area_m2 == pytest.approx(50 * 100 * 0.3048**2, rel=1e-3)


def mosaic(rng, columns, rows, size=50.0):
    """Parcels that share wavy sides point by point, as a cadastre does, about a place in EPSG:4549."""
    corner = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0), indexing="ij"), -1)
    corner = np.round((corner + rng.uniform(-0.3, 0.3, corner.shape)) * size + (600_000, 3_450_000), 3)
    sides = {}

    def side(a, b):
        if (b, a) in sides:
            return sides[b, a][::-1]
        if (a, b) not in sides:
            along = np.sort(rng.uniform(0.1, 0.9, rng.integers(0, 5)))[:, None]
            wave = rng.uniform(-2, 2, (len(along), 2))
            sides[a, b] = np.round(corner[a] + along * (corner[b] - corner[a]) + wave, 3)
        return sides[a, b]

    geoms = []
    for i in range(columns):
        for j in range(rows):
            corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]
            ring = [np.vstack([corner[a], side(a, b)]) for a, b in pairwise(corners)]
            geoms.append(shapely.Polygon(np.vstack(ring)))
    return [geom for geom in geoms if geom.is_valid]


def test_a_mosaic_has_no_overlaps_and_a_shifted_copy_overlaps_as_it_does():
    geoms = mosaic(np.random.default_rng(1), 12, 9)
    assert pairs(geoms) == []
    both = geoms + [shapely.transform(geom, lambda xy: xy + np.array([17, 11])) for geom in geoms]
    expected = everything_with_everything(both)
    assert {(o.row_a, o.row_b): pytest.approx(o.area_m2) for o in found(both)} == expected
    twice = found(geoms + geoms[::-1])
    assert [(o.row_a, o.row_b) for o in twice] == [(i, 2 * len(geoms) - 1 - i) for i in range(len(geoms))]
    assert all(o.same for o in twice)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([5, 17, 400]), st.sampled_from([4, 30, 8192]))
def test_the_overlaps_are_those_of_everything_with_everything(seed, batch, stretch):
    rng = np.random.default_rng(seed)
    geoms = mosaic(rng, 7, 6)
    for _ in range(8):
        geom = geoms[rng.integers(len(geoms))]
        x, y = shapely.get_coordinates(geom.centroid)[0]
        kind = rng.integers(5)
        if kind == 0:
            geoms.append(geom)
        elif kind == 1:
            geoms.append(shapely.transform(geom, lambda xy: xy + rng.uniform(-9, 9, 2)))
        elif kind == 2:
            geoms.append(shapely.box(x - 3, y - 200, x + 3, y + 200))
        elif kind == 3:
            geoms.append(geom.buffer(-2).buffer(0) if geom.buffer(-2).geom_type == "Polygon" else geom)
        else:
            geoms.append(shapely.Point(x, y).buffer(rng.uniform(2, 120)).difference(shapely.Point(x, y).buffer(1.5)))
    expected = everything_with_everything(geoms)
    before, overlap.STRETCH = overlap.STRETCH, stretch
    try:
        got = found(geoms, batch)
        order = rng.permutation(len(geoms))
        turned = found([geoms[i] for i in order], 11)
    finally:
        overlap.STRETCH = before
    assert {(o.row_a, o.row_b): o.area_m2 for o in got} == pytest.approx(expected)
    back = {(min(order[o.row_a], order[o.row_b]), max(order[o.row_a], order[o.row_b])): o for o in turned}
    assert back.keys() == expected.keys()
    # to the last bit: neither the order of rows nor the batches nor the stretches show
    assert all((back[o.row_a, o.row_b].area_m2, back[o.row_a, o.row_b].x) == (o.area_m2, o.x) for o in got)


def two_parts(geoms):
    first, second = Overlaps(METRES, LEAST_M2), Overlaps(METRES, LEAST_M2)
    first.add(0, drawn(geoms[:2]))
    second.add(2, drawn(geoms[2:]))
    return first, second


def test_parts_are_merged_also_from_another_process():
    geoms = [
        shapely.box(0, 0, 10, 10),
        shapely.box(5, 0, 15, 10),
        shapely.box(12, 0, 20, 10),
        shapely.box(50, 0, 60, 9),
    ]
    whole = found(geoms, crs=METRES)
    assert [(o.row_a, o.row_b) for o in whole] == [(0, 1), (1, 2)]
    for one, other in (two_parts(geoms), reversed(two_parts(geoms))):
        one.merge(other)
        assert one.finish() == whole
        assert one.finish() == whole
    for one, other in (two_parts(geoms), reversed(two_parts(geoms))):
        one.take(pickle.loads(pickle.dumps(other.given_up())))  # noqa: S301 - what this line made
        assert one.finish() == whole
        assert other.finish() == []


def test_nothing_overlaps_nothing():
    assert found([]) == []
    assert found([None, shapely.Point(1, 1)]) == []
    assert found([shapely.box(0, 0, 10, 10), None]) == []


def test_an_invalid_shape_has_no_overlaps_but_a_repaired_one_has():
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    pinched = shapely.from_wkt("POLYGON((0 0,5 0,4 2,6 2,5 0,10 0,10 10,0 10,0 0))")
    for shape, meets in ((bow_tie, 0), (pinched, 1)):
        _, usable = examine(drawn([shape, shapely.box(5, 5, 20, 20)]), None)
        overlaps = Overlaps(METRES, LEAST_M2)
        overlaps.add(0, usable)
        assert len(overlaps.finish()) == meets


def test_a_hopeless_layer_is_given_up_and_that_is_told(monkeypatch):
    monkeypatch.setattr(overlap, "MOST", 50)
    monkeypatch.setattr(unmatched, "MOST", 50)
    heap = Overlaps(METRES, LEAST_M2)
    heap.add(0, drawn([shapely.box(0, 0, 10 + i, 10) for i in range(40)]))  # 780 pairs
    assert len(heap.finish()) == 50
    assert heap.truncated
    few = Overlaps(METRES, LEAST_M2)
    few.add(0, drawn([shapely.box(0, 0, 10 + i, 10) for i in range(10)]))  # 45 pairs
    assert len(few.finish()) == 45
    assert not few.truncated
