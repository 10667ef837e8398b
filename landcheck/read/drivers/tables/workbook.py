"""Spreadsheets (xlsx, xls, ods) through calamine."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import Kind, Level
from landcheck.read.drivers.tables.delimited import open_delimited
from landcheck.read.drivers.tables.sheet_columns import (
    HEADING_WITHIN,
    SheetHeading,
    as_days,
    empty,
    headings,
    refuse_headless,
    typed_column,
)
from landcheck.read.drivers.tables.sheet_marks import SheetMarks, Span
from landcheck.read.drivers.tables.sheet_ods import has_shapes, only_cells, scanned_ods
from landcheck.read.drivers.tables.sheet_records import Merges, WorkbookSheet
from landcheck.read.drivers.tables.sheet_units import Cells, field_meant
from landcheck.read.drivers.tables.sheet_xls import scanned_xls
from landcheck.read.drivers.tables.sheet_xml import scanned_sheet
from landcheck.read.drivers.tables.text_geometry import TextGeometry, geometry_column
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, table_of
from landcheck.read.reader_calls import read_or_refuse
from landcheck.read.sniff import OLE, WORKBOOKS, Head
from landcheck.read.source import DataSource

if TYPE_CHECKING:
    import python_calamine

NOT_AS_PRINTED = 10**15  # a number holds 15 digits; of a longer code the last ones are lost when it is typed in
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a container that holds a workbook under a password
SINCE_1904 = 1462  # days from the first of the system of 1900 to that of 1904
SAYS_DATE = re.compile(r"日期|时间|date", re.IGNORECASE)
DAY = re.compile(r"\s*\d{4}\s*[-/.年]\s*\d{1,2}")


def is_xlsx(head: Head) -> bool:
    """A workbook in an archive that is none in binary; WPS, and people, call it .et or .xls too."""
    return b"xl/workbook.bin" not in head.raw


def is_xls(head: Head) -> bool:
    """A workbook by its suffix: an old one in an OLE container, a binary one in an archive."""
    return head.suffix in ((*WORKBOOKS, "") if head.raw.startswith(OLE) else (".xls", ".et", ".xlsb"))


def is_web_table(head: Head) -> bool:
    """A page with a table, or the parts of a mail with one, under the name of a workbook, as web systems export it."""
    page = head.root in ("html", "table", "meta", "head", "body", "style", "div")
    return (
        head.suffix in WORKBOOKS and "<table" in head.start.lower() and (page or head.start.startswith("MIME-Version:"))
    )


def is_xml_2003(head: Head) -> bool:
    """A workbook in the XML of Excel 2003."""
    return head.root == "workbook" and "urn:schemas-microsoft-com:office:spreadsheet" in head.start


def is_text_table(head: Head) -> bool:
    """Text with tabs or commas under the name of a workbook."""
    return head.suffix in WORKBOOKS and any(sign in head.start.partition("\n")[0] for sign in "\t,，;")


def open_text_table(source: DataSource) -> Layer:
    """Delimited text, of which is told that it is no workbook."""
    told = Message("read-text-not-workbook", {"file": source.file})
    return open_delimited(replace(source, notes=(*source.notes, told)))


def open_xlsx(source: DataSource) -> Layer:
    """A sheet of an Excel workbook, whose XML is looked through before calamine sets up its cells."""
    return _open(source, scanned_sheet)


def open_xls(source: DataSource) -> Layer:
    """A sheet of an old or a binary Excel workbook."""
    return _open(source, scanned_xls)


def open_ods(source: DataSource) -> Layer:
    """A sheet of an OpenDocument workbook."""
    return _open(source, scanned_ods)


def _book(source: DataSource) -> python_calamine.CalamineWorkbook:
    """The workbook, an old one whatever its suffix; InputError for one that a password protects."""
    import python_calamine

    open_document = source.path.suffix.lower() == ".ods"
    if open_document and has_shapes(source.path):
        return python_calamine.CalamineWorkbook.from_filelike(only_cells(source.path))
    try:
        with source.path.open("rb") as stream:  # by its bytes: calamine goes by the suffix of a path
            return python_calamine.CalamineWorkbook.from_filelike(stream)
    except python_calamine.CalamineError as error:
        if isinstance(error, python_calamine.PasswordError) or ENCRYPTED in source.path.read_bytes():
            raise InputError("read-protected", file=source.file) from None
        if not open_document:
            raise
        return python_calamine.CalamineWorkbook.from_filelike(only_cells(source.path))


def _open(source: DataSource, scan: Callable[[DataSource, str], SheetMarks | None]) -> Layer:
    """One sheet of a workbook; ``source.layer`` names it where several hold something."""
    book = read_or_refuse(source.file, source.path, _book, source)
    sheet = _sheet(book, source, scan)
    first = list(islice(sheet.rows(), HEADING_WITHIN))
    heading = headings(first, sheet.spans, source.role)
    if heading is None:
        raise InputError("read-sheet-empty", file=source.file, layer=sheet.name)
    refuse_headless(source.file, first[heading.top])
    at, crs = geometry_column(heading.names, first[heading.below :])
    kept = tuple(title for number, title in enumerate(heading.names) if number != at)
    kinds = _kinds(source.role, heading.names)
    dates = _date_columns(kinds, heading.names, first[heading.below :])
    shift = SINCE_1904 if sheet.marks.since_1904 else 0
    filled = [any(not empty(cell) for cell in row[: len(heading.names)]) for row in sheet.rows(heading.below)]
    places = np.flatnonzero(filled) + heading.below + 1

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        shapes, lost, merges = TextGeometry(source), Counter[str](), Merges(sheet, heading, kinds, dates, filled)
        count = 0
        records = merges.records()
        while taken := list(islice(records, size)):
            columns = []
            for number, (name, cells) in enumerate(zip(heading.names, zip(*taken, strict=True), strict=True)):
                lost[name] += sum(type(cell) in (int, float) and abs(cell) >= NOT_AS_PRINTED for cell in cells)
                columns.append(typed_column(as_days(cells, shift) if number in dates else cells))
            wkb = None if at is None else shapes.wkb(columns.pop(at), count)
            yield Rows(count, table_of(columns, kept, len(taken)), wkb, places[count : count + len(taken)])
            count += len(taken)
        for name in kept:
            if lost[name]:
                tell(source.finding(Level.WARNING, "read-digits-lost", column=name, count=lost[name]))
        for finding in (*merges.findings(), *shapes.findings()):
            tell(finding)

    found = (*sheet.marks.findings(source.finding, sheet.name), *source.repeated(heading.repeated))
    info = source.info(sheet.name, None, 0, *_notes(sheet, heading, filled), sha256=source.fingerprint()())
    return Layer(info, kept, at is not None, crs, "Excel", rows, found, keep=(*source.keep, book), numbered="sheet")


def _sheet(
    book: python_calamine.CalamineWorkbook, source: DataSource, scan: Callable[[DataSource, str], SheetMarks | None]
) -> WorkbookSheet:
    """The sheet that is meant, of the visible ones that hold something."""

    def sheet(name: str) -> WorkbookSheet:
        known = scan(source, name)
        cells = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
        left = cells.start[1] if cells.start else 0
        marks = known or SheetMarks()
        spans = [*(Span(*start, *end) for start, end in cells.merged_cell_ranges or ()), *marks.spans]
        moved = (Span(one.top, one.left - left, one.bottom, one.right - left) for one in spans if one.left >= left)
        placed = sorted(moved, key=lambda one: (one.top, one.left))
        return WorkbookSheet(source, name, cells, marks, left, placed, known is None)

    visible = [str(sheet.name) for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
    names = visible if visible and source.layer is None else list(book.sheet_names)
    if len(names) > 1 and source.layer is None:
        filled = (
            name for name in names if any(not empty(cell) for row in sheet(name).cells.iter_rows() for cell in row)
        )
        names = list(filled) or names[:1]
    return sheet(choose_layer(names, source.role, source.layer, source.file))


def _kinds(role: str, names: Sequence[str]) -> tuple[Kind | None, ...]:
    """What kind of field each column holds by its heading; None where it says nothing."""
    meant = (field_meant(name, names, role) for name in names)
    return tuple(None if one is None else one.kind for one in meant)


def _date_columns(kinds: Sequence[Kind | None], names: Sequence[str], rows: Sequence[Cells]) -> frozenset[int]:
    """The columns in which a number is a day: by the field the heading means, else by its words or the first rows."""

    def holds_dates(number: int, name: str) -> bool:
        if kinds[number] is not None:
            return kinds[number] is Kind.DATE
        cells = [row[number] for row in rows if number < len(row)]
        return bool(SAYS_DATE.search(name)) or any(
            isinstance(cell, dt.date) or (isinstance(cell, str) and DAY.match(cell)) for cell in cells
        )

    return frozenset(number for number, name in enumerate(names) if holds_dates(number, name))


def _notes(sheet: WorkbookSheet, heading: SheetHeading, filled: Sequence[bool]) -> Iterator[Message]:
    """How columns are called and rows are counted, where the sheet shows it otherwise."""
    if heading.ungrouped:
        yield sheet.message("read-sheet-groups", columns=heading.ungrouped)
    if heading.units:
        yield sheet.message("read-units-beside", columns=heading.units)
    if sheet.unmarked:
        yield sheet.message("read-sheet-unmarked")
    rows = [number for number, one in enumerate(filled, heading.below + 1) if one]
    if rows and rows[0] != 2:
        yield sheet.message("read-sheet-first-row", place=rows[0])
    after = next((number for number, row in enumerate(rows) if row != rows[0] + number), None)
    if after is not None:
        blank = rows[-1] - rows[0] + 1 - len(rows)
        yield sheet.message("read-sheet-blank-rows", count=blank, number=after + 1, place=rows[after])
