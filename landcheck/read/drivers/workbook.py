"""Spreadsheets (xlsx, xls, ods) through calamine."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.mapping import match
from landcheck.messages import Message
from landcheck.model import DataFinding, Kind, Level, Role
from landcheck.read.choose import choose
from landcheck.read.columns import repeated_columns
from landcheck.read.drivers.grid import LOOKED_AT, Cells, Heading, Span, column, days, empty, headings, too_long
from landcheck.read.drivers.sheetxml import Look, look_through, spans_rows
from landcheck.read.drivers.vector import table_of
from landcheck.read.hear import each_or_refuse, read_or_refuse
from landcheck.read.layer import Layer, Rows, Tell, about_file
from landcheck.read.repair.textshapes import Shapes, geometry_column
from landcheck.read.sniff import kind_of
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa
    import python_calamine

NOT_AS_PRINTED = 10**15  # a number holds 15 digits; of a longer code the last ones are lost when it is typed in
SINCE_1904 = 1462  # days from the first of the system of 1900 to that of 1904
SAYS_DATE = re.compile(r"日期|时间|date", re.IGNORECASE)
DAY = re.compile(r"\s*\d{4}\s*[-/.年]\s*\d{1,2}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook that is open: its cells as calamine gives them, and what is known besides.

    calamine leaves out the empty columns before the first that holds something: ``left`` is their number. ``spans``
    are counted without them.
    """

    source: Source
    name: str
    cells: python_calamine.CalamineSheet
    look: Look
    left: int
    spans: tuple[Span, ...]

    def rows(self, start: int = 0) -> Iterator[Cells]:
        """The rows from that one (from 0, as in the sheet) to the last that holds something."""
        rows = islice(self.cells.iter_rows(), start, None)
        return each_or_refuse(self.source.file, self.source.path, [], rows)

    def message(self, code: str, **values: Any) -> Message:
        """A sentence about the sheet."""
        return Message(code, {"file": self.source.file, "layer": self.name, **values})

    def reference(self, span: Span) -> str:
        """The cells as a spreadsheet calls them: ``B2:B4``."""
        from xlsxwriter.utility import xl_range

        return str(xl_range(span.top, span.left + self.left, span.bottom, span.right + self.left))


def open_workbook(source: Source) -> Layer:
    """One sheet of a workbook; ``source.layer`` names it where several hold something."""
    import python_calamine

    book = read_or_refuse(source.file, source.path, python_calamine.CalamineWorkbook.from_path, source.path)
    sheet = _sheet(book, source, _sheet_name(book, source))
    first = list(islice(sheet.rows(), LOOKED_AT))
    heading = headings(first, sheet.spans)
    if heading is None:
        raise InputError("read-sheet-empty", file=source.file, layer=sheet.name)
    at, crs = geometry_column(heading.names, first[heading.below :])
    kept = tuple(title for number, title in enumerate(heading.names) if number != at)
    dates = _date_columns(source.role, heading, first[heading.below :])

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        shapes, lost, merges = Shapes(source.role, source.file), Counter[str](), Merges(sheet, heading)
        count = 0
        records = merges.records()
        while taken := list(islice(records, size)):
            cells = list(zip(*taken, strict=True))
            for name, values in zip(heading.names, cells, strict=True):
                lost[name] += too_long(values, NOT_AS_PRINTED)
            columns = _typed(cells, dates, SINCE_1904 if sheet.look.since_1904 else 0)
            wkb = None if at is None else shapes.wkb(columns.pop(at), count)
            yield Rows(count, table_of(columns, kept, len(taken)), wkb)
            count += len(taken)
        for finding in (*_lost(source, kept, lost), *merges.findings(), *shapes.findings()):
            tell(finding)

    found = sheet.look.findings + repeated_columns(source.role, source.file, heading.repeated)
    info = source.info(sheet.name, None, 0, *_notes(sheet, heading))
    return Layer(info, kept, at is not None, crs, "Excel", rows, found, keep=(*source.keep, book))


def _typed(cells: Sequence[Cells], dates: Collection[int], shift: int) -> list[pa.Array]:
    return [column(days(values, shift) if number in dates else values) for number, values in enumerate(cells)]


