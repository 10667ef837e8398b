"""Units a card may give its limits in, and the words of law they go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from landcheck.rulebook.lawtext import fold, numbers


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` times the base unit of its kind; ``words`` as they follow a number in a folded text."""

    of: str
    factor: Decimal
    words: tuple[str, ...] = ()


UNITS: Mapping[str, Unit] = {
    "1": Unit("1", Decimal(1)),
    "percent": Unit("1", Decimal("0.01"), ("%",)),
    "years": Unit("years", Decimal(1), ("年",)),
    "floors": Unit("floors", Decimal(1), ("层",)),
    "m": Unit("m", Decimal(1), ("米", "m")),
    "m2": Unit("m2", Decimal(1), ("平方米", "m2")),
    "ha": Unit("m2", Decimal(10_000), ("公顷", "ha")),
    "mu": Unit("m2", Decimal(2000) / 3, ("亩",)),
    "10k_m2": Unit("m2", Decimal(10_000), ("万平方米", "万m2")),
    "CNY": Unit("CNY", Decimal(1), ("元",)),
    "10k_CNY": Unit("CNY", Decimal(10_000), ("万元",)),
    "100m_CNY": Unit("CNY", Decimal(100_000_000), ("亿元",)),
}
WORDS = tuple(word for unit in UNITS.values() for word in unit.words)


def scale(unit: str, to: str) -> Decimal | None:
    """What a limit in ``unit`` is multiplied by to be in ``to``; None where the two do not measure the same."""
    a, b = UNITS.get(unit), UNITS.get(to)
    return a.factor / b.factor if a and b and a.of == b.of else None


def stands(limit: Decimal, unit: str, quote: str) -> bool:
    """Does the quote hold the limit in the law's own digits, with that unit behind it?"""
    return any(number == limit and _follows(UNITS[unit], rest) for number, rest in numbers(fold(quote)))


def _follows(unit: Unit, rest: str) -> bool:
    if unit.words:
        return rest.startswith(unit.words)
    return not rest.startswith(WORDS)
