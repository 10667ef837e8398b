"""Parcels on their way through the stages, batch by batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.exceptions.baseline import EarlierRun
from landcheck.exceptions.waivers import Waivers
from landcheck.facts.companions import Around, lonlat
from landcheck.facts.complete import Facts, Finder, centres, complete
from landcheck.facts.layers import Sheetful, joined
from landcheck.facts.relations import Splits, has_pools
from landcheck.fields.normalise import Counts
from landcheck.geometry.overlap.pairs import Overlaps
from landcheck.measures import MEASURES, measure
from landcheck.model import Batch, DataFinding, Pack, Rule, Validity
from landcheck.quality import consistency
from landcheck.quality.ids import Ids
from landcheck.quality.implausible import Implausible
from landcheck.quality.neighbours import Neighbours
from landcheck.quality.strays import strays
from landcheck.request import Request
from landcheck.run.drawing import Verdicts
from landcheck.verdicts.decide import RECORDED, judge, rules_per
from landcheck.verdicts.interpretations import AlternativeReading, Interpretations, alternative_readings, reads_area
from landcheck.verdicts.totals import ForceWindows, ReportRows, RowSelection, Totals

# batches looked at side by side with the reading of the next: each is some tens of megabytes while it lasts
ASIDE = 1


@dataclass(frozen=True, slots=True)
class Looked:
    """A batch completed and judged; ``wanted`` are the rows to keep."""

    facts: Facts
    verdicts: NDArray[np.int8]
    findings: list[DataFinding]
    hanging: Interpretations
    implausible: Implausible
    wanted: NDArray[np.intp]
    kept: ReportRows


@dataclass(slots=True)
class Run:
    """Parcels on their way: what one batch needs is looked up here, what crosses batches is collected here."""

    request: Request
    sheet: Sheetful
    around: Around
    packs: Sequence[Pack]
    parameters: dict[str, Decimal]
    rules: Sequence[Rule] = field(init=False)
    windows: ForceWindows = field(init=False)
    totals: Totals = field(init=False)
    shown: RowSelection = field(init=False)
    ids: Ids = field(init=False)
    counts: Counts = field(default_factory=Counts)
    verdicts: Verdicts = field(default_factory=Verdicts)
    overlaps: Overlaps | None = None
    splits: Splits = field(default_factory=Splits)
    neighbours: Neighbours | None = None
    findings: list[DataFinding] = field(default_factory=list)
    implausible: Implausible = field(default_factory=Implausible)
    interpretations: Interpretations = field(init=False)
    views: tuple[AlternativeReading, ...] = field(init=False)
    finder: Finder | None = None
    waivers: Waivers | None = None
    held: EarlierRun | None = None
    only: Batch | None = None
    only_rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        self.rules = rules_per(self.packs, "parcel")
        self.windows = ForceWindows(self.packs)
        self.interpretations = Interpretations(self.request, self.parameters)
        self.views = alternative_readings(self.rules, self.request)
        self.totals = Totals(self.rules)
        self.shown = RowSelection(read_by(self.rules), self.request.show_all)
        self.ids = Ids("parcel", self.sheet.file)
        self.neighbours = Neighbours() if has_pools(self.sheet, self.around, self.shown.columns) else None

    def through(self, batches: Iterable[Batch]) -> Iterator[int]:
        """Add every batch, some looked at side by side while the next is read; the rows counted, batch by batch.

        They are taken in one after the other in their order, so that it is all one which of them was done first.
        """
        with ThreadPoolExecutor(ASIDE) as pool:
            waiting: deque[Future[Looked]] = deque()
            for batch in batches:
                self._settle()
                waiting.append(pool.submit(self.look, batch))
                if len(waiting) > ASIDE:
                    yield self.take(waiting.popleft().result())
            while waiting:
                yield self.take(waiting.popleft().result())

    def add(self, batch: Batch) -> None:
        """Complete, judge and count one batch."""
        self._settle()
        self.take(self.look(batch))

    def _settle(self) -> None:
        """What looking at a batch needs and only the first batch tells: the frame."""
        if self.finder is None:
            self.finder = Finder.of(self.around, self.sheet.frame, self.shown.columns)

    def look(self, batch: Batch) -> Looked:
        """All that the rows of one batch tell by themselves; nothing of the run is changed."""
        assert self.finder is not None
        facts = complete(batch, self.sheet, self.around, self.finder, self.request)
        verdicts = self.judge(batch.columns)
        found = [*facts.findings, *consistency.far_consistent(batch, facts.ids)]
        found += consistency.gfa_consistent(batch, facts.ids)
        found += strays(batch, self.sheet.file)
        hanging = Interpretations(self.request, self.parameters)
        hanging.add(self.views, batch.columns, verdicts, facts.ids)
        if facts.drawn:
            found += self._weigh_area(facts, verdicts, hanging)
        wanted = self._wanted(facts, verdicts)
        kept, odd = self._kept(facts, verdicts, wanted), Implausible.of(batch, facts.ids)
        return Looked(facts, verdicts, found, hanging, odd, wanted, kept)

    def take(self, looked: Looked) -> int:
        """Count a batch that was looked at; the rows counted so far."""
        facts, verdicts, batch = looked.facts, looked.verdicts, looked.facts.batch
        self.ids.add(batch.first_row, batch.texts["parcel_id"])
        self.totals.add(verdicts)
        self.verdicts.add(batch.first_row, verdicts)
        if self.waivers is not None:
            self.waivers.add(batch, facts.shapes, verdicts, self.rules, self.sheet.frame)
        self.windows.add(batch.columns, facts.ids)
        self.counts.add("parcels", facts.assumed)
        self.counts.add("fallback", facts.fallbacks)
        self.counts.add("zone", facts.zone)
        self.findings += looked.findings
        self.interpretations.merge(looked.hanging)
        self.implausible.merge(looked.implausible)
        if facts.shapes is not None:
            self.overlaps = self.overlaps or Overlaps(self.sheet.frame.known if self.sheet.frame else None)
            self.overlaps.add(batch.first_row, facts.shapes)
            self.splits.add(batch, facts.shapes)
        if self.neighbours is not None:
            self.neighbours.add(batch, facts.ids, facts.shapes)
        if self.request.only is not None and len(looked.wanted):
            self._single_out(facts, looked.wanted)
        self.shown.add(looked.kept)
        return self.totals.rows

    def merge(self, other: Run) -> None:
        """Take in what another part of the layer gave, in the order of the rows."""
        self.totals.merge(other.totals)
        self.shown.merge(other.shown)
        self.ids.merge(other.ids)
        self.windows.merge(other.windows)
        self.counts.merge(other.counts)
        self.verdicts.merge(other.verdicts)
        self.splits.merge(other.splits)
        self.sheet.merge(other.sheet)
        self.findings += other.findings
        self.interpretations.merge(other.interpretations)
        self.implausible.merge(other.implausible)
        if self.overlaps is not None and other.overlaps is not None:
            self.overlaps.merge(other.overlaps)
        if self.neighbours is not None and other.neighbours is not None:
            self.neighbours.merge(other.neighbours)
        if self.waivers is not None and other.waivers is not None:
            self.waivers.merge(other.waivers)

    def judge(self, columns: dict[str, NDArray[Any]]) -> NDArray[np.int8]:
        """Every rule on those columns."""
        return judge(self.rules, columns, len(columns["far"]), self.request.reading, self.parameters)

    def _weigh_area(self, facts: Facts, verdicts: NDArray[np.int8], hanging: Interpretations) -> list[DataFinding]:
        """What the verdicts would be with another site area."""
        lines = [line for line, rule in enumerate(self.rules) if reads_area(rule)]
        rules, given, rows = [self.rules[line] for line in lines], verdicts[lines], facts.batch.rows
        others = consistency.drawn_verdicts(
            facts.batch, facts.drawn, given, lambda c: judge(rules, c, rows, self.request.reading, self.parameters)
        )
        hanging.add_area(facts.batch, facts.ids, facts.drawn, rules, given, others)
        flips = {basis: other != given for basis, other in others.items()}
        return list(consistency.area_consistent(facts.batch, facts.ids, facts.drawn, flips, rules))

    def _kept(self, facts: Facts, verdicts: NDArray[np.int8], rows: NDArray[np.intp]) -> ReportRows:
        places = np.full((len(rows), 2), np.nan)
        if facts.shapes is not None:
            x, y = centres(facts.shapes, rows).T
            places = lonlat(x, y, self.sheet.frame)
        columns = {name: facts.batch.columns[name][rows] for name in self.shown.columns}
        drawn = np.column_stack([area[rows] for area in facts.drawn.values()]).round(2) if facts.drawn else None
        return ReportRows(facts.ids.take(rows), facts.batch.first_row + rows, verdicts[:, rows], columns, places, drawn)

    def _single_out(self, facts: Facts, rows: NDArray[np.intp]) -> None:
        """Keep every value of the parcel asked for, with its origin."""
        taken = facts.batch.take(rows)
        self.only = taken if self.only is None else joined([self.only, taken], taken.role)
        self.only_rows = np.concatenate([self.only_rows, facts.batch.first_row + rows])

    def _wanted(self, facts: Facts, verdicts: NDArray[np.int8]) -> NDArray[np.intp]:
        if self.request.only is None:
            return self.shown.wanted(verdicts)
        return np.flatnonzero(pc.equal(facts.ids, pa.scalar(self.request.only)).to_numpy(zero_copy_only=False))


def read_by(rules: Sequence[Rule]) -> frozenset[str]:
    """The columns that some rule reads."""
    subjects = {(c.subject, rule.per) for rule in rules for c in rule.applies}
    subjects |= {(t.measure, rule.per) for rule in rules for r in rule.requires for t in r.any}
    names = {name for subject, per in subjects for name in measure(subject, per).inputs}
    areas = {m.area for m in MEASURES.values() if m.area and (m.name, "parcel") in subjects}
    stated = {RECORDED for rule in rules if rule.validity is Validity.STATED and rule.per == "parcel"}
    return frozenset(names | areas | stated | {"approval_date"})
