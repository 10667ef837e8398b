"""Polygons as text, and back: coordinates in whole steps of about a millimetre, as packed integers.

Packed integers: each as its difference from the one before (the first from 0), zigzag (0, -1, 1, -2 become 0, 1, 2, 3),
8 bytes, of all of them first the lowest byte, then the next; deflated with zlib, in base64.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck.geometry.shapes.batch import POLYGONAL, Objects, shapes

Ints = NDArray[np.int64]

# 1e-8 degrees is a millimetre
STEPS_A_DEGREE = 10**8
STEPS_A_METRE = 10**3
# no step beyond, so that the difference of two fits 64 bits
FARTHEST = 2.0**62
POINTS_AT_MOST = 30_000_000
"""Of all that is unpacked for one result: half a gigabyte."""


def steps_per_unit(wkt: str | None) -> int:
    """Steps in a unit of the coordinates, a power of ten: at most a millimetre each; in degrees where it is unknown."""
    crs = None if wkt is None else pyproj.CRS.from_wkt(wkt)
    if crs is None or crs.is_geographic or not crs.axis_info:
        return STEPS_A_DEGREE
    return int(10 ** math.ceil(math.log10(STEPS_A_METRE * crs.axis_info[0].unit_conversion_factor)))


def packed(values: Ints) -> str:
    """Integers of at most 62 bits as text."""
    steps = np.diff(values, prepend=np.int64(0))
    turned = ((steps << 1) ^ (steps >> 63)).astype("<i8")
    return base64.b64encode(zlib.compress(turned.view(np.uint8).reshape(-1, 8).T.tobytes(), 9)).decode("ascii")


def unpacked(text: str, most: int) -> Ints:
    """The integers again. ValueError for a damaged text, or one of more than so many, of which no more is unpacked."""
    inflating = zlib.decompressobj()
    try:
        raw = np.frombuffer(inflating.decompress(base64.b64decode(text, validate=True), most * 8 + 1), np.uint8)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(raw) > most * 8 or not inflating.eof:
        raise ValueError(f"> {most}")
    turned = np.ascontiguousarray(raw.reshape(8, -1).T).view("<u8").ravel()
    return np.cumsum((turned >> 1).astype(np.int64) ^ -(turned & 1).astype(np.int64))


def pack(wkb: pa.Array, steps: int) -> dict[str, str]:
    """The polygons of some rows: ``parts`` of each row, ``rings`` of each part, ``points`` of each ring, ``x``, ``y``.

    The closing point of a ring is left out. What is no polygon, or out of reach, has no parts.
    """
    drawn = _drawn(wkb, steps)
    parts, of_row = shapely.get_parts(drawn, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    open_ended = np.diff(of_ring, append=-1) == 0
    x, y = np.rint(points[open_ended] * steps).astype(np.int64).T
    counts = ((of_row, drawn), (of_part, parts), (of_ring[open_ended], rings))
    told = [np.bincount(index, minlength=len(owners)).astype(np.int64) for index, owners in counts]
    return {name: packed(values) for name, values in zip(("parts", "rings", "points", "x", "y"), (*told, x, y),
                                                         strict=True)}  # fmt: skip


def unpack(saved: Mapping[str, str], steps: int, rows: int, most: int) -> tuple[pa.Array, int]:
    """The polygons of at most so many rows as WKB of MultiPolygons, null for a row without any, and their points.

    ValueError for what does not fit, or has more points than ``most``: each list says how long the next one is.
    """
    parts = _named(saved, "parts", rows)
    rings = _named(saved, "rings", _sum(parts, "parts", most))
    points = _named(saved, "points", _sum(rings, "rings", most))
    x, y = (_named(saved, name, _sum(points, "points", most)) for name in ("x", "y"))
    for counts, least, name, into in ((parts, 0, "parts", len(rings)), (rings, 1, "rings", len(points)),
                                      (points, 3, "points", len(x)), (points, 3, "points", len(y))):  # fmt: skip
        if counts.min(initial=least) < least or counts.max(initial=0) > into or counts.sum() != into:
            raise ValueError(name)
    ends = np.cumsum(points)
    closed = np.insert(np.arange(len(x)), ends, ends - points)
    offsets = [np.concatenate([[0], np.cumsum(counts)]) for counts in (points + 1, rings, parts)]
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, np.column_stack([x, y])[closed] / steps, tuple(offsets)
    )
    made[parts == 0] = None
    return pa.array(shapely.to_wkb(made), pa.binary()), len(x)


def _sum(counts: Ints, name: str, most: int) -> int:
    total = float(counts.sum(dtype=np.float64))
    if counts.min(initial=0) < 0 or total > most:
        raise ValueError(f"{name}: {total:.0f} > {most}")
    return int(total)


def _drawn(wkb: pa.Array, steps: int) -> Objects:
    """The polygons among the shapes, None for the others."""
    geoms = shapes(wkb).geoms()
    reach = np.abs(shapely.bounds(geoms)).max(axis=1, initial=0) * steps < FARTHEST
    geoms[~(np.isin(shapely.get_type_id(geoms), POLYGONAL) & ~shapely.is_empty(geoms) & reach)] = None
    return geoms


def _named(saved: Mapping[str, str], name: str, most: int) -> Ints:
    try:
        return unpacked(saved[name], most)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
