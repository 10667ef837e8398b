"""Findings made from the columns of the rows to report, a block at a time, and the facts to ask for first.

A finding exists only while somebody looks at it.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.measures import Masks, Tris, measure
from landcheck.model import Areas, Ask, Finding, JointRemedy, Outcome, Reading, Rule, Subject, Tri, Verdict, Waived
from landcheck.verdicts.decide import Evaluation, out_of_force
from landcheck.verdicts.outcomes import VERDICTS, Names, nullable, outcomes, unclear, union
from landcheck.verdicts.remedies import JointTest, joint_remedies, joint_tests
from landcheck.verdicts.totals import SHOWN, ReportRows

BLOCK = 4096

Place = tuple[str, str, int]  # of a verdict: rule, kind of subject, row from 1
NO_WAIVERS: Mapping[Place, Waived] = {}

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What all findings of a run have in common."""

    reading: Reading
    parameters: Mapping[str, Decimal]
    everything: bool

    def shown(self, verdicts: NDArray[np.int8]) -> NDArray[np.intp]:
        """The rows whose verdict by one rule the report tells."""
        if self.everything:
            return np.arange(len(verdicts))
        return np.flatnonzero((verdicts >= min(SHOWN)) & (verdicts <= max(SHOWN)))

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
        self._waived, self._known = waived, known
        self._joint = tuple(test for one in ruled for test in joint_tests(one.rule, one.line))
        super().__init__([(one, context.shown(one.kept.verdicts[one.line])) for one in ruled if one.kept is not None])

    def made(self, source: RuleVerdicts, rows: NDArray[np.intp]) -> Iterator[Finding]:
        """The findings of a rule on those rows."""
        rule, per, excused = source.rule, source.rule.per, bool(self._waived or self._known)
        for verdict, ident, row, place, areas, lacking, told, joint, outside in zip(
            *_columns(source, rows, self.context, self._joint), strict=True
        ):
            judged = () if verdict is Verdict.NOT_APPLICABLE else told
            missing = union((lacking, *[outcome.missing for outcome in judged]))
            finding = Finding(rule, Subject(per, ident), verdict, judged, missing, row, place, areas, joint, outside)
            if excused:
                at = (rule.id, per, row)
                waived = self._waived.get(at)
                finding = finding._replace(waived=waived, known=waived is None and at in self._known)
            yield finding

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


class FindingColumns(NamedTuple):
    """Some findings of one rule, a column each and a row a finding; ``rows`` from 1, ``places`` longitude, latitude."""

    verdicts: Sequence[Verdict]
    ids: Sequence[str]
    rows: Sequence[int]
    places: Sequence[tuple[float, float] | None]
    areas: Sequence[Areas | None]
    unclear: Sequence[Names]
    outcomes: Sequence[tuple[Outcome, ...]]
    joint: Sequence[JointRemedy | None]
    out_of_force: Sequence[str | None]


def _columns(
    ruled: RuleVerdicts, rows: NDArray[np.intp], context: FindingContext, joint: Sequence[JointTest]
) -> FindingColumns:
    rule, kept = ruled.rule, ruled.kept
    assert kept is not None
    evaluation = context.evaluation(kept, rows)
    judged = [outcomes(evaluation, requirement, rule.per, context.reading) for requirement in rule.requires]
    return FindingColumns(
        [VERDICTS[verdict] for verdict in kept.verdicts[ruled.line, rows].tolist()],
        kept.ids.take(rows).to_pylist(),
        (kept.rows[rows] + 1).tolist(),
        [None if math.isnan(x) else (x, y) for x, y in kept.places[rows].tolist()],
        _areas(rule, kept, rows, evaluation),
        unclear(evaluation, rule),
        list(zip(*judged, strict=True)),
        joint_remedies(rule, kept.verdicts[:, rows], evaluation, context.reading, joint),
        _out_of_force(evaluation, rule),
    )


def _areas(rule: Rule, kept: ReportRows, rows: NDArray[np.intp], evaluation: Evaluation) -> Sequence[Areas | None]:
    """The areas behind each verdict of a rule that reads the site area."""
    measures = (measure(test.measure, rule.per) for r in rule.requires for test in r.any)
    if kept.drawn is None or not any("site_area_m2" in of.inputs for of in measures):
        return [None] * len(rows)
    table = (evaluation.columns["site_area_m2"], *kept.drawn[rows].T)
    return [Areas(*line) for line in zip(*map(nullable, table), strict=True)]


def _out_of_force(evaluation: Evaluation, rule: Rule) -> list[str | None]:
    before, after = out_of_force(evaluation.columns, rule)
    if not before.any() and not after.any():
        return [None] * len(before)
    return ["before" if early else "after" if late else None for early, late in zip(before, after, strict=True)]


def ask_first(ruled: Sequence[RuleVerdicts], context: FindingContext) -> tuple[Ask, ...]:
    """Every missing fact of the kept subjects: first those that alone stand between a subject and its verdict."""
    wanted: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for one in ruled:
        for lacks in _undetermined(one, context):
            single = sum(mask.astype(np.int8) for mask in lacks.values()) == 1
            wanted.update({(one.rule.per, name): int(mask.sum()) for name, mask in lacks.items()})
            alone.update({(one.rule.per, name): int((mask & single).sum()) for name, mask in lacks.items()})
    asks = [Ask(per, name, count, alone[per, name]) for (per, name), count in wanted.items() if count]
    return tuple(sorted(asks, key=lambda ask: (-ask.alone, -ask.verdicts, ask.subject, ask.field)))


def _undetermined(ruled: RuleVerdicts, context: FindingContext) -> Iterator[Masks]:
    """For the undetermined rows of a rule, block by block: which fields are missing where."""
    if ruled.kept is None:
        return
    rows = np.flatnonzero(ruled.kept.verdicts[ruled.line] == Verdict.UNDETERMINED)
    for start in range(0, len(rows), BLOCK):
        yield _lacking(context.evaluation(ruled.kept, rows[start : start + BLOCK]), ruled.rule)


def _lacking(evaluation: Evaluation, rule: Rule) -> Masks:
    parts: list[tuple[str, Tris]] = [(c.subject, evaluation.condition(c, rule.per)) for c in rule.applies]
    for requirement in rule.requires:
        met = evaluation.met(requirement, rule.per)
        parts += [(t.measure, np.where(met == Tri.UNKNOWN, evaluation.holds(t, rule.per), 1)) for t in requirement.any]
    masks: Masks = measure("approval_date", rule.per).lacks(evaluation.columns)
    for subject, tri in parts:
        for name, lack in measure(subject, rule.per).lacks(evaluation.columns).items():
            masks[name] = masks.get(name, np.zeros(len(lack), np.bool_)) | (lack & (tri == Tri.UNKNOWN))
    return masks
