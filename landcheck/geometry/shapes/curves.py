"""Geometries with circular arcs, which GEOS does not take, as straight ones.

OGC 06-103r4 and ISO 19125: kinds 8 circular string, 9 compound curve, 10 curve polygon, 11 multicurve, 12 multisurface;
1000 is added for Z, 2000 for M, 3000 for both, high bits are set instead in EWKB.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from landcheck.nested import CIRCULAR, DEEPEST, LINE, POINT, POLYGON, head

# a chord for each of these many degrees leaves out 3e-6 of a circle's area
STEP_DEGREES = 0.25


def straightened(wkb: bytes) -> Any:
    """A two-dimensional geometry without arcs, None where the bytes make none."""
    try:
        return _Reader(wkb).geometry()
    except (struct.error, ValueError, IndexError, KeyError, RecursionError, shapely.errors.GEOSException):
        return None


class _Reader:
    """Goes through the bytes once."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.depth = data, 0, 0

    def geometry(self) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError
        order, kind, wide, self.at = head(self.data, self.at)
        made = self._made(order, kind, wide)
        self.depth -= 1
        return made

    def _made(self, order: str, kind: int, wide: int) -> Any:
        if kind == POINT:
            return shapely.Point(self._points(order, wide, 1)[0])
        if kind in (LINE, CIRCULAR):
            points = self._points(order, wide, self._number(order))
            return shapely.LineString(_arcs(points) if kind == CIRCULAR else points)
        if kind == POLYGON:
            return _polygon([self._points(order, wide, self._number(order)) for _ in range(self._number(order))])
        members = [self.geometry() for _ in range(self._number(order))]
        return MADE[kind](members)

    def _number(self, order: str) -> int:
        (number,) = struct.unpack_from(order + "I", self.data, self.at)
        self.at += 4
        return int(number)

    def _points(self, order: str, wide: int, count: int) -> Any:
        if count * wide * 8 > len(self.data) - self.at:
            raise ValueError
        read = np.frombuffer(self.data, order + "f8", count * wide, self.at).reshape(count, wide)
        self.at += count * wide * 8
        return read[:, :2].astype(float)


def _polygon(rings: list[Any]) -> Any:
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def _compound(members: list[Any]) -> Any:
    parts = [shapely.get_coordinates(member) for member in members]
    return shapely.LineString(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))


def _curve_polygon(members: list[Any]) -> Any:
    return _polygon([shapely.get_coordinates(member) for member in members])


def _arcs(points: Any) -> Any:
    """The points of a circular string with chords along its arcs; each ends where the next begins, so they are odd."""
    if len(points) and len(points) % 2 == 0:
        raise ValueError
    out = [points[:1]]
    out += [_arc(*(complex(*p) for p in points[i : i + 3])) for i in range(0, len(points) - 2, 2)]
    return np.concatenate(out)


def _arc(a: complex, b: complex, c: complex) -> Any:
    """From a over b to c, without a itself; a = c is a full circle with b opposite."""
    if a == c:
        centre, sweep = (a + b) / 2, 2 * np.pi
    else:
        w = (c - a) / (b - a) if b != a else 0j
        if abs(w.imag) < 1e-12:
            return np.array([[b.real, b.imag], [c.real, c.imag]])
        centre = a + (b - a) * (w - abs(w) ** 2) / (2j * w.imag)
        sweep = float(np.angle((c - centre) / (a - centre)))
        if (sweep > 0) != (w.imag > 0):
            sweep += 2 * np.pi if sweep < 0 else -2 * np.pi
    steps = max(2, int(np.ceil(abs(np.degrees(sweep)) / STEP_DEGREES)))
    turned = centre + (a - centre) * np.exp(1j * sweep * np.arange(1, steps + 1) / steps)
    turned[-1] = c
    return np.column_stack([turned.real, turned.imag])


# how each kind is made of its members
MADE: dict[int, Callable[[list[Any]], Any]] = {
    4: shapely.multipoints,
    5: shapely.multilinestrings,
    6: shapely.multipolygons,
    7: shapely.geometrycollections,
    9: _compound,
    10: _curve_polygon,
    11: shapely.multilinestrings,
    12: shapely.multipolygons,
}
