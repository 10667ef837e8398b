"""Groups of subjects that lie apart: drawn on one sheet they would be specks at its edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 6
# Empty land of more than this share of a sheet parts the sheet.
APART = 0.2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Cut:
    share: float
    near: Ints
    far: Ints


def groups(boxes: Floats) -> list[Ints]:
    """The rows of each group, the northern ones first; ``boxes`` (west, south, east, north) without NaN."""
    found = [np.arange(len(boxes))]
    while len(found) < MOST:
        cuts = [_widest(boxes, rows) for rows in found]
        best = max(range(len(cuts)), key=lambda i: cuts[i].share)
        if cuts[best].share <= APART:
            break
        found[best : best + 1] = [cuts[best].near, cuts[best].far]
    return sorted(found, key=lambda rows: (-float(boxes[rows, 3].max()), float(boxes[rows, 0].min())))


def around(boxes: Floats) -> Floats:
    """The box that holds all of them."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _widest(boxes: Floats, rows: Ints) -> _Cut:
    west, south, east, north = around(boxes[rows])
    extent = max(east - west, north - south, 1.0)
    cuts = (_gap(boxes[rows, side], boxes[rows, side + 2], rows) for side in (0, 1))
    best = max(cuts, key=lambda cut: cut.share)
    return _Cut(best.share / extent, best.near, best.far)


def _gap(low: Floats, high: Floats, rows: Ints) -> _Cut:
    """The widest stretch along one axis that no box covers."""
    if len(rows) < 2:
        return _Cut(0.0, rows, rows[:0])
    order = np.argsort(low, kind="stable")
    reach = np.maximum.accumulate(high[order])
    gaps = low[order][1:] - reach[:-1]
    at = int(gaps.argmax())
    return _Cut(float(gaps[at]), rows[order[: at + 1]], rows[order[at + 1 :]])
