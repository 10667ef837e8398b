"""A .dbf table as bytes: its header, its text for the encoding decision, and cells that are not what they should be.

GDAL reads ``abc`` in a number column as 0 and ``1 0000`` as 1, in one without decimals ``1.5e+4`` as 1 and a number of
19 digits to 16 of them, ``2022/3/1`` in a date column as 1970-01-01 and 20210231 as a day of March, and a logical that
is blank or ``1`` as false, all without a word. So the bytes are looked at here, and a column with such a cell is handed
on as the text that stands in it.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.read.encoding import RawText
from landcheck.read.repair import CellsAsText

SAMPLED_RECORDS = 4000
RECORDS_AT_ONCE = 65_536
NAME_BYTES = 10
DELETED = ord("*")
DBF_VERSIONS = (0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB)
LANGUAGE_IDS = {
    0x01: "437", 0x02: "850", 0x03: "1252", 0x13: "932", 0x4D: "936", 0x4E: "949", 0x4F: "950",
    0x78: "950", 0x79: "949", 0x7A: "936", 0x7B: "932", 0xC8: "1250", 0xC9: "1251",
}  # fmt: skip
"""The language driver id (byte 29) as a code page; 0x57 and 0x00 say nothing."""
NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
KEPT_DIGITS = 15
AS_REAL = 19
"""GDAL reads a column without decimals as whole numbers up to this width, from it on as floating-point ones."""
LOGICALS = b"TtYyFfNn?"
DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class DbfColumn:
    """One column: its name's bytes, its type letter, where it stands in a record, and the decimals of a number."""

    name: bytes
    type: str
    start: int
    width: int
    decimals: int = 0

    def of(self, records: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The bytes of this column, a row a record."""
        return records[:, self.start : self.start + self.width]


@dataclass(frozen=True, slots=True)
class DbfTable:
    """The header of a .dbf, how many records it announces, and how many really follow it."""

    path: Path
    columns: tuple[DbfColumn, ...]
    announced: int
    present: int
    header_bytes: int
    record_bytes: int
    language: str | None

    def records(self, first: int, count: int) -> NDArray[np.uint8]:
        """Records as a matrix of bytes, read and not mapped, so that no more than these are in memory.

        Column 0 is the deletion mark.
        """
        with self.path.open("rb") as stream:
            stream.seek(self.header_bytes + first * self.record_bytes)
            return np.fromfile(stream, np.uint8, count * self.record_bytes).reshape(-1, self.record_bytes)

    def kept_cells(self, column: DbfColumn) -> Iterator[bytes]:
        """The cells of a column in the records that are not deleted."""
        for first in range(0, self.present, RECORDS_AT_ONCE):
            records = self.records(first, min(RECORDS_AT_ONCE, self.present - first))
            yield from map(bytes, column.of(records[records[:, 0] != DELETED]))

    def texts(self) -> Iterator[RawText]:
        """Every column name, and the different texts of up to 4000 records spread over the table."""
        for column in self.columns:
            yield RawText(column.name, cut=len(column.name) >= NAME_BYTES)
        rows = np.unique(np.linspace(0, max(self.present - 1, 0), SAMPLED_RECORDS).astype(np.int64))
        rows = rows[rows < self.present]
        sample = np.empty((len(rows), self.record_bytes), np.uint8)
        with self.path.open("rb") as stream:
            for at, row in enumerate(rows.tolist()):
                stream.seek(self.header_bytes + row * self.record_bytes)
                stream.readinto(sample[at].data)
        for column in self.columns:
            if column.type == "C" and column.width and len(sample):
                for value in np.unique(_strings(column.of(sample))).tolist():
                    text = value.split(b"\x00")[0].rstrip(b" ")
                    yield RawText(text, cut=len(text) >= column.width)


def dbf_header(path: Path, file: str) -> DbfTable:
    """Read the header of a .dbf; InputError where it is none."""
    with path.open("rb") as stream:
        head = stream.read(32)
        if len(head) < 32:
            raise InputError("read-dbf-damaged", file=file)
        announced, header_bytes, record_bytes = struct.unpack("<IHH", head[4:12])
        descriptors = stream.read(max(header_bytes - 32, 0))
    if record_bytes < 1 or header_bytes < 33:
        raise InputError("read-dbf-damaged", file=file)
    present = max(0, path.stat().st_size - header_bytes) // record_bytes
    columns = tuple(_columns(descriptors, record_bytes))
    language = LANGUAGE_IDS.get(head[29])
    return DbfTable(path, columns, announced, min(present, announced), header_bytes, record_bytes, language)


def _columns(descriptors: bytes, record_bytes: int) -> Iterator[DbfColumn]:
    start = 1
    for offset in range(0, len(descriptors) - 31, 32):
        if descriptors[offset] == 0x0D:
            return
        name, kind = descriptors[offset : offset + 11].split(b"\x00")[0], chr(descriptors[offset + 11])
        width = descriptors[offset + 16] + (descriptors[offset + 17] << 8 if kind == "C" else 0)
        if start + width > record_bytes:
            return
        yield DbfColumn(name, kind, start, width, descriptors[offset + 17])
        start += width


class DbfCells(CellsAsText):
    """The columns with a cell that GDAL would misread, as bytes of the table's encoding read as ISO 8859-1.

    ``deleted`` is the number of records with the deletion mark ``*``, which GDAL leaves out; ``stars`` how many cells
    of a column (from 0) hold asterisks for a number, which stands for none and for one too long for the column.
    """

    def __init__(self, table: DbfTable) -> None:
        kept = np.ones(table.present, np.bool_)
        found: set[int] = set()
        self.stars: Counter[int] = Counter()
        for first in range(0, table.present, RECORDS_AT_ONCE):
            part = table.records(first, min(RECORDS_AT_ONCE, table.present - first))
            kept[first : first + len(part)] = part[:, 0] != DELETED
            found |= {at for at, column in enumerate(table.columns) if at not in found and _misread(column, part)}
            stars = {
                at: _stars(column, part)
                for at, column in enumerate(table.columns)
                if column.type in "NF" and column.width
            }
            self.stars.update({at: count for at, count in stars.items() if count})
        self.table = table
        self.as_text = frozenset(found)
        self.places = np.flatnonzero(kept)
        self.deleted = table.present - len(self.places)

    def cells(self, first_row: int, rows: int) -> dict[int, list[str | None]]:
        """By column the cells of these rows."""

        places = self.places[first_row : first_row + rows]
        if not len(places):
            return {at: [] for at in self.as_text}
        records = self.table.records(int(places[0]), int(places[-1]) + 1 - int(places[0]))[places - places[0]]
        columns = {at: self.table.columns[at] for at in self.as_text}
        return {
            at: [_text(cell, one.type) for cell in _strings(one.of(records)).tolist()] for at, one in columns.items()
        }


def _text(cell: bytes, kind: str) -> str | None:
    text = cell.strip(b" \x00").decode("latin-1")
    empty = text == "?" or not cell.strip(b"*") or (kind == "D" and not text.strip("0"))
    return None if empty else text or None


def _misread(column: DbfColumn, records: NDArray[np.uint8]) -> bool:
    """Whether some cell is other than GDAL takes it for."""
    numbers = (_plain_numbers, _is_number) if column.decimals else (_plain_integers, _is_integer)
    checks = {"N": numbers, "F": numbers, "D": (_plain_dates, _is_date),
              "L": (lambda cells: np.isin(cells[0], list(LOGICALS)), lambda _: False)}  # fmt: skip
    if column.type not in checks or not column.width:
        return False
    are_plain, is_sound = checks[column.type]
    cells = column.of(records)
    doubtful = ~are_plain(np.ascontiguousarray(cells.T))
    return bool(doubtful.any()) and not all(map(is_sound, np.unique(_strings(cells[doubtful])).tolist()))


def _plain_numbers(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Of cells (width, n) those that are blank or digits in a row with one point among them at most."""
    blank, point, digit = cells == ord(" "), cells == ord("."), _digits(cells)
    begins = ~blank
    begins[1:] &= blank[:-1]
    known = np.logical_and.reduce(blank | point | digit)
    runs, points = (np.add.reduce(of.view(np.uint8), dtype=np.uint8) for of in (begins, point))
    return np.asarray(known & (runs <= 1) & (points <= np.logical_or.reduce(digit)))


def _plain_integers(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The same without a point, of so many digits as GDAL keeps."""
    plain = _plain_numbers(cells) & ~np.logical_or.reduce(cells == ord("."))
    if len(cells) >= AS_REAL:
        plain = plain & (np.add.reduce(_digits(cells).view(np.uint8), dtype=np.uint8) <= KEPT_DIGITS)
    return np.asarray(plain)


def _stars(column: DbfColumn, records: NDArray[np.uint8]) -> int:
    """How many of the records that are kept hold nothing but asterisks there."""
    cells = column.of(records[(records[:, column.start] == DELETED) & (records[:, 0] != DELETED)])
    return int((cells == DELETED).all(axis=1).sum())


def _plain_dates(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Those of eight digits that are a day of every year."""
    if len(cells) != 8:
        return np.zeros(cells.shape[1], np.bool_)
    month, day = ((cells[at] - np.uint8(48)) * np.uint8(10) + cells[at + 1] - np.uint8(48) for at in (4, 6))
    longest = np.array(DAYS, np.uint8).take(month, mode="clip")
    a_day = (month > 0) & (month <= 12) & (day > 0) & (day <= longest)
    return np.asarray(np.logical_and.reduce(_digits(cells)) & a_day)


def _digits(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((cells - np.uint8(ord("0"))) < np.uint8(10))


def _is_number(cell: bytes) -> bool:
    """Asterisks throughout are no value: so GDAL, QGIS with it, writes a null number."""
    text = cell.strip(b" \x00")
    return not text or not cell.strip(b"*") or NUMBER.fullmatch(text) is not None


def _is_integer(cell: bytes) -> bool:
    """A number without exponent or fraction, of so many digits as GDAL keeps at the column's width."""
    text = cell.strip(b" \x00")
    digits = len(text.lstrip(b"+-").split(b".")[0])
    whole = b"e" not in text.lower() and not text.partition(b".")[2].strip(b"0")
    return _is_number(cell) and (not cell.strip(b"*") or (whole and (digits <= KEPT_DIGITS or len(cell) < AS_REAL)))


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


def _strings(cells: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """The cells of one column, given as a matrix of bytes, each as one value."""
    return np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel()
