"""Shapes of Shapely become the WKB that Shapely itself writes, whichever of them are plain polygons."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landcheck.read.drivers.columnar.drawn_wkb import _cut, drawn_wkb

BOX = shapely.box(120.0, 30.0, 121.0, 31.5)
SORTS = {
    "plain": BOX,
    "another": shapely.Polygon([(0, 0), (4, 0), (4, 3)]),
    "hole": shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 2, 2),
    "parts": shapely.MultiPolygon([BOX, shapely.box(0, 0, 1, 1)]),
    "height": shapely.Polygon([(0, 0, 5), (4, 0, 5), (4, 3, 5)]),
    "measure": shapely.from_wkt("POLYGON M ((0 0 1, 4 0 2, 4 3 3, 0 0 1))"),
    "empty": shapely.Polygon(),
    "point": shapely.Point(1, 2),
    "ring": shapely.LinearRing([(0, 0), (4, 0), (4, 3)]),
    "half nowhere": shapely.transform(BOX, lambda points: points * [[1], [np.nan], [1], [1], [1]]),
    "none": None,
}


@given(st.lists(st.sampled_from(sorted(SORTS)), max_size=12))
def test_every_mixture_is_as_shapely_writes_it(sorts: list[str]) -> None:
    drawn = np.array([None, *(SORTS[sort] for sort in sorts)], object)[1:]
    assert drawn_wkb(drawn).to_pylist() == list(shapely.to_wkb(drawn, flavor="iso"))


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_one_sort_alone(sort: str) -> None:
    drawn = np.array([None, SORTS[sort], SORTS[sort]], object)[1:]
    assert drawn_wkb(drawn).to_pylist() == list(shapely.to_wkb(drawn, flavor="iso"))


def test_a_part_of_an_array_that_lies_scattered() -> None:
    drawn = np.array([shapely.box(at, at, at + 1, at + 2) for at in range(10)], object)[::-3]
    assert drawn_wkb(drawn).to_pylist() == list(shapely.to_wkb(drawn, flavor="iso"))


def test_what_an_arrow_array_cannot_hold_is_refused_not_cut() -> None:
    with pytest.raises(pa.ArrowInvalid):
        _cut(np.zeros(1, np.uint8), np.full(3, 2**30))
