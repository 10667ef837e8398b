"""Pairs of parcels that share area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.shapes import Shapes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# narrower than this on average is digitising noise, whatever its length: planners draw to the centimetre
WIDTH_M = 0.01
# and smaller than this is noise too
AREA_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows (0-based, the lower first) that share ``area_m2`` (planar), and a point of it in their coordinates."""

    row_a: int
    row_b: int
    area_m2: float
    x: float
    y: float


class Overlaps:
    """Collects the rows of a layer, in any order and any batches; keeps bounds only."""

    def __init__(self, unit_m: float = 1.0) -> None:
        self.unit_m = unit_m
        self._rows: list[Ints] = []
        self._bounds: list[Floats] = []

    def add(self, first_row: int, shapes: Shapes) -> None:
        """Notes the rows of a batch."""
        bounds = shapes.bounds()
        there = np.flatnonzero(~np.isnan(bounds[:, 0]))
        self._rows.append(first_row + there)
        self._bounds.append(bounds[there])

    def merge(self, other: Overlaps) -> None:
        """Takes over what another part of the same layer noted."""
        self._rows += other._rows
        self._bounds += other._bounds

    def finish(self, read: Callable[[Ints], Shapes]) -> list[Overlap]:
        """Every overlap, sorted by rows; ``read`` gives the shapes of those rows (0-based, ascending) again."""
        if not self._rows:
            return []
        rows, bounds = np.concatenate(self._rows), np.concatenate(self._bounds)
        first, second = _candidates(bounds)
        a, b = np.minimum(rows[first], rows[second]), np.maximum(rows[first], rows[second])
        order = np.lexsort((b, a))
        return measure(a[order], b[order], read, self.unit_m)


def _candidates(bounds: Floats) -> tuple[Ints, Ints]:
    boxes = np.asarray(shapely.box(*bounds.T))
    left, right = shapely.STRtree(boxes).query(boxes)
    once = left < right
    return left[once], right[once]


def measure(a: Ints, b: Ints, read: Callable[[Ints], Shapes], unit_m: float) -> list[Overlap]:
    """The pairs that share more than noise."""
    rows = np.unique(np.concatenate([a, b]))
    geoms = read(rows).geoms()
    first, second = geoms[np.searchsorted(rows, a)], geoms[np.searchsorted(rows, b)]
    usable = shapely.is_valid(first) & shapely.is_valid(second)
    common = np.full(len(a), None, object)
    common[usable] = shapely.intersection(first[usable], second[usable])
    area = shapely.area(common) * unit_m**2
    wide = 2 * area > WIDTH_M * shapely.length(common) * unit_m
    found = np.flatnonzero((area > AREA_M2) & wide)
    places = shapely.point_on_surface(common[found])
    return [
        Overlap(int(a[i]), int(b[i]), float(area[i]), place.x, place.y) for i, place in zip(found, places, strict=True)
    ]
