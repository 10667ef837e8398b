"""What crosses rows: totals, and the rows a report shows. Accumulators with ``add``, ``merge`` and ``finish``."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.errors import InternalError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level, Rule, Subject, Verdict

VerdictCounts = tuple[int, int, int, int, int]

SHOWN = (Verdict.REVIEW, Verdict.UNDETERMINED, Verdict.FAIL)


@dataclass(slots=True)
class Kept:
    """Rows that a report shows: ids, row numbers from 0, verdicts (rules x rows), the columns rules read, places.

    ``drawn`` (rows x 2): ellipsoidal and planar area of the shapes to 0.01 m², as areas are stated, where the layer has
    shapes.
    """

    ids: pa.Array
    rows: NDArray[np.int64]
    verdicts: NDArray[np.int8]
    columns: dict[str, NDArray[Any]]
    places: NDArray[np.float64]
    drawn: NDArray[np.float64] | None = None

    def take(self, rows: NDArray[np.intp]) -> Kept:
        """Those rows only, in that order."""
        return Kept(
            self.ids.take(rows), self.rows[rows], self.verdicts[:, rows],
            {name: column[rows] for name, column in self.columns.items()}, self.places[rows],
            None if self.drawn is None else self.drawn[rows],
        )  # fmt: skip


@dataclass(slots=True)
class Totals:
    """How often each rule gave each verdict, and the proof that none was left out."""

    rules: Sequence[Rule]
    rows: int = 0
    counts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros((len(self.rules), len(Verdict)), np.int64)

    def add(self, verdicts: NDArray[np.int8]) -> None:
        """Count a batch."""
        self.rows += verdicts.shape[1]
        for number, row in enumerate(verdicts):
            self.counts[number] += np.bincount(row, minlength=len(Verdict))

    def merge(self, other: Totals) -> None:
        """Take in another partition's totals."""
        self.rows += other.rows
        self.counts += other.counts

    def finish(self) -> dict[str, VerdictCounts]:
        """Counts by rule, indexed by ``Verdict``. InternalError where a rule and a row have no verdict."""
        for rule, counts in zip(self.rules, self.counts, strict=True):
            if counts.sum() != self.rows:
                raise InternalError("coverage-broken", rule=rule.id, rows=self.rows, verdicts=int(counts.sum()))
        return {rule.id: _counts(line.tolist()) for rule, line in zip(self.rules, self.counts, strict=True)}


@dataclass(slots=True)
class Shown:
    """The rows to show, batch by batch."""

    columns: frozenset[str]
    everything: bool
    parts: list[Kept] = field(default_factory=list)

    def wanted(self, verdicts: NDArray[np.int8]) -> NDArray[np.intp]:
        """The rows of a batch that some rule flagged."""
        if self.everything:
            return np.arange(verdicts.shape[1])
        return np.flatnonzero(((verdicts >= min(SHOWN)) & (verdicts <= max(SHOWN))).any(axis=0))

    def add(self, kept: Kept) -> None:
        """Keep the flagged rows of a batch."""
        self.parts.append(kept)

    def merge(self, other: Shown) -> None:
        """Take in another partition's rows."""
        self.parts += other.parts

    def finish(self) -> Kept | None:
        """All rows shown, sorted by id and then by row; None where there are none."""
        parts = [part for part in self.parts if len(part.rows)]
        if not parts:
            return None
        ids = pa.chunked_array([part.ids for part in parts]).combine_chunks()
        rows = np.concatenate([part.rows for part in parts])
        order = pc.sort_indices(
            pa.table({"id": ids, "row": rows}), sort_keys=[("id", "ascending"), ("row", "ascending")]
        ).to_numpy()
        return Kept(
            ids.take(order),
            rows[order],
            np.concatenate([part.verdicts for part in parts], axis=1)[:, order],
            {name: np.concatenate([part.columns[name] for part in parts])[order] for name in parts[0].columns},
            np.concatenate([part.places for part in parts])[order],
            None if parts[0].drawn is None else np.concatenate([part.drawn for part in parts])[order],
        )


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


@dataclass(slots=True)
class Counts:
    """How many rows took an assumption, a declared fallback or evidence from elsewhere; by (role, name)."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, role: str, counts: dict[str, int]) -> None:
        """Count a batch; zeros leave no trace."""
        self.rows.update({(role, name): number for name, number in counts.items() if number})

    def merge(self, other: Counts) -> None:
        """Take in another partition's counts."""
        self.rows.update(other.rows)

    def of(self, role: str) -> dict[str, int]:
        """The counts of one role."""
        return {name: number for (r, name), number in sorted(self.rows.items()) if r == role}


def _counts(line: list[int]) -> VerdictCounts:
    passed, review, undetermined, failed, not_applicable = line
    return passed, review, undetermined, failed, not_applicable


def _where(mask: pa.Array) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask.to_numpy(zero_copy_only=False))]
