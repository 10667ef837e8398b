"""Stretches that cover a layer, with about as much in each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.overlap.kept_rings import LaidTable
from landcheck.geometry.overlap.ringtable import Tile
from landcheck.geometry.shapes.rings import Floats

GOLDEN = (5**0.5 - 1) / 2
# so many boxes speak for where all of a layer lie
BOXES_SAMPLED = 2**16


def sampled(table: LaidTable) -> Floats:
    """Boxes (4, n) that speak for all; by the golden ratio, which goes along with no order of rows."""
    wanted = np.sort(_some(len(table)))
    parts = [box[:, wanted[slice(*np.searchsorted(wanted, [first, first + box.shape[1]]))] - first]
             for first, box in table.boxes()]  # fmt: skip
    return np.concatenate(parts, axis=1)


def tiles(table: LaidTable, some: Floats, about: int) -> Iterator[NDArray[np.int32]]:
    """For each stretch the numbers of all rings whose boxes reach into it; ``some`` boxes speak for all.

    The stretches cover the layer: two boxes that meet are together in at least one of them.
    """
    borders = list(cuts((some[0] + some[2]) / 2, max(1, round(np.sqrt(len(table) / about)))))
    strips = _strips(table, borders)
    while strips:
        strip = np.concatenate(strips.pop(0))
        _, low, _, high = table.take(strip).box
        for south, north in cuts((low + high) / 2, max(1, round(len(strip) / about))):
            yield strip[(high >= south) & (low <= north)]


def _strips(table: LaidTable, borders: list[tuple[float, float]]) -> list[list[NDArray[np.int32]]]:
    """The numbers of the rings that reach into each strip from west to east, in pieces, by one look at each box."""
    parts: list[list[NDArray[np.int32]]] = [[] for _ in borders]
    for first, box in table.boxes():
        for part, (west, east) in zip(parts, borders, strict=True):
            part.append((first + np.flatnonzero((box[2] >= west) & (box[0] <= east))).astype(np.int32))
    return parts


def _some(boxes: int) -> NDArray[np.intp]:
    """Numbers of ``BOXES_SAMPLED`` boxes, or of all where there are no more."""
    if boxes <= BOXES_SAMPLED:
        return np.arange(boxes)
    share: Floats = np.arange(BOXES_SAMPLED, dtype=np.float64) * GOLDEN % 1
    return (share * boxes).astype(np.intp)


def cuts(middles: Floats, pieces: int) -> Iterator[tuple[float, float]]:
    """Borders between which about as many of the middles lie; the outermost are at infinity."""
    if not len(middles):
        return
    borders = np.quantile(middles, np.linspace(0, 1, pieces + 1))
    borders[0], borders[-1] = -np.inf, np.inf
    for i in range(pieces):
        yield float(borders[i]), float(borders[i + 1])


def plan(middles: Floats, rows: int, about: int) -> list[Tile]:
    """Tiles that cover the plane, with about so many of the rows in each, by the middles (2, n) of some of them."""
    return list(_planned(middles, max(1, round(rows / about))))


def _planned(middles: Floats, tiles: int) -> Iterator[Tile]:
    across = max(1, round(np.sqrt(tiles)))
    for west, east in cuts(middles[0], across):
        strip = middles[1, (middles[0] >= west) & (middles[0] <= east)]
        for south, north in cuts(strip, max(1, round(tiles / across))):
            yield west, south, east, north
