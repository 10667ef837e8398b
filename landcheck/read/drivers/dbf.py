"""A .dbf table as bytes: its header, and its text for the encoding decision."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.read.encoding import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLED_RECORDS = 4000
NAME_BYTES = 10

LANGUAGE_IDS = {
    0x01: "437", 0x02: "850", 0x03: "1252", 0x13: "932", 0x4D: "936", 0x4E: "949", 0x4F: "950",
    0x78: "950", 0x79: "949", 0x7A: "936", 0x7B: "932", 0xC8: "1250", 0xC9: "1251",
}  # fmt: skip
"""The language driver id (byte 29) as a code page; 0x57 and 0x00 say nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name's bytes, its type letter, and where it stands in a record."""

    name: bytes
    type: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """The header of a .dbf, and how many records really follow it."""

    path: Path
    columns: tuple[Column, ...]
    announced: int
    present: int
    header_bytes: int
    record_bytes: int
    language: str | None


def header(path: Path, file: str) -> Table:
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
    return Table(path, columns, announced, min(present, announced), header_bytes, record_bytes, language)


def _columns(descriptors: bytes, record_bytes: int) -> Iterator[Column]:
    start = 1
    for offset in range(0, len(descriptors) - 31, 32):
        if descriptors[offset] == 0x0D:
            return
        name, kind = descriptors[offset : offset + 11].split(b"\x00")[0], chr(descriptors[offset + 11])
        width = descriptors[offset + 16] + (descriptors[offset + 17] << 8 if kind == "C" else 0)
        if start + width > record_bytes:
            return
        yield Column(name, kind, start, width)
        start += width


def texts(table: Table) -> Iterator[Text]:
    """Every column name, and the different texts of up to 4000 records spread over the table."""
    import numpy as np

    for column in table.columns:
        yield Text(column.name, cut=len(column.name) >= NAME_BYTES)
    rows = np.unique(np.linspace(0, max(table.present - 1, 0), SAMPLED_RECORDS).astype(np.int64))
    sample = _records(table, rows[rows < table.present].tolist())
    for column in table.columns:
        if column.type == "C" and column.width and len(sample):
            yield from _different(sample[:, column.start : column.start + column.width], column.width)


def _records(table: Table, rows: Sequence[int]) -> NDArray[np.uint8]:
    """Those records as a matrix of bytes; column 0 is the deletion mark."""
    import numpy as np

    found = np.empty((len(rows), table.record_bytes), np.uint8)
    with table.path.open("rb") as stream:
        for at, row in enumerate(rows):
            stream.seek(table.header_bytes + row * table.record_bytes)
            stream.readinto(found[at].data)
    return found


def _different(block: NDArray[Any], width: int) -> Iterator[Text]:
    import numpy as np

    values = np.unique(np.ascontiguousarray(block).view(f"S{width}").ravel())
    for value in values.tolist():
        text = value.split(b"\x00")[0].rstrip(b" ")
        yield Text(text, cut=len(text) >= width)
