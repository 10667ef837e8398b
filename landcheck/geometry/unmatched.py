"""Edges of a stretch of polygons that no neighbour shares, and the shapes that lie under them.

Where every edge is shared by exactly two polygons, one on each side, nothing overlaps. More exactly: the number of
polygons over a place changes only across edges that are not so matched, since a matched pair adds one and takes one
away. So every patch where two polygons or more lie is bordered, on its inner side, by unmatched edges of a polygon that
covers it. It is enough to ask for each unmatched edge which *other* polygon lies just inside of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.rings import Bools, Floats, Ints, Points
from landcheck.geometry.ringtable import RingTable, spread

# how far inside its polygon an edge looks, and how much of its ends it leaves out so as not to see round a corner
INSIDE_M = 0.002
CORNER_M = 0.02
CORNER_SHARE = 0.25

# odd numbers without pattern, to spread coordinates' bits
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
# shapes looked at together, in points
AT_ONCE = 2**18


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rings of a part of a layer, their points end to end in metres; ``start`` of each ring among them."""

    table: RingTable
    points: Points
    start: Ints
    box: Floats


def overlapping(stretch: Stretch) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows that may share area, pair by pair: complete up to a chain of pairs that meet, but not yet measured."""
    edge, owner = _unmatched(stretch)
    a, b = _inner(stretch, edge, owner)
    which, ring = _near(stretch, a, b, owner)
    under = _under(stretch, a[which], b[which], ring)
    return paired(stretch.table.row[owner[which[under]]], stretch.table.row[ring[under]])


def paired(first: NDArray[np.int32], second: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs of different rows, each once, the lower row first."""
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second)
    key = np.unique((low << 32 | high)[low != high])
    return (key >> 32).astype(np.int32), (key & 0xFFFFFFFF).astype(np.int32)


def _unmatched(stretch: Stretch) -> tuple[Ints, NDArray[np.intp]]:
    """Edges, as places of their first points, that are not shared once by two rings in opposite directions."""
    count = stretch.table.count.astype(np.int64) - 1
    edge = spread(stretch.start, count)
    owner = np.repeat(np.arange(len(count)), count)
    bits = stretch.points.view(np.uint64).reshape(-1, 2)
    mixed = bits[:, 0] * MIX[0] + bits[:, 1] * MIX[1]
    mixed ^= mixed >> np.uint64(29)
    mixed *= MIX[2]
    there, back = mixed[edge], mixed[edge + 1]
    backwards = stretch.table.clockwise != stretch.table.hole
    if backwards.any():
        turned = backwards[owner]
        there, back = np.where(turned, back, there), np.where(turned, there, back)
    alone = _alone(there * MIX[3] + back, back * MIX[3] + there)
    alone &= there != back
    return edge[alone], owner[alone]


def _alone(key: NDArray[np.uint64], opposite: NDArray[np.uint64]) -> Bools:
    """Keys without their opposite among the keys, or there more than once.

    A table with one place for several keys: a key that lost its place counts as absent, so that its opposite is looked
    at although it need not be; of equal keys all but one are seen to be repeated.
    """
    shift = np.uint64(64 - max(4, int(np.ceil(np.log2(max(len(key), 1)))) + 2))
    table = np.zeros(2 ** int(64 - shift), np.int32)
    number = np.arange(len(key), dtype=np.int32)
    table[key >> shift] = number
    first = table[key >> shift]
    repeated = (key[first] == key) & (first != number)
    absent = key[table[opposite >> shift]] != opposite
    alone: Bools = repeated | absent
    return alone


def _inner(stretch: Stretch, edge: Ints, owner: NDArray[np.intp]) -> tuple[Points, Points]:
    """Both ends of each edge moved into its polygon and a little towards each other."""
    a, b = stretch.points[edge], stretch.points[edge + 1]
    way = b - a
    length = np.maximum(np.abs(way), 1e-300)
    inward = np.where((stretch.table.clockwise != stretch.table.hole)[owner], -1j, 1j) * way * (INSIDE_M / length)
    short = way * np.minimum(CORNER_SHARE, CORNER_M / length)
    return a + inward + short, b + inward - short


