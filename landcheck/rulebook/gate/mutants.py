"""Changed cards: each limit, comparison, value and condition altered in turn. A case must notice every one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from landcheck.measures import Measure, nameable
from landcheck.messages import Message
from landcheck.model import Condition, Kind, Operator, Requirement, Rule, Test, Validity
from landcheck.rulebook.gate.trial import CaseGroup

OTHERS = {
    Operator.AT_LEAST: (Operator.AT_MOST,),
    Operator.AT_MOST: (Operator.AT_LEAST,),
    Operator.EQUALS: (Operator.AT_LEAST, Operator.AT_MOST),
}
STEP = Decimal("0.01")  # a limit is moved by 1 %, one of nought by 0.01: as far as a case "just past" may stand
DAY = dt.timedelta(days=1)

T = TypeVar("T")


def survivors(rule: Rule, groups: Sequence[CaseGroup]) -> Iterator[Message]:
    """The changes of a rule that no case notices."""
    rules, changes = zip(*mutants_of(rule), strict=True)
    caught = [False] * len(rules)
    for group in groups:
        expected = [case.expect for case in group.cases]
        caught = [was or line != expected for was, line in zip(caught, group.judge(rules).tolist(), strict=True)]
    for change, noticed in zip(changes, caught, strict=True):
        if not noticed:
            yield Message("gate-mutant-survives", {"rule": rule.id, "change": change})


def mutants_of(rule: Rule) -> Iterator[tuple[Rule, Message]]:
    """The rule with one thing changed, and what: every change to be noticed."""
    known = nameable(rule.per)
    for number, requirement in enumerate(rule.requires):
        for changed, change in _requirement(requirement, known):
            yield replace(rule, requires=_put(rule.requires, number, changed)), change
    for number, condition in enumerate(rule.applies):
        for instead, change in _condition(condition, known) if condition.subject in known else ():
            yield replace(rule, applies=_put(rule.applies, number, instead)), change
    for days in (-DAY, DAY):
        date = rule.in_force_from + days
        yield replace(rule, in_force_from=date), Message("gate-change-date", {"date": date})
        if rule.validity is Validity.STATED and rule.in_force_until is not None and rule.per == "parcel":
            end = rule.in_force_until + days
            yield replace(rule, in_force_until=end), Message("gate-change-end", {"date": end})


def _put(items: tuple[T, ...], number: int, instead: T | None) -> tuple[T, ...]:
    """The items with one replaced, or taken out for None."""
    return items[:number] + (() if instead is None else (instead,)) + items[number + 1 :]


def _requirement(requirement: Requirement, known: dict[str, Measure]) -> Iterator[tuple[Requirement | None, Message]]:
    for number, test in enumerate(requirement.any):
        for changed, change in _test(test, known.get(test.measure)):
            yield replace(requirement, any=_put(requirement.any, number, changed)), change
        if len(requirement.any) > 1:
            rest = replace(requirement, any=_put(requirement.any, number, None))
            yield rest, Message("gate-change-dropped", {"what": test.measure})


def _test(test: Test, known: Measure | None) -> Iterator[tuple[Test, Message]]:
    if test.number is not None:
        yield from _number(test, test.number, known)
    elif test.operator is Operator.IS:
        flipped = Message("gate-change-value", {"what": test.measure, "value": str(not test.limit).lower()})
        yield replace(test, limit=not test.limit), flipped
    elif isinstance(test.limit, tuple):
        for values, change in _values(test.measure, test.limit, known):
            yield replace(test, limit=tuple(str(value) for value in values)), change


def _number(test: Test, limit: Decimal, known: Measure | None) -> Iterator[tuple[Test, Message]]:
    for step in (STEP, -STEP):
        moved = limit + (abs(limit) or 1) * step
        change = Message("gate-change-limit", {"what": test.measure, "limit": moved})
        yield replace(test, limit=moved, parameter=None), change
    floored = known is not None and known.lowest is not None and limit * test.scale <= Decimal(str(known.lowest))
    for operator in OTHERS[test.operator]:
        # nothing can be below the lowest value there is: "equals 0" and "at most 0" are the same demand
        if not (floored and operator is Operator.AT_MOST):
            values = {"what": test.measure, "operator": operator.value}
            yield replace(test, operator=operator), Message("gate-change-operator", values)


def _condition(condition: Condition, known: dict[str, Measure]) -> Iterator[tuple[Condition | None, Message]]:
    yield None, Message("gate-change-dropped", {"what": condition.subject})
    if not condition.known:
        for values, change in _values(condition.subject, condition.values, known[condition.subject]):
            yield replace(condition, values=values), change


def _values(
    name: str, values: tuple[str | bool, ...], known: Measure | None
) -> Iterator[tuple[tuple[str | bool, ...], Message]]:
    """One value fewer (while one is left), one more of those there are."""
    for value in values if len(values) > 1 else ():
        yield tuple(v for v in values if v != value), Message("gate-change-without", {"what": name, "value": value})
    there_are: tuple[str | bool, ...] = (
        () if known is None else (True, False) if known.kind is Kind.BOOL else known.values
    )
    for value in there_are:
        if value not in values:
            yield (*values, value), Message("gate-change-with", {"what": name, "value": str(value)})
