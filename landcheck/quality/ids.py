"""Missing and repeated ids of one layer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.messages import Message
from landcheck.model import DataFinding, Level, Subject


@dataclass(slots=True)
class Ids:
    """Missing and repeated ids of one layer."""

    subject: str
    file: str
    parts: list[tuple[int, pa.Array]] = field(default_factory=list)

    def add(self, first_row: int, ids: pa.Array) -> None:
        """Take in the ids of a batch, nulls included."""
        self.parts.append((first_row, ids))

    def merge(self, other: Ids) -> None:
        """Take in another partition's ids."""
        self.parts += other.parts

    def finish(self) -> list[DataFinding]:
        """An error for each row without an id and for each id that stands more than once."""
        self.parts.sort(key=lambda part: part[0])
        if self._ascending():
            return []
        ids = pa.chunked_array([part for _, part in self.parts]).combine_chunks()
        counted = pc.value_counts(ids.drop_null())
        repeated = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
        return [*self._missing(ids), *self._repeated(ids, repeated)]

    def named(self, rows: Sequence[int]) -> dict[int, str]:
        """The ids of those rows, ``#`` and the row's number (from 1) for a missing one."""
        self.parts.sort(key=lambda part: part[0])
        starts = [first for first, _ in self.parts]
        return {row: self._at(row, starts) or f"#{row + 1}" for row in rows}

    def _at(self, row: int, starts: Sequence[int]) -> str | None:
        first, ids = self.parts[bisect_right(starts, row) - 1]
        found: str | None = ids[row - first].as_py()
        return found

    def _ascending(self) -> bool:
        """Every row has a greater id than the one before: most layers come so, and then none is looked up."""
        last = ""
        for ids in (ids for _, ids in self.parts if len(ids)):
            if ids.null_count or not last < ids[0].as_py() or not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
                return False
            last = ids[-1].as_py()
        return True

    def _missing(self, ids: pa.Array) -> list[DataFinding]:
        return [
            self._finding(f"#{row + 1}", Message("id-missing", {"file": self.file, "row": row + 1}), row + 1)
            for row in _where(ids.is_null())
        ]

    def _repeated(self, ids: pa.Array, repeated: pa.Array) -> list[DataFinding]:
        rows: dict[str, list[int]] = {}
        for row in _where(pc.is_in(ids, value_set=repeated)) if len(repeated) else ():
            rows.setdefault(ids[row].as_py(), []).append(row + 1)
        return [
            self._finding(ident, Message("id-repeated", {"file": self.file, "id": ident, "rows": at}), at[0])
            for ident, at in sorted(rows.items())
        ]

    def _finding(self, ident: str, message: Message, row: int) -> DataFinding:
        return DataFinding("data/id", Level.ERROR, Subject(self.subject, ident), message, row)


def _where(mask: pa.Array) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask.to_numpy(zero_copy_only=False))]
