"""Polygons of the objects in a VCT file: rings of their own points, or of lines that run forwards and backwards."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.read.drivers.survey.coordinate_rings import (
    NEAR_DEGREES,
    NEAR_M,
    DrawnRings,
    Floats,
    Ints,
    outlines,
    together,
)
from landcheck.read.drivers.survey.vct_objects import ARC, CIRCLE, CIRCLE_OF_POINTS, Objects

STEP = np.radians(0.25)
"""Along arcs; the chords lose 3e-6 of a circle."""


@dataclass(frozen=True, slots=True)
class VctGrid:
    """How the numbers stand: whether north comes first, what is added to east and north, whether they are metres."""

    north_first: bool = False
    offset: tuple[float, float] = (0.0, 0.0)
    in_metres: bool = True

    @property
    def near(self) -> float:
        """How near two points are one."""
        return NEAR_M if self.in_metres else NEAR_DEGREES

    def placed(self, xy: Floats) -> Floats:
        """East and north of the numbers as they stand."""
        moved = xy + np.array(self.offset)
        return np.asarray(moved[:, ::-1] if self.north_first else moved)


SortedLines = tuple[Ints, Ints, Ints, Floats]
"""Ids of lines in order, with the first point and the number of points of each, and all points."""


@dataclass(slots=True)
class Lines:
    """The lines of the file by id: their points one after the other, the first of each and how many."""

    ids: list[Ints] = field(default_factory=list)
    counts: list[Ints] = field(default_factory=list)
    xy: list[Floats] = field(default_factory=list)

    @np.errstate(all="ignore")
    def add(self, objects: Objects) -> None:
        """Lines whose course is not understood are left out, and so are unknown to polygons."""
        spans = np.array(objects.spans, np.int64).reshape(-1, 4)
        known = ~np.isin(np.arange(len(objects.ids)), objects.unread)
        spans, xy = stroked(spans[known[spans[:, 0]]], objects)
        points = np.bincount(spans[:, 0], spans[:, 2], minlength=len(known)).astype(np.int64)
        self.ids.append(np.array(objects.ids, np.int64)[known])
        self.counts.append(points[known])
        self.xy.append(xy[spread(spans[:, 1], spans[:, 2])])

    def twice(self) -> list[int]:
        """Ids that several lines have."""
        ids, count = np.unique(self.whole()[0], return_counts=True)
        return list(ids[count > 1].tolist())

    def whole(self) -> SortedLines:
        """All lines."""
        none = np.zeros(0, np.int64)
        ids, counts = np.concatenate([none, *self.ids]), np.concatenate([none, *self.counts])
        first, order = np.cumsum(counts) - counts, np.argsort(ids, kind="stable")
        self.ids, self.counts, self.xy = [ids], [counts], [np.concatenate([np.zeros((0, 2)), *self.xy])]
        return ids[order], first[order], counts[order], self.xy[0]


@dataclass(frozen=True, slots=True)
class Polygons:
    """Shapes of the polygons of a piece, None where there is none, and which have what fault, by the message's code.

    Rings are open where their last point is not the first, while that of others is if ``closes``.
    """

    shapes: NDArray[np.object_]
    faults: dict[str, Ints]
    closes: bool


@np.errstate(all="ignore")
def polygons(objects: Objects, lines: SortedLines, grid: VctGrid) -> Polygons:
    """The shapes of the objects, by the lines of the file."""
    total, unread = len(objects.ids), np.unique(np.array(objects.unread, np.int64))
    spans, xy = stroked(np.array(objects.spans, np.int64).reshape(-1, 4), objects)
    ring = np.repeat(np.arange(len(spans)), spans[:, 2])
    plot, xy = np.repeat(spans[:, 0], spans[:, 2]), grid.placed(xy[spread(spans[:, 1], spans[:, 2])])
    own = outlines(ring, plot, xy, grid.near, total)
    bounded, missing, gaps = _bounded(np.array(objects.refs, np.int64).reshape(-1, 4), lines, grid, total)
    shapes = np.where(shapely.is_missing(own.shapes), bounded.shapes, own.shapes)
    shapes[unread] = None
    bare = np.ones(total, bool)
    bare[np.concatenate([own.plot, bounded.plot, missing, unread])] = False
    few = np.concatenate([own.plot[own.few], bounded.plot[bounded.few], np.flatnonzero(bare)])
    faults = {
        "read-vct-curves": unread,
        "read-vct-missing": missing,
        "read-vct-gaps": gaps,
        "read-vct-few": np.unique(few),
        "read-vct-open": np.unique(own.plot[~own.closed & ~own.few]),
    }
    return Polygons(shapes, faults, bool(own.closed.any()))


def _bounded(refs: Ints, lines: SortedLines, grid: VctGrid, total: int) -> tuple[DrawnRings, Ints, Ints]:
    """Polygons by their lines, those of which a line is missing, and those whose lines do not make closed rings."""
    ids, first, count, xy = lines
    at = np.searchsorted(ids, refs[:, 2])
    known = np.append(ids, -1)[at] == refs[:, 2]
    missing = np.unique(refs[~known, 0])
    kept = ~np.isin(refs[:, 0], missing)
    refs, at = refs[kept], at[kept]
    step, size = refs[:, 3], count[at]
    start = np.where(step > 0, first[at], first[at] + size - 1)
    points = grid.placed(xy[spread(start, size, step)])
    ring = np.cumsum(np.append(True, (np.diff(refs[:, :2], axis=0) != 0).any(axis=1))[: len(refs)]) - 1
    head = np.cumsum(size) - size
    tail = head + size - 1
    follows = np.append(head[1:], -1)[: len(refs)]
    ends = np.flatnonzero(np.diff(ring, append=-1))
    follows[ends] = head[np.flatnonzero(np.diff(ring, prepend=-1))]
    gaps = np.unique(refs[~together(points[tail], points[follows], grid.near), 0])
    of_ring, plot = np.repeat(ring, size), np.repeat(refs[:, 0], size)
    fresh = (np.diff(of_ring, prepend=-1) != 0) | (points != np.roll(points, 1, axis=0)).any(axis=1)
    drawn = outlines(of_ring[fresh], plot[fresh], points[fresh], grid.near, total)
    drawn.shapes[gaps] = None
    return drawn, missing, gaps


def spread(start: Ints, count: Ints, step: Ints | None = None) -> Ints:
    """The numbers of all members of runs, forwards or (step -1) backwards."""
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.asarray(np.repeat(start, count) + (within if step is None else within * np.repeat(step, count)))


def stroked(spans: Ints, objects: Objects) -> tuple[Ints, Floats]:
    """The spans with arcs and circles as chords, whose points come after the others."""
    xy, made = objects.xy, []
    total = len(xy)
    for at in np.flatnonzero(np.isin(spans[:, 3], (ARC, CIRCLE_OF_POINTS, CIRCLE))).tolist():
        _, first, count, kind = spans[at].tolist()
        if kind != CIRCLE and count != 3:
            continue
        points = curve(xy[first : first + count], kind, objects.radii.get(first, np.nan))
        spans[at, 1:3] = total, len(points)
        total += len(points)
        made.append(points)
    return spans, np.concatenate([xy, *made])


def curve(points: Floats, kind: int, radius: float = np.nan) -> Floats:
    """The points of an arc through three points, of a circle through three or of one around a point."""
    if kind == CIRCLE:
        return _turned(points[0], points[0] + [radius, 0.0], 2 * np.pi)
    centre = _centre(points)
    if not np.isfinite(centre).all():
        return points
    if kind == CIRCLE_OF_POINTS:
        return _turned(centre, points[0], 2 * np.pi)
    a, b, c = np.arctan2(*(points - centre).T[::-1])
    way = (c - a) % (2 * np.pi)
    turn = way if (b - a) % (2 * np.pi) < way else way - 2 * np.pi
    return np.concatenate([points[:1], _turned(centre, points[0], turn)[1:-1], points[2:]])


def _turned(centre: Floats, start: Floats, angle: float) -> Floats:
    """The points on the way of ``start`` around the centre."""
    steps = max(int(np.ceil(abs(angle) / STEP)), 2)
    turns = np.linspace(0, angle, steps + 1)
    x, y = start - centre
    return np.asarray(
        centre + np.column_stack([x * np.cos(turns) - y * np.sin(turns), x * np.sin(turns) + y * np.cos(turns)])
    )


def _centre(points: Floats) -> Floats:
    """Of the circle through three points; not finite where they lie on a line."""
    (ax, ay), b, c = points[0], points[1] - points[0], points[2] - points[0]
    cross = 2 * (b[0] * c[1] - b[1] * c[0])
    with np.errstate(all="ignore"):
        x = (c[1] * (b @ b) - b[1] * (c @ c)) / cross
        y = (b[0] * (c @ c) - c[0] * (b @ b)) / cross
    return np.array([ax + x, ay + y])
