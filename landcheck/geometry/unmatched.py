"""Edges of a stretch of polygons that no neighbour shares, and the shapes that lie under them.

Where every edge is shared by exactly two polygons, one on each side, nothing overlaps. More exactly: the number of
polygons over a place changes only across edges that are not so matched, since a matched pair adds one and takes one
away. So every patch where two polygons or more lie is bordered, on its inner side, by unmatched edges of a polygon that
covers it. It is enough to ask for each unmatched edge which *other* polygon lies just inside of it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.grid import Grid
from landcheck.geometry.rings import Bools, Floats, Ints, Points
from landcheck.geometry.ringtable import RingTable, spread

Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]

# how far inside its polygon an edge looks, and how much of its ends it leaves out so as not to see round a corner
INSIDE_M = 0.002
CORNER_M = 0.02
CORNER_SHARE = 0.25

# odd numbers without pattern, to spread coordinates' bits
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
# shapes looked at together, in points
AT_ONCE = 2**18


class Stretch:
    """Rings of a part of a layer, their points end to end in metres; ``start`` of each ring among them.

    ``box`` (4, rings) in metres.
    """

    def __init__(self, table: RingTable, points: Points, box: Floats) -> None:
        self.table, self.points, self.box = table, points, box
        self.start = np.cumsum(table.count, dtype=np.int64) - table.count
        # rings that run with their polygon on the right: shells clockwise, holes counter-clockwise
        self.backwards = table.clockwise != table.hole
        self.shells = np.flatnonzero(~table.hole)
        self.grid = Grid.over(box[:, self.shells])

    def edges(self, rings: NDArray[np.intp]) -> tuple[Ints, NDArray[np.intp]]:
        """The edges of those rings, as places of their first points, and for each which of ``rings`` it is of."""
        count = self.table.count[rings].astype(np.int64) - 1
        return spread(self.start[rings], count), np.repeat(np.arange(len(rings)), count)


def overlapping(stretch: Stretch) -> Pairs:
    """Rows that may share area, pair by pair; of every patch of overlaps at least one pair, if it is of any width."""
    return _over(stretch, *_unmatched(stretch), np.ones(len(stretch.table), np.bool_))


def overlapping_with(stretch: Stretch, rows: NDArray[np.int32]) -> Pairs:
    """The same for every pair with one of those rows in it."""
    wanted = np.isin(stretch.table.row, rows)
    of_rows = stretch.shells[wanted[stretch.shells]]
    about = stretch.shells[stretch.grid.meeting(stretch.box[:, of_rows])[1]]
    rings = np.union1d(of_rows, about)
    edge, owner = stretch.edges(rings)
    return _over(stretch, edge, rings[owner], wanted)


def _over(stretch: Stretch, edge: Ints, owner: NDArray[np.intp], wanted: Bools) -> Pairs:
    """The rows of edges and of the shells of other rows that lie under them, one of both wanted."""
    a, b = _inner(stretch, edge, owner)
    which, shell = stretch.grid.meeting(_boxes(a, b))
    ring = stretch.shells[shell]
    first, second = stretch.table.row[owner[which]], stretch.table.row[ring]
    others = np.flatnonzero((first != second) & (wanted[owner[which]] | wanted[ring]))
    others = others[np.argsort(stretch.table.count[ring[others]], kind="stable")]
    which, ring = which[others], ring[others]
    under = _under(stretch, a[which], b[which], ring)
    return paired(first[others[under]], second[others[under]])


def paired(first: NDArray[np.int32], second: NDArray[np.int32]) -> Pairs:
    """Pairs of different rows, each once, the lower row first."""
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second)
    key = np.unique((low << 32 | high)[low != high])
    return (key >> 32).astype(np.int32), (key & 0xFFFFFFFF).astype(np.int32)


def _unmatched(stretch: Stretch) -> tuple[Ints, NDArray[np.intp]]:
    """Edges, as places of their first points, that are not shared once by two rings in opposite directions."""
    edge, owner = stretch.edges(np.arange(len(stretch.table)))
    bits = stretch.points.view(np.uint64).reshape(-1, 2)
    mixed = bits[:, 0] * MIX[0] + bits[:, 1] * MIX[1]
    mixed ^= mixed >> np.uint64(29)
    mixed *= MIX[2]
    there, back = mixed[edge], mixed[edge + 1]
    if stretch.backwards.any():
        turned = stretch.backwards[owner]
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
    length = np.maximum(np.sqrt(way.real**2 + way.imag**2), 1e-300)
    inward = np.where(stretch.backwards[owner], -1j, 1j) * way * (INSIDE_M / length)
    short = way * np.minimum(CORNER_SHARE, CORNER_M / length)
    return a + inward + short, b + inward - short


def _boxes(a: Points, b: Points) -> Floats:
    return np.array([np.minimum(a.real, b.real), np.minimum(a.imag, b.imag),
                     np.maximum(a.real, b.real), np.maximum(a.imag, b.imag)])  # fmt: skip


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
