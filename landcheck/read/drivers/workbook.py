"""Spreadsheets (xlsx, xls, ods) through calamine."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.mapping import match
from landcheck.messages import Message
from landcheck.model import DataFinding, Kind, Level
from landcheck.read.drivers.sheet_columns import (
    HEADING_WITHIN,
    SheetHeading,
    Span,
    as_days,
    empty,
    headings,
    typed_column,
)
from landcheck.read.drivers.sheet_units import Cells, role_of_table
from landcheck.read.drivers.sheet_xml import SheetScan, scanned_sheet, spans_rows
from landcheck.read.drivers.text_geometry import TextGeometry, geometry_column
from landcheck.read.drivers.vector import open_any
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, table_of
from landcheck.read.reader_calls import each_or_refuse, read_or_refuse
from landcheck.read.sniff import OLE, Head
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
    scan: SheetScan
    left: int
    spans: Sequence[Span]

    def rows(self, start: int = 0) -> Iterator[Cells]:
        """The rows from that one (from 0, as in the sheet) to the last that holds something."""
        rows = islice(self.cells.iter_rows(), start, None)
        return each_or_refuse(self.source.file, self.source.path, [], rows)

    def message(self, code: str, **values: Any) -> Message:
        """A sentence about the sheet."""
        return Message(code, {"file": self.source.file, "layer": self.name, **values})


def is_xls(head: Head) -> bool:
    """A workbook by its suffix: an old one in an OLE container, a binary one in an archive."""
    return head.suffix in ((".xls", ".et", "") if head.raw.startswith(OLE) else (".xls", ".et", ".xlsb"))


def open_xlsx(source: DataSource) -> Layer:
    """A sheet of an Excel workbook, whose XML is looked through before calamine sets up its cells."""
    return _open(source, scanned_sheet)


def open_xls(source: DataSource) -> Layer:
    """A sheet of an old or a binary Excel workbook."""
    return _open(source, lambda *_: SheetScan())


def open_ods(source: DataSource) -> Layer:
    """A sheet of an OpenDocument workbook; calamine does not read those that GDAL wrote, GDAL does."""
    try:
        layer = open_xls(source)
        if spans_rows(source):
            note = Message("read-merged-unseen", {"file": source.file})
            layer.info = replace(layer.info, notes=(note, *layer.info.notes))
    except InputError as error:
        if error.message.code != "read-failed":
            raise
        return open_any(source)
    return layer


def _open(source: DataSource, scan: Callable[[DataSource, str], SheetScan]) -> Layer:
    """One sheet of a workbook; ``source.layer`` names it where several hold something."""
    import python_calamine

    book = read_or_refuse(source.file, source.path, python_calamine.CalamineWorkbook.from_path, source.path)
    sheet = _sheet(book, source, scan)
    first = list(islice(sheet.rows(), HEADING_WITHIN))
    heading = headings(first, sheet.spans, source.role)
    if heading is None:
        raise InputError("read-sheet-empty", file=source.file, layer=sheet.name)
    at, crs = geometry_column(heading.names, first[heading.below :])
    kept = tuple(title for number, title in enumerate(heading.names) if number != at)
    dates = _date_columns(source.role, heading.names, first[heading.below :])
    shift = SINCE_1904 if sheet.scan.since_1904 else 0

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        shapes, lost, merges = TextGeometry(source), Counter[str](), Merges(sheet, heading)
        count = 0
        records = merges.records()
        while taken := list(islice(records, size)):
            columns = []
            for number, (name, cells) in enumerate(zip(heading.names, zip(*taken, strict=True), strict=True)):
                lost[name] += sum(type(cell) in (int, float) and abs(cell) >= NOT_AS_PRINTED for cell in cells)
                columns.append(typed_column(as_days(cells, shift) if number in dates else cells))
            wkb = None if at is None else shapes.wkb(columns.pop(at), count)
            yield Rows(count, table_of(columns, kept, len(taken)), wkb)
            count += len(taken)
        for name in kept:
            if lost[name]:
                tell(source.finding(Level.WARNING, "read-digits-lost", column=name, count=lost[name]))
        for finding in (*merges.findings(), *shapes.findings()):
            tell(finding)

    found = sheet.scan.findings + source.repeated(heading.repeated)
    info = source.info(sheet.name, None, 0, *_notes(sheet, heading), sha256=source.fingerprint()())
    return Layer(info, kept, at is not None, crs, "Excel", rows, found, keep=(*source.keep, book))


def _sheet(
    book: python_calamine.CalamineWorkbook, source: DataSource, scan: Callable[[DataSource, str], SheetScan]
) -> WorkbookSheet:
    """The sheet that is meant, of the visible ones that hold something."""

    def sheet(name: str) -> WorkbookSheet:
        known = scan(source, name)
        cells = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
        left = cells.start[1] if cells.start else 0
        spans = (Span(*start, *end) for start, end in cells.merged_cell_ranges or ())
        moved = (Span(one.top, one.left - left, one.bottom, one.right - left) for one in spans if one.left >= left)
        return WorkbookSheet(source, name, cells, known, left, sorted(moved, key=lambda one: (one.top, one.left)))

    visible = [str(sheet.name) for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
    names = visible if visible and source.layer is None else list(book.sheet_names)
    if not names:
        raise InputError("read-no-layers", file=source.file)
    if len(names) > 1 and source.layer is None:
        filled = (
            name for name in names if any(not empty(cell) for row in sheet(name).cells.iter_rows() for cell in row)
        )
        names = list(filled) or names[:1]
    return sheet(choose_layer(names, source.role, source.layer, source.file))


def _date_columns(role: str, names: Sequence[str], rows: Sequence[Cells]) -> frozenset[int]:
    """The columns in which a number is a day: by the field the heading means, else by its words or the first rows."""
    owner = role_of_table(role)

    def holds_dates(number: int, name: str) -> bool:
        meant = match(owner, name, names).field
        if meant is not None:
            return catalogue_field(owner, meant).kind is Kind.DATE
        cells = [row[number] for row in rows if number < len(row)]
        return bool(SAYS_DATE.search(name)) or any(
            isinstance(cell, dt.date) or (isinstance(cell, str) and DAY.match(cell)) for cell in cells
        )

    return frozenset(number for number, name in enumerate(names) if holds_dates(number, name))


def _notes(sheet: WorkbookSheet, heading: SheetHeading) -> Iterator[Message]:
    """How columns are called and rows are counted, where the sheet shows it otherwise."""
    if heading.ungrouped:
        yield sheet.message("read-sheet-groups", columns=heading.ungrouped)
    if heading.units:
        yield sheet.message("read-units-beside", columns=heading.units)
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
    running: dict[int, tuple[Span, Any]] = field(default_factory=dict)
    down: dict[Span, None] = field(default_factory=dict)
    across: dict[Span, None] = field(default_factory=dict)

    def records(self) -> Iterator[Cells]:
        """The rows in which something of their own stands, without the results of what was never calculated."""
        width, below = len(self.heading.names), self.heading.below
        coming = [one for one in self.sheet.spans if one.top >= below and one.left < width][::-1]
        for number, row in enumerate(self.sheet.rows(below), below):
            cells = list(row[:width])
            blank = all(map(empty, cells))
            for place in self.sheet.scan.zeros_in(number):
                if self.sheet.left <= place < self.sheet.left + width:
                    cells[place - self.sheet.left] = None
            while coming and coming[-1].top <= number:
                self._enter(coming.pop(), cells)
            if not blank:
                yield self._carried(number, cells) if self.running else cells

    def _enter(self, span: Span, cells: Cells) -> None:
        """Take in merged cells that start in this row."""
        if not empty(cells[span.left]):
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
        from xlsxwriter.utility import xl_range

        left = self.sheet.left
        for code, spans in (("read-merged-down", list(self.down)), ("read-merged-across", list(self.across))):
            if spans:
                columns = tuple(dict.fromkeys(self.heading.names[one.left] for one in spans))
                cells = [xl_range(one.top, one.left + left, one.bottom, one.right + left) for one in spans[:5]]
                yield self.sheet.source.finding(
                    Level.WARNING, code, layer=self.sheet.name, count=len(spans), columns=columns, cells=cells
                )
