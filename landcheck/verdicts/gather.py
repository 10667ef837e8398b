"""Findings made from kept columns, a block at a time: a Finding exists only while somebody looks at it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.measures import measure
from landcheck.model import Areas, Finding, JointRemedy, Operator, Reading, Requirement, Rule, Subject, Test, Verdict
from landcheck.verdicts import remedies
from landcheck.verdicts.decide import Evaluation, out_of_force
from landcheck.verdicts.outcomes import VERDICTS, decimals, nullable, numbers, outcomes, unclear, union
from landcheck.verdicts.totals import SHOWN, ReportRows

BLOCK = 4096
JOINT = (
    ("far", Operator.AT_LEAST),
    *((name, Operator.AT_MOST) for name in remedies.WHOLE),
)


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What all findings of a run have in common."""

    reading: Reading
    parameters: Mapping[str, Decimal]
    everything: bool


@dataclass(frozen=True, slots=True)
class RuleVerdicts:
    """A rule, its line in the verdict matrix, and the subjects it was put to."""

    rule: Rule
    line: int
    kept: ReportRows | None


class Findings(Sequence[Finding]):
    """The findings to show, by rule in the pack's order, then by subject."""

    def __init__(self, ruled: Sequence[RuleVerdicts], context: FindingContext) -> None:
        self.ruled = tuple(ruled)
        self.context = context
        self._shared = tuple(shared for one in ruled for shared in _sharing(one))
        self._plan = [(one, _shown(one, context)) for one in ruled if one.kept is not None]

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self._plan)

    def __iter__(self) -> Iterator[Finding]:
        for ruled, rows in self._plan:
            for start in range(0, len(rows), BLOCK):
                yield from _block(ruled, rows[start : start + BLOCK], self.context, self._shared)

    def among(self, ids: Mapping[str, Collection[str]]) -> Iterator[Finding]:
        """The findings of those subjects alone, by rule: what is not asked for is not made."""
        for ruled, rows in self._plan:
            assert ruled.kept is not None
            wanted = pa.array(sorted(ids.get(ruled.rule.id, ())), pa.string())
            met = pc.is_in(ruled.kept.ids.take(rows), value_set=wanted).to_numpy(zero_copy_only=False)
            yield from _block(ruled, rows[met], self.context, self._shared)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        for ruled, rows in self._plan:
            if 0 <= at < len(rows):
                return next(_block(ruled, rows[at : at + 1], self.context, self._shared))
            at -= len(rows)
        raise IndexError(index)


def _shown(ruled: RuleVerdicts, context: FindingContext) -> NDArray[np.intp]:
    assert ruled.kept is not None
    verdicts = ruled.kept.verdicts[ruled.line]
    if context.everything:
        return np.arange(len(verdicts))
    return np.flatnonzero((verdicts >= min(SHOWN)) & (verdicts <= max(SHOWN)))


def _block(
    ruled: RuleVerdicts, rows: NDArray[np.intp], context: FindingContext, shared: Sequence[JointTest]
) -> Iterator[Finding]:
    rule, kept = ruled.rule, ruled.kept
    assert kept is not None
    evaluation = Evaluation({name: column[rows] for name, column in kept.columns.items()}, context.parameters)
    judged = [outcomes(evaluation, requirement, rule.per, context.reading) for requirement in rule.requires]
    columns = zip(
        [VERDICTS[verdict] for verdict in kept.verdicts[ruled.line, rows].tolist()],
        kept.ids.take(rows).to_pylist(),
        (kept.rows[rows] + 1).tolist(),
        _places(kept.places[rows]),
        _areas(rule, kept, rows, evaluation),
        unclear(evaluation, rule),
        zip(*judged, strict=True),
        _joints(ruled, rows, evaluation, context, shared),
        _out_of_force(evaluation, rule),
        strict=True,
    )
    for verdict, ident, number, place, areas, lacking, told, joint, outside in columns:
        if verdict is Verdict.NOT_APPLICABLE:
            told = ()  # noqa: PLW2901 - nothing is judged there
        missing = union((lacking, *[outcome.missing for outcome in told]))
        yield Finding(rule, Subject(rule.per, ident), verdict, told, missing, number, place, areas, joint, outside)


