"""A layer's rings on their way between processes: all of a part, or what reaches into one tile of the ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.overlap.ringtable import RingTable, spread
from landcheck.geometry.overlap.tiles import Floats, cuts

Tile = tuple[float, float, float, float]

# of each part so many rows speak for where its parcels lie
SAMPLE = 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """Rings and their points; ``table.start`` counts within ``points``."""

    table: RingTable
    points: NDArray[np.complex128]

    def middles(self) -> Floats:
        """(2, n): the middles of some of the shapes, spread evenly over the rows."""
        shells = np.flatnonzero(~self.table.hole)
        box = self.table.box[:, shells[:: -(-len(shells) // SAMPLE) or 1]]
        return (box[:2] + box[2:]) / 2

    def within(self, tile: Tile) -> Piece:
        """The rows that reach into the tile, each whole."""
        (west, south, east, north), box = tile, self.table.box
        reach = (box[2] >= west) & (box[0] <= east) & (box[3] >= south) & (box[1] <= north)
        table = self.table.take(self.table.of_rows(np.unique(self.table.row[reach & ~self.table.hole])))
        points = self.points[spread(table.start, table.count)]
        return Piece(table.moved(np.cumsum(table.count, dtype=np.int64) - table.count), points)


def plan(middles: Floats, rows: int, about: int) -> list[Tile]:
    """Tiles that cover the plane, with about so many of the rows in each, by the middles (2, n) of some of them."""
    return list(_planned(middles, max(1, round(rows / about))))


def _planned(middles: Floats, tiles: int) -> Iterator[Tile]:
    across = max(1, round(np.sqrt(tiles)))
    for west, east in cuts(middles[0], across):
        strip = middles[1, (middles[0] >= west) & (middles[0] <= east)]
        for south, north in cuts(strip, max(1, round(tiles / across))):
            yield west, south, east, north
