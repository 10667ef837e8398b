"""How the requirements of a rule came out, row by row: a column at a time for as long as that is possible."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import Masks, Measure, measure
from landcheck.model import Condition, Kind, Operator, Outcome, Reading, Requirement, Rule, Test, Verdict
from landcheck.verdicts import remedies
from landcheck.verdicts.decide import Evaluation, verdicts_of

VERDICTS = tuple(Verdict)
OPEN = frozenset((Verdict.FAIL, Verdict.REVIEW))

Names = tuple[str, ...]


class TestOutcome(NamedTuple):
    """How one way of meeting a requirement came out by itself, as ``Outcome`` lists it."""

    verdict: Verdict
    measured: float | bool | str | None
    operator: Operator
    limit: float | bool | Names
    unit: str
    margin: float | None
    margin_m2: float | None


def outcomes(evaluation: Evaluation, requirement: Requirement, per: str, reading: Reading) -> list[Outcome]:
    """How the requirement came out in each row."""
    verdicts = evaluation.judged(requirement, per, reading)
    unknown = verdicts == Verdict.UNDETERMINED
    missing = map(union, zip(*(_lacking(evaluation, test, per, unknown) for test in requirement.any), strict=True))
    ways = zip(*(_ways(evaluation, test, requirement, per, reading) for test in requirement.any), strict=True)
    numbers_first = sorted(range(len(requirement.any)), key=lambda i: requirement.any[i].number is None)
    each = list(ways)
    speakers = [_speaker(way, numbers_first, VERDICTS[v]) for way, v in zip(each, verdicts.tolist(), strict=True)]
    changes = _changes(evaluation, requirement, per, speakers)
    return [
        Outcome(requirement.name, requirement.label, *speaker, lacks, _alternatives(requirement, way), change)
        for speaker, lacks, way, change in zip(speakers, missing, each, changes, strict=True)
    ]


def unclear(evaluation: Evaluation, rule: Rule) -> list[Names]:
    """The fields that leave open whether the rule applies, row by row; none where it surely does or does not."""
    unknown = evaluation.applies(rule) == 0
    if not unknown.any():
        return [()] * len(unknown)
    conditions = [*rule.applies, Condition("approval_date", known=True)]
    each = [_condition_lacks(evaluation, condition, rule.per, unknown) for condition in conditions]
    return list(map(union, zip(*each, strict=True)))


@lru_cache(maxsize=4096)
def union(names: tuple[Names, ...]) -> Names:
    """All of them, each once."""
    return tuple(dict.fromkeys(name for group in names for name in group))


def nullable(numbers: NDArray[np.float64]) -> list[float | None]:
    """The numbers, None for NaN."""
    held = numbers.astype(object)
    held[np.isnan(numbers)] = None
    found: list[float | None] = held.tolist()
    return found


def _speaker(ways: tuple[TestOutcome, ...], order: list[int], verdict: Verdict) -> TestOutcome:
    """Of several ways to meet a requirement, the one that gives it its verdict speaks; a number before a word."""
    if len(ways) == 1:
        return ways[0]
    speaker = next((ways[i] for i in order if ways[i].verdict is verdict), ways[order[0]])
    return speaker if speaker.verdict is verdict else speaker._replace(verdict=verdict)


def _alternatives(requirement: Requirement, ways: tuple[TestOutcome, ...]) -> tuple[Outcome, ...]:
    if len(ways) == 1:
        return ()
    return tuple([Outcome(requirement.name, requirement.label, *way) for way in ways])


def _changes(
    evaluation: Evaluation, requirement: Requirement, per: str, ways: Sequence[TestOutcome]
) -> list[remedies.Ways]:
    """What to change, row by row, where the requirement is broken and a number can be given."""
    test = requirement.numeric
    if test is None:
        return [()] * len(ways)
    held = remedies.number_lists(evaluation, measure(test.measure, per).inputs)
    return [
        remedies.ways(test, way.limit, way.measured, remedies.decimals(held, row)) if way.verdict in OPEN else ()
        for row, way in enumerate(ways)
    ]


def _ways(
    evaluation: Evaluation, test: Test, requirement: Requirement, per: str, reading: Reading
) -> list[TestOutcome]:
    """How one way of meeting the requirement came out by itself, row by row."""
    of = measure(test.measure, per)
    scale = float(1 / test.scale)
    limit, measured = limit_of(evaluation, test), _measured(evaluation.value(of), of.kind, of.values, scale)
    verdicts = verdicts_of(evaluation.holds(test, per), requirement.modality, reading)
    margins = margins_of(evaluation, test, per)
    return [
        TestOutcome(VERDICTS[verdict], value, test.operator, limit, test.unit, margin, m2)
        for verdict, value, margin, m2 in zip(
            verdicts.tolist(),
            measured,
            nullable(margins * scale),
            nullable(_in_m2(margins, of, evaluation)),
            strict=True,
        )
    ]


def limit_of(evaluation: Evaluation, test: Test) -> float | bool | Names:
    """What is compared with, a number in the test's unit."""
    if isinstance(test.limit, Decimal):
        return float(evaluation.parameters[test.parameter] if test.parameter else test.limit)
    return test.limit


def _measured(value: NDArray[Any], kind: Kind, words: Names, scale: float) -> Sequence[float | bool | str | None]:
    if kind is Kind.ENUM:
        return [None if code < 0 else words[code] for code in value.tolist()]
    if kind is Kind.BOOL:
        return [None if tri == 0 else tri > 0 for tri in value.tolist()]
    return nullable(value * scale + 0.0)  # no -0.0


def margins_of(evaluation: Evaluation, test: Test, per: str) -> NDArray[np.float64]:
    """Distance to the limit in the measure's own unit, negative where the limit is missed; NaN if there is none."""
    value = evaluation.value(measure(test.measure, per))
    if not isinstance(test.limit, Decimal):
        return np.full(len(value), np.nan)
    limit = evaluation.limit(test)
    above = np.asarray(value, np.float64) - limit
    if test.operator is Operator.EQUALS:
        return -np.abs(above)
    return above if test.operator is Operator.AT_LEAST else -above


def _in_m2(margins: NDArray[np.float64], of: Measure, evaluation: Evaluation) -> NDArray[np.float64]:
    """The distance as an area that would close it: floor area for a FAR or share, green for the ledger."""
    if of.area:
        return margins * evaluation.columns[of.area]
    return margins if of.unit == "m2" else np.full_like(margins, np.nan)


def _lacking(evaluation: Evaluation, test: Test, per: str, unknown: NDArray[np.bool_]) -> list[Names]:
    open_here = unknown & (evaluation.holds(test, per) == 0)
    return _names(measure(test.measure, per).lacks(evaluation.columns), open_here)


def _condition_lacks(evaluation: Evaluation, condition: Condition, per: str, unknown: NDArray[np.bool_]) -> list[Names]:
    lacks = measure(condition.subject, per).lacks(evaluation.columns)
    open_here = unknown if condition.known else unknown & (evaluation.condition(condition, per) == 0)
    return _names(lacks, open_here)


def _names(lacks: Masks, where: NDArray[np.bool_]) -> list[Names]:
    """The fields whose mask is set, row by row, in the order of the masks."""
    if not where.any():
        return [()] * len(where)
    codes = np.zeros(len(where), np.int64)
    for bit, mask in enumerate(lacks.values()):
        codes |= (mask & where).astype(np.int64) << bit
    named = {
        code: tuple(name for bit, name in enumerate(lacks) if code >> bit & 1) for code in np.unique(codes).tolist()
    }
    return [named[code] for code in codes.tolist()]
