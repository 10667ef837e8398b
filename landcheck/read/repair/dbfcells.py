"""Cells of a .dbf that do not hold what the type of their column promises.

GDAL reads ``abc`` in a number column as 0 and ``1 0000`` as 1, ``2022/3/1`` in a date column as 1970-01-01 and 20210231
as a day of March, and a logical that is blank or ``1`` as false, all without a word. So the bytes are looked at here,
and a column with such a cell is handed on as the text that stands in it, to be read as strictly as any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landcheck.read.drivers.dbf import Column, Table

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

RECORDS_PER_LOOK = 65_536
NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LOGICALS = b"TtYyFfNn?"
DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Raw:
    """Columns whose cells count as text. ``records``: the places in the table of the rows that are read."""

    table: Table
    columns: frozenset[int]
    records: NDArray[np.intp]

    def text(self, number: int, first_row: int, rows: int) -> pa.Array:
        """The cells of a column as bytes of the table's encoding, read as ISO-8859-1; null where nothing stands."""
        import numpy as np
        import pyarrow as pa

        column, records = self.table.columns[number], self.records[first_row : first_row + rows]
        held: list[str | None] = [None] * rows
        if len(records):
            cells = _span(self.table, int(records[0]), int(records[-1]) + 1)[records - records[0]]
            block = np.ascontiguousarray(cells[:, column.start : column.start + column.width])
            held[: len(records)] = [_text(cell) for cell in block.view(f"S{column.width}").ravel().tolist()]
        return pa.array(held, pa.string())


def looked_through(table: Table) -> tuple[NDArray[np.bool_], Raw]:
    """Which records carry the deletion mark ``*`` (GDAL leaves them out), and the columns to be read as text."""
    import numpy as np

    deleted = np.zeros(table.present, np.bool_)
    raw: set[int] = set()
    for first in range(0, table.present, RECORDS_PER_LOOK):
        part = _span(table, first, min(first + RECORDS_PER_LOOK, table.present))
        deleted[first : first + len(part)] = part[:, 0] == ord("*")
        raw |= {number for number, column in enumerate(table.columns) if number not in raw and _misread(column, part)}
    return deleted, Raw(table, frozenset(raw), np.flatnonzero(~deleted))


def _span(table: Table, first: int, end: int) -> NDArray[np.uint8]:
    """Records as a matrix of bytes, read and not mapped, so that no more than these are in memory."""
    import numpy as np

    with table.path.open("rb") as stream:
        stream.seek(table.header_bytes + first * table.record_bytes)
        return np.fromfile(stream, np.uint8, (end - first) * table.record_bytes).reshape(-1, table.record_bytes)


def _misread(column: Column, records: NDArray[np.uint8]) -> bool:
    """Whether some cell is other than GDAL takes it for."""
    import numpy as np

    looks = {"N": (_plain_numbers, _is_number), "F": (_plain_numbers, _is_number), "D": (_plain_dates, _is_date),
             "L": (_plain_logicals, _never)}  # fmt: skip
    if column.type not in looks or not column.width:
        return False
    plain, sound = looks[column.type]
    cells = records[:, column.start : column.start + column.width]
    doubtful = ~plain(np.ascontiguousarray(cells.T))
    return bool(doubtful.any()) and not all(map(sound, _distinct(cells[doubtful])))


def _plain_numbers(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Of cells (width, n) those that are blank or digits in a row with one point among them at most."""
    import numpy as np

    blank, point, digit = cells == ord(" "), cells == ord("."), _digits(cells)
    begins = ~blank
    begins[1:] &= blank[:-1]
    known = np.logical_and.reduce(blank | point | digit)
    runs, points = (np.add.reduce(of.view(np.uint8), dtype=np.uint8) for of in (begins, point))
    plain: NDArray[np.bool_] = known & (runs <= 1) & (points <= np.logical_or.reduce(digit))
    return plain


def _plain_dates(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Those of eight digits that are a day of every year."""
    import numpy as np

    if len(cells) != 8:
        return np.zeros(cells.shape[1], np.bool_)
    month, day = ((cells[at] - np.uint8(48)) * np.uint8(10) + cells[at + 1] - np.uint8(48) for at in (4, 6))
    longest = np.array(DAYS, np.uint8).take(month, mode="clip")
    a_day = (month > 0) & (month <= 12) & (day > 0) & (day <= longest)
    plain: NDArray[np.bool_] = np.logical_and.reduce(_digits(cells)) & a_day
    return plain


def _plain_logicals(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    import numpy as np

    return np.isin(cells[0], list(LOGICALS))


def _digits(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    import numpy as np

    found: NDArray[np.bool_] = (cells - np.uint8(ord("0"))) < np.uint8(10)
    return found


def _never(_: bytes) -> bool:
    return False


def _is_number(cell: bytes) -> bool:
    """Asterisks throughout are no value: so GDAL, QGIS with it, writes a null number."""
    text = cell.strip(b" \x00")
    return not text or not cell.strip(b"*") or NUMBER.fullmatch(text) is not None


def _is_date(cell: bytes) -> bool:
    """Nothing, noughts for nothing, or a day that there is, as YYYYMMDD."""
    text = cell.strip(b" \x00")
    if not text.strip(b"0"):
        return True
    if len(text) != 8 or not text.isdigit():
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= DAYS[month] + leap


def _distinct(cells: NDArray[np.uint8]) -> Iterator[bytes]:
    import numpy as np

    yield from np.unique(np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel()).tolist()


def _text(cell: bytes) -> str | None:
    text = cell.strip(b" \x00").decode("latin-1")
    return None if not text or text == "?" or not cell.strip(b"*") else text
