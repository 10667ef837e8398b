"""What a ring's coordinates tell without GEOS: box, area, centroid, and often that it does not cross itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.shapes.rings import Bools, Floats, Rings

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
