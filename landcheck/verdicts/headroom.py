"""How much may still be built, or must go, until a limit of the rules in force is met: the other side of the remedies.

Areas in m² to 0.01, rounded so that with exactly so much more every rule that limits it holds, and with a hundredth
more one does not. Each use by itself, within the other areas as they stand: what is added to other uses or living
facilities is taken from main industry, what goes becomes main industry. What must go of living facilities may be more
than there is: then they alone cannot meet the limit. A limit that a person may set aside (a control value, a permission
read literally) is a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import Measure, measure
from landcheck.model import USES, Operator, Requirement, Rule, Test, Tri, UseRoom
from landcheck.verdicts.decide import Evaluation, Mask
from landcheck.verdicts.exact import Numbers, Rounded, exactly, upwards
from landcheck.verdicts.name_sets import NameSets
from landcheck.verdicts.outcomes import measure_lacks, unclear

UPPER, LOWER = (Operator.AT_MOST, Operator.EQUALS), (Operator.AT_LEAST, Operator.EQUALS)


class Bound(NamedTuple):
    """A test that limits a use."""

    rule: Rule
    requirement: Requirement
    test: Test

    @property
    def of(self) -> Measure:
        """What the test measures; looked up, as a run is sent to other processes and its formulas are not."""
        return measure(self.test.measure, self.rule.per)


class UseLimits(NamedTuple):
    """The tests that limit a use from above, and from below."""

    upper: tuple[Bound, ...]
    lower: tuple[Bound, ...]


class Distance(NamedTuple):
    """How far a use may grow, a row each: where the test binds, where that is unknown, and to where it is met."""

    binds: Mask
    unclear: Mask
    pooled: Mask
    m2: Numbers


def bounds(rules: Sequence[Rule]) -> dict[str, UseLimits]:
    """By use, the tests of the rules that limit it."""
    found = [one for rule in rules if rule.per == "parcel" for one in _bounds(rule)]
    return {use: UseLimits(_among(found, field, UPPER), _among(found, field, LOWER)) for use, field in USES.items()}


def _among(found: Sequence[Bound], field: str, operators: Sequence[Operator]) -> tuple[Bound, ...]:
    return tuple(one for one in found if field in one.of.parts and one.test.operator in operators)


def _bounds(rule: Rule) -> Iterator[Bound]:
    for requirement in rule.requires:
        for test in requirement.any:
            of = measure(test.measure, rule.per)
            if of.parts and test.number is not None:
                yield Bound(rule, requirement, test)


class Rooms:
    """The headroom of some rows; a test is held against them once, whatever uses it limits."""

    def __init__(self, limits: Mapping[str, UseLimits], evaluation: Evaluation, rows: int) -> None:
        self.limits, self.evaluation, self.rows = limits, evaluation, rows
        self._distances: dict[tuple[str, str, Test, bool], Distance] = {}

    def of(self, use: str) -> tuple[Numbers, Numbers, Mask]:
        """What may be added or (negative) must go, what must be built, and where the limit is the pool's."""
        room, short, pooled = np.full(self.rows, np.inf), np.zeros(self.rows), np.zeros(self.rows, np.bool_)
        for bound in self.limits[use].upper:
            one = self._distance(bound, up=False)
            room = np.where(one.unclear, np.nan, np.where(one.binds, np.minimum(room, one.m2), room))
            pooled |= one.pooled
        for bound in self.limits[use].lower:
            one = self._distance(bound, up=True)
            needed = np.where(one.unclear & (one.m2 > 0), np.nan, one.m2)
            short = np.where(one.binds | one.unclear, np.maximum(short, needed), short)
        return room, short, pooled

    def explained(self, use: str) -> UseRoom:
        """The same, with the fields that are wanted where something is unknown."""
        room, short, pooled = self.of(use)
        names = NameSets(self.rows)
        for bound in (*self.limits[use].upper, *self.limits[use].lower):
            self._wanted(bound, (np.isnan(room) & ~pooled) | np.isnan(short), names)
        return UseRoom(room, short, pooled, names.codes, names.named)

    def _distance(self, bound: Bound, *, up: bool) -> Distance:
        key = bound.rule.id, bound.requirement.name, bound.test, up
        if key not in self._distances:
            self._distances[key] = self._worked_out(bound, up=up)
        return self._distances[key]

    def _worked_out(self, bound: Bound, *, up: bool) -> Distance:
        binds = self._binds(bound)
        pooled = np.zeros(self.rows, np.bool_)
        if "pool_recognised" in bound.of.inputs:
            recognised = self.evaluation.columns["pool_recognised"]
            pooled = (binds == Tri.TRUE) & (recognised == Tri.TRUE)
            binds = np.where((binds == Tri.TRUE) & (recognised != Tri.FALSE), Tri.UNKNOWN, binds).astype(np.int8)
        parts = [self.evaluation.columns[name] for name in bound.of.parts]
        whole = self.evaluation.columns[bound.of.whole] if bound.of.whole else np.ones(self.rows)
        wanted = (binds >= 0) & (whole > 0)
        for part in parts:
            wanted &= np.isfinite(part)
        far = np.full(self.rows, np.nan)
        far[wanted] = self._room(bound, [part[wanted] for part in parts], whole[wanted], up=up)
        return Distance(binds > 0, binds == 0, pooled, far)

    def _binds(self, bound: Bound) -> NDArray[np.int8]:
        """Tri: the rule speaks of the row, and no other way to meet the requirement is taken."""
        others = [self.evaluation.holds(one, "parcel") for one in bound.requirement.any if one is not bound.test]
        return reduce(np.minimum, (-other for other in others), self.evaluation.applies(bound.rule))

    def _room(self, bound: Bound, parts: Sequence[Numbers], whole: Numbers, *, up: bool) -> Numbers:
        test = bound.test
        number = self.evaluation.parameters[test.parameter] if test.parameter else test.number
        assert number is not None

        def amount(down: Rounded, limit: tuple[int, int], whole: Any, *parts: Any) -> list[Any]:
            left = whole * limit[0] - sum(parts) * limit[1]
            return [(upwards(down) if up else down)(left, limit[1])]

        (found,) = exactly(amount, [number * test.scale], whole, *parts)
        return found

    def _wanted(self, bound: Bound, unknown: Mask, names: NameSets) -> None:
        evaluation, binds = self.evaluation, self._binds(bound)
        names.join(unclear(evaluation, bound.rule), unknown & (binds >= 0))
        names.add(measure_lacks(evaluation, bound.of.name, "parcel", unknown & (binds >= 0)))
        columns = {name: evaluation.columns[name] for name in (*bound.of.parts, bound.of.whole) if name}
        names.add({name: unknown & (binds >= 0) & np.isnan(column) for name, column in columns.items()})
        for other in (one for one in bound.requirement.any if one is not bound.test):
            unsettled = unknown & (evaluation.holds(other, "parcel") == 0)
            names.add(measure_lacks(evaluation, other.measure, "parcel", unsettled))
