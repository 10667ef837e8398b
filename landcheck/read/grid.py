"""Cells of a spreadsheet or a delimited file as Arrow columns: where the heading is, and what type a column has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Cells = Sequence[Any]

LOOKED_AT = 30
EXACT_DIGITS = 10**15


def heading_row(rows: Sequence[Cells]) -> int | None:
    """The index of the row with the column names: the first whose cells are all words and about as many as there ever
    are. A title over merged cells stands in one cell only, so it is passed over; None where no row holds anything."""
    looked = rows[:LOOKED_AT]
    widest = max((_filled(row) for row in looked), default=0)
    for at, row in enumerate(looked):
        if _filled(row) >= max(1, 0.5 * widest) and _words(row):
            return at
    return next((at for at, row in enumerate(looked) if _filled(row)), None)


def _filled(row: Cells) -> int:
    return sum(not empty(cell) for cell in row)


def _words(row: Cells) -> bool:
    return all(isinstance(cell, str) for cell in row if not empty(cell))


def empty(cell: Any) -> bool:
    """Whether nothing stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column(values: Sequence[Any]) -> pa.Array:
    """The cells of one column: numbers, dates or truth values where all are, else text with numbers written plainly."""
    import pyarrow as pa

    cells = [None if empty(value) else value for value in values]
    kinds = {type(value) for value in cells if value is not None}
    if kinds <= {bool}:
        return pa.array(cells, pa.bool_() if kinds else pa.string())
    if kinds <= {int, float}:
        return _numbers(cells)
    if kinds <= {dt.date, dt.datetime}:
        return _dates(cells)
    return pa.array([None if cell is None else as_text(cell) for cell in cells], pa.string())


def _numbers(cells: list[Any]) -> pa.Array:
    """Whole numbers as integers, so that a code stored as 1001.0 reads 1001."""
    import pyarrow as pa

    if all(cell is None or (float(cell).is_integer() and abs(cell) < 2**53) for cell in cells):
        return pa.array([None if cell is None else int(cell) for cell in cells], pa.int64())
    return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())


def _dates(cells: list[Any]) -> pa.Array:
    import pyarrow as pa

    days = [cell.date() if isinstance(cell, dt.datetime) else cell for cell in cells]
    return pa.array(days, pa.date32())


def as_text(cell: Any) -> str:
    """A cell as people would write it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def too_long(column: pa.Array, limit: int) -> int:
    """How many numbers of the column are as large as the limit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return 0
    return int(pc.sum(pc.greater_equal(pc.abs(column), limit)).as_py() or 0)
