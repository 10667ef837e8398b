"""What a sheet shows beside the values of its cells: errors, number formats, rows that are hidden or struck through."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from landcheck.fields.cells import UNREAD
from landcheck.fields.units import find
from landcheck.model import DataFinding, Kind, Level

Finding = Callable[..., DataFinding]
COLUMNS_AT_MOST = 1 << 14
WORDS_AT_MOST = 1 << 20
UNCALCULATED, MISREAD = "=?", "?"
"""What is shown for a formula that was never calculated and a value that was not read."""
TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|(General|G/通用格式|[0#])|(.)', re.DOTALL)
NOT_LITERAL = frozenset("yYmMdDhHsSeEgGbB@.,%?/")
"""Signs of a number format that make a date, a fraction or a group of digits."""


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: the first row and column and the last ones, from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Marked:
    """Cells by their place, each with a word: kept as whole numbers, as there may be one for every row."""

    def __init__(self) -> None:
        self.places, self.words, self.known = array("q"), list[str](), dict[str, int]()
        self.sorted = True

    def add(self, row: int, column: int, word: str) -> None:
        """One cell, counted from 0."""
        number = self.known.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        self.places.append((row * COLUMNS_AT_MOST + column) * WORDS_AT_MOST + min(number, WORDS_AT_MOST - 1))
        self.sorted = False

    def in_row(self, row: int) -> Iterator[tuple[int, str]]:
        """The columns of a row that are marked, and their words."""
        if not self.sorted:
            self.places, self.sorted = array("q", sorted(self.places)), True
        one = COLUMNS_AT_MOST * WORDS_AT_MOST
        for place in self.places[bisect_left(self.places, row * one) : bisect_left(self.places, (row + 1) * one)]:
            yield place // WORDS_AT_MOST % COLUMNS_AT_MOST, self.words[place % WORDS_AT_MOST]

    def cells(self) -> list[str]:
        """The names of the cells, as A1."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return [xl_rowcol_to_cell(*divmod(place // WORDS_AT_MOST, COLUMNS_AT_MOST)) for place in sorted(self.places)]


@dataclass
class SheetMarks:
    """``errors`` are cells that hold one, ``not_calculated`` formulas whose result was not saved (or is a 0 in its
    place), ``misread`` those whose value the reader of cells gets wrong, ``formats`` numbers that are shown otherwise
    than they are, with their number format. ``hidden`` and ``struck`` are rows, ``spans`` merged cells where the
    reader of the cells does not tell of them. ``since_1904``: whether days are counted from 1904, as Excel on the Mac
    once did."""

    errors: Marked = field(default_factory=Marked)
    not_calculated: Marked = field(default_factory=Marked)
    misread: Marked = field(default_factory=Marked)
    formats: Marked = field(default_factory=Marked)
    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    since_1904: bool = False

    def findings(self, finding: Finding, sheet: str) -> Iterator[DataFinding]:
        """One error for all cells that hold an error, one for all formulas without a result, one for all misread."""
        told = (("read-cell-errors", self.errors), ("read-cell-not-calculated", self.not_calculated),
                ("read-cell-misread", self.misread))  # fmt: skip
        for code, marked in told:
            if cells := marked.cells():
                yield finding(Level.ERROR, code, layer=sheet, count=len(cells), cells=cells)

    def apply(self, row: int, cells: list[Any], left: int, kinds: Sequence[Kind | None]) -> None:
        """Put into the cells of a row what they show, where that is another thing than their value.

        What cannot be read is marked as such, so that nothing is assumed in its place.
        """
        for marked in (self.errors, self.not_calculated, self.misread):
            for column, word in marked.in_row(row):
                if left <= column < left + len(cells):
                    cells[column - left] = UNREAD + word
        for column, code in self.formats.in_row(row):
            place = column - left
            if 0 <= place < len(cells) and type(cells[place]) in (int, float):
                cells[place] = shown(cells[place], code, kinds[place])


def shown(value: float, code: str, kind: Kind | None) -> float | str:
    """A number as its format shows it: with its unit in a column of numbers, whole as it stands for an id."""
    unit = unit_of(code)
    if unit and kind in (Kind.NUMBER, None):
        return f"{value}{unit}"
    return (as_shown(value, code) or value) if kind in (Kind.TEXT, None) else value


def matters(code: str) -> bool:
    """Whether a number under this format may be shown as another id, or with a unit."""
    return bool(unit_of(code)) or as_shown(1.0, code) not in (None, "1")


@lru_cache(256)
def _parts(code: str) -> tuple[tuple[str, str], ...]:
    """The first section of a number format, piece by piece: a ``digit``, a ``literal`` text, or ``other`` signs."""
    parts: list[tuple[str, str]] = []
    for found in TOKEN.finditer(code):
        quoted, escaped, digit, other = found.groups()
        if other == ";":
            break
        if text := quoted or escaped or digit or other:
            parts.append((text, "digit" if digit else "other" if other in NOT_LITERAL else "literal"))
    return tuple(parts)


def unit_of(code: str) -> str:
    """The unit that stands in a number format, as in ``0.00"公顷"``."""
    word = "".join(text for text, kind in _parts(code) if kind == "literal").strip(" .,#0123456789-")
    unit = find(word)
    return word if unit is not None and unit.dimension in ("area", "money", "time") else ""


def as_shown(value: float, code: str) -> str | None:
    """A whole number under a format of digits and literals, ``PD-001``; None for other formats and numbers."""
    parts = _parts(code)
    if value < 0 or not float(value).is_integer() or any(kind == "other" for _, kind in parts):
        return None
    digits, result = str(int(value)), list[str]()
    first = next((number for number, (_, kind) in enumerate(parts) if kind == "digit"), None)
    for number, (text, kind) in reversed(list(enumerate(parts))):
        if kind == "digit":
            taken = digits if number == first else digits[-1:]
            digits = digits[: len(digits) - len(taken)]
            result.append(taken or ("" if text == "#" else "0"))
        else:
            result.append(text)
    return "".join(reversed(result)) or None
