"""Cells of a spreadsheet or a delimited file as columns: where the heading is, and what type a column has."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from landcheck.errors import InputError
from landcheck.fields.catalogue import OWNERS, known_headings
from landcheck.fields.headings import heading
from landcheck.fields.units import find
from landcheck.read.drivers.tables.sheet_marks import Span
from landcheck.read.drivers.tables.sheet_units import Cells, unit_row, with_units
from landcheck.read.layer import distinct

HEADING_WITHIN = 30
WRITTEN_OUT = 1e21  # from here on a number is no code that somebody typed
NUMBER_CELL, YEAR = re.compile(r"\s*[-+]?\d+(?:\.\d*)?\s*"), re.compile(r"\s*(?:19|20)\d\d\s*")
BRACKET = re.compile(r"(?<=\S)[(（\[][^()（）]*[)）\]]\s*$")
OTHER_QUANTITY = re.compile(r"^(原|现状|地下)|前$|\b(before|existing|underground)\b", re.IGNORECASE)
"""Groups under which 容积率 or 建筑面积 is another quantity than it is alone."""


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """The column names of a sheet, those of them that stood more than once, the first row (from 0) of them and below.

    ``ungrouped`` are the whole names of the columns that are called by the lowest part of it alone; ``units`` the names
    with a unit that stands in a row of its own below them, or in a title above.
    """

    names: tuple[str, ...]
    repeated: tuple[str, ...]
    below: int
    ungrouped: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    top: int = 0


def heading_row(rows: Sequence[Cells]) -> int | None:
    """The index of the row with the column names: the first whose cells are all words and about as many as there ever
    are. A title over merged cells stands in one cell only, so it is passed over, and so is one with a year or a number
    beside it where a fuller row below names fields; None where no row holds anything."""
    first = rows[:HEADING_WITHIN]
    widest = max((_filled(row) for row in first), default=0)
    meant = [at for at, row in enumerate(first) if _filled(row) >= max(1, 0.5 * widest) and _words(row)]
    if not meant:
        return next((at for at, row in enumerate(first) if _filled(row)), None)
    named = next((at for at in meant if _known(first[at]) > 1), meant[0])
    passed = not _known(first[meant[0]]) and _filled(first[meant[0]]) < _filled(first[named])
    return named if passed else meant[0]


def refuse_headless(file: str, row: Cells) -> None:
    """InputError where the row that would be the heading is data: mostly numbers, and no name of a field.

    Its values would be lost without a word, and so would the shapes of a list of points.
    """
    cells = [cell for cell in row if not empty(cell)]
    numbers = [cell for cell in cells if type(cell) in (int, float) or NUMBER_CELL.fullmatch(str(cell))]
    numbers = [cell for cell in numbers if not YEAR.fullmatch(as_text(cell))]
    if len(numbers) > 1 and 2 * len(numbers) >= len(cells) and not _known(row):
        raise InputError("read-no-heading", file=file, cells=[as_text(cell) for cell in cells])


def _known(row: Cells) -> int:
    """How many cells are headings of fields, of whatever layer."""
    return sum(
        isinstance(cell, str) and any(heading(cell).base in known_headings(role) for role in OWNERS) for cell in row
    )


def headings(rows: Sequence[Cells], spans: Sequence[Span], role: str) -> SheetHeading | None:
    """The heading, with the groups that stand above it in merged cells; None where no row holds anything."""
    at = heading_row(rows)
    if at is None:
        return None
    spans = [
        one for one in spans if one.top < len(rows) and not all(map(empty, rows[one.top][one.left : one.left + 1]))
    ]
    top, bottom = _highest(at, spans), at
    while bottom + 1 < len(rows) and _continued(top, bottom, rows[bottom + 1], spans):
        bottom += 1
    if bottom > at and unit_row(rows[bottom]):
        bottom -= 1
    names, ungrouped = _names(_titles(rows, top, bottom, spans))
    below, names, units = with_units(names, rows, top, bottom + 1, role)
    return SheetHeading(*distinct(names), below, ungrouped, units, top)


def _highest(at: int, spans: Sequence[Span]) -> int:
    """The first row of the heading: above it only where a cell reaches down into it, or groups (no title) stand."""
    while True:
        reaching = [one.top for one in spans if one.top < at <= one.bottom]
        groups = [one for one in spans if one.bottom == at - 1 and one.right > one.left]
        grouped = [one.top for one in groups] if all(one.left > 0 for one in groups) else []
        if not reaching + grouped:
            return at
        at = min(reaching + grouped)


def _continued(top: int, row: int, below: Cells, spans: Sequence[Span]) -> bool:
    """Whether the row below still belongs to the heading: words under its groups, and hardly any beside them."""
    groups = [one for one in spans if top <= one.top <= row <= one.bottom and one.right > one.left]
    under = {number for one in groups for number in range(one.left, one.right + 1)}
    beside = [cell for number, cell in enumerate(below) if number not in under]
    few = _words(below) and 2 * _filled(beside) <= len(beside)
    if any(one.bottom > row for one in groups):
        return few
    return _filled(below) > _filled(beside) and (few or (bool(beside) and not _filled(beside)))


def _titles(rows: Sequence[Cells], top: int, bottom: int, spans: Sequence[Span]) -> list[list[str]]:
    """For each column its texts from the top down; line breaks inside a heading become spaces."""
    shown = [list(row) for row in rows[top : bottom + 1]]
    for one in spans:
        if top <= one.top <= bottom and one.left < len(shown[0]):
            width = min(one.right + 1, len(shown[0])) - one.left
            shown[one.top - top][one.left : one.left + width] = [rows[one.top][one.left]] * width
    return [
        [" ".join(as_text(cell).split()) for cell in cells if not empty(cell)] for cells in zip(*shown, strict=True)
    ]


def _names(titles: Sequence[Sequence[str]]) -> tuple[list[str], tuple[str, ...]]:
    """Each column's name, without the nameless ones after the last, and the whole names of those that lost a part.

    The lowest part stands alone where it names the quantity: it is no bare unit, and no group above makes it another
    one. The unit or restriction that stands in brackets in a group above goes with it.
    """
    last = max((number for number, parts in enumerate(titles) if parts), default=0)
    often = Counter(parts[-1] for parts in titles if parts)
    names: list[str] = []
    ungrouped: list[str] = []
    for parts in titles[: last + 1]:
        name = "/".join(parts)
        other = any(OTHER_QUANTITY.search(BRACKET.sub("", part)) for part in parts[:-1])
        if len(parts) > 1 and often[parts[-1]] == 1 and find(parts[-1]) is None and not other:
            ungrouped.append(name)
            brackets = [found[0].strip() for part in parts if (found := BRACKET.search(part))]
            name = parts[-1] if BRACKET.search(parts[-1]) else parts[-1] + "".join(brackets[-1:])
        names.append(name)
    return names, tuple(ungrouped)


def _filled(row: Cells) -> int:
    return sum(not empty(cell) for cell in row)


def _words(row: Cells) -> bool:
    return all(isinstance(cell, str) for cell in row if not empty(cell))


def empty(cell: Any) -> bool:
    """Whether nothing stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def typed_column(values: Sequence[Any]) -> pa.Array:
    """The cells of one column: numbers, dates or truth values where all are, else text with numbers written plainly."""
    cells = [None if empty(value) else value for value in values]
    kinds = {type(value) for value in cells if value is not None}
    if kinds <= {bool}:
        return pa.array(cells, pa.bool_() if kinds else pa.string())
    if kinds <= {int, float}:
        # whole numbers as integers, so that a code stored as 1001.0 reads 1001
        if all(cell is None or (float(cell).is_integer() and abs(cell) < 2**53) for cell in cells):
            return pa.array([None if cell is None else int(cell) for cell in cells], pa.int64())
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())
    if kinds <= {dt.date, dt.datetime}:
        return pa.array([cell.date() if isinstance(cell, dt.datetime) else cell for cell in cells], pa.date32())
    return pa.array([None if cell is None else as_text(cell) for cell in cells], pa.string())


def as_text(cell: Any) -> str:
    """A cell as people would write it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < WRITTEN_OUT:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def as_days(values: Sequence[Any], shift: int) -> list[Any]:
    """The cells of a column of dates; a serial day without the format of a date becomes the date it means.

    ``shift``: what to add to a serial day for the system of 1900.
    """
    from landcheck.fields.dates import EXCEL_EPOCH, EXCEL_FIRST, EXCEL_LAST

    return [
        EXCEL_EPOCH + dt.timedelta(days=int(value) + shift)
        if type(value) in (int, float) and EXCEL_FIRST <= value + shift <= EXCEL_LAST
        else value
        for value in values
    ]
