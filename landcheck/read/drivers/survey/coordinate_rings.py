"""Boundary points, one a line, as polygons: rings by their numbers, labels and closing points, parts by containment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEAR_M, NEAR_DEGREES = 0.01, 1e-7
"""What surveyors round to, twice: the last point of a ring that lies so near to the first closes it."""


@dataclass(frozen=True, slots=True)
class BoundaryPoints:
    """Points in the order of the file: the plot of each (from 0), the ring's number, the label, (n, 2) east and north.

    ``near``: how near the closing point lies to the first.
    """

    plot: Ints
    ring: pa.Array
    label: pa.Array
    xy: NDArray[np.float64]
    near: float

    @np.errstate(all="ignore")
    def rings(self) -> Ints:
        """The number of the ring that each point belongs to, counted through the file.

        A ring ends where the plot or the ring's number changes. One number may serve several rings: then the
        next begins after the first point has come again, or where a label comes again at another place.
        """
        numbers = _coded(self.ring)
        change = np.ones(len(self.plot), bool)
        change[1:] = (np.diff(self.plot) != 0) | (np.diff(numbers) != 0)
        run = np.cumsum(change) - 1
        starts = np.flatnonzero(change)
        ends = np.append(starts, len(run))[1:]
        labels = _coded(self.label)
        closing = np.zeros(len(run), bool)
        closing[ends - 1] = True
        first = starts[run] if len(run) else run
        again = self.together(np.arange(len(run)), first) & ~change & ~closing
        keys = (run * (labels.max(initial=0) + 1) + labels)[~closing]
        _, at, count = np.unique(keys, return_index=True, return_counts=True)
        twice = run[~closing][at[count > 1]]
        for one in np.union1d(run[again], twice).tolist():
            change[starts[one] : ends[one]] = self._begins(range(starts[one], ends[one]), labels)
        return np.cumsum(change) - 1

    def together(self, a: Any, b: Any) -> Any:
        """Whether points lie at one place."""
        return together(self.xy[a], self.xy[b], self.near)

    def _begins(self, run: range, labels: Ints) -> list[bool]:
        """For each point of a run whether a ring begins with it."""
        seen: dict[int, int] = {}
        begins, first, closed = [], run.start, True
        for point in run:
            label = int(labels[point])
            moved = label in seen and not self.together(point, seen[label])
            begins.append(closed or moved)
            if begins[-1]:
                first, seen = point, {}
            closed = point - first > 2 and bool(self.together(point, first))
            seen.setdefault(label, point)
        return begins


@dataclass(frozen=True, slots=True)
class DrawnRings:
    """The polygon of each plot (None where a ring of it has under three points), and of each ring what was seen."""

    shapes: NDArray[np.object_]
    plot: Ints
    first: Ints
    """The number of the ring's first point."""
    closed: NDArray[np.bool_]
    few: NDArray[np.bool_]


@np.errstate(all="ignore")
def outlines(ring: Ints, plot: Ints, xy: Floats, near: float, plots: int) -> DrawnRings:
    """The rings as polygons, one or several a plot; which ring is a hole, containment decides and not its number.

    For each point the number of its ring, counted from 0, and of its plot.
    """
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    last = np.append(first, len(ring))[1:] - 1
    closed = together(xy[last], xy[first], near) & (last > first)
    few = last - first + 1 - closed < 3
    plot = plot[first]
    kept = ~few[ring] & ~(closed[ring] & (np.arange(len(ring)) == last[ring]))
    _, index = np.unique(ring[kept], return_inverse=True)
    drawn = np.full(len(first), None, object)
    drawn[~few] = shapely.polygons(shapely.linearrings(xy[kept], indices=index)) if kept.any() else []
    shapes = np.full(plots, None, object)
    count = np.bincount(plot, minlength=plots)
    alone = count[plot] == 1
    shapes[plot[alone]] = drawn[alone]
    count[plot[few]] = 0
    after = np.searchsorted(plot, np.arange(plots), side="right")
    for one in np.flatnonzero(count > 1).tolist():
        shapes[one] = _assembled(drawn[after[one] - count[one] : after[one]])
    return DrawnRings(shapes, plot, first, closed, few)


def together(a: Floats, b: Floats, near: float) -> NDArray[np.bool_]:
    """Whether the points of both lie at one place."""
    return np.asarray((np.abs(a - b) <= near).all(axis=-1))


def _assembled(rings: NDArray[np.object_]) -> Any:
    """One shape of several rings: a ring within an odd number of others is a hole of the smallest of them."""
    rings = rings[np.argsort(-shapely.area(rings), kind="stable")]
    inner, outer = shapely.STRtree(rings).query(rings, predicate="covered_by")
    inner, outer = inner[outer < inner], outer[outer < inner]
    hole = np.bincount(inner, minlength=len(rings)) % 2 == 1
    within, around = np.full(len(rings), -1), hole[inner] & ~hole[outer]
    np.maximum.at(within, inner[around], outer[around])
    holes: dict[int, list[Any]] = {at: [] for at in np.flatnonzero(~hole).tolist()}
    for at in np.flatnonzero(hole).tolist():
        holes[int(within[at])].append(rings[at].exterior)
    parts = [shapely.Polygon(rings[at].exterior, those) for at, those in holes.items()]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _coded(column: pa.Array) -> Ints:
    return np.asarray(column.dictionary_encode().indices, np.int64)
