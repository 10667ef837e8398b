"""The rings of a layer as a table, their points elsewhere, and pieces of it sent between processes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.overlap.store import Store
from landcheck.geometry.shapes.batch import Objects, Shapes
from landcheck.geometry.shapes.rings import Bools, Floats, Ints

Numbers = NDArray[np.int32] | NDArray[np.intp]
Tile = tuple[float, float, float, float]
"""West, south, east, north."""

LINE = np.dtype([("box", np.float64, 4), ("start", np.int64), ("count", np.int32), ("row", np.int32),
                 ("hole", np.bool_), ("clockwise", np.bool_)], align=True)  # fmt: skip
Lines = NDArray[np.void]
# so many rows speak for where the parcels of a part lie
ROWS_SAMPLED = 1024


@dataclass(frozen=True, slots=True)
class RingTable:
    """One line a ring, sorted by row: its points in the store, its row of the layer, and its box (4, rings).

    ``hole``: cut out of its row. ``clockwise``: as drawn.
    """

    start: Ints
    count: NDArray[np.int32]
    row: NDArray[np.int32]
    hole: Bools
    clockwise: Bools
    box: Floats

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def of_lines(cls, lines: Lines) -> RingTable:
        """The table whose lines these are."""
        start, count, row, hole, clockwise, box = (np.ascontiguousarray(lines[f.name].T) for f in fields(cls))
        return cls(start, count, row, hole, clockwise, box)

    def lines(self) -> Lines:
        """Line by line, as a file holds it."""
        lines = np.empty(len(self), LINE)
        for f in fields(self):
            lines[f.name] = getattr(self, f.name).T
        return lines

    def take(self, which: Numbers) -> RingTable:
        """Those rings only."""
        return RingTable(*(getattr(self, f.name).take(which, axis=-1) for f in fields(self)))

    def moved(self, start: Ints) -> RingTable:
        """The same rings, their points elsewhere."""
        return replace(self, start=start)

    def of_rows(self, rows: NDArray[np.int32]) -> NDArray[np.intp]:
        """The rings of those rows (sorted)."""
        return rings_of(self.row, rows)


def tabled(first_row: int, shapes: Shapes, store: Store) -> RingTable:
    """The rings of a batch, their points put into the store."""
    rings, drawn = shapes.rings, shapes.outlines
    order = np.argsort(rings.row, kind="stable")
    start = store.append(rings.points) + rings.start
    table = RingTable(
        start,
        rings.count.astype(np.int32),
        (first_row + rings.row).astype(np.int32),
        rings.hole,
        drawn.area < 0,
        drawn.box,
    )
    return table.take(order)


def rings_of(row: NDArray[np.int32], rows: NDArray[np.int32]) -> NDArray[np.intp]:
    """The rings of those rows (sorted), by the row of each ring."""
    first, last = np.searchsorted(row, rows), np.searchsorted(row, rows, side="right")
    return spread(first, last - first)


def spread(first: NDArray[np.integer], count: NDArray[np.integer]) -> NDArray[np.int64]:
    """first, first + 1, ... for each, ``count`` of them."""
    before = np.cumsum(count, dtype=np.int64) - count
    return np.repeat(first - before, count) + np.arange(int(count.sum()), dtype=np.int64)


def objects_of(table: RingTable, store: Store) -> Objects:
    """GEOS objects of the rows in the table, in their order; every ring of a row must be there."""
    points = store.take(spread(table.start, table.count)).view(np.float64).reshape(-1, 2)
    rings: Any = shapely.linearrings(points, indices=np.repeat(np.arange(len(table)), table.count))
    parts = np.cumsum(~table.hole) - 1
    polygons: Any = shapely.polygons(rings, indices=parts)
    of_row = np.unique(table.row[~table.hole], return_inverse=True)[1]
    return np.asarray(shapely.multipolygons(polygons, indices=of_row))


@dataclass(frozen=True, slots=True)
class Piece:
    """Rings and their points; ``table.start`` counts within ``points``."""

    table: RingTable
    points: NDArray[np.complex128]

    def middles(self) -> Floats:
        """(2, n): the middles of some of the shapes, spread evenly over the rows."""
        shells = np.flatnonzero(~self.table.hole)
        box = self.table.box[:, shells[:: -(-len(shells) // ROWS_SAMPLED) or 1]]
        return (box[:2] + box[2:]) / 2

    def within(self, tile: Tile) -> Piece:
        """The rows that reach into the tile, each whole."""
        (west, south, east, north), box = tile, self.table.box
        reach = (box[2] >= west) & (box[0] <= east) & (box[3] >= south) & (box[1] <= north)
        table = self.table.take(self.table.of_rows(np.unique(self.table.row[reach & ~self.table.hole])))
        points = self.points[spread(table.start, table.count)]
        return Piece(table.moved(np.cumsum(table.count, dtype=np.int64) - table.count), points)
