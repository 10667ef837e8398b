"""Rules over columns: verdicts as small integers, in Kleene's three values, vectorised.

*and* is the minimum and *or* the maximum of :class:`landcheck.model.Tri`; of several requirements the greatest
:class:`landcheck.model.Verdict` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import TOLERANCE, Columns, Measure, Tris, kept_as, measure, missing, unread
from landcheck.model import (
    NO_DATE,
    Condition,
    Kind,
    Modality,
    Operator,
    Pack,
    Reading,
    Requirement,
    Rule,
    Test,
    Validity,
    Verdict,
    day_number,
)

VerdictCodes = NDArray[np.int8]
Mask = NDArray[np.bool_]

CHUNK = 131_072  # rows at a time: a column of them fits the processor's cache, and calls weigh little beside the work
RECORDED = "recorded_date"  # the approval date a row has of its own, before one is assumed; as ``approval_date``
# by ``Tri``: nothing for 1, UNDETERMINED for 0, NOT_APPLICABLE, twice that, for -1
OTHERWISE = np.int8(Verdict.UNDETERMINED)
GRAVER = {Operator.AT_LEAST: np.minimum, Operator.AT_MOST: np.maximum}
ALWAYS_SOFT = (Modality.CONTROL, Modality.ENCOURAGE)  # 控制值与鼓励: beyond them a person decides, in every reading


def rules_per(packs: Sequence[Pack], per: str) -> list[Rule]:
    """The rules for one kind of subject, in the packs' order."""
    return [rule for pack in packs for rule in pack.rules if rule.per == per]


def judge(
    rules: Sequence[Rule], columns: Columns, rows: int, reading: Reading, parameters: Mapping[str, Decimal]
) -> VerdictCodes:
    """Every rule on every row: int8 matrix (rules x rows) of ``Verdict``."""
    verdicts = np.empty((len(rules), rows), np.int8)
    for start in range(0, rows, CHUNK):
        part = slice(start, min(start + CHUNK, rows))
        evaluation = Evaluation({name: column[part] for name, column in columns.items()}, parameters)
        for number, rule in enumerate(rules):
            verdicts[number, part] = evaluation.verdict(rule, reading)
    return verdicts


class Evaluation:
    """Some rows as the rules see them: each measure, condition and comparison is worked out once."""

    def __init__(self, columns: Columns, parameters: Mapping[str, Decimal]) -> None:
        self.columns = dict(columns)
        self.parameters = parameters
        self._values: dict[str, NDArray[np.float64] | Tris] = {}
        self._tris: dict[tuple[object, ...], Tris] = {}
        self._measured: dict[Test, NDArray[np.float64]] = {}

    def value(self, of: Measure) -> NDArray[np.float64] | Tris:
        """The measure in each row."""
        if of.name not in self._values:
            self._values[of.name] = self.columns[kept_as(of.name)] = of.value(self.columns)
        return self._values[of.name]

    def measured(self, test: Test, per: str) -> NDArray[np.float64] | Tris:
        """What the test compares: the measure; the gravest of what it can be where all that is on one side."""
        of = measure(test.measure, per)
        if not of.either or not isinstance(test.limit, Decimal) or test.operator is Operator.EQUALS:
            return self.value(of)
        if test not in self._measured:
            self._measured[test] = self._gravest(of, test)
        return self._measured[test]

    def _gravest(self, of: Measure, test: Test) -> NDArray[np.float64]:
        value, choices = np.asarray(self.value(of), np.float64), [each(self.columns) for each in of.either]
        sides = [against_limit(choice, test.operator, self.limit(test)) for choice in choices]
        agreed = np.isnan(value) & (np.abs(reduce(np.add, sides)) == len(sides))
        return np.where(agreed, reduce(GRAVER[test.operator], choices), value)

    def verdict(self, rule: Rule, reading: Reading) -> VerdictCodes:
        """The rule's verdict in each row."""
        applies = self.applies(rule)
        if applies.max(initial=-1) < 0:
            return np.full(len(applies), Verdict.NOT_APPLICABLE, np.int8)
        # of several requirements the greatest verdict counts; of those that can fail the least met gives it
        hard = [self.met(r, rule.per) for r in rule.requires if not softened(r.modality, reading)]
        each = [self.judged(r, rule.per, reading) for r in rule.requires if softened(r.modality, reading)]
        each += [verdicts_of(reduce(np.minimum, hard), Modality.MUST, reading)] if hard else []
        judged = reduce(np.maximum, each)
        # where it surely applies the judgement stands (-1 has every bit set), else it is masked
        judged &= -(applies > 0).view(np.int8)
        judged += OTHERWISE - OTHERWISE * applies
        return judged

    def applies(self, rule: Rule) -> Tris:
        """Tri: does the rule speak of the row?"""
        window = ("in force", rule.in_force_from, rule.in_force_until, rule.validity)
        in_force = self._once(window, lambda: _in_force(self.columns, rule))
        conditions = (self.condition(c, rule.per) for c in rule.applies)
        return reduce(np.minimum, conditions, in_force)

    def condition(self, condition: Condition, per: str) -> Tris:
        """Tri: does one line of ``[applies]`` hold?"""
        return self._once((condition, per), lambda: self._condition(condition, per))

    def judged(self, requirement: Requirement, per: str, reading: Reading) -> VerdictCodes:
        """The requirement's own verdict in each row."""
        return verdicts_of(self.met(requirement, per), requirement.modality, reading)

    def met(self, requirement: Requirement, per: str) -> Tris:
        """Tri: does any of the requirement's tests hold?"""
        return reduce(np.maximum, (self.holds(test, per) for test in requirement.any))

    def holds(self, test: Test, per: str) -> Tris:
        """Tri: does the comparison hold?"""
        return self._once((test, per), lambda: self._holds(test, per))

    def limit(self, test: Test) -> float:
        """The number compared with, in the measure's own unit."""
        number = self.parameters[test.parameter] if test.parameter else test.number
        assert number is not None
        return float(number * test.scale)

    def _condition(self, condition: Condition, per: str) -> Tris:
        of = measure(condition.subject, per)
        value = self.value(of)
        if condition.known:
            # a cell that cannot be read is not an empty one: whether the value is known is then unknown itself
            known = np.int8(1) - np.int8(2) * missing(value, of.kind).view(np.int8)
            return np.where(unread(self.columns, of.name, per), np.int8(0), known)
        return _among(of, value, condition.values)

    def _holds(self, test: Test, per: str) -> Tris:
        of = measure(test.measure, per)
        value = self.measured(test, per)
        if test.operator is Operator.ONE_OF:
            assert isinstance(test.limit, tuple)
            return _among(of, value, test.limit)
        if test.operator is Operator.IS:
            return value.astype(np.int8, copy=False) if test.limit is True else -value.astype(np.int8)
        return against_limit(np.asarray(value, np.float64), test.operator, self.limit(test))

    def _once(self, key: tuple[object, ...], work: Callable[[], Tris]) -> Tris:
        if key not in self._tris:
            self._tris[key] = work()
        return self._tris[key]


