"""A batch on its way, and what crosses batches: the accumulators' protocol, totals, windows, rows that a report shows.

What one row needs is a function of its batch. What crosses rows is an accumulator with ``add``, ``merge`` and
``finish``: the size of the batches changes nothing, and parts of a layer can be worked on apart.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.errors import InternalError
from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.shapes.batch import Shapes
from landcheck.measures import Columns
from landcheck.messages import Message
from landcheck.model import NO_DATE, Batch, DataFinding, Pack, Rule, Standing, UseRoom, Validity, Verdict, day_number
from landcheck.verdicts.decide import RECORDED
from landcheck.verdicts.held_columns import in_that_order

VerdictCounts = tuple[int, int, int, int, int]
HangingKey = tuple[str, str, str, int, int]  # interpretation, the other choice, rule, verdict, the other verdict

NAMED = 10  # parcels a notice names before it only counts


@dataclass(slots=True)
class ReportRows:
    """Rows that a report shows: ids, parks (null unknown), row numbers from 0, verdicts (rules x rows), the
    columns that rules read, places.

    ``drawn`` (rows x 2): ellipsoidal and planar area of the shapes to 0.01 m², as areas are stated, where the layer has
    shapes.
    """

    ids: pa.Array
    parks: pa.Array
    rows: NDArray[np.int64]
    verdicts: NDArray[np.int8]
    columns: dict[str, NDArray[Any]]
    places: NDArray[np.float64]
    drawn: NDArray[np.float64] | None = None

    def take(self, rows: NDArray[np.intp]) -> ReportRows:
        """Those rows only, in that order."""
        return ReportRows(
            self.ids.take(rows), self.parks.take(rows), self.rows[rows], self.verdicts[:, rows],
            {name: column[rows] for name, column in self.columns.items()}, self.places[rows],
            None if self.drawn is None else self.drawn[rows],
        )  # fmt: skip


@dataclass(slots=True)
class Counts:
    """How many rows took an assumption, a declared fallback or evidence from elsewhere; by (role, name)."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, role: str, counts: Mapping[str, int]) -> None:
        """Count some rows by name; zeros leave no trace."""
        self.rows.update({(role, name): number for name, number in counts.items() if number})

    def add(self, result: BatchResult) -> None:
        """Take in what a batch counted."""
        self.merge(result.counts)

    def merge(self, other: Counts) -> None:
        """Take in another part's counts."""
        self.rows.update(other.rows)

    def of(self, role: str) -> dict[str, int]:
        """The counts of one role, by name."""
        return {name: number for (r, name), number in sorted(self.rows.items()) if r == role}


@dataclass(slots=True)
class BatchResult:
    """A batch of one kind of subject on its way down the road: completed first, then judged.

    ``ids``: the row's number (``#5``) stands where a row has no id. ``shapes``: the sound ones, in ``frame``, and
    ``drawn`` their areas in m² by basis, NaN unknown. ``matched``: by companion, which of its ids rows of the batch
    have. ``rules``, their ``verdicts`` (rules x rows) and what follows are there once a ``RuleSet`` judged the batch:
    the rows ``selected`` for the report, the ids whose verdict is ``hanging`` on a reading, and ``flips``, by rule and
    area basis, where the verdict is another if the site area is the drawn one. ``rooms``: by use the headroom, what
    must be built, and where it is the pool's; ``explained``: the same with what is missing, where a report states it.
    """

    batch: Batch
    ids: pa.Array
    frame: Frame | None = None
    shapes: Shapes | None = None
    drawn: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    matched: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    findings: list[DataFinding] = field(default_factory=list)
    rules: Sequence[Rule] = ()
    verdicts: NDArray[np.int8] = field(init=False)
    selected: ReportRows = field(init=False)
    hanging: dict[HangingKey, pa.Array] = field(default_factory=dict)
    flips: list[tuple[Message, NDArray[np.bool_]]] = field(default_factory=list)
    rooms: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]] = field(init=False)
    explained: Mapping[str, UseRoom] = field(init=False)


class Accumulator(Protocol):
    """What crosses the rows of a run; its ``finish`` gives what the report needs of it."""

    def add(self, result: BatchResult) -> None:
        """Take in a batch."""

    def merge(self, other: Self) -> None:
        """Take in what another part of the layer gave, in the order of the rows."""


class DataCheck(ABC):
    """An accumulator that finds what is wrong with the data of a layer."""

    __slots__ = ()

    @abstractmethod
    def add(self, result: BatchResult) -> None:
        """Take in a batch."""

    @abstractmethod
    def merge(self, other: Self) -> None:
        """Take in what another part of the layer gave."""

    @abstractmethod
    def finish(self) -> list[DataFinding]:
        """The findings, in any order."""


@dataclass(slots=True)
class Totals:
    """How often each rule gave each verdict, and the proof that none was left out."""

    rules: Sequence[Rule]
    rows: int = 0
    counts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros((len(self.rules), len(Verdict)), np.int64)

    def add(self, result: BatchResult) -> None:
        """Count a batch."""
        self.rows += result.verdicts.shape[1]
        for number, row in enumerate(result.verdicts):
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
class EveryVerdict:
    """Every verdict on every row: of each batch its first row, its rules and rows, and a byte for each, compressed."""

    parts: list[tuple[int, tuple[int, ...], bytes]] = field(default_factory=list)

    def add(self, result: BatchResult) -> None:
        """Keep a batch's verdicts."""
        codes = np.ascontiguousarray(result.verdicts)
        self.parts.append((result.batch.first_row, codes.shape, pa.compress(codes, "lz4", asbytes=True)))

    def merge(self, other: EveryVerdict) -> None:
        """Take in another part's."""
        self.parts += other.parts

    def finish(self) -> NDArray[np.int8]:
        """All verdicts (rules x rows) in the order of the rows."""
        parts = [
            np.frombuffer(pa.decompress(packed, int(np.prod(shape)), "lz4", asbytes=True), np.int8).reshape(shape)
            for _, shape, packed in sorted(self.parts)
        ]
        return np.concatenate(parts, axis=1)


@dataclass(slots=True)
class RowSelection:
    """The rows that the report shows, batch by batch."""

    parts: list[ReportRows] = field(default_factory=list)

    def add(self, result: BatchResult) -> None:
        """Keep the selected rows of a batch."""
        self.parts.append(result.selected)

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
            pa.chunked_array([part.parks for part in parts]).combine_chunks().take(order),
            rows[order],
            np.concatenate([part.verdicts for part in parts], axis=1)[:, order],
            {name: in_that_order([part.columns[name] for part in parts], order) for name in parts[0].columns},
            in_that_order([part.places for part in parts], order),
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

    def add(self, result: BatchResult) -> None:
        """Count a batch."""
        columns, ids = result.batch.columns, result.ids
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
