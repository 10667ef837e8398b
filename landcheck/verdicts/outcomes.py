"""How the requirements of a rule came out, a column each and a row a subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import UNREAD, Masks, measure, unread
from landcheck.model import UNMET, Condition, Kind, Operator, Reading, Requirement, Rule, Test, Verdict
from landcheck.verdicts import remedies
from landcheck.verdicts.decide import Evaluation, VerdictCodes, verdicts_of
from landcheck.verdicts.exact import Numbers, settled
from landcheck.verdicts.name_sets import NameSets
from landcheck.verdicts.remedies import WayColumns

VERDICTS = tuple(Verdict)
SETTLED_BY = {"single_use": "overlay_m0"}  # a field that is unknown while that cell cannot be read
TOLD_BY = {"single_use": ("land_code", "remarks")}  # and cells that may tell it where it is not stated

Names = tuple[str, ...]
Naming = Callable[[Evaluation, str, str, NDArray[np.bool_]], Masks]  # of a measure: which fields, in those rows


@dataclass(frozen=True, slots=True)
class TestColumns:
    """How one way of meeting a requirement came out by itself; ``measured`` are numbers, or codes of ``words``."""

    test: Test
    limit: float | bool | Names
    verdicts: VerdictCodes
    measured: NDArray[Any]
    words: tuple[str | bool, ...] | None
    margin: Numbers
    margin_m2: Numbers
    missing: NameSets


@dataclass(frozen=True, slots=True)
class RequirementColumns:
    """How a requirement came out, its tests, which of them speaks for it, what is missing, and what would mend it."""

    requirement: Requirement
    verdicts: VerdictCodes
    tests: tuple[TestColumns, ...]
    speaker: NDArray[np.intp]
    missing: NameSets
    unreadable: NameSets
    ways: WayColumns


def outcomes(evaluation: Evaluation, requirement: Requirement, per: str, reading: Reading) -> RequirementColumns:
    """How the requirement came out in each row."""
    verdicts = evaluation.judged(requirement, per, reading)
    tests = tuple(_test(evaluation, test, requirement, per, reading) for test in requirement.any)
    missing, unreadable = (_open(evaluation, requirement, per, named) for named in (measure_lacks, unread_cells))
    ways = _ways(evaluation, tests, verdicts, per)
    return RequirementColumns(requirement, verdicts, tests, _speaker(tests, verdicts), missing, unreadable, ways)


def lacking(evaluation: Evaluation, rule: Rule, named: Naming | None = None) -> NameSets:
    """The fields that leave the rule's verdict open, in rows where it is undetermined."""
    found = unclear(evaluation, rule, named)
    for requirement in rule.requires:
        found.join(_open(evaluation, requirement, rule.per, named or measure_lacks))
    return found


def _open(evaluation: Evaluation, requirement: Requirement, per: str, named: Naming) -> NameSets:
    """The fields that leave open whether the requirement is met."""
    unknown = evaluation.met(requirement, per) == 0
    found = NameSets(len(unknown))
    for test in requirement.any:
        found.add(named(evaluation, test.measure, per, unknown & (evaluation.holds(test, per) == 0)))
    return found


def unclear(evaluation: Evaluation, rule: Rule, named: Naming | None = None) -> NameSets:
    """The fields that leave open whether the rule applies; none where it surely does or does not."""
    unknown = evaluation.applies(rule) == 0
    found = NameSets(len(unknown))
    for condition in (*rule.applies, Condition("approval_date", known=True)) if unknown.any() else ():
        where = unknown if condition.known else unknown & (evaluation.condition(condition, rule.per) == 0)
        found.add((named or measure_lacks)(evaluation, condition.subject, rule.per, where))
    return found


