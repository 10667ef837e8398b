"""Spreadsheets (xlsx, xls, ods) through calamine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import Level
from landcheck.read.choose import choose
from landcheck.read.columns import distinct, repeated_columns
from landcheck.read.grid import LOOKED_AT, as_text, column, empty, heading_row, too_long
from landcheck.read.hear import each_or_refuse, read_or_refuse
from landcheck.read.layer import Layer, Rows, Tell, about_file
from landcheck.read.sheetxml import look_through
from landcheck.read.sniff import kind_of
from landcheck.read.source import Source
from landcheck.read.textshapes import Shapes, geometry_column
from landcheck.read.vector import table_of

if TYPE_CHECKING:
    import pyarrow as pa
    import python_calamine

NOT_AS_PRINTED = 10**15  # a number holds 15 digits; of a longer code the last ones are lost when it is typed in


@dataclass(frozen=True, slots=True)
class Heading:
    """The column names of a sheet, and the first row (from 0) below them."""

    names: tuple[str, ...]
    repeated: tuple[str, ...]
    below: int


def open_workbook(source: Source) -> Layer:
    """One sheet of a workbook; ``source.layer`` names it where several hold something."""
    import python_calamine

    book = read_or_refuse(source.file, source.path, python_calamine.CalamineWorkbook.from_path, source.path)
    name = _sheet_name(book, source)
    found = look_through(source, name) if kind_of(source.path, source.file) == "xlsx" else ()
    sheet = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
    first = list(islice(sheet.iter_rows(), LOOKED_AT))
    heading = _heading(sheet, first, source, name)
    at, crs = geometry_column(heading.names, first[heading.below :])
    kept = tuple(title for number, title in enumerate(heading.names) if number != at)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        shapes, lost = Shapes(source.role, source.file), [0] * len(kept)
        count = 0
        for cells in _batches(sheet, source, heading, size):
            wkb = None if at is None else shapes.wkb(cells.pop(at), count)
            table = table_of(cells, kept, len(cells[0]) if cells else len(wkb or ()))
            lost = [before + too_long(cell, NOT_AS_PRINTED) for before, cell in zip(lost, cells, strict=True)]
            yield Rows(count, table, wkb)
            count += table.num_rows
        _tell_lost(source, kept, lost, tell)
        for finding in shapes.findings():
            tell(finding)

    found += repeated_columns(source.role, source.file, heading.repeated)
    info = source.info(name, None, 0)
    return Layer(info, kept, at is not None, crs, "Excel", rows, found, keep=(*source.keep, book))


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


def _heading(sheet: Any, first: Sequence[Sequence[Any]], source: Source, name: str) -> Heading:
    """The heading, with the group above it where groups span merged cells."""
    at = heading_row(first)
    if at is None:
        raise InputError("read-sheet-empty", file=source.file, layer=name)
    groups = _groups(sheet, at)
    below = at + 1
    cells = list(first[at])
    if groups and below < len(first):
        cells = _with_groups(cells, list(first[below]), groups)
        below += 1
    names, repeated = distinct(_names(cells))
    return Heading(names, repeated, below)


def _groups(sheet: Any, at: int) -> dict[int, int]:
    """For each column of the heading that lies under a merged group: the column that holds the group's text."""
    across = [
        (start, end)
        for start, end in (sheet.merged_cell_ranges or ())
        if start[0] == end[0] == at and end[1] > start[1]
    ]
    return {number: start[1] for start, end in across for number in range(start[1], end[1] + 1)}


def _with_groups(upper: list[Any], lower: list[Any], groups: dict[int, int]) -> list[str]:
    """``group/name`` under a group, the upper text alone elsewhere."""
    names = []
    for number, (above, below) in enumerate(zip(upper, lower, strict=True)):
        group = upper[groups[number]] if number in groups else above
        parts = [as_text(cell) for cell in (group, below) if not empty(cell)]
        names.append("/".join(parts))
    return names


def _names(cells: Sequence[Any]) -> list[str]:
    """The heading's texts without the empty cells after the last; line breaks inside a heading become spaces."""
    last = max((number for number, cell in enumerate(cells) if not empty(cell)), default=0)
    return [" ".join(as_text(cell).split()) if not empty(cell) else "" for cell in cells[: last + 1]]


def _batches(sheet: Any, source: Source, heading: Heading, size: int) -> Iterator[list[pa.Array]]:
    """Batches of columns; rows in which nothing stands are left out."""
    width = len(heading.names)
    rows = each_or_refuse(source.file, source.path, [], islice(sheet.iter_rows(), heading.below, None))
    while taken := list(islice(rows, size)):
        filled = [row[:width] for row in taken if any(not empty(cell) for cell in row[:width])]
        if filled:
            yield [column(cells) for cells in zip(*filled, strict=True)]


def _tell_lost(source: Source, columns: Sequence[str], lost: Sequence[int], tell: Tell) -> None:
    for name, count in zip(columns, lost, strict=True):
        if count:
            message = Message("read-digits-lost", {"file": source.file, "column": name, "count": count})
            tell(about_file("data/value", Level.WARNING, source.role, message))
