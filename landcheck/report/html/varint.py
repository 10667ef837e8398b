"""Shapes as a page can carry them: whole decimetres, each coordinate as its difference from the one before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# beyond, the difference of two coordinates would not fit the 32 bits in which browsers shift
FARTHEST_DM = 2**29


@dataclass(frozen=True, slots=True)
class Outlines:
    """Rings in decimetres, of all subjects one after the other.

    ``rings``: how many each subject has; ``points``: how many each ring has, the first one once; ``x``, ``y``: theirs.
    """

    rings: Ints
    points: Ints
    x: Ints
    y: Ints

    def packed(self) -> bytes:
        """Counts, then x and y in turn, as variable-length integers."""
        turns = np.column_stack([self.x, self.y])
        steps = np.diff(turns, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
        return varints(np.concatenate([self.rings, self.points, zigzag(steps)]))


def joined(parts: list[Outlines]) -> Outlines:
    """All of them, one after the other."""
    nothing = np.empty(0, np.int64)
    columns = [(part.rings, part.points, part.x, part.y) for part in parts] or [(nothing,) * 4]
    return Outlines(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def zigzag(values: Ints) -> Ints:
    """Small numbers of either sign as small numbers without one: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return np.asarray((values << 1) ^ (values >> 63), np.int64)


def varints(values: Ints) -> bytes:
    """Seven bits a byte, the lowest first; the eighth bit says that more follow. Values below 2**35."""
    lengths = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28):
        lengths += values >= 1 << bits
    start = np.cumsum(lengths) - lengths
    out = np.zeros(int(lengths.sum()), np.uint8)
    for place in range(5):
        some = lengths > place
        more = (lengths[some] > place + 1).astype(np.int64) << 7
        out[start[some] + place] = (values[some] >> 7 * place) & 0x7F | more
    return out.tobytes()
