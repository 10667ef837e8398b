"""What crosses rows: totals, the rows a report shows, and which parcels each text binds by its dates.

Accumulators with ``add``, ``merge`` and ``finish``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.errors import InternalError
from landcheck.measures import Columns
from landcheck.model import NO_DATE, Pack, Rule, Standing, Validity, Verdict, day_number
from landcheck.verdicts.decide import RECORDED

VerdictCounts = tuple[int, int, int, int, int]

NAMED = 10  # parcels a notice names before it only counts
SHOWN = (Verdict.REVIEW, Verdict.UNDETERMINED, Verdict.FAIL)


@dataclass(slots=True)
class ReportRows:
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

    def take(self, rows: NDArray[np.intp]) -> ReportRows:
        """Those rows only, in that order."""
        return ReportRows(
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
        named = zip(self.rules, self.counts.tolist(), strict=True)
        return {rule.id: (passed, review, undetermined, failed, not_applicable)
                for rule, (passed, review, undetermined, failed, not_applicable) in named}  # fmt: skip


@dataclass(slots=True)
class RowSelection:
    """The rows to show, batch by batch."""

    columns: frozenset[str]
    everything: bool
    parts: list[ReportRows] = field(default_factory=list)

    def wanted(self, verdicts: NDArray[np.int8]) -> NDArray[np.intp]:
        """The rows of a batch that some rule flagged."""
        if self.everything:
            return np.arange(verdicts.shape[1])
        return np.flatnonzero(((verdicts >= min(SHOWN)) & (verdicts <= max(SHOWN))).any(axis=0))

    def add(self, kept: ReportRows) -> None:
        """Keep the flagged rows of a batch."""
        self.parts.append(kept)

    def merge(self, other: RowSelection) -> None:
        """Take in another partition's rows."""
        self.parts += other.parts

    def finish(self) -> ReportRows | None:
        """All rows shown, sorted by id and then by row; None where there are none."""
        parts = [part for part in self.parts if len(part.rows)]
        if not parts:
            return None
        ids = pa.chunked_array([part.ids for part in parts]).combine_chunks()
        rows = np.concatenate([part.rows for part in parts])
        order = pc.sort_indices(
            pa.table({"id": ids, "row": rows}), sort_keys=[("id", "ascending"), ("row", "ascending")]
        ).to_numpy()
        return ReportRows(
            ids.take(order),
            rows[order],
            np.concatenate([part.verdicts for part in parts], axis=1)[:, order],
            {name: np.concatenate([part.columns[name] for part in parts])[order] for name in parts[0].columns},
            np.concatenate([part.places for part in parts])[order],
            None if parts[0].drawn is None else np.concatenate([part.drawn for part in parts])[order],
        )


@dataclass(slots=True)
class EndedCount:
    """Parcels of one text: dated by a record of their own after its end, and judged by a date assumed after it."""

    recorded_after: int = 0
    assumed_after: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, after: NDArray[np.bool_], ids: pa.Array, assumed: int) -> None:
        """Count a batch; of the ids the first few in their order stay."""
        self.recorded_after += int(after.sum())
        self.assumed_after += assumed
        if after.any():
            named = pc.array_sort_indices(found := ids.filter(pa.array(after)))
            self.first = sorted({*self.first, *found.take(named[:NAMED]).to_pylist()})[:NAMED]

    def merge(self, other: EndedCount) -> None:
        """Take in another partition's."""
        self.recorded_after += other.recorded_after
        self.assumed_after += other.assumed_after
        self.first = sorted({*self.first, *other.first})[:NAMED]


@dataclass(slots=True)
class ForceWindows:
    """For each pack how many parcels lie within the days of any of its texts; for each text that ends, its count."""

    packs: Sequence[Pack]
    within: dict[str, int] = field(init=False)
    ended: dict[Standing, EndedCount] = field(init=False)

    def __post_init__(self) -> None:
        self.within = {pack.id: 0 for pack in self.packs}
        self.ended = {text: EndedCount() for pack in self.packs for text in pack.standings if text.in_force_until}

    def add(self, columns: Columns, ids: pa.Array) -> None:
        """Count a batch."""
        for pack in self.packs:
            masks = [_binds(text, columns) for text in pack.standings]
            self.within[pack.id] += int(np.count_nonzero(np.logical_or.reduce(masks)))
        for text, count in self.ended.items():
            assert text.in_force_until is not None
            date, recorded, end = columns["approval_date"], columns[RECORDED], day_number(text.in_force_until)
            count.add(recorded > end, ids, int(np.count_nonzero((date > end) & (recorded == NO_DATE))))

    def merge(self, other: ForceWindows) -> None:
        """Take in another partition's."""
        for pack, rows in other.within.items():
            self.within[pack] += rows
        for text, count in other.ended.items():
            self.ended[text].merge(count)


def _binds(text: Standing, columns: Columns) -> NDArray[np.bool_]:
    since = columns["approval_date"] >= day_number(text.in_force_from)
    if text.validity is not Validity.STATED or text.in_force_until is None:
        return np.asarray(since)
    return np.asarray(since & (columns[RECORDED] <= day_number(text.in_force_until)))
