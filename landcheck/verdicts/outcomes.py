"""How the requirements of a rule came out, row by row: a column at a time for as long as that is possible."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import measure
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
    name, label, tests = requirement.name, requirement.label, requirement.any
    verdicts = evaluation.judged(requirement, per, reading)
    unknown = verdicts == Verdict.UNDETERMINED
    open_in = [unknown & (evaluation.holds(test, per) == 0) for test in tests]
    lacking = (_lacking(evaluation, test.measure, per, where) for test, where in zip(tests, open_in, strict=True))
    missing = map(union, zip(*lacking, strict=True))
    each = list(zip(*(_ways(evaluation, test, requirement, per, reading) for test in tests), strict=True))
    numbers_first = sorted(range(len(tests)), key=lambda i: tests[i].number is None)
    speakers = [_speaker(ways, numbers_first, VERDICTS[v]) for ways, v in zip(each, verdicts.tolist(), strict=True)]
    changes = _changes(evaluation, requirement, per, speakers)
    if len(tests) == 1:
        return [Outcome(name, label, *speaker, lacks, (), change)
                for speaker, lacks, change in zip(speakers, missing, changes, strict=True)]  # fmt: skip
    return [
        Outcome(name, label, *speaker, lacks, tuple([Outcome(name, label, *way) for way in ways]), change)
        for speaker, lacks, ways, change in zip(speakers, missing, each, changes, strict=True)
    ]


def unclear(evaluation: Evaluation, rule: Rule) -> list[Names]:
    """The fields that leave open whether the rule applies, row by row; none where it surely does or does not."""
    unknown = evaluation.applies(rule) == 0
    if not unknown.any():
        return [()] * len(unknown)
    each = []
    for condition in (*rule.applies, Condition("approval_date", known=True)):
        where = unknown if condition.known else unknown & (evaluation.condition(condition, rule.per) == 0)
        each.append(_lacking(evaluation, condition.subject, rule.per, where))
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
    verdicts = verdicts_of(evaluation.holds(test, per), requirement.modality, reading).tolist()
    margins = margins_of(evaluation, test, per)
    # the area that would close the distance: floor area for a FAR or share, green for the ledger
    in_m2 = margins * evaluation.columns[of.area] if of.area else margins if of.in_m2 else np.full_like(margins, np.nan)
    return [
        TestOutcome(VERDICTS[verdict], value, test.operator, limit, test.unit, margin, m2)
        for verdict, value, margin, m2 in zip(
            verdicts, measured, nullable(margins * scale), nullable(in_m2), strict=True
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


def _lacking(evaluation: Evaluation, name: str, per: str, where: NDArray[np.bool_]) -> list[Names]:
    """The fields that a measure wants for in those rows, row by row."""
    if not where.any():
        return [()] * len(where)
    lacks = measure(name, per).lacks(evaluation.columns)
    codes = np.zeros(len(where), np.int64)
    for bit, mask in enumerate(lacks.values()):
        codes |= (mask & where).astype(np.int64) << bit
    named = {
        code: tuple(name for bit, name in enumerate(lacks) if code >> bit & 1) for code in np.unique(codes).tolist()
    }
    return [named[code] for code in codes.tolist()]