def _near(stretch: Stretch, a: Points, b: Points, owner: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Edges and shells of other rows whose boxes meet, the shells by their number of points."""
    shells = np.flatnonzero(~stretch.table.hole)
    grid = _Grid.over(stretch.box[:, shells])
    edges = np.array([np.minimum(a.real, b.real), np.minimum(a.imag, b.imag),
                      np.maximum(a.real, b.real), np.maximum(a.imag, b.imag)])  # fmt: skip
    entry, cell = grid.cells(edges)
    first, count = grid.first[cell], grid.first[cell + 1] - grid.first[cell]
    which = np.repeat(entry, count)
    ring = shells[grid.member[spread(first, count)]]
    box = stretch.box
    meet = stretch.table.row[owner[which]] != stretch.table.row[ring]
    which, ring = which[meet], ring[meet]
    meet = (edges[0, which] < box[2, ring]) & (edges[2, which] > box[0, ring])
    meet &= (edges[1, which] < box[3, ring]) & (edges[3, which] > box[1, ring])
    which, ring = which[meet], ring[meet]
    order = np.argsort(stretch.table.count[ring], kind="stable")
    return which[order], ring[order]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Square cells over a stretch, and which boxes reach into each: ``member[first[c]:first[c + 1]]``."""

    west: float
    south: float
    step: tuple[float, float]
    wide: int
    high: int
    member: NDArray[np.intp]
    first: Ints

    @classmethod
    def over(cls, box: Floats) -> _Grid:
        west, south = float(box[0].min()), float(box[1].min())
        east, north = float(box[2].max()), float(box[3].max())
        side = max(float(np.mean(box[2] - box[0])), 1e-9), max(float(np.mean(box[3] - box[1])), 1e-9)
        most = 4 * int(np.sqrt(box.shape[1])) + 1
        wide = int(min(most, (east - west) // side[0] + 1))
        high = int(min(most, (north - south) // side[1] + 1))
        step = (east - west) / wide or 1.0, (north - south) / high or 1.0
        empty = cls(west, south, step, wide, high, np.empty(0, np.intp), np.empty(0, np.int64))
        entry, cell = empty.cells(box)
        order = np.argsort(cell.astype(np.uint16) if wide * high < 2**16 else cell, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=wide * high))])
        return cls(west, south, step, wide, high, entry[order], first)

    def cells(self, box: Floats) -> tuple[NDArray[np.intp], Ints]:
        """Each box with every cell it reaches into."""
        left, right = (self._index(side, self.west, self.step[0], self.wide) for side in (box[0], box[2]))
        low, up = (self._index(side, self.south, self.step[1], self.high) for side in (box[1], box[3]))
        columns, rows = right - left + 1, up - low + 1
        entry = np.repeat(np.arange(len(left)), columns * rows)
        at = spread(np.zeros_like(left), columns * rows)
        per = columns[entry]
        return entry, (low[entry] + at // per) * self.wide + left[entry] + at % per

    @staticmethod
    def _index(side: Floats, origin: float, step: float, cells: int) -> Ints:
        return np.clip((side - origin) / step, 0, cells - 1).astype(np.int64)


def _under(stretch: Stretch, a: Points, b: Points, ring: NDArray[np.intp]) -> Bools:
    """Whether the segment from a to b passes over the inside of the ring; rings sorted by their number of points."""
    out = np.zeros(len(ring), np.bool_)
    count = stretch.table.count[ring]
    cuts = np.flatnonzero(np.diff(count, prepend=-1, append=-1))
    for begin, end in pairwise(cuts.tolist()):
        long = int(count[begin])
        step = max(1, AT_ONCE // long)
        for at in range(begin, end, step):
            part = slice(at, min(at + step, end))
            points = stretch.points[stretch.start[ring[part]] + np.arange(long)[:, None]]
            out[part] = _passes(points - a[part], b[part] - a[part])
    return out


def _passes(points: Points, way: Points) -> Bools:
    """Whether segments from the origin along ``way`` (k) meet the inside of rings ``points`` (m, k).

    A ring crosses the line of the segment somewhere along it, or an odd number of times beyond its end.
    """
    dx, dy = way.real, way.imag
    x, y = points.real, points.imag
    across = y * dx
    across -= x * dy
    above = across > 0
    crosses = above[1:] != above[:-1]
    met = np.flatnonzero(crosses.any(axis=0))
    out = np.zeros(len(way), np.bool_)
    if not len(met):
        return out
    x, y, across, dx, dy = x[:, met], y[:, met], across[:, met], dx[met], dy[met]
    along = x * dx + y * dy
    with np.errstate(invalid="ignore", divide="ignore"):
        place = along[:-1] - np.diff(along, axis=0) * (across[:-1] / np.diff(across, axis=0))
    here, end = crosses[:, met], dx * dx + dy * dy
    within = (here & (place > 0) & (place < end)).any(axis=0)
    out[met] = within | ((here & (place >= end)).sum(axis=0) % 2 == 1)
    return out
