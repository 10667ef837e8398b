"""Parcels on their way, batch by batch: completed, measured, decided, and collected by accumulators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landcheck.beside import side_by_side
from landcheck.facts.companions import Companions, MatchedIds
from landcheck.facts.complete import Locator, complete
from landcheck.facts.mapped import MappedLayer, concatenated
from landcheck.facts.relations import Splits
from landcheck.model import Batch, DataFinding, Pack, Rule
from landcheck.quality.alike import fewer
from landcheck.quality.consistency import UnsetFar, inconsistent
from landcheck.quality.ids import Ids
from landcheck.quality.neighbours import SharedGround
from landcheck.request import Request
from landcheck.verdicts.interpretations import Interpretations
from landcheck.verdicts.rollups import ParcelRooms, Rollups
from landcheck.verdicts.ruleset import RuleSet
from landcheck.verdicts.totals import (
    Accumulator,
    BatchResult,
    Counts,
    DataCheck,
    EveryVerdict,
    ForceWindows,
    RowSelection,
    Totals,
)

if TYPE_CHECKING:
    from landcheck.exceptions.baseline import EarlierRun
    from landcheck.exceptions.waivers import Waivers

TIDIED = 4
"""After so many batches what they left of memory is given back; more often would cost more than it saves."""


@dataclass(slots=True)
class ParcelFacts:
    """Every value of the one parcel asked for, with its origin; ``rows`` are its rows (from 0) in the layer."""

    batch: Batch | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def add(self, result: BatchResult) -> None:
        """Keep the parcel's rows of a batch."""
        rows = result.selected.rows
        if len(rows):
            self.merge(ParcelFacts(result.batch.take(rows - result.batch.first_row), rows))

    def merge(self, other: ParcelFacts) -> None:
        """Take in another part's."""
        batches = [batch for batch in (self.batch, other.batch) if batch is not None]
        self.batch = concatenated(batches, batches[0].role) if len(batches) > 1 else next(iter(batches), None)
        self.rows = np.concatenate([self.rows, other.rows])


@dataclass(slots=True)
class BatchFindings(DataCheck):
    """What is wrong with single rows and values."""

    found: list[DataFinding] = field(default_factory=list)

    def add(self, result: BatchResult) -> None:
        """Take in a batch's."""
        self.found = fewer(self.found + result.findings)

    def merge(self, other: BatchFindings) -> None:
        """Take in another part's."""
        self.found = fewer(self.found + other.found)

    def finish(self) -> list[DataFinding]:
        """All of them."""
        return self.found


class Accumulators:
    """All that crosses the rows of a run. A further accumulator is a line here, and a class of its own.

    One that the run has no use for is None.
    """

    def __init__(
        self, run: Request, packs: Sequence[Pack], rules: RuleSet, parcels: MappedLayer, waivers: Waivers | None
    ) -> None:
        self.totals = Totals(rules.rules)
        self.rows = RowSelection()
        self.verdicts = EveryVerdict()
        self.rollups = Rollups(rules.rules) if run.only is None else None
        self.rooms = ParcelRooms() if run.only is None and run.headroom else None
        self.windows = ForceWindows(packs)
        self.interpretations = Interpretations(run)
        self.counts = Counts()
        self.matched = MatchedIds()
        self.asked = None if run.only is None else ParcelFacts()
        self.ids = Ids("parcel", parcels.file)
        self.findings = BatchFindings()
        self.far = UnsetFar(parcels.file)
        self.overlaps = SharedGround(self.ids, run.overlap_tolerance)
        self.splits = Splits()
        self.waivers = waivers

    def add(self, result: BatchResult) -> None:
        """Take in a batch that was completed and judged."""
        for _, accumulator in self._all():
            accumulator.add(result)

    def merge(self, other: Accumulators) -> None:
        """Take in what another part of the layer gave, in the order of the rows."""
        for name, accumulator in self._all():
            accumulator.merge(getattr(other, name))

    def data_findings(self) -> Iterator[DataFinding]:
        """What is wrong with the parcels' data, in any order."""
        for _, accumulator in self._all():
            if isinstance(accumulator, DataCheck):
                yield from accumulator.finish()

    def _all(self) -> Iterator[tuple[str, Accumulator]]:
        return ((name, accumulator) for name, accumulator in vars(self).items() if accumulator is not None)


@dataclass(slots=True)
class Run:
    """A run between its first parcel and its last: what every batch needs, and what the batches gave.

    ``layers``: by their part in the run. ``locator``: once the first batch has settled the parcels' coordinates.
    """

    request: Request
    packs: Sequence[Pack]
    parameters: dict[str, Decimal]
    layers: dict[str, MappedLayer]
    companions: Companions
    rules: RuleSet
    collected: Accumulators
    baseline: EarlierRun | None = None
    not_judged: tuple[Rule, ...] = ()
    locator: Locator | None = None

    @property
    def parcels(self) -> MappedLayer:
        """The layer that is checked."""
        return self.layers["parcels"]

    @property
    def bounds(self) -> set[dt.date]:
        """The days from which a text of the packs binds, and those from which it does no longer."""
        days = {(text.in_force_from, text.in_force_until) for pack in self.packs for text in pack.standings}
        days |= {(rule.in_force_from, rule.in_force_until) for pack in self.packs for rule in pack.rules}
        return {first for first, _ in days} | {last + dt.timedelta(days=1) for _, last in days if last}

    def through(self, batches: Iterable[Batch]) -> Iterator[int]:
        """Add every batch, some worked on side by side with the reading of the next; the rows counted so far, for each.

        They are collected one after the other in their order, so that it is all one which of them was done first.
        """
        for result in side_by_side(self.result, self._placed(batches), tidied=TIDIED):
            yield self._collect(result)

    def add(self, batch: Batch) -> None:
        """Complete, judge and collect one batch."""
        self._place_companions()
        self._collect(self.result(batch))

    def result(self, batch: Batch) -> BatchResult:
        """All that the rows of one batch tell by themselves; nothing of the run is changed."""
        assert self.locator is not None
        result = complete(batch, self.parcels, self.companions, self.locator, self.request, self.bounds)
        self.rules.judge(result)
        if self.request.only is None:
            self.rules.find_rooms(result)
        result.findings += inconsistent(result, self.parcels.file)
        return result

    def _placed(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self._place_companions()
            yield batch

    def _place_companions(self) -> None:
        if self.locator is None:
            self.locator = Locator(self.companions, self.parcels.frame, self.rules.columns)

    def _collect(self, result: BatchResult) -> int:
        self.collected.add(result)
        return self.collected.totals.rows
