"""Rings as flat coordinate arrays, taken straight from WKB.

A polygon of one ring, by far the most rows, is a header of known length and then nothing but coordinates; cutting the
headers off a whole batch leaves one aligned array. Every other row goes through GEOS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# byte order 1, type 3 (polygon), one ring; then the number of points
POLYGON = bytes.fromhex("01 03000000 01000000")
# byte order 1, type 6 (multipolygon), one part, and the same again
ONE_PART = bytes.fromhex("01 06000000 01000000") + POLYGON

# the end of a slice that takes all; without one pyarrow's own default overflows (seen in 26.0)
WHOLE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings end to end: the points of ring r are ``start[r]:start[r + 1]`` of x and y, its first one twice."""

    x: Floats
    y: Floats
    start: Ints
    row: Ints
    hole: NDArray[np.bool_]

    def sums(self, per_point: Floats) -> Floats:
        """The sum of a value per edge (at its first point; the last point of a ring counts 0) for each ring."""
        if not len(self.row):
            return np.empty(0)
        return np.add.reduceat(per_point, self.start[:-1])

    def bounds(self, rows: int) -> Floats:
        """(rows, 4), NaN for a row without a ring."""
        out = np.full((rows, 4), np.nan)
        if not len(self.row):
            return out
        at = self.start[:-1]
        for column, (reduce, values) in enumerate(
            ((np.minimum, self.x), (np.minimum, self.y), (np.maximum, self.x), (np.maximum, self.y))
        ):
            which = np.fmin if reduce is np.minimum else np.fmax
            which.at(out[:, column], self.row, reduce.reduceat(values, at))
        return out


def rings_of(wkb: pa.Array, changed: Mapping[int, Any], objects: Callable[[pa.Array], Any]) -> Rings:
    """The rings of every polygon, changed rows from their objects."""
    plain, flat, start = _plain(wkb, changed)
    others = np.setdiff1d(np.arange(len(wkb)), plain, assume_unique=True)
    geoms = objects(wkb.take(pa.array(others)))
    for place, row in enumerate(others):
        if int(row) in changed:
            geoms[place] = changed[int(row)]
    more = _from_objects(geoms, others)
    x = np.concatenate([flat[0::2], more.x])
    y = np.concatenate([flat[1::2], more.y])
    start = np.concatenate([start, more.start[1:] + start[-1]])
    row = np.concatenate([plain, more.row])
    return Rings(x, y, start, row, np.concatenate([np.zeros(len(plain), np.bool_), more.hole]))


def _plain(wkb: pa.Array, changed: Mapping[int, Any]) -> tuple[Ints, Floats, Ints]:
    """Rows of one ring: their numbers, their coordinates x y x y ..., and where each ring starts (in points)."""
    unchanged = np.ones(len(wkb), np.bool_)
    unchanged[list(changed)] = False
    lengths = pc.fill_null(pc.binary_length(wkb), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    found = [_headed(wkb, head, lengths, unchanged) for head in (POLYGON, ONE_PART)]
    rows, flat, points = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return rows, flat, np.concatenate([[0], np.cumsum(points)])


def _headed(wkb: pa.Array, head: bytes, lengths: Ints, wanted: NDArray[np.bool_]) -> tuple[Ints, Floats, Ints]:
    """The rows with that header whose length fits their number of points and whose ring is closed and finite."""
    cut = len(head) + 4
    whole = np.flatnonzero(wanted & (lengths >= cut + 4 * 16))
    if not len(whole):
        return np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64)
    offsets, data = _buffers(wkb)
    raw = data[offsets[whole, None] + np.arange(cut)]
    points = np.ascontiguousarray(raw[:, -4:]).view("<u4").ravel().astype(np.int64)
    fits = (raw[:, :-4] == np.frombuffer(head, np.uint8)).all(axis=1) & (lengths[whole] == cut + 16 * points)
    rows, points = whole[fits], points[fits]
    if not len(rows):
        return rows, np.empty(0), points
    taken = wkb if len(rows) == len(wkb) else wkb.take(pa.array(rows))
    offsets, data = _buffers(pc.binary_slice(taken, cut, WHOLE))
    return _closed(rows, data[offsets[0] : offsets[-1]].view("<f8"), points)


def _closed(rows: Ints, flat: Floats, points: Ints) -> tuple[Ints, Floats, Ints]:
    """Those rings that end where they start and hold finite numbers only."""
    start = np.concatenate([[0], np.cumsum(points)])
    pairs = flat.reshape(-1, 2)
    sound = (pairs[start[:-1]] == pairs[start[1:] - 1]).all(axis=1)
    sound &= np.isfinite(np.add.reduceat(flat, 2 * start[:-1]))
    if sound.all():
        return rows, flat, points
    return rows[sound], pairs[np.repeat(sound, points)].ravel(), points[sound]


def _buffers(wkb: pa.Array) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Where each value of a binary array starts (and the last ends), and the bytes."""
    width = np.int64 if pa.types.is_large_binary(wkb.type) else np.int32
    offsets = np.frombuffer(wkb.buffers()[1], width)[wkb.offset : wkb.offset + len(wkb) + 1]
    return offsets, np.frombuffer(wkb.buffers()[2], np.uint8)


def _from_objects(geoms: NDArray[np.object_], rows: Ints) -> Rings:
    """The rings of polygons and multipolygons that GEOS holds."""
    polygonal = np.isin(shapely.get_type_id(geoms), (3, 6)) & ~shapely.is_empty(geoms)
    parts, of_geom = shapely.get_parts(geoms[polygonal], return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    xy = shapely.get_coordinates(rings)
    start = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))])
    hole = np.concatenate([[False], of_part[1:] == of_part[:-1]])[: len(rings)]
    row = rows[polygonal][of_geom][of_part].astype(np.int64)
    return Rings(np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1]), start.astype(np.int64), row, hole)