def _test(evaluation: Evaluation, test: Test, requirement: Requirement, per: str, reading: Reading) -> TestColumns:
    of = measure(test.measure, per)
    value, scale = evaluation.measured(test, per), float(1 / test.scale)
    # the area that would close the distance: floor area for a FAR or share, green for the ledger
    area: Numbers | float = evaluation.columns[of.area] if of.area else 1.0 if of.in_m2 else np.nan
    if of.area_told is not None:
        area = of.area_told(evaluation.columns, np.asarray(value, np.float64))
    words = {Kind.ENUM: of.values, Kind.BOOL: (False, True)}.get(of.kind)
    if of.kind is Kind.BOOL:
        measured = np.asarray((value.astype(np.int8) + 1) // 2 - (value == 0))
    else:
        measured = np.asarray(value, np.int64) if words else measured_of(evaluation, test, per)
    holds, missing = evaluation.holds(test, per), NameSets(len(value))
    if len(requirement.any) > 1:
        missing.add(measure_lacks(evaluation, test.measure, per, holds == 0))
    away, in_m2 = (margins_of(evaluation, test, per, unit) for unit in (scale, area))
    verdicts = verdicts_of(holds, requirement.modality, reading)
    return TestColumns(test, limit_of(evaluation, test), verdicts, measured, words, away, in_m2, missing)


def _speaker(tests: Sequence[TestColumns], verdicts: VerdictCodes) -> NDArray[np.intp]:
    """Of several ways to meet a requirement, the one that gives it its verdict speaks; a number before a word."""
    order = sorted(range(len(tests)), key=lambda i: tests[i].test.number is None)
    speaker = np.full(len(verdicts), order[0], np.intp)
    for i in reversed(order):
        speaker[tests[i].verdicts == verdicts] = i
    return speaker


def _ways(evaluation: Evaluation, tests: Sequence[TestColumns], verdicts: VerdictCodes, per: str) -> WayColumns:
    """What to change where the requirement is broken and a number can be given: the test against one speaks then."""
    numeric = next((one for one in tests if one.test.number is not None), None)
    rows = np.isin(verdicts, UNMET)
    if numeric is None or not rows.any():
        return ()
    columns, inputs = evaluation.columns, measure(numeric.test.measure, per).inputs
    held = {name: columns[name][rows] for name in inputs if name in columns}
    assert isinstance(numeric.limit, float)
    found = remedies.ways(numeric.test, per, numeric.limit, held)
    return tuple(tuple(change._replace(by=remedies.spread(change.by, rows)) for change in way) for way in found)


def limit_of(evaluation: Evaluation, test: Test) -> float | bool | Names:
    """What is compared with, a number in the test's unit."""
    if isinstance(test.limit, Decimal):
        return float(evaluation.parameters[test.parameter] if test.parameter else test.limit)
    return test.limit


def measured_of(evaluation: Evaluation, test: Test, per: str) -> Numbers:
    """What is compared with a number, in the unit of the test."""
    value = np.asarray(evaluation.measured(test, per), np.float64) * float(1 / test.scale)
    return settled(value, np.abs(value), 15)


def margins_of(evaluation: Evaluation, test: Test, per: str, unit: Numbers | float) -> Numbers:
    """Distance to the limit in that unit of the measure, negative where the limit is missed; NaN if there is none."""
    value = np.asarray(evaluation.measured(test, per), np.float64)
    if not isinstance(test.limit, Decimal):
        return np.full(len(value), np.nan)
    limit = evaluation.limit(test)
    return settled(margin(value, test.operator, limit) * unit, np.maximum(np.abs(value), abs(limit)) * unit)


def margin(value: Numbers, operator: Operator, limit: float) -> Numbers:
    """Distance to the limit, negative where it is missed."""
    above = value - limit
    if operator is Operator.EQUALS:
        return -np.abs(above)
    return above if operator is Operator.AT_LEAST else -above


def measure_lacks(evaluation: Evaluation, name: str, per: str, where: NDArray[np.bool_]) -> Masks:
    """The fields that a measure wants for in those rows."""
    if not where.any():
        return {}
    return {name: mask & where for name, mask in measure(name, per).lacks(evaluation.columns).items()}


def unread_cells(evaluation: Evaluation, name: str, per: str, where: NDArray[np.bool_]) -> Masks:
    """The fields behind a measure whose cells cannot be read in those rows."""
    columns = evaluation.columns
    if UNREAD not in columns or not columns[UNREAD].any():
        return {}
    behind = dict.fromkeys(measure(name, per).inputs, where) | measure_lacks(evaluation, name, per, where)
    for field in behind.keys() & SETTLED_BY.keys():
        behind |= dict.fromkeys(TOLD_BY[field], behind[field])
        instead = unread(columns, SETTLED_BY[field], per)
        behind |= {SETTLED_BY[field]: behind[field] & instead, field: behind[field] & ~instead}
    return {field: mask & unread(columns, field, per) for field, mask in behind.items()}
