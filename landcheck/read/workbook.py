"""Spreadsheets (xlsx, xls, ods) through calamine, which gives '' for errors and for formulas without a value alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.model import DataFinding
from landcheck.read.choose import choose
from landcheck.read.columns import distinct, repeated_columns
from landcheck.read.grid import LOOKED_AT, as_text, column, empty, heading_row
from landcheck.read.hear import each_or_refuse, read_or_refuse
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.source import Source
from landcheck.read.textshapes import Shapes, geometry_column
from landcheck.read.vector import table_of

if TYPE_CHECKING:
    import python_calamine


def open_workbook(source: Source) -> Layer:
    """One sheet of a workbook; ``source.layer`` names it where several hold something."""
    import python_calamine

    book = read_or_refuse(source.file, source.path, python_calamine.CalamineWorkbook.from_path, source.path)
    found: tuple[DataFinding, ...] = ()
    name = _sheet_name(book, source)
    sheet = read_or_refuse(source.file, source.path, book.get_sheet_by_name, name)
    first = list(islice(sheet.iter_rows(), LOOKED_AT))
    heading = heading_row(first)
    if heading is None:
        raise InputError("read-sheet-empty", file=source.file, layer=name)
    columns, repeated = distinct(_names(first[heading]))
    at, crs = geometry_column(columns, first[heading + 1 :])
    kept = tuple(title for number, title in enumerate(columns) if number != at)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        shapes = Shapes(source.role, source.file)
        count = 0
        for cells in _batches(sheet, source, heading + 1, size, len(columns)):
            wkb = None if at is None else shapes.wkb(cells.pop(at), count)
            table = table_of(cells, kept, len(cells[0]) if cells else len(wkb or ()))
            yield Rows(count, table, wkb)
            count += table.num_rows
        for finding in shapes.findings():
            tell(finding)

    found += repeated_columns(source.role, source.file, repeated)
    info = source.info(name, None, 0)
    return Layer(info, kept, at is not None, crs, "Excel", rows, found, keep=(*source.keep, book))


def _sheet_name(book: python_calamine.CalamineWorkbook, source: Source) -> str:
    """The sheet that is meant, of those that hold something."""
    names = list(book.sheet_names)
    if len(names) > 1 and source.layer is None:
        names = [name for name in names if _holds_something(book, name)] or names[:1]
    return choose(names, source.role, source.layer, source.file)


def _holds_something(book: python_calamine.CalamineWorkbook, name: str) -> bool:
    return any(not empty(cell) for row in book.get_sheet_by_name(name).iter_rows() for cell in row)


def _names(cells: list[Any]) -> list[str]:
    """The heading's texts without the empty cells after the last; line breaks inside a heading become spaces."""
    last = max((number for number, cell in enumerate(cells) if not empty(cell)), default=0)
    return [" ".join(as_text(cell).split()) for cell in cells[: last + 1]]


def _batches(sheet: Any, source: Source, skip: int, size: int, width: int) -> Iterator[list[Any]]:
    """Batches of columns; rows in which nothing stands are left out."""
    rows = each_or_refuse(source.file, source.path, [], islice(sheet.iter_rows(), skip, None))
    while taken := list(islice(rows, size)):
        filled = [row[:width] for row in taken if any(not empty(cell) for cell in row[:width])]
        if filled:
            yield [column(cells) for cells in zip(*filled, strict=True)]
