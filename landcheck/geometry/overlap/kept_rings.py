"""The tables of a layer's rings, line by line in a file until the last ring is there and while they are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.overlap.ringtable import LINE, Lines, Numbers, RingTable, rings_of
from landcheck.geometry.overlap.store import Mapped
from landcheck.geometry.shapes.rings import Floats

# lines looked at together where all are gone through, and of those that are taken
LINES, TAKEN = 2**16, 2**14


class Tables:
    """The tables of many batches, until they are wanted."""

    def __init__(self) -> None:
        self._held = Mapped()
        self._parts: list[tuple[int, int, int]] = []  # first row, first line, lines
        self._lines = 0

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, table: RingTable) -> None:
        """Puts a batch aside; its rows do not lie between those of another."""
        if len(table):
            self._parts.append((int(table.row[0]), self._lines, len(table)))
            self._held.append(table.lines().data)
            self._lines += len(table)

    def __iter__(self) -> Iterator[RingTable]:
        return map(RingTable.of_lines, self._read())

    def joined(self) -> RingTable:
        """All of them as one, the rows in order."""
        return RingTable.of_lines(np.concatenate(list(self._read())))

    def laid(self) -> LaidTable:
        """The same in a file: this one, if the batches came in the order of their rows."""
        if self._parts != sorted(self._parts):
            sorted_tables = Tables()
            for table in self:
                sorted_tables.add(table)
            return sorted_tables.laid()
        return LaidTable(self._held)

    def _read(self) -> Iterator[Lines]:
        """The lines of each batch, in the order of the rows."""
        for _, first, lines in sorted(self._parts):
            yield self._held.take(slice(first, first + lines), LINE)


class LaidTable:
    """All rings of a layer, sorted by row, in a file: in memory are their rows, and what is taken of them."""

    def __init__(self, held: Mapped) -> None:
        self._held = held
        self._rows = np.concatenate([np.empty(0, np.int32), *(lines["row"].copy() for lines in self._all())])

    def __len__(self) -> int:
        return len(self._rows)

    def take(self, which: Numbers) -> RingTable:
        """Those rings only."""
        parts = (which[first : first + TAKEN] for first in range(0, len(which), TAKEN))
        return RingTable.of_lines(np.concatenate([np.empty(0, LINE), *(self._held.take(part, LINE) for part in parts)]))

    def of_rows(self, rows: NDArray[np.int32]) -> NDArray[np.intp]:
        """The rings of those rows (sorted)."""
        return rings_of(self._rows, rows)

    def boxes(self) -> Iterator[tuple[int, Floats]]:
        """All boxes, some (4, n) at a time, with the number of the first."""
        first = 0
        for lines in self._all():
            yield first, lines["box"].T
            first += len(lines)

    def _all(self) -> Iterator[Lines]:
        for first in range(0, self._held.size // LINE.itemsize, LINES):
            yield self._held.take(slice(first, first + LINES), LINE)
