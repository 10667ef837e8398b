"""The rings of a whole layer: a table in memory, their points in a store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.overlap.store import Store
from landcheck.geometry.shapes.batch import Objects, Shapes
from landcheck.geometry.shapes.rings import Bools, Floats, Ints
from landcheck.temporary import nameless_file


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
    def blank(cls, rings: int) -> RingTable:
        """So many lines, to be filled."""
        count, row = np.empty((2, rings), np.int32)
        hole, clockwise = np.empty((2, rings), np.bool_)
        return cls(np.empty(rings, np.int64), count, row, hole, clockwise, np.empty((4, rings)))

    def memory(self, begin: int, end: int) -> Iterator[memoryview]:
        """Where those lines lie, column by column."""
        for f in fields(self):
            for column in np.atleast_2d(getattr(self, f.name)):
                yield column[begin:end].data

    def take(self, which: NDArray[np.intp]) -> RingTable:
        """Those rings only."""
        return RingTable(*(getattr(self, f.name).take(which, axis=-1) for f in fields(self)))

    def moved(self, start: Ints) -> RingTable:
        """The same rings, their points elsewhere."""
        return replace(self, start=start)

    def of_rows(self, rows: NDArray[np.int32]) -> NDArray[np.intp]:
        """The rings of those rows (sorted)."""
        first, last = np.searchsorted(self.row, rows), np.searchsorted(self.row, rows, side="right")
        return spread(first, last - first)


class Tables:
    """The tables of many batches, in a temporary file until they are wanted."""

    def __init__(self) -> None:
        self._file = nameless_file(self)
        self._parts: list[tuple[int, int, int]] = []

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, table: RingTable) -> None:
        """Puts a batch aside; its rows do not lie between those of another."""
        if len(table):
            self._parts.append((int(table.row[0]), self._file.seek(0, os.SEEK_END), len(table)))
            self._file.writelines(table.memory(0, len(table)))

    def __iter__(self) -> Iterator[RingTable]:
        for part in self._parts:
            yield self._read([part])

    def joined(self) -> RingTable:
        """All of them as one, the rows in order."""
        return self._read(sorted(self._parts))

    def _read(self, parts: list[tuple[int, int, int]]) -> RingTable:
        table, begin = RingTable.blank(sum(rings for _, _, rings in parts)), 0
        for _, place, rings in parts:
            self._file.seek(place)
            for column in table.memory(begin, begin + rings):
                self._file.readinto(column)
            begin += rings
        return table


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