def verdicts_of(met: Tris, modality: Modality, reading: Reading) -> VerdictCodes:
    """What it means that something of that force is met, broken, or unknown.

    By the steps down from met: PASS 0, UNDETERMINED 1, broken 2. A failure is one more than its steps, as unknown is;
    for a review the bits of both are turned (1 and 2 into 2 and 1).
    """
    down, unmet = np.int8(1) - met, (met < 1).view(np.int8)
    return down ^ (unmet * np.int8(3)) if softened(modality, reading) else down + unmet


def softened(modality: Modality, reading: Reading) -> bool:
    """Is a broken requirement of that force a matter for review rather than a failure?"""
    return modality in ALWAYS_SOFT or (modality is Modality.MAY and reading is Reading.LITERAL)


def against_limit(value: NDArray[np.float64], operator: Operator, limit: float) -> Tris:
    """Tri: the full value against the limit (GB/T 8170), the limit itself included; NaN is unknown."""
    slack = TOLERANCE * abs(limit)
    if operator is Operator.AT_LEAST:
        return (value >= limit - slack).view(np.int8) - (value < limit - slack).view(np.int8)
    if operator is Operator.AT_MOST:
        return (value <= limit + slack).view(np.int8) - (value > limit + slack).view(np.int8)
    distance = np.abs(value - limit)
    return (distance <= slack).view(np.int8) - (distance > slack).view(np.int8)


def _among(of: Measure, value: NDArray[np.float64] | Tris, wanted: Sequence[str | bool]) -> Tris:
    """Tri: is the truth value or the code among those wanted? Code -1 is missing."""
    codes = value.astype(np.int8, copy=False)
    if of.kind is Kind.BOOL:
        return codes if wanted == (True,) else -codes if wanted == (False,) else np.abs(codes)
    hit = reduce(np.logical_or, [codes == of.values.index(str(word)) for word in wanted])
    among: Tris = hit.view(np.int8) * np.int8(2) - (codes >= 0).view(np.int8)
    return among


def out_of_force(columns: Columns, rule: Rule) -> tuple[Mask, Mask]:
    """Where a row's date lies before the text's first day, and where its own recorded date lies after a stated end.

    A date that is only assumed ends nothing: the passing of a day changes no verdict.
    """
    date = columns["approval_date"]
    before = np.asarray((date < day_number(rule.in_force_from)) & (date != NO_DATE))
    if rule.validity is not Validity.STATED or rule.in_force_until is None or RECORDED not in columns:
        return before, np.zeros(len(before), np.bool_)
    return before, columns[RECORDED] > day_number(rule.in_force_until)


def _in_force(columns: Columns, rule: Rule) -> Tris:
    date = columns["approval_date"]
    before, after = out_of_force(columns, rule)
    since = (date >= day_number(rule.in_force_from)).view(np.int8) - before.view(np.int8)
    return np.asarray(since - np.int8(2) * after.view(np.int8), np.int8) if after.any() else since
