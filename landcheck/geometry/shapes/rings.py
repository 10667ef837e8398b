"""Rings as flat coordinates, taken straight from WKB, and what they tell without GEOS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = NDArray[np.complex128]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# byte order 1, type 3 (polygon), one ring; then the number of points
POLYGON = bytes.fromhex("01 03000000 01000000")
# byte order 1, type 6 (multipolygon), one part, and the same again
ONE_PART = bytes.fromhex("01 06000000 01000000") + POLYGON
# the end of a slice that takes all; without one pyarrow's own default overflows (seen in 26.0)
WHOLE = 2**31 - 1
# rings up to this many points are grouped with their equals, longer ones with those of nearly their length
EXACT = 48
# points of a group at most, so that what is computed of it stays in the processor's cache
CACHED = 2**17


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings: ``points`` (x + iy) of ring r from ``start[r]`` on, ``count[r]`` of them, the first one twice.

    ``row`` is the row a ring belongs to, ``hole`` whether it is cut out of it.
    """

    points: Points
    start: Ints
    count: Ints
    row: Ints
    hole: Bools

    def take(self, which: NDArray[Any]) -> Rings:
        """Those rings only, over the same points."""
        return Rings(self.points, self.start[which], self.count[which], self.row[which], self.hole[which])

    def joined(self, other: Rings) -> Rings:
        """Both, these first."""
        if not len(other.row):
            return self
        return Rings(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.start, other.start + len(self.points)]),
            np.concatenate([self.count, other.count]),
            np.concatenate([self.row, other.row]),
            np.concatenate([self.hole, other.hole]),
        )

    def groups(self) -> Iterator[tuple[NDArray[np.intp], Floats, Floats, bool]]:
        """Rings of one length together: their numbers, x and y (points, rings), and whether some were filled up.

        A ring shorter than its group ends with its last point again and again, an edge without length or area.
        """
        length = _lengths(self.count)
        order = np.argsort(length, kind="stable")
        cuts = np.flatnonzero(np.diff(length[order], prepend=-1, append=-1))
        for begin, end in pairwise(cuts.tolist()):
            long = int(length[order[begin]])
            at_once = max(1, CACHED // long)
            for first in range(begin, end, at_once):
                which = order[first : min(first + at_once, end)]
                if len(which) == 1:  # numpy adds up a single column in another order than one of several
                    which = np.repeat(which, 2)
                yield which, *self._matrix(which, long), bool(self.count[which].min() < long)

    def _matrix(self, which: NDArray[np.intp], long: int) -> tuple[Floats, Floats]:
        index = np.arange(long)
        if self.count[which].min() < long:
            at = self.start[which, None] + np.minimum(index, self.count[which, None] - 1)
        else:
            at = self.start[which, None] + index
        points = self.points.take(at)
        return np.ascontiguousarray(points.real.T), np.ascontiguousarray(points.imag.T)


def _lengths(count: Ints) -> Ints:
    """The length of each ring's group: its own, or for a long ring the next eighth of a power of two."""
    step = 2.0 ** np.floor(np.log2(np.maximum(count, EXACT)) - 3)
    rounded = (np.ceil(count / step) * step).astype(np.int64)
    return np.where(count <= EXACT, count, rounded)


def plain_rings(wkb: pa.Array, unwanted: NDArray[np.intp]) -> Rings:
    """The rings of all rows of one ring, but for the unwanted rows."""
    wanted = np.ones(len(wkb), np.bool_)
    wanted[unwanted] = False
    lengths = np.diff(_buffers(wkb)[0]).astype(np.int64)
    if wkb.null_count:
        wanted &= wkb.is_valid().to_numpy(zero_copy_only=False)
    polygons = _headed(wkb, POLYGON, lengths, wanted)
    return polygons.joined(_headed(wkb, ONE_PART, lengths, wanted)) if len(polygons.row) < wanted.sum() else polygons


def _headed(wkb: pa.Array, head: bytes, lengths: Ints, wanted: Bools) -> Rings:
    """The rows with that header whose length fits their number of points."""
    cut = len(head) + 4
    rows = np.flatnonzero(wanted & (lengths >= cut + 4 * 16))
    if not len(rows):
        return none()
    offsets, data = _buffers(wkb)
    raw = data.take(offsets[rows, None] + np.arange(cut))
    count = np.ascontiguousarray(raw[:, -4:]).view("<u4").ravel().astype(np.int64)
    fits = (raw[:, :-4] == np.frombuffer(head, np.uint8)).all(axis=1) & (lengths[rows] == cut + 16 * count)
    rows, count = rows[fits], count[fits]
    if not len(rows):
        return none()
    taken = wkb if len(rows) == len(wkb) else wkb.take(pa.array(rows))
    offsets, data = _buffers(pc.binary_slice(taken, cut, WHOLE))
    points = data[offsets[0] : offsets[-1]].view("<c16")
    return Rings(points, np.cumsum(count) - count, count, rows.astype(np.int64), np.zeros(len(rows), np.bool_))


def _buffers(wkb: pa.Array) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Where each value of a binary array starts (and the last ends), and the bytes."""
    width = np.int64 if pa.types.is_large_binary(wkb.type) else np.int32
    _, offsets, data = wkb.buffers()
    if offsets is None or not len(wkb):
        return np.zeros(1, width), np.empty(0, np.uint8)
    bytes_ = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return np.frombuffer(offsets, width)[wkb.offset : wkb.offset + len(wkb) + 1], bytes_


def none() -> Rings:
    """No rings."""
    nothing = np.empty(0, np.int64)
    return Rings(np.empty(0, np.complex128), nothing, nothing, nothing, np.empty(0, np.bool_))


def rings_of_objects(geoms: NDArray[np.object_], rows: Ints) -> Rings:
    """The rings of polygons and multipolygons that GEOS holds; ``rows`` are their rows."""
    polygonal = np.isin(shapely.get_type_id(geoms), (3, 6)) & ~shapely.is_empty(geoms)
    parts, of_geom = shapely.get_parts(geoms[polygonal], return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    count = shapely.get_num_coordinates(rings).astype(np.int64)
    points = np.ascontiguousarray(shapely.get_coordinates(rings)).view(np.complex128).ravel()
    hole = np.diff(of_part, prepend=-1) == 0
    row = np.asarray(rows, np.int64)[polygonal][of_geom][of_part]
    return Rings(points, np.cumsum(count) - count, count, row, hole)


# a coordinate beyond this is no place on any map, and its square times another leaves no digits to tell an area by
FARTHEST = 1e12
# cross products this small beside the area may be rounding
SURE = 1e-9


@dataclass(frozen=True, slots=True)
class Outlines:
    """One value a ring, in its coordinates' unit.

    ``box`` (4, rings): west, south, east, north. ``area``: by the shoelace formula, positive where the ring runs
    counter-clockwise. ``x``, ``y``: centroid. ``simple``: proven not to touch or cross itself; False proves nothing.
    ``cubes`` (4, rings): the sums over the edges of dx³, dx²dy, dxdy², dy³, for ``area``'s curvature term.
    ``closed``: ends where it starts and holds no coordinate that is no number or beyond ``FARTHEST``.
    """

    box: Floats
    area: Floats
    x: Floats
    y: Floats
    simple: Bools
    cubes: Floats
    closed: Bools

    def take(self, which: NDArray[Any]) -> Outlines:
        """Those rings only."""
        return Outlines(*(getattr(self, f.name).take(which, axis=-1) for f in fields(self)))

    def joined(self, other: Outlines) -> Outlines:
        """Both, these first."""
        return Outlines(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)], axis=-1) for f in fields(self))
        )


def outlines(rings: Rings) -> Outlines:
    """Of every ring; the coordinates are gone through once."""
    n = len(rings.row)
    out = Outlines(
        np.empty((4, n)), np.empty(n), np.empty(n), np.empty(n),
        np.empty(n, np.bool_), np.empty((4, n)), np.empty(n, np.bool_),
    )  # fmt: skip
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        for which, x, y, filled in rings.groups():
            _outline(out, which, x, y, filled)
    return out


def _outline(out: Outlines, which: NDArray[np.intp], x: Floats, y: Floats, filled: bool) -> None:  # noqa: FBT001 - a fact
    west, south, east, north = x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)
    out.box[:, which] = west, south, east, north
    inside = (west > -FARTHEST) & (east < FARTHEST) & (south > -FARTHEST) & (north < FARTHEST)
    out.closed[which] = inside & (x[0] == x[-1]) & (y[0] == y[-1])
    x -= west
    y -= south
    cross = x[:-1] * y[1:]
    cross -= x[1:] * y[:-1]
    twice = cross.sum(axis=0)
    cx = ((x[:-1] + x[1:]) * cross).sum(axis=0) / (3 * twice)
    cy = ((y[:-1] + y[1:]) * cross).sum(axis=0) / (3 * twice)
    dx, dy = np.diff(x, axis=0), np.diff(y, axis=0)
    out.area[which], out.x[which], out.y[which] = twice / 2, cx + west, cy + south
    out.cubes[:, which] = _cubes(dx, dy)
    cross -= dy * cx
    cross += dx * cy
    if filled:
        cross[(dx == 0) & (dy == 0)] = np.copysign(np.inf, np.broadcast_to(twice, cross.shape)[(dx == 0) & (dy == 0)])
    out.simple[which] = _star(cross, y > cy, twice)


def _star(cross: Floats, above: Bools, twice: Floats) -> Bools:
    """Whether a ring, seen from its centroid, turns one way at every edge and once in all; such a ring is simple.

    ``cross``: of both ends of each edge as seen from the centroid. ``above``: which points lie north of it.
    """
    cross *= np.sign(twice)
    turns = np.count_nonzero(above[1:] != above[:-1], axis=0)
    proven: Bools = (cross.min(axis=0) > SURE * np.abs(twice)) & (turns == 2)
    return proven


def _cubes(dx: Floats, dy: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    xx, yy = dx * dx, dy * dy
    return (xx * dx).sum(axis=0), (xx * dy).sum(axis=0), (yy * dx).sum(axis=0), (yy * dy).sum(axis=0)
