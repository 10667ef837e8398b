"""The rings of a whole layer: points in a temporary file, a table, tiles of it, and pieces sent between processes."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.shapes.batch import Objects, Shapes
from landcheck.geometry.shapes.rings import Bools, Floats, Ints
from landcheck.temporary import nameless_file

Points = NDArray[np.complex128]

Tile = tuple[float, float, float, float]
"""West, south, east, north."""

BYTES = np.dtype(np.complex128).itemsize
GOLDEN = (5**0.5 - 1) / 2
# so many boxes speak for where all of a layer lie, and so many rows for where the parcels of a part lie
BOXES_SAMPLED = 2**16
ROWS_SAMPLED = 1024


class Store:
    """Points end to end. The file has no name and goes with the object."""

    def __init__(self) -> None:
        self._file = nameless_file(self)
        self._map: mmap.mmap | None = None
        self.points = 0

    def append(self, points: Points) -> int:
        """Puts points at the end; their first place."""
        first = self.points
        self._map = None
        self._file.write(np.ascontiguousarray(points).data)
        self.points += len(points)
        return first

    def take(self, at: NDArray[np.int64]) -> Points:
        """The points at those places."""
        if not len(at):
            return np.empty(0, np.complex128)
        if self._map is None:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), self.points * BYTES, access=mmap.ACCESS_READ)
            self._advise("MADV_RANDOM")
        taken = np.frombuffer(self._map, np.complex128).take(at)
        self._advise("MADV_DONTNEED")
        return taken

    def whole(self) -> Points:
        """All points."""
        return self.take(np.arange(self.points))

    def _advise(self, what: str) -> None:
        """Keeps the pages read from counting as memory in use, where the system can be told."""
        if self._map is not None and hasattr(mmap, what):
            self._map.madvise(getattr(mmap, what))


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


def tiles(box: Floats, about: int) -> Iterator[NDArray[np.intp]]:
    """For each stretch the numbers of all boxes (4, n: west, south, east, north) that reach into it.

    The stretches cover the layer: two boxes that meet are together in at least one of them.
    """
    across = max(1, round(np.sqrt(box.shape[1] / about)))
    some = box[:, _some(box.shape[1])]
    for west, east in cuts((some[0] + some[2]) / 2, across):
        strip = np.flatnonzero((box[2] >= west) & (box[0] <= east))
        low, high = box[1, strip], box[3, strip]
        for south, north in cuts((low + high) / 2, max(1, round(len(strip) / about))):
            yield strip[(high >= south) & (low <= north)]


def _some(boxes: int) -> NDArray[np.intp]:
    """Numbers of ``BOXES_SAMPLED`` boxes, or of all: by the golden ratio, which goes along with no order of rows."""
    if boxes <= BOXES_SAMPLED:
        return np.arange(boxes)
    share: Floats = np.arange(BOXES_SAMPLED, dtype=np.float64) * GOLDEN % 1
    return (share * boxes).astype(np.intp)


def cuts(middles: Floats, pieces: int) -> Iterator[tuple[float, float]]:
    """Borders between which about as many of the middles lie; the outermost are at infinity."""
    if not len(middles):
        return
    borders = np.quantile(middles, np.linspace(0, 1, pieces + 1))
    borders[0], borders[-1] = -np.inf, np.inf
    for i in range(pieces):
        yield float(borders[i]), float(borders[i + 1])


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


def plan(middles: Floats, rows: int, about: int) -> list[Tile]:
    """Tiles that cover the plane, with about so many of the rows in each, by the middles (2, n) of some of them."""
    return list(_planned(middles, max(1, round(rows / about))))


def _planned(middles: Floats, tiles: int) -> Iterator[Tile]:
    across = max(1, round(np.sqrt(tiles)))
    for west, east in cuts(middles[0], across):
        strip = middles[1, (middles[0] >= west) & (middles[0] <= east)]
        for south, north in cuts(strip, max(1, round(tiles / across))):
            yield west, south, east, north
