"""Findings made from the columns of the rows to report, a block at a time, and the facts to ask for first.

A finding exists only while somebody looks at it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.measures import Masks, measure
from landcheck.model import OPEN, Ask, Finding, Reading, Rule, TableLines, Verdict, Waived
from landcheck.verdicts.decide import Evaluation, out_of_force
from landcheck.verdicts.exact import Numbers
from landcheck.verdicts.finding_block import FindingBlock
from landcheck.verdicts.outcomes import lacking, outcomes, unclear, unread_cells
from landcheck.verdicts.remedies import joint_remedies, joint_tests
from landcheck.verdicts.totals import ReportRows

BLOCK = 16_384

Place = tuple[str, str, int]  # of a verdict: rule, kind of subject, row from 1
NO_WAIVERS: Mapping[Place, Waived] = {}

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What all findings of a run have in common; ``lines``: where the rows of tables stand, by layer."""

    reading: Reading
    parameters: Mapping[str, Decimal]
    everything: bool
    lines: Mapping[str, TableLines] = field(default_factory=dict)

    def shown(self, verdicts: NDArray[np.int8]) -> NDArray[np.intp]:
        """The rows whose verdict by one rule the report tells."""
        if self.everything:
            return np.arange(len(verdicts))
        return np.flatnonzero((verdicts >= min(OPEN)) & (verdicts <= max(OPEN)))

    def evaluation(self, kept: ReportRows, rows: NDArray[np.intp]) -> Evaluation:
        """Some of the rows as the rules see them."""
        return Evaluation({name: column[rows] for name, column in kept.columns.items()}, self.parameters)


@dataclass(frozen=True, slots=True)
class RuleVerdicts:
    """A rule, its line in the verdict matrix, and the subjects it was put to."""

    rule: Rule
    line: int
    kept: ReportRows | None


class BlockSequence(Sequence[T], Generic[S, T]):
    """Things that are made of rows only while somebody looks at them; ``plan``: the rows of each source, in order."""

    def __init__(self, plan: Sequence[tuple[S, NDArray[np.intp]]]) -> None:
        self.plan = plan

    @abstractmethod
    def made(self, source: S, rows: NDArray[np.intp]) -> Iterator[T]:
        """What those rows of the source come to, in their order."""

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.plan)

    def __iter__(self) -> Iterator[T]:
        for source, rows in self.plan:
            for start in range(0, len(rows), BLOCK):
                yield from self.made(source, rows[start : start + BLOCK])

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        for source, rows in self.plan:
            if 0 <= at < len(rows):
                return next(self.made(source, rows[at : at + 1]))
            at -= len(rows)
        raise IndexError(index)


class Findings(BlockSequence[RuleVerdicts, Finding]):
    """The findings to show, by rule in the pack's order, then by subject.

    ``waived``: by place the document that covers the verdict there; ``known``: the places that a baseline knows.
    """

    def __init__(
        self,
        ruled: Sequence[RuleVerdicts],
        context: FindingContext,
        waived: Mapping[Place, Waived] = NO_WAIVERS,
        known: Set[Place] = frozenset(),
    ) -> None:
        self.ruled = tuple(ruled)
        self.context = context
        self._excuses = _excuses(waived, known)
        self._joint = tuple(test for one in ruled for test in joint_tests(one.rule, one.line))
        super().__init__([(one, context.shown(one.kept.verdicts[one.line])) for one in ruled if one.kept is not None])

    def made(self, source: RuleVerdicts, rows: NDArray[np.intp]) -> Iterator[Finding]:
        """The findings of a rule on those rows."""
        return iter(self.block(source, rows))

    def counts(self) -> Counter[Verdict]:
        """How many there are of each verdict: none is made."""
        found = np.zeros(len(Verdict), np.int64)
        for ruled, rows in self.plan:
            assert ruled.kept is not None
            found += np.bincount(ruled.kept.verdicts[ruled.line, rows], minlength=len(Verdict))
        return Counter({verdict: int(found[verdict]) for verdict in Verdict})

    def parts(self, room: Mapping[Verdict, int]) -> Iterator[tuple[RuleVerdicts, NDArray[np.intp]]]:
        """What to make blocks of, rule by rule, so many at a time; of each verdict as many as there is room for."""
        left = dict(room)
        for ruled, rows in self.plan:
            assert ruled.kept is not None
            given = ruled.kept.verdicts[ruled.line, rows]
            first = []
            for verdict in left:
                first.append(np.flatnonzero(given == verdict)[: left[verdict]])
                left[verdict] -= len(first[-1])
            wanted = rows[np.sort(np.concatenate(first))]
            for start in range(0, len(wanted), BLOCK):
                yield ruled, wanted[start : start + BLOCK]

    def spans(self, verdicts: Collection[Verdict]) -> Iterator[list[tuple[RuleVerdicts, NDArray[np.intp]]]]:
        """What to make blocks of, so many subjects at a time by every rule for their kind, parcels first."""
        for per in ("parcel", "park"):
            found = []
            for ruled, rows in self.plan:
                if ruled.rule.per == per and ruled.kept is not None:
                    found.append((ruled, rows[np.isin(ruled.kept.verdicts[ruled.line, rows], list(verdicts))]))
            last = max((int(rows[-1]) for _, rows in found if len(rows)), default=-1)
            for first in range(0, last + 1, BLOCK):
                cuts = ((ruled, rows[slice(*np.searchsorted(rows, (first, first + BLOCK)))]) for ruled, rows in found)
                if span := [cut for cut in cuts if len(cut[1])]:
                    yield span

    def block(self, ruled: RuleVerdicts, rows: NDArray[np.intp]) -> FindingBlock:
        """The findings of a rule on those rows, a column each."""
        rule, kept, context = ruled.rule, ruled.kept, self.context
        assert kept is not None
        evaluation = context.evaluation(kept, rows)
        verdicts, numbers = kept.verdicts[ruled.line, rows], kept.rows[rows] + 1
        judged = tuple(outcomes(evaluation, requirement, rule.per, context.reading) for requirement in rule.requires)
        missing, unreadable = unclear(evaluation, rule), unclear(evaluation, rule, unread_cells)
        applies = verdicts != Verdict.NOT_APPLICABLE
        for one in judged:
            missing.join(one.missing, applies)
            unreadable.join(one.unreadable, applies)
        before, after = out_of_force(evaluation.columns, rule)
        excuses, stand = self._excuses.get((rule.id, rule.per), NONE), context.lines.get(f"{rule.per}s")
        return FindingBlock(
            rule, verdicts, kept.ids.take(rows), kept.parks.take(rows), numbers, kept.places[rows],
            _areas(rule, kept, rows, evaluation),
            np.where(before, -1, after.astype(np.int8)).astype(np.int8), judged, missing, unreadable,
            joint_remedies(rule, kept.verdicts[:, rows], evaluation, context.reading, self._joint),
            excuses.documents, *excuses.among(numbers), None if stand is None else stand.at(numbers),
        )  # fmt: skip

    def excused(self, waived: Mapping[Place, Waived], known: Set[Place]) -> Findings:
        """The same findings, those that a waiver or a baseline covers marked."""
        return Findings(self.ruled, self.context, waived, known)

    def among(self, ids: Mapping[str, Collection[str]]) -> Iterator[Finding]:
        """The findings of those subjects alone, by rule: what is not asked for is not made."""
        for ruled, rows in self.plan:
            assert ruled.kept is not None
            wanted = pa.array(sorted(ids.get(ruled.rule.id, ())), pa.string())
            met = pc.is_in(ruled.kept.ids.take(rows), value_set=wanted).to_numpy(zero_copy_only=False)
            yield from self.made(ruled, rows[met])


