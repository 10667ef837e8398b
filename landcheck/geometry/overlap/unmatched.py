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

from landcheck.geometry.overlap.boxes import Grid
from landcheck.geometry.overlap.ringtable import RingTable, spread
from landcheck.geometry.shapes.rings import Bools, Floats, Ints, Points

Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]

# how far inside its polygon an edge looks, and how much of its ends it leaves out so as not to see round a corner
INSIDE_M = 0.002
CORNER_M = 0.02
CORNER_SHARE = 0.25

# odd numbers without pattern, to spread coordinates' bits
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
# pairs of a stretch beyond which no more are looked for: something is wrong with the layer as a whole
MOST = 100_000
# rings of so nearly the same number of points are looked at together, the shorter ones filled up with their last
LENGTHS = 4
# and so many points at once
AT_ONCE = 2**18


class Stretch:
    """Rings of a part of a layer, their points end to end in metres; ``start`` of each ring among them.

    ``box`` (4, rings) in metres. ``alone``, for each point: whether the edge from it to the next is unmatched.
    """

    def __init__(self, table: RingTable, points: Points, box: Floats) -> None:
        self.table, self.points, self.box = table, points, box
        self.x, self.y = points.real.copy(), points.imag.copy()
        self.start = np.cumsum(table.count, dtype=np.int64) - table.count
        # rings that run with their polygon on the right: shells clockwise, holes counter-clockwise
        self.backwards = table.clockwise != table.hole
        self.shells = np.flatnonzero(~table.hole)
        self.grid = Grid.over(box[:, self.shells])
        self.alone = _unmatched(self)

    def edges(self, rings: NDArray[np.intp]) -> tuple[Ints, NDArray[np.intp]]:
        """The edges of those rings, as places of their first points, and of which ring each is."""
        count = self.table.count[rings].astype(np.int64) - 1
        return spread(self.start[rings], count), np.repeat(rings, count)


def overlapping(stretch: Stretch) -> Pairs:
    """Rows that may share area, pair by pair; of every patch of overlaps at least one pair, if it is of any width."""
    alone = np.flatnonzero(stretch.alone)
    owner = np.searchsorted(stretch.start, alone, side="right") - 1
    return _over(stretch, alone, owner, np.ones(len(stretch.table), np.bool_))


def overlapping_further(stretch: Stretch, rows: NDArray[np.int32]) -> Pairs:
    """What else may overlap where those rows do.

    A patch goes on with other pairs only across a matched edge of one of them that lies over another row; where there
    is such an edge, all pairs with its row or that other are asked for.
    """
    edge, owner = stretch.edges(np.flatnonzero(np.isin(stretch.table.row, rows)))
    matched = np.flatnonzero(~stretch.alone[edge])
    across = _over(stretch, edge[matched], owner[matched], np.ones(len(stretch.table), np.bool_))
    wanted = np.isin(stretch.table.row, np.concatenate(across))
    of_rows = stretch.shells[wanted[stretch.shells]]
    about = [np.unique(shell) for _, shell in stretch.grid.meeting(stretch.box[:, of_rows])]
    return _over(
        stretch, *stretch.edges(np.unique(np.concatenate([of_rows, *(stretch.shells[s] for s in about)]))), wanted
    )


def _over(stretch: Stretch, edge: Ints, owner: NDArray[np.intp], wanted: Bools) -> Pairs:
    """The rows of edges and of the shells of other rows that lie under them, one of both wanted."""
    a, b = _inner(stretch, edge, owner)
    keys = np.empty(0, np.int64)
    for edges, shell in stretch.grid.meeting(_boxes(a, b)):
        ring, own = stretch.shells.take(shell), owner.take(edges)
        others = np.flatnonzero(ring != own)  # most meet their own ring alone
        which, ring, own = edges.take(others), ring.take(others), own.take(others)
        first, second = stretch.table.row.take(own), stretch.table.row.take(ring)
        others = np.flatnonzero((first != second) & (wanted.take(own) | wanted.take(ring)))
        others = others[np.argsort(stretch.table.count[ring[others]], kind="stable")]
        under = others[_under(stretch, a[which[others]], b[which[others]], ring[others])]
        keys = np.union1d(keys, _key(first[under], second[under]))
        if len(keys) > MOST:
            keys = keys[: MOST + 1]
            break
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)


def _key(first: NDArray[np.int32], second: NDArray[np.int32]) -> Ints:
    """One number for two rows, the lower of them first."""
    key: Ints = np.minimum(first, second).astype(np.int64) << 32 | np.maximum(first, second)
    return key


