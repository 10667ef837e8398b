"""The plane on the paper: where a decimetre of the map comes to lie, and how long the scale bar is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landcheck.report.html.varint import Outlines

WIDTH = 1000
LOWEST, HIGHEST = 380, 1000
EDGE = 36  # px free around the outlines
SMALLEST_DM = 1000  # a single hut is not blown up over the whole sheet

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plot:
    """``scale`` is px a decimetre; ``west`` and ``north`` (dm) lie at the upper left corner; ``height`` in px."""

    scale: float
    west: float
    north: float
    height: int

    def to_paper(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Pixels from the upper left corner."""
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    @property
    def bar(self) -> tuple[float, float]:
        """The scale bar: metres (1, 2 or 5 times a power of ten) and px, at most a fifth of the width."""
        most = WIDTH / 5 / self.scale / 10
        power = 10.0 ** math.floor(math.log10(most))
        metres = max(step * power for step in (1, 2, 5) if step * power <= most)
        return metres, metres * 10 * self.scale


def plot(box: Floats, highest: int = HIGHEST) -> Plot:
    """The sheet that holds a box (west, south, east, north in dm)."""
    west, south, east, north = box.tolist()
    wide, tall = max(east - west, SMALLEST_DM), max(north - south, SMALLEST_DM)
    height = min(highest, max(LOWEST, round((WIDTH - 2 * EDGE) * tall / wide) + 2 * EDGE))
    scale = min((WIDTH - 2 * EDGE) / wide, (height - 2 * EDGE) / tall)
    return Plot(scale, (west + east) / 2 - WIDTH / 2 / scale, (south + north) / 2 + height / 2 / scale, height)


@dataclass(frozen=True, slots=True)
class Shape:
    """One subject on the paper: ``rings`` as rows of (x, y) in px."""

    rings: tuple[Floats, ...]

    @property
    def path(self) -> str:
        """The outline as SVG writes it."""
        return "".join(_ring(ring) for ring in self.rings)


def shapes(of: Outlines, on: Plot) -> list[Shape]:
    """The subjects' outlines on the paper, to 0.1 px; points that fall together are drawn once."""
    x, y = on.to_paper(of.x.astype(np.float64), of.y.astype(np.float64))
    points = np.asarray(np.round(np.column_stack([x, y]), 1), np.float64)
    rings: list[Floats] = np.split(points, np.cumsum(of.points)[:-1]) if len(of.points) else []
    first = np.concatenate([[0], np.cumsum(of.rings)]).astype(int).tolist()
    thinned = [_thinned(ring) for ring in rings]
    return [Shape(tuple(thinned[a:b])) for a, b in pairwise(first)]


def boxes(of: Outlines) -> Floats:
    """West, south, east and north of each subject in dm; NaN for one without a ring."""
    found = np.full((len(of.rings), 4), np.nan)
    if len(of.x):
        points = np.add.reduceat(of.points, _starts(of.rings)[of.rings > 0])
        start = np.concatenate([[0], np.cumsum(points)[:-1]])
        lowest, highest = np.minimum.reduceat, np.maximum.reduceat
        sides = (lowest(of.x, start), lowest(of.y, start), highest(of.x, start), highest(of.y, start))
        found[of.rings > 0] = np.column_stack(sides)
    return found


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(counts) - counts


def _thinned(ring: Floats) -> Floats:
    moved: NDArray[np.bool_] = (np.diff(ring, axis=0, prepend=ring[-1:]) != 0).any(axis=1)
    return ring[moved] if moved.any() else ring[:1]


def _ring(ring: Floats) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in ring.tolist()) + "Z"
