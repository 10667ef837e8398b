"""A layer cut into stretches of about as many shapes each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# so many boxes speak for where all of them lie
SAMPLE = 2**16
GOLDEN = (5**0.5 - 1) / 2


def tiles(box: Floats, about: int) -> Iterator[NDArray[np.intp]]:
    """For each stretch the numbers of all boxes (4, n: west, south, east, north) that reach into it.

    The stretches cover the layer: two boxes that meet are together in at least one of them.
    """
    across = max(1, round(np.sqrt(box.shape[1] / about)))
    some = box[:, _some(box.shape[1])]
    for west, east in cuts((some[0] + some[2]) / 2, across):
        strip = np.flatnonzero((box[2] >= west) & (box[0] <= east))
        low, high = box[1, strip], box[3, strip]
        for south, north in cuts((low + high) / 2, max(1, round(len(strip) / about))):
            yield strip[(high >= south) & (low <= north)]


def _some(boxes: int) -> NDArray[np.intp]:
    """Numbers of ``SAMPLE`` boxes, or of all: by the golden ratio, which no order of the rows goes along with."""
    if boxes <= SAMPLE:
        return np.arange(boxes)
    share: Floats = np.arange(SAMPLE, dtype=np.float64) * GOLDEN % 1
    return (share * boxes).astype(np.intp)


def cuts(middles: Floats, pieces: int) -> Iterator[tuple[float, float]]:
    """Borders between which about as many of the middles lie; the outermost are at infinity."""
    if not len(middles):
        return
    borders = np.quantile(middles, np.linspace(0, 1, pieces + 1))
    borders[0], borders[-1] = -np.inf, np.inf
    for i in range(pieces):
        yield float(borders[i]), float(borders[i + 1])
