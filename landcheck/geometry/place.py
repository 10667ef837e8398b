"""Which polygon holds a parcel, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.shapes.batch import Objects, Shapes, of_objects

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# halvings of the extent at most: 1024 cells a side
DEEPEST = 10
QUARTER_EAST, QUARTER_NORTH = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])


@dataclass(frozen=True, slots=True)
class Cover:
    """``cells[row, column]``: the lowest number of the polygons that cover it, ``NONE`` or ``MIXED``.

    A cell is mixed where any polygon covers part of it only. The outermost cells are those beyond the extent.
    """

    NONE: ClassVar[int] = -1
    MIXED: ClassVar[int] = -2

    west: float
    south: float
    step: float
    cells: NDArray[np.int32]

    @classmethod
    def of(cls, polygons: Objects, tree: shapely.STRtree, size: float) -> Cover:
        """Of prepared polygons (some may be None, not all), in cells of that size or up to twice as large."""
        west, south, east, north = shapely.total_bounds(polygons)
        extent = max(east - west, north - south) or 1.0
        depth = int(np.clip(np.floor(np.log2(extent / max(size, extent / 2**DEEPEST))), 0, DEEPEST))
        cells = np.full((2**depth, 2**depth), cls.NONE, np.int32)
        column, row = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for level in range(depth + 1):
            side, long = 2 ** (depth - level), extent / 2**level
            x, y = west + column * long, south + row * long
            state = _states(polygons, tree, np.asarray(shapely.box(x, y, x + long, y + long)))
            for at in np.flatnonzero((state != cls.NONE) & ((state != cls.MIXED) | (side == 1))):
                c, r = int(column[at]) * side, int(row[at]) * side
                cells[r : r + side, c : c + side] = state[at]
            mixed = state == cls.MIXED
            column = (2 * column[mixed, None] + QUARTER_EAST).ravel()
            row = (2 * row[mixed, None] + QUARTER_NORTH).ravel()
        return cls(west, south, extent / 2**depth, np.pad(cells, 1, constant_values=cls.NONE))

    def at(self, box: Floats) -> Ints:
        """For boxes (4, n) the polygon that covers each, ``NONE`` if none touches it, ``MIXED`` if in doubt."""
        (left, right), (low, up) = (
            (self._index(box[i], origin), self._index(box[i + 2], origin))
            for i, origin in ((0, self.west), (1, self.south))
        )
        first = self.cells[low, left]
        alike = (self.cells[low, right] == first) & (self.cells[up, left] == first) & (self.cells[up, right] == first)
        small = (right - left <= 1) & (up - low <= 1)
        return np.asarray(np.where(alike & small, first, self.MIXED), np.int64)

    def _index(self, side: Floats, origin: float) -> Ints:
        place: Floats = np.clip(np.floor((side - origin) / self.step) + 1, 0, len(self.cells) - 1)
        return place.astype(np.int64)


def _states(polygons: Objects, tree: shapely.STRtree, boxes: Objects) -> NDArray[np.int32]:
    """NONE, MIXED or the lowest polygon that covers the box, of each box."""
    state = np.full(len(boxes), Cover.NONE, np.int32)
    which, polygon = tree.query(boxes)
    touched = shapely.intersects(polygons[polygon], boxes[which])
    which, polygon = which[touched], polygon[touched]
    whole = shapely.covers(polygons[polygon], boxes[which])
    order = np.argsort(-polygon, kind="stable")
    state[which[order]] = polygon[order]
    state[which[~whole]] = Cover.MIXED
    return state


# fewer rows than this are not worth a map of cells
MANY = 1024


class Places:
    """Polygons to look others up in, such as parks; all shapes in one coordinate system.

    ``polygons``: GEOS objects, None for a row without a valid one; ``whole``: no row lacks one; ``tree``: their index.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.polygons = _usable(shapes.geoms())
        self.whole = not shapely.is_missing(self.polygons).any()
        self.tree = shapely.STRtree(self.polygons)
        self._cover: Cover | None = None
        shapely.prepare(self.polygons)

    def union(self) -> Places:
        """The ground that the polygons cover together, as one polygon; the same where there is no more than one."""
        sound = self.polygons[~shapely.is_missing(self.polygons)]
        if len(sound) < 2:
            return self
        together = Places(of_objects(np.array([shapely.union_all(sound)])))
        together.whole = self.whole
        return together

    def most(self, shapes: Shapes) -> tuple[Ints, Floats]:
        """For each row the polygon that holds most of it (-1: none; of equals the lower number) and the share held.

        The share is 0..1 of the row's planar area, NaN for a row without an area.
        """
        box = shapes.bounds().T
        there = ~np.isnan(box[0])
        index = np.full(len(shapes), -1, np.int64)
        if np.count_nonzero(there) >= MANY and not shapely.is_missing(self.polygons).all():
            self._cover = self._cover or Cover.of(self.polygons, self.tree, _size(box[:, there]))
            index[there] = self._cover.at(box[:, there])
            doubtful = np.flatnonzero(index == Cover.MIXED)
        else:
            doubtful = np.flatnonzero(there)
        share = np.where(there, (index >= 0).astype(float), np.nan)
        if len(doubtful):
            index[doubtful], share[doubtful] = self._most(_usable(shapes.geoms(doubtful)))
        return index, share

    def _most(self, geoms: Objects) -> tuple[Ints, Floats]:
        row, polygon = self.tree.query(geoms)
        part = np.zeros(len(row))
        whole = shapely.covers(self.polygons[polygon], geoms[row])
        part[whole] = 1.0
        rest = np.flatnonzero(~whole)
        rest = rest[shapely.intersects(self.polygons[polygon[rest]], geoms[row[rest]])]
        part[rest] = _share(geoms[row[rest]], self.polygons[polygon[rest]])
        index, share = np.full(len(geoms), -1, np.int64), np.zeros(len(geoms))
        order = np.lexsort((-polygon, part))
        index[row[order]], share[row[order]] = polygon[order], part[order]
        index[share == 0] = -1
        share[shapely.is_missing(geoms)] = np.nan
        return index, share


def share_inside(shapes: Shapes, of: Shapes) -> Floats:
    """For each pair of rows the share (0..1) of the first that lies in the second, NaN without a polygon in either."""
    return _share(_usable(shapes.geoms()), _usable(of.geoms()))


def _share(geoms: Objects, of: Objects) -> Floats:
    return np.asarray(shapely.area(shapely.intersection(geoms, of)) / shapely.area(geoms))


def _size(box: Floats) -> float:
    """How wide nearly every shape is at most."""
    return float(np.quantile(np.maximum(box[2] - box[0], box[3] - box[1]), 0.95))


def _usable(geoms: Objects) -> Objects:
    """Invalid, empty or other than polygonal shapes as None."""
    usable = geoms.copy()
    usable[~(shapely.is_valid(geoms) & (shapely.area(geoms) > 0))] = None
    return usable
