"""Spreadsheets (xlsx, xls, ods) through calamine."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.mapping import match
from landcheck.messages import Message
from landcheck.model import DataFinding, Kind, Level, Role
from landcheck.read.drivers.sheet_columns import (
    HEADING_WITHIN,
    Cells,
    SheetHeading,
    Span,
    as_days,
    count_too_long,
    empty,
    headings,
    typed_column,
)
from landcheck.read.drivers.sheet_xml import SheetFacts, sheet_facts, spans_rows
from landcheck.read.drivers.text_geometry import TextGeometry, geometry_column
from landcheck.read.drivers.vector import open_any
from landcheck.read.layer import Layer, Rows, Tell, about_file, choose_layer, repeated_columns, table_of
from landcheck.read.reader_calls import each_or_refuse, read_or_refuse
from landcheck.read.source import DataSource

if TYPE_CHECKING:
    import python_calamine

NOT_AS_PRINTED = 10**15  # a number holds 15 digits; of a longer code the last ones are lost when it is typed in
SINCE_1904 = 1462  # days from the first of the system of 1900 to that of 1904
SAYS_DATE = re.compile(r"日期|时间|date", re.IGNORECASE)
DAY = re.compile(r"\s*\d{4}\s*[-/.年]\s*\d{1,2}")


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook that is open: its cells as calamine gives them, and what is known besides.

    calamine leaves out the empty columns before the first that holds something: ``left`` is their number. ``spans``
    are counted without them.
    """

    source: DataSource
    name: str
    cells: python_calamine.CalamineSheet
    facts: SheetFacts
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


Facts = Callable[[DataSource, str], SheetFacts]


def open_xlsx(source: DataSource) -> Layer:
    """A sheet of an Excel workbook, whose XML is looked through as well."""
    return _open(source, sheet_facts, lambda _: ())


def open_xls(source: DataSource) -> Layer:
    """A sheet of an old or a binary Excel workbook."""
    return _open(source, None, lambda _: ())


def open_ods(source: DataSource) -> Layer:
    """A sheet of an OpenDocument workbook; calamine does not read those that GDAL wrote, GDAL does."""

    def notes(source: DataSource) -> Iterator[Message]:
        if spans_rows(source):
            yield Message("read-merged-unseen", {"file": source.file})

    try:
        return _open(source, None, notes)
    except InputError as error:
        if error.message.code != "read-failed":
            raise
        return open_any(source)


def _open(source: DataSource, facts: Facts | None, notes: Callable[[DataSource], Iterable[Message]]) -> Layer:
    """One sheet of a workbook; ``source.layer`` names it where several hold something."""
    import python_calamine

    book = read_or_refuse(source.file, source.path, python_calamine.CalamineWorkbook.from_path, source.path)
    sheet = _sheet(book, source, _sheet_name(book, source, facts), facts)
    first = list(islice(sheet.rows(), HEADING_WITHIN))
    heading = headings(first, sheet.spans)
    if heading is None:
        raise InputError("read-sheet-empty", file=source.file, layer=sheet.name)
    at, crs = geometry_column(heading.names, first[heading.below :])
    kept = tuple(title for number, title in enumerate(heading.names) if number != at)
    dates = _date_columns(source.role, heading, first[heading.below :])
    shift = SINCE_1904 if sheet.facts.since_1904 else 0

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        shapes, lost, merges = TextGeometry(source.role, source.file), Counter[str](), Merges(sheet, heading)
        count = 0
        records = merges.records()
        while taken := list(islice(records, size)):
            columns = []
            for number, (name, cells) in enumerate(zip(heading.names, zip(*taken, strict=True), strict=True)):
                lost[name] += count_too_long(cells, NOT_AS_PRINTED)
                columns.append(typed_column(as_days(cells, shift) if number in dates else cells))
            wkb = None if at is None else shapes.wkb(columns.pop(at), count)
            yield Rows(count, table_of(columns, kept, len(taken)), wkb)
            count += len(taken)
        for finding in (*_digits_lost(source, kept, lost), *merges.findings(), *shapes.findings()):
            tell(finding)

    found = sheet.facts.findings + repeated_columns(source.role, source.file, heading.repeated)
    info = source.info(sheet.name, None, 0, *notes(source), *_notes(sheet, heading))
    return Layer(info, kept, at is not None, crs, "Excel", rows, found, keep=(*source.keep, book))


def _sheet_name(book: python_calamine.CalamineWorkbook, source: DataSource, facts: Facts | None) -> str:
    """The sheet that is meant, of the visible ones that hold something."""
    shown = [str(sheet.name) for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
    names = shown if shown and source.layer is None else list(book.sheet_names)
    if not names:
        raise InputError("read-no-layers", file=source.file)
    if len(names) > 1 and source.layer is None:
        names = [name for name in names if _holds_something(book, source, name, facts)] or names[:1]
    return choose_layer(names, source.role, source.layer, source.file)


def _holds_something(
    book: python_calamine.CalamineWorkbook, source: DataSource, name: str, facts: Facts | None
) -> bool:
    sheet = _sheet(book, source, name, facts)
    return any(not empty(cell) for row in sheet.cells.iter_rows() for cell in row)


def _sheet(book: python_calamine.CalamineWorkbook, source: DataSource, name: str, facts: Facts | None) -> WorkbookSheet:
    """The sheet, looked through before calamine sets up its cells."""
    known = facts(source, name) if facts else SheetFacts()
    cells = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
    left = cells.start[1] if cells.start else 0
    spans = (Span(*start, *end) for start, end in cells.merged_cell_ranges or ())
    moved = (Span(one.top, one.left - left, one.bottom, one.right - left) for one in spans if one.left >= left)
    return WorkbookSheet(source, name, cells, known, left, tuple(sorted(moved, key=lambda one: (one.top, one.left))))


def _date_columns(role: str, heading: SheetHeading, rows: Sequence[Cells]) -> frozenset[int]:
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


def _notes(sheet: WorkbookSheet, heading: SheetHeading) -> Iterator[Message]:
    """How columns are called and rows are counted, where the sheet shows it otherwise."""
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

    sheet: WorkbookSheet
    heading: SheetHeading
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
            for place in self.sheet.facts.zeros_in(number):
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


def _digits_lost(source: DataSource, columns: Sequence[str], lost: Counter[str]) -> Iterator[DataFinding]:
    for name in columns:
        if lost[name]:
            message = Message("read-digits-lost", {"file": source.file, "column": name, "count": lost[name]})
            yield about_file("data/value", Level.WARNING, source.role, message)