def _places(places: NDArray[np.float64]) -> list[tuple[float, float] | None]:
    return [None if math.isnan(x) else (x, y) for x, y in places.tolist()]


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


@dataclass(frozen=True, slots=True)
class JointTest:
    """A test that a joint remedy has to meet: the line of its rule in the verdict matrix, and its requirement."""

    rule: Rule
    line: int
    requirement: Requirement
    test: Test


def _sharing(ruled: RuleVerdicts) -> Iterator[JointTest]:
    for requirement in ruled.rule.requires if ruled.rule.per == "parcel" else ():
        for test in requirement.any:
            if (test.measure, test.operator) in JOINT and test.number is not None:
                yield JointTest(ruled.rule, ruled.line, requirement, test)


def _joints(
    ruled: RuleVerdicts,
    rows: NDArray[np.intp],
    evaluation: Evaluation,
    context: FindingContext,
    shared: Sequence[JointTest],
) -> Sequence[JointRemedy | None]:
    """The least change that meets all broken requirements on floor areas, where there are two or more."""
    found: list[JointRemedy | None] = [None] * len(rows)
    if not any(one.rule is ruled.rule for one in shared):
        return found
    assert ruled.kept is not None
    verdicts = ruled.kept.verdicts[:, rows]
    bound, broken = _bound(verdicts, evaluation, context, shared)
    limits = [(one.test, Decimal(repr(evaluation.limit(one.test)))) for one in shared]
    held = numbers(evaluation, {name for one in shared for name in measure(one.test.measure, "parcel").inputs})
    for i in np.flatnonzero((verdicts[ruled.line] == Verdict.FAIL) & (broken >= 2)).tolist():
        found[i] = _joint(_strictest([limit for limit, met in zip(limits, bound, strict=True) if met[i]]),
                          decimals(held, i))  # fmt: skip
    return found


def _bound(
    verdicts: NDArray[np.int8], evaluation: Evaluation, context: FindingContext, shared: Sequence[JointTest]
) -> tuple[list[NDArray[np.bool_]], NDArray[np.int64]]:
    """For each test where it has to be met: it is, or its requirement fails; and how many measures miss theirs."""
    bound: list[NDArray[np.bool_]] = []
    missed: dict[str, NDArray[np.bool_]] = {}
    for one in shared:
        judged = (verdicts[one.line] == Verdict.PASS) | (verdicts[one.line] == Verdict.FAIL)
        fails = judged & (evaluation.judged(one.requirement, "parcel", context.reading) == Verdict.FAIL)
        bound.append(fails | (judged & (evaluation.holds(one.test, "parcel") > 0)))
        missed[one.test.measure] = missed.get(one.test.measure, np.False_) | fails
    return bound, np.sum(list(missed.values()), axis=0)


def _strictest(limits: Sequence[tuple[Test, Decimal]]) -> dict[str, Decimal]:
    """By measure; several texts may limit the same."""
    found: dict[str, Decimal] = {}
    for test, limit in limits:
        choose = max if test.operator is Operator.AT_LEAST else min
        found[test.measure] = choose(limit, found.get(test.measure, limit))
    return found


def _joint(limits: Mapping[str, Decimal], values: Mapping[str, Decimal]) -> JointRemedy | None:
    wanted = {"above_ground_gfa_m2", "living_gfa_m2", "other_industry_gfa_m2"}
    wanted |= {"far_gfa_m2", "site_area_m2"} if "far" in limits else set()
    wanted |= {remedies.WHOLE[name] for name in limits if name in remedies.WHOLE}
    return remedies.joint(limits, values) if wanted <= values.keys() else None
