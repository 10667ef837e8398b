"""Cells of a MapInfo table that do not hold what the type of their column promises.

GDAL reads ``abc`` or nothing in a number column of a .mid as 0, 20210931 as a day of October, 20231301 as 1970-01-01,
2023-03-15 as nothing, and ``是`` in a logical column as false. So the text is looked at here, and a column with such a
cell is handed on as the text that stands in it, to be read as strictly as any text. A .dat holds its numbers in binary,
but dates by their parts, which may be no day, and decimals as text.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from landcheck.read.drivers.dbf import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from landcheck.read.layer import Tell
    from landcheck.read.repair.recode import Recode

ROWS_PER_LOOK = 65_536
DELIMITER = re.compile(r'^\s*delimiter\s+"(.)"', re.IGNORECASE | re.MULTILINE)
COLUMNS = re.compile(r"^\s*columns\s+(\d+)[^\n]*\n", re.IGNORECASE | re.MULTILINE)
FIELDS = re.compile(r"^\s*fields\s+(\d+)[^\n]*\n", re.IGNORECASE | re.MULTILINE)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
WHOLE = re.compile(r"[+-]?\d{1,9}")
LONG = re.compile(r"[+-]?\d{1,18}")
LOGICAL = re.compile(r"[TFYN01]", re.IGNORECASE)
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)\d{3})?")


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Puts the text that stands in the file in the place of some columns of each batch, then decodes all text."""

    columns: Mapping[int, Sequence[str | None]]
    recode: Recode

    @property
    def codec(self) -> str:
        """The encoding of the text."""
        return self.recode.codec

    def __call__(self, table: pa.RecordBatch, first_row: int, tell: Tell) -> pa.RecordBatch:
        """The batch with its text as it stands in the file, decoded."""
        import pyarrow as pa

        columns = table.columns
        for number, cells in self.columns.items():
            held = list(cells[first_row : first_row + table.num_rows])
            columns[number] = pa.array(held + [None] * (table.num_rows - len(held)), pa.string())
        if self.columns:
            table = pa.RecordBatch.from_arrays(columns, names=table.schema.names)
        return self.recode(table, first_row, tell)


def misread_in_mid(mif: Path, mid: Path) -> dict[int, list[str | None]]:
    """The cells, as bytes read as ISO-8859-1, of each column of a .mid that GDAL would misread."""
    header = _head(mif, "data")
    found = DELIMITER.search(header)
    delimiter = found[1] if found else "\t"
    types = list(enumerate(_types(header, COLUMNS)))
    odd: set[int] = set()
    for rows in _looks(mid, delimiter):
        for number, kind in types:
            odd |= {number} if number not in odd and _any_misread(kind, {_cell(row, number) for row in rows}) else set()
    cells: dict[int, list[str | None]] = {number: [] for number in sorted(odd)}
    for rows in _looks(mid, delimiter) if odd else ():
        for number, column in cells.items():
            column += [_shown(_cell(row, number)) for row in rows]
    return cells


def _head(path: Path, end: str) -> str:
    """The lines before the one that says ``end``."""
    lines = []
    with path.open(encoding="latin-1") as text:
        for line in text:
            if line.strip().lower() == end:
                break
            lines.append(line)
    return "".join(lines)


def _types(header: str, begin: re.Pattern[str]) -> list[str]:
    """The types of the columns in lower case, from the lines ``name type`` after their number."""
    found = begin.search(header)
    if found is None:
        return []
    lines = header[found.end() :].splitlines()[: int(found[1])]
    words = [line.split() for line in lines]
    return [re.split(r"[^a-z]", parts[1].lower())[0] if len(parts) > 1 else "" for parts in words]


def _looks(mid: Path, delimiter: str) -> Iterator[list[list[str]]]:
    """Some rows at a time; each line by itself, as GDAL takes them, so that an open quote spoils no other."""
    with mid.open(encoding="latin-1") as lines:
        while some := list(islice(lines, ROWS_PER_LOOK)):
            yield [next(csv.reader([line], delimiter=delimiter), []) for line in some]


def _cell(row: list[str], number: int) -> str:
    return row[number].strip() if number < len(row) else ""


def _any_misread(kind: str, cells: set[str]) -> bool:
    sound = SOUND.get(kind)
    return sound is not None and not all(map(sound, cells))


def _is_moment(cell: str) -> bool:
    return not cell or _moment(cell) is not None


def _moment(cell: str) -> dt.datetime | None:
    found = MOMENT.fullmatch(cell)
    if found is None:
        return None
    try:
        return dt.datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _shown(cell: str) -> str | None:
    """The text of a cell, a day with its time in the usual form."""
    moment = _moment(cell) if len(cell) == 17 else None
    return moment.isoformat() if moment else cell or None


SOUND: dict[str, Callable[[str], object]] = {
    "integer": WHOLE.fullmatch,
    "smallint": WHOLE.fullmatch,
    "largeint": LONG.fullmatch,
    "decimal": NUMBER.fullmatch,
    "float": NUMBER.fullmatch,
    "logical": LOGICAL.fullmatch,
    "date": _is_moment,
    "datetime": _is_moment,
}
"""By type, whether GDAL reads a cell for what it is; an empty number is none, and no 0."""


def misread_in_dat(tab: Path, table: Table) -> dict[int, list[str | None]]:
    """The cells of each column of a .dat that GDAL would misread."""
    kinds = _types(tab.read_text("latin-1"), FIELDS)
    if len(kinds) != len(table.columns):
        return {}
    found: dict[int, list[str | None]] = {}
    for number, (kind, column) in enumerate(zip(kinds, table.columns, strict=True)):
        if kind in HELD:
            cells = [HELD[kind](cell) for cell in _held(table, column)]
            found |= {number: cells} if _any_misread(kind, {cell or "" for cell in cells}) else {}
    return found


def _held(table: Table, column: Column) -> Iterator[bytes]:
    """The column's cells in the records that are not deleted."""
    with table.path.open("rb") as stream:
        stream.seek(table.header_bytes)
        for _ in range(table.present):
            record = stream.read(table.record_bytes)
            if record[:1] != b"*":
                yield record[column.start : column.start + column.width]


def _decimal(cell: bytes) -> str | None:
    return cell.strip(b" \x00").decode("latin-1") or None


def _day(cell: bytes) -> str | None:
    """A day from its year, month and day; noughts are none."""
    year, month, day = struct.unpack("<HBB", cell[:4])
    return f"{year:04}{month:02}{day:02}" if any(cell[:4]) else None


HELD: dict[str, Callable[[bytes], str | None]] = {"decimal": _decimal, "date": _day, "datetime": _day}
"""By type, what a cell of a .dat says as text; of a moment the day alone, which is what rules ask for."""
