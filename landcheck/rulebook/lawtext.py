"""Words, numbers and units of a legal text: folded, so that print and typing habits do not matter, and found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

# What NFKC leaves apart: the scanned text prints 。 as "." and 《》 as "«»".
SAME = str.maketrans({"«": "《", "»": "》", "。": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "・": "·", "﹒": "."})

ARABIC = re.compile(r"\d+(?:\.\d+)?")
CHINESE = re.compile(r"[零一二两三四五六七八九十百千]+")
CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
CHINESE_TENS = {"十": 10, "百": 100, "千": 1000}
PERCENT = "百分之"
GAP = "\0"
DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def fold(text: str) -> str:
    """The text in NFKC without white space, line breaks and invisible characters, one sign for each mark."""
    whole = unicodedata.normalize("NFKC", text).translate(SAME)
    return "".join(c for c in whole if not c.isspace() and unicodedata.category(c) != "Cf")


def law_numbers(folded: str) -> Iterator[tuple[Decimal, str]]:
    """Every number of a folded text, with what follows it; ``百分之二十`` and ``20%`` are both (20, "%...")."""
    for match in ARABIC.finditer(folded):
        percent = "%" if folded.endswith(PERCENT, 0, match.start()) else ""
        yield Decimal(match[0]), percent + folded[match.end() :]
    for match in CHINESE.finditer(folded):
        if not folded.startswith(PERCENT, match.start()):
            percent = "%" if folded.endswith(PERCENT, 0, match.start()) else ""
            yield Decimal(chinese_number(match[0])), percent + folded[match.end() :]


def chinese_number(digits: str) -> int:
    """``二十`` is 20, ``一百零五`` is 105."""
    total, digit = 0, 0
    for character in digits:
        if character in CHINESE_TENS:
            total += (digit or 1) * CHINESE_TENS[character]
            digit = 0
        else:
            digit = CHINESE_DIGITS[character]
    return total + digit


def uncovered(section: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """The stretches of a folded section that stand in none of the folded quotes; punctuation alone is none."""
    rest = section
    for quote in quotes:
        start = section.find(quote)
        if start >= 0:
            rest = rest[:start] + GAP * len(quote) + rest[start + len(quote) :]
    return tuple(stretch for stretch in rest.split(GAP) if any(c.isalnum() for c in stretch))


@dataclass(frozen=True, slots=True)
class LimitUnit:
    """A unit of limits: ``factor`` times the base unit ``of`` its kind; ``words`` follow a number in a folded text."""

    of: str
    factor: Decimal
    words: tuple[str, ...] = ()


UNITS: Mapping[str, LimitUnit] = {
    "1": LimitUnit("1", Decimal(1)),
    "percent": LimitUnit("1", Decimal("0.01"), ("%",)),
    "years": LimitUnit("years", Decimal(1), ("年",)),
    "floors": LimitUnit("floors", Decimal(1), ("层",)),
    "m": LimitUnit("m", Decimal(1), ("米", "m")),
    "m2": LimitUnit("m2", Decimal(1), ("平方米", "m2")),
    "ha": LimitUnit("m2", Decimal(10_000), ("公顷", "ha")),
    "mu": LimitUnit("m2", Decimal(2000) / 3, ("亩",)),
    "10k_m2": LimitUnit("m2", Decimal(10_000), ("万平方米", "万m2")),
    "CNY": LimitUnit("CNY", Decimal(1), ("元",)),
    "10k_CNY": LimitUnit("CNY", Decimal(10_000), ("万元",)),
    "100m_CNY": LimitUnit("CNY", Decimal(100_000_000), ("亿元",)),
}
WORDS = tuple(word for unit in UNITS.values() for word in unit.words)


def scale(unit: str, to: str) -> Decimal | None:
    """What a limit in ``unit`` is multiplied by to be in ``to``; None where the two do not measure the same."""
    a, b = UNITS.get(unit), UNITS.get(to)
    return a.factor / b.factor if a and b and a.of == b.of else None


def stands(limit: Decimal, unit: str, quote: str) -> bool:
    """Does the quote hold the limit in the law's own digits, with that unit behind it?"""
    own = UNITS[unit].words
    return any(
        number == limit and (rest.startswith(own) if own else not rest.startswith(WORDS))
        for number, rest in law_numbers(fold(quote))
    )