def _sheet_name(book: python_calamine.CalamineWorkbook, source: Source) -> str:
    """The sheet that is meant, of the visible ones; an xlsx's empty sheets are told by their lack of any column."""
    shown = [str(sheet.name) for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
    names = shown if shown and source.layer is None else list(book.sheet_names)
    if not names:
        raise InputError("read-no-layers", file=source.file)
    if len(names) > 1 and source.layer is None:
        names = [name for name in names if _holds_something(book, source, name)] or names[:1]
    return choose(names, source.role, source.layer, source.file)


def _holds_something(book: python_calamine.CalamineWorkbook, source: Source, name: str) -> bool:
    if kind_of(source.path, source.file) == "xlsx":
        look_through(source, name)
    sheet = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
    return any(not empty(cell) for row in sheet.iter_rows() for cell in row)


def _sheet(book: python_calamine.CalamineWorkbook, source: Source, name: str) -> Sheet:
    look = look_through(source, name) if kind_of(source.path, source.file) == "xlsx" else Look()
    cells = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
    left = cells.start[1] if cells.start else 0
    spans = (Span(*start, *end) for start, end in cells.merged_cell_ranges or ())
    moved = (Span(one.top, one.left - left, one.bottom, one.right - left) for one in spans if one.left >= left)
    return Sheet(source, name, cells, look, left, tuple(sorted(moved, key=lambda one: (one.top, one.left))))


def _date_columns(role: str, heading: Heading, rows: Sequence[Cells]) -> frozenset[int]:
    """The columns in which a number is a day: by the field the heading means, else by its words or the first rows."""
    return frozenset(
        number
        for number, name in enumerate(heading.names)
        if _of_dates(role, name, heading.names, [row[number] for row in rows if number < len(row)])
    )


def _of_dates(role: str, name: str, names: Sequence[str], cells: Cells) -> bool:
    owner = Role(role) if role in set(Role) else Role.PARCELS
    meant = match(owner, name, names).field
    if meant is not None:
        return catalogue_field(owner, meant).kind is Kind.DATE
    return bool(SAYS_DATE.search(name)) or any(
        isinstance(cell, dt.date) or (isinstance(cell, str) and DAY.match(cell)) for cell in cells
    )


def _notes(sheet: Sheet, heading: Heading) -> Iterator[Message]:
    """How columns are called and rows are counted, where the sheet shows it otherwise."""
    if kind_of(sheet.source.path, sheet.source.file) == "ods" and spans_rows(sheet.source):
        yield Message("read-merged-unseen", {"file": sheet.source.file})
    if heading.ungrouped:
        yield sheet.message("read-sheet-groups", columns=heading.ungrouped)
    filled = [any(not empty(cell) for cell in row[: len(heading.names)]) for row in sheet.rows(heading.below)]
    rows = [number for number, one in enumerate(filled, heading.below + 1) if one]
    if rows and rows[0] != 2:
        yield sheet.message("read-sheet-first-row", row=rows[0])
    after = next((number for number, row in enumerate(rows) if row != rows[0] + number), None)
    if after is not None:
        blank = rows[-1] - rows[0] + 1 - len(rows)
        yield sheet.message("read-sheet-blank-rows", count=blank, number=after + 1, row=rows[after])


@dataclass(slots=True)
class Merges:
    """The rows below the heading, with the values of merged cells carried down, and which cells those were."""

    sheet: Sheet
    heading: Heading
    coming: list[Span] = field(init=False)
    running: dict[int, tuple[Span, Any]] = field(default_factory=dict)
    down: dict[Span, None] = field(default_factory=dict)
    across: dict[Span, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Those of the data, the last row first."""
        width, below = len(self.heading.names), self.heading.below
        self.coming = [one for one in self.sheet.spans if one.top >= below and one.left < width][::-1]

    def records(self) -> Iterator[Cells]:
        """The rows in which something of their own stands, without the results of what was never calculated."""
        width = len(self.heading.names)
        for number, row in enumerate(self.sheet.rows(self.heading.below), self.heading.below):
            cells = list(row[:width])
            blank = all(map(empty, cells))
            for place in self.sheet.look.zeros_in(number):
                if self.sheet.left <= place < self.sheet.left + width:
                    cells[place - self.sheet.left] = None
            self._enter(number, cells)
            if not blank:
                yield self._carried(number, cells) if self.running else cells

    def _enter(self, number: int, cells: Cells) -> None:
        """Take in the merged cells that start in this row."""
        while self.coming and self.coming[-1].top <= number:
            span = self.coming.pop()
            if empty(cells[span.left]):
                continue
            if span.right > span.left:
                self.across[span] = None
            if span.bottom > span.top:
                self.running[span.left] = span, cells[span.left]

    def _carried(self, number: int, cells: list[Any]) -> list[Any]:
        for place, (span, value) in list(self.running.items()):
            if number > span.bottom:
                del self.running[place]
            elif number > span.top and empty(cells[place]):
                cells[place] = value
                self.down[span] = None
        return cells

    def findings(self) -> Iterator[DataFinding]:
        """One warning for the cells over several rows, one for those over several columns."""
        for code, spans in (("read-merged-down", list(self.down)), ("read-merged-across", list(self.across))):
            if spans:
                columns = tuple(dict.fromkeys(self.heading.names[one.left] for one in spans))
                cells = [self.sheet.reference(one) for one in spans[:5]]
                message = self.sheet.message(code, count=len(spans), columns=columns, cells=cells)
                yield about_file("data/value", Level.WARNING, self.sheet.source.role, message)


def _lost(source: Source, columns: Sequence[str], lost: Counter[str]) -> Iterator[DataFinding]:
    for name in columns:
        if lost[name]:
            message = Message("read-digits-lost", {"file": source.file, "column": name, "count": lost[name]})
            yield about_file("data/value", Level.WARNING, source.role, message)
