"""Words and numbers of a legal text: folded, so that print and typing habits do not matter, and found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
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


def numbers(folded: str) -> Iterator[tuple[Decimal, str]]:
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