@dataclass(frozen=True, slots=True)
class Excuses:
    """What excuses findings of a rule: rows of the layer (from 1), and which of ``documents`` covers each."""

    documents: tuple[Waived, ...]
    covered: NDArray[np.int64]
    by: NDArray[np.int64]
    known: NDArray[np.int64]

    @classmethod
    def of(cls, covered: Mapping[int, Waived], known: Collection[int]) -> Excuses:
        """By row the document that covers it, and the rows that a baseline knows."""
        documents = tuple(dict.fromkeys(covered.values()))
        numbers = {document: number for number, document in enumerate(documents)}
        rows = (list(covered), [numbers[one] for one in covered.values()], list(known))
        return cls(documents, *(np.array(one, np.int64) for one in rows))

    def among(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Which document covers each row, -1 none, and which others the baseline knows."""
        found = pc.index_in(pa.array(rows), value_set=pa.array(self.covered))
        waived = np.full(len(rows), -1, np.int64)
        there = found.is_valid().to_numpy(zero_copy_only=False)
        waived[there] = self.by[found.drop_null().to_numpy()]
        return waived, np.isin(rows, self.known) & ~there


NONE = Excuses.of({}, ())


def _excuses(waived: Mapping[Place, Waived], known: Set[Place]) -> dict[tuple[str, str], Excuses]:
    """By rule and kind of subject."""
    covered: dict[tuple[str, str], dict[int, Waived]] = defaultdict(dict)
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (rule, per, row), one in waived.items():
        covered[rule, per][row] = one
    for rule, per, row in known:
        rows[rule, per].append(row)
    return {key: Excuses.of(covered.get(key, {}), rows.get(key, ())) for key in {*covered, *rows}}


def _areas(rule: Rule, kept: ReportRows, rows: NDArray[np.intp], evaluation: Evaluation) -> tuple[Numbers, ...]:
    """The areas behind each verdict of a rule that reads the site area."""
    measures = (measure(test.measure, rule.per) for r in rule.requires for test in r.any)
    if kept.drawn is None or not any("site_area_m2" in of.inputs for of in measures):
        return ()
    return evaluation.columns["site_area_m2"], *kept.drawn[rows].T


def ask_first(ruled: Sequence[RuleVerdicts], context: FindingContext) -> tuple[Ask, ...]:
    """Every missing fact of the kept subjects: first those that alone stand between a subject and its verdict."""
    wanted: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    spoilt: Counter[tuple[str, str]] = Counter()
    for one in ruled:
        for masks, unread in _undetermined(one, context):
            spoilt.update({(one.rule.per, name): int(mask.sum()) for name, mask in unread.items()})
            single = sum(mask.astype(np.int8) for mask in masks.values()) == 1
            wanted.update({(one.rule.per, name): int(mask.sum()) for name, mask in masks.items()})
            alone.update({(one.rule.per, name): int((mask & single).sum()) for name, mask in masks.items()})
    asks = [Ask(*of, count, alone[of], min(spoilt[of], count)) for of, count in wanted.items() if count]
    return tuple(sorted(asks, key=lambda ask: (-ask.alone, -ask.verdicts, ask.subject, ask.field)))


def _undetermined(ruled: RuleVerdicts, context: FindingContext) -> Iterator[tuple[Masks, Masks]]:
    """For the undetermined rows of a rule, block by block: which fields are missing where, and which unreadable."""
    if ruled.kept is None:
        return
    rows = np.flatnonzero(ruled.kept.verdicts[ruled.line] == Verdict.UNDETERMINED)
    for start in range(0, len(rows), BLOCK):
        evaluation = context.evaluation(ruled.kept, rows[start : start + BLOCK])
        yield lacking(evaluation, ruled.rule).masks(), lacking(evaluation, ruled.rule, unread_cells).masks()
