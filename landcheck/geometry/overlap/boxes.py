"""Which of many boxes meet which others, by square cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.overlap.ringtable import spread
from landcheck.geometry.shapes.rings import Bools, Floats, Ints

# four bytes of a row of comparisons, all true
ALL_FOUR = np.uint32(0x01010101)
# pairs looked at together
AT_ONCE = 2**20


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells about the size of the boxes; ``member[first[c]:first[c + 1]]`` are the boxes that reach into cell c.

    ``sides``: of each member, see ``inner_sides``.
    """

    west: float
    south: float
    step: tuple[float, float]
    wide: int
    high: int
    member: NDArray[np.intp]
    first: Ints
    sides: Floats

    @classmethod
    def over(cls, box: Floats) -> Grid:
        """Of boxes (4, n): west, south, east, north; n is not 0."""
        west, south, east, north = float(box[0].min()), float(box[1].min()), float(box[2].max()), float(box[3].max())
        most = 4 * int(np.sqrt(box.shape[1])) + 1
        wide = int(min(most, (east - west) // max(float(np.mean(box[2] - box[0])), 1e-9) + 1))
        high = int(min(most, (north - south) // max(float(np.mean(box[3] - box[1])), 1e-9) + 1))
        step = (east - west) / wide or 1.0, (north - south) / high or 1.0
        empty = cls(west, south, step, wide, high, np.empty(0, np.intp), np.empty(0, np.int64), np.empty((0, 4)))
        entry, cell = empty._cells(box)
        order = np.argsort(cell.astype(np.uint16) if wide * high <= 2**16 else cell, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=wide * high))])
        member = entry[order]
        return cls(west, south, step, wide, high, member, first, inner_sides(box).take(member, axis=0))

    def meeting(self, box: Floats) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Pairs (one of those boxes, one of the grid's) whose insides meet, some at a time.

        A pair may be told more than once.
        """
        entry, cell = self._cells(box)
        first, count = self.first[cell], self.first[cell + 1] - self.first[cell]
        outer = outer_sides(box)
        for part in _parts(count):
            which, at = np.repeat(entry[part], count[part]), spread(first[part], count[part])
            meet = np.flatnonzero(meets(outer.take(which, axis=0), self.sides.take(at, axis=0)))
            yield which.take(meet), self.member.take(at.take(meet))

    def _cells(self, box: Floats) -> tuple[NDArray[np.intp], Ints]:
        """Each box with every cell it reaches into."""
        left, right = (self._index(side, self.west, self.step[0], self.wide) for side in (box[0], box[2]))
        low, up = (self._index(side, self.south, self.step[1], self.high) for side in (box[1], box[3]))
        columns = right - left + 1
        cells = columns * (up - low + 1)
        if (cells == 1).all():
            return np.arange(len(left)), low * self.wide + left
        entry = np.repeat(np.arange(len(left)), cells)
        row, column = np.divmod(spread(np.zeros_like(left), cells), columns[entry])
        return entry, (low[entry] + row) * self.wide + left[entry] + column

    @staticmethod
    def _index(side: Floats, origin: float, step: float, cells: int) -> Ints:
        return np.clip((side - origin) / step, 0, cells - 1).astype(np.int64)


def _parts(count: Ints) -> Iterator[slice]:
    """Stretches of the entries with no more than ``AT_ONCE`` pairs each, one entry at least."""
    pairs = np.cumsum(count)
    begin = 0
    while begin < len(count):
        before = int(pairs[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(pairs, before + AT_ONCE, side="right")))
        yield slice(begin, end)
        begin = end


def inner_sides(box: Floats) -> Floats:
    """(n, 4) of boxes (4, n): west and south negated, east, north; each must exceed the other box's outer side."""
    return np.ascontiguousarray((box * [[-1], [-1], [1], [1]]).T)


def outer_sides(box: Floats) -> Floats:
    """(n, 4) of boxes (4, n): east and north negated, west, south."""
    return np.ascontiguousarray((box[[2, 3, 0, 1]] * [[-1], [-1], [1], [1]]).T)


def meets(outer: Floats, inner: Floats) -> Bools:
    """Whether two boxes share more than a border, line by line."""
    meet: Bools = (inner > outer).view(np.uint32).ravel() == ALL_FOUR
    return meet
