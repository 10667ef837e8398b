"""Three-valued facts and exact numbers that remember which fields they lack; plain Python, no arrays.

CONTRACT 1: "Three-valued (Kleene) logic throughout: false and unknown = false, true or unknown = true."
CONTRACT 1: "Comparisons use the full value, with a relative tolerance of 1e-9 for binary floating point and no
rounding. 以上, 以下, 不超过, 不低于 include the number itself."
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

TOLERANCE = Fraction(1, 10**9)
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fact:
    """True, False or None (unknown); an unknown fact names the fields it lacks."""

    truth: bool | None
    missing: frozenset[str] = NOTHING


@dataclass(frozen=True)
class Number:
    """An exact number or None (unknown); an unknown number names the fields it lacks."""

    value: Fraction | None
    missing: frozenset[str] = field(default=NOTHING)


TRUE = Fact(truth=True)
FALSE = Fact(truth=False)


def all_of(*facts: Fact) -> Fact:
    if any(fact.truth is False for fact in facts):
        return FALSE
    unknown = [fact for fact in facts if fact.truth is None]
    if unknown:
        return Fact(None, NOTHING.union(*(fact.missing for fact in unknown)))
    return TRUE


def any_of(*facts: Fact) -> Fact:
    if any(fact.truth is True for fact in facts):
        return TRUE
    unknown = [fact for fact in facts if fact.truth is None]
    if unknown:
        return Fact(None, NOTHING.union(*(fact.missing for fact in unknown)))
    return FALSE


def negation(fact: Fact) -> Fact:
    return fact if fact.truth is None else Fact(not fact.truth)


def at_most(number: Number, limit: Fraction) -> Fact:
    if number.value is None:
        return Fact(None, number.missing)
    return Fact(number.value <= limit + abs(limit) * TOLERANCE)


def at_least(number: Number, limit: Fraction) -> Fact:
    if number.value is None:
        return Fact(None, number.missing)
    return Fact(number.value >= limit - abs(limit) * TOLERANCE)


def more_than(number: Number, other: Number) -> Fact:
    """Strictly more: what is equal within the tolerance is equal, hence not more."""
    if number.value is None or other.value is None:
        return Fact(None, number.missing | other.missing)
    return Fact(number.value > other.value + abs(other.value) * TOLERANCE)


def share(part: Number, whole: Number, name_of_whole: str) -> Number:
    """Part / whole; a whole of nothing has no shares, which is a lack of that field."""
    if part.value is None or whole.value is None:
        return Number(None, part.missing | whole.missing)
    if whole.value == 0:
        return Number(None, frozenset({name_of_whole}))
    return Number(part.value / whole.value)


def total(*numbers: Number) -> Number:
    """A sum with an unknown part is unknown."""
    missing = NOTHING.union(*(number.missing for number in numbers))
    known = [number.value for number in numbers if number.value is not None]
    return Number(sum(known, Fraction(0))) if len(known) == len(numbers) else Number(None, missing)
