"""CSV, TSV and their kin: everything stays text, so that codes keep their leading zeros.

Quotes that do not close and rows of another length than the heading are findings, and never swallow other rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.sheet_columns import HEADING_WITHIN, heading_row
from landcheck.read.drivers.text_geometry import TextGeometry, geometry_column
from landcheck.read.encoding import codec_of, examine_text
from landcheck.read.layer import Layer, Rows, Tell, distinct, table_of
from landcheck.read.source import DataSource, without_mark

DELIMITERS = ",\t;|，"
LONGEST_FIELD = 64 << 20
START_CHARACTERS = 65_536
RECORDS_AT_ONCE = 65_536
UNCLOSED = "\x00unclosed quote"
"""Stands as the last field of a record whose quotes do not close; no text file holds a zero byte."""

Record = list[str]


def open_delimited(source: DataSource) -> Layer:
    """A delimited text; a column of WKT or hexadecimal WKB is its geometry, without one it is a table.

    A byte order mark that contradicts the encoding the user names is no part of a heading.
    """
    if source.encoding and codec_of(source.encoding) not in (None, "utf-8"):
        source = without_mark(source)
    file = examine_text(source.path, source.file, source.encoding)
    text = _examined(source.path, file.decision.codec, quotes=file.quotes, zeros=file.zeros)
    first = list(islice(text.records(), HEADING_WITHIN))
    heading = heading_row(first)
    if heading is None:
        raise InputError("read-empty-file", file=source.file)
    columns, repeated = distinct(_trimmed(first[heading]))
    at, crs = geometry_column(columns, first[heading + 1 :])
    kept = tuple(name for number, name in enumerate(columns) if number != at)
    undecodable = () if file.sound else (source.finding(Level.ERROR, "read-text-undecodable"),)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        faults, shapes = Faults(len(columns)), TextGeometry(source)
        count = 0
        for cells in _columns(text, heading + 1, size, faults):
            wkb = None if at is None else shapes.wkb(cells.pop(at), count)
            table = table_of(cells, kept, len(cells[0]) if cells else len(wkb or ()))
            yield Rows(count, table, wkb)
            count += table.num_rows
        for finding in (*faults.findings(source), *undecodable, *shapes.findings()):
            tell(finding)

    info = source.info(None, file.decision.label, 0, *file.decision.notes)
    found = source.repeated(repeated)
    return Layer(info, kept, at is not None, crs, "CSV", rows, found, keep=source.keep)


@dataclass(frozen=True, slots=True)
class Delimited:
    """How to cut a text into records. ``by_line``: its quotes cannot be trusted, so every line is a record;
    ``zeros``: zero bytes stand in it, which are left out."""

    path: Path
    codec: str
    delimiter: str = ","
    by_line: bool = False
    zeros: bool = False

    def lines(self) -> Iterator[str]:
        """The lines with their ends."""
        with self.path.open(encoding=self.codec, errors="replace", newline="") as stream:
            yield from (line.replace("\x00", "") for line in stream) if self.zeros else stream

    def records(self) -> Iterator[Record]:
        """The records; a line whose quotes do not close gives only the fields before the first quote."""
        csv.field_size_limit(LONGEST_FIELD)
        if not self.by_line:
            return csv.reader(self.lines(), delimiter=self.delimiter, strict=False)
        return (self._alone(line) for line in self.lines())

    def _alone(self, line: str) -> Record:
        try:
            return next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return [*line.split('"', maxsplit=1)[0].split(self.delimiter)[:-1], UNCLOSED]


def _examined(path: Path, codec: str, *, quotes: bool, zeros: bool) -> Delimited:
    """With the delimiter found, and whether the quotes (where there are any) can be trusted."""
    with path.open(encoding=codec, errors="replace", newline="") as stream:
        text = Delimited(path, codec, _delimiter(stream.read(START_CHARACTERS)), zeros=zeros)
    return replace(text, by_line=quotes and not _quotes_close(text))


def _delimiter(start: str) -> str:
    """The sign that cuts the first lines most often, and each of them; those in quotes do not count."""
    lines = ["".join(line.split('"')[::2]) for line in start.splitlines()[:20] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: (sum(count > 0 for count in counts[sign]), sum(counts[sign])))


def _quotes_close(text: Delimited) -> bool:
    """Read everything once, strictly. A field that holds whole records is a quote that closed in another row."""
    csv.field_size_limit(LONGEST_FIELD)
    lines = csv.reader(text.lines(), delimiter=text.delimiter, strict=True)
    before, width = 0, 0
    try:
        while records := list(islice(lines, RECORDS_AT_ONCE)):
            width = width or len(records[0])
            if lines.line_num - before > len(records) and _swallows(records, text.delimiter, width):
                return False
            before = lines.line_num
    except csv.Error:
        return False
    return True


def _swallows(records: Iterable[Record], delimiter: str, width: int) -> bool:
    return any(
        line.count(delimiter) >= max(width - 2, 1)
        for record in records
        for field in record
        if "\n" in field
        for line in field.splitlines()[1:]
    )


def _trimmed(names: Record) -> Record:
    """The heading without the empty cells that trailing delimiters make."""
    last = max((number for number, name in enumerate(names) if name.strip()), default=0)
    return names[: last + 1]


def _columns(text: Delimited, skip: int, size: int, faults: Faults) -> Iterator[list[pa.Array]]:
    """Batches of columns; lines in which nothing stands are no rows."""
    import pyarrow.compute as pc

    records = islice(text.records(), skip, None)
    while taken := list(islice(records, size)):
        filled = list(filter(any, taken))
        if filled:
            columns = [pa.array(cells, pa.string()) for cells in zip(*faults.even(filled), strict=True)]
            yield [pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) for column in columns]


@dataclass(slots=True)
class Faults:
    """Counts the rows that are not as long as the heading or whose quotes do not close, with the first of each."""

    width: int
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)

    def even(self, records: list[Record]) -> list[Record]:
        """The records, all as long as the heading."""
        lengths = np.fromiter(map(len, records), np.int64, len(records))
        for number in np.flatnonzero(lengths != self.width).tolist():
            records[number] = self._evened(records[number], self.rows + number + 1)
        unclosed = [number for number in range(len(records)) if records[number][-1] == UNCLOSED]
        for number in unclosed:
            records[number] = self._evened(records[number], self.rows + number + 1)
        self.rows += len(records)
        return records

    def _evened(self, record: Record, row: int) -> Record:
        if record[-1] == UNCLOSED:
            self._count("read-quote-unclosed", row)
            return (record[:-1] + [""] * self.width)[: self.width]
        if len(record) < self.width:
            self._count("read-row-short", row)
            return record + [""] * (self.width - len(record))
        if any(cell.strip() for cell in record[self.width :]):
            self._count("read-row-long", row)
            return record[:1] + [""] * (self.width - 1)
        return record[: self.width]

    def _count(self, code: str, row: int) -> None:
        self.counts[code] = self.counts.get(code, 0) + 1
        self.first.setdefault(code, row)

    def findings(self, source: DataSource) -> Iterator[DataFinding]:
        """One error for each kind of fault."""
        for code, count in self.counts.items():
            yield source.finding(Level.ERROR, code, count=count, row=self.first[code], columns=self.width)