def _unmatched(stretch: Stretch) -> Bools:
    """Points whose edge is not shared once by two rings in opposite directions.

    From the last point of a ring no edge goes out: there stands a key that is its own opposite.
    """
    mixed = stretch.x.view(np.uint64) * MIX[0] + stretch.y.view(np.uint64) * MIX[1]
    mixed ^= mixed >> np.uint64(29)
    mixed *= MIX[2]
    onward = np.append(mixed[1:], mixed[:1])
    last = stretch.start + stretch.table.count - 1
    onward[last] = mixed[last]
    key, opposite = mixed * MIX[3] + onward, onward * MIX[3] + mixed
    if stretch.backwards.any() and not stretch.backwards.all():
        turned = np.repeat(stretch.backwards, stretch.table.count)
        key, opposite = np.where(turned, opposite, key), np.where(turned, key, opposite)
    alone: Bools = _alone(key, opposite) & (mixed != onward)
    return alone


def _alone(key: NDArray[np.uint64], opposite: NDArray[np.uint64]) -> Bools:
    """Keys without their opposite among the keys, or there more than once.

    A table with one place for several keys, and a second for those that lost their place to another. A key that loses
    both counts as absent, so that its opposite is looked at although it need not be. Of equal keys all but one are
    seen to be repeated.
    """
    bits = max(4, len(key).bit_length() + 1)
    shift, low = np.uint64(64 - bits), np.uint64(2 ** (bits - 2) - 1)
    number = np.arange(len(key), dtype=np.int32)  # half the width: the table is looked up all over
    table = np.zeros(2**bits, np.int32)
    place = _places(key >> shift)
    table[place] = number
    there = table.take(place)
    lost = np.flatnonzero(there != number)
    alone: Bools = np.zeros(len(key), np.bool_)
    alone[lost] = key.take(there.take(lost)) == key.take(lost)
    second = np.zeros(2 ** (bits - 2), np.int32)
    second[_places(key.take(lost) & low)] = lost
    absent = np.flatnonzero(key.take(table.take(_places(opposite >> shift))) != opposite)
    sought = opposite.take(absent)
    alone[absent[key.take(second.take(_places(sought & low))) != sought]] = True
    return alone


def _places(numbers: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Numbers small enough to be places, as numpy takes them without a copy."""
    return numbers.view(np.int64).astype(np.intp, copy=False)


def _inner(stretch: Stretch, edge: Ints, owner: NDArray[np.intp]) -> tuple[Points, Points]:
    """Both ends of each edge moved into its polygon and a little towards each other."""
    a, b = stretch.points.take(edge), stretch.points.take(edge + 1)
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
    filled = -(-count // LENGTHS) * LENGTHS
    cuts = np.flatnonzero(np.diff(filled, prepend=-1, append=-1))
    for begin, end in pairwise(cuts.tolist()):
        long = int(filled[begin])
        step = max(1, AT_ONCE // long)
        for at in range(begin, end, step):
            part = slice(at, min(at + step, end))
            place = stretch.start[ring[part]] + np.minimum(np.arange(long)[:, None], count[part] - 1)
            out[part] = _passes(stretch.x.take(place), stretch.y.take(place), a[part], b[part] - a[part])
    return out


def _passes(x: Floats, y: Floats, origin: Points, way: Points) -> Bools:
    """Whether segments from their origins along ``way`` (k) meet the inside of rings with those points (m, k).

    A ring crosses the line of the segment somewhere along it, or an odd number of times beyond its end.
    """
    dx, dy = way.real, way.imag
    across = y * dx
    across -= x * dy
    across -= origin.imag * dx - origin.real * dy
    above = across > 0
    point, segment = np.nonzero(above[1:] != above[:-1])
    dx, dy, origin = dx[segment], dy[segment], origin[segment]
    here, there = across[point, segment], across[point + 1, segment]
    share = here / (here - there)
    x, y = ((1 - share) * v[point, segment] + share * v[point + 1, segment] for v in (x, y))
    along, length = (x - origin.real) * dx + (y - origin.imag) * dy, dx * dx + dy * dy
    within, beyond = (along > 0) & (along < length), along >= length
    out: Bools = np.bincount(segment[within], minlength=len(way)) > 0
    out |= np.bincount(segment[beyond], minlength=len(way)) % 2 == 1
    return out
