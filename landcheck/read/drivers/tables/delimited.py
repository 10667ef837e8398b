"""CSV, TSV and their kin: everything stays text, so that codes keep their leading zeros.

Quotes that do not close and rows of another length than the heading are findings, and never swallow other rows. The
cells that such a row lacks, or that cannot be told apart, are unreadable, not empty: nothing is assumed for them.
"""

from __future__ import annotations

import csv
import re
import shutil
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.fields.cells import UNREAD
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.tables.sheet_columns import HEADING_WITHIN, heading_row, refuse_headless
from landcheck.read.drivers.tables.sheet_marks import MISREAD
from landcheck.read.drivers.tables.sheet_units import with_units
from landcheck.read.drivers.tables.text_geometry import TextGeometry, geometry_column
from landcheck.read.encoding import TextFile, codec_of, examine_text, texts_in_utf8
from landcheck.read.layer import Layer, Rows, Tell, distinct, refuse_wide, table_of
from landcheck.read.source import DataSource

DELIMITERS = ",\t;|，"
AS_TEXT = r'^="([^"]*)"$'
BREAK = re.compile(r"\r\n?|\n")
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
        source = _without_mark(source)
    file = examine_text(source.path, source.file, source.encoding)
    text = DelimitedText(source.path, file)
    first = [refuse_wide(source.file, record) for record in islice(text.records(), HEADING_WITHIN)]
    heading = heading_row(first)
    if heading is None:
        raise InputError("read-empty-file", file=source.file)
    refuse_headless(source.file, first[heading])
    names = [" ".join(re.sub(AS_TEXT, r"\1", name).split()) for name in first[heading]]
    last = max((number for number, name in enumerate(names) if name), default=0)  # delimiters trail
    below, names, units = with_units(names[: last + 1], first, heading, heading + 1, source.role)
    columns, repeated = distinct(names)
    at, crs = geometry_column(columns, first[below:])
    kept = tuple(name for number, name in enumerate(columns) if number != at)
    wrong = undecodable(source, file)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        faults, shapes = Faults(len(columns)), TextGeometry(source)
        count = 0
        for taken, lines in text.chunks(below, size):
            if filled := list(filter(any, taken)):  # lines in which nothing stands are no rows
                stand = lines if len(filled) == len(taken) else lines[np.fromiter(map(any, taken), bool, len(taken))]
                cells = list(map(_column, zip(*faults.even(filled), strict=True)))
                wkb = None if at is None else shapes.wkb(cells.pop(at), count)
                yield Rows(count, table_of(cells, kept, len(filled)), wkb, stand)
                count += len(filled)
        for finding in (*faults.findings(source), *wrong, *shapes.findings()):
            tell(finding)

    beside = [Message("read-units-beside", {"file": source.file, "columns": units})] if units else []
    info = source.info(None, file.decision.label, 0, *file.decision.notes, *beside, sha256=source.fingerprint()())
    found = source.repeated(repeated)
    return Layer(info, kept, at is not None, crs, "CSV", rows, found, keep=source.keep, numbered="text")


def undecodable(source: DataSource, file: TextFile) -> tuple[DataFinding, ...]:
    """What of the text does not decode, or is in another encoding than the rest."""
    found = () if file.sound else (source.finding(Level.ERROR, "read-text-undecodable"),)
    other = list(texts_in_utf8(source.path)) if file.decision.codec == "gb18030" and source.encoding is None else []
    if not other:
        return found
    line, strange = other[0]
    mixed = source.finding(Level.ERROR, "read-text-two-encodings", count=len(other), line=line, text=strange[:20])
    return (*found, mixed)


def _column(cells: Sequence[str]) -> pa.Array:
    import pyarrow.compute as pc

    column = pa.array(cells, pa.string())
    if pc.any(pc.starts_with(column, '="')).as_py():  # as programs write codes that a spreadsheet is to leave alone
        column = pc.replace_substring_regex(column, AS_TEXT, r"\1")
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _without_mark(source: DataSource) -> DataSource:
    """The text without UTF-8's byte order mark, as a copy where it has one."""
    with source.path.open("rb") as text:
        if text.read(len(BOM_UTF8)) != BOM_UTF8:
            return source
        copy = source.placed()
        with copy.path.open("wb") as clean:
            shutil.copyfileobj(text, clean)
    return copy


class DelimitedText:
    """A text cut into records: at the sign that cuts the first lines most often, and each of them.

    Where its quotes cannot be trusted, every line is a record by itself; zero bytes are left out.
    """

    def __init__(self, path: Path, text: TextFile) -> None:
        self.path, self.codec, self.zeros = path, text.decision.codec, text.zeros
        with path.open(encoding=self.codec, errors="replace", newline="") as stream:
            start = stream.read(START_CHARACTERS)
        lines = ["".join(line.split('"')[::2]) for line in start.splitlines()[:20] if line.strip()]  # beside quotes
        counts = {sign: [line.count(sign) for line in lines] for sign in DELIMITERS}
        self.delimiter = max(DELIMITERS, key=lambda sign: (sum(map(bool, counts[sign])), sum(counts[sign])))
        csv.field_size_limit(LONGEST_FIELD)
        self.by_line = text.quotes and not self._quotes_close()

    def records(self) -> Iterator[Record]:
        """The records; a line whose quotes do not close gives only the fields before the first quote."""
        csv.field_size_limit(LONGEST_FIELD)
        if not self.by_line:
            return csv.reader(self._lines(), delimiter=self.delimiter, strict=False)
        return (self._alone(line) for line in self._lines())

    def chunks(self, below: int, size: int) -> Iterator[tuple[list[Record], NDArray[np.int64]]]:
        """The records from that one (from 0) on, so many at a time, and the line from 1 in which each begins."""
        records = self.records()
        line = 1 + sum(self._height(record) for record in islice(records, below))
        while taken := list(islice(records, size)):
            heights = np.ones(len(taken), np.int64)
            if getattr(records, "line_num", 0) > line - 1 + len(taken):
                heights[:] = list(map(self._height, taken))
            ends = line + np.cumsum(heights)
            yield taken, ends - heights
            line = int(ends[-1])

    def _height(self, record: Record) -> int:
        return 1 + (0 if self.by_line else sum(len(BREAK.findall(cell)) for cell in record))

    def _lines(self) -> Iterator[str]:
        """The lines with their ends."""
        with self.path.open(encoding=self.codec, errors="replace", newline="") as stream:
            yield from (line.replace("\x00", "") for line in stream) if self.zeros else stream

    def _alone(self, line: str) -> Record:
        try:
            return next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return [*line.split('"', maxsplit=1)[0].split(self.delimiter)[:-1], UNCLOSED]

    def _quotes_close(self) -> bool:
        """Read everything once, strictly. A field that holds whole records is a quote that closed in another row."""
        lines = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        before, width = 0, 0
        try:
            while records := list(islice(lines, RECORDS_AT_ONCE)):
                width = width or len(records[0])
                if lines.line_num - before > len(records) and self._swallow(records, width):
                    return False
                before = lines.line_num
        except csv.Error:
            return False
        return True

    def _swallow(self, records: Iterable[Record], width: int) -> bool:
        several = (field.splitlines()[1:] for record in records for field in record if "\n" in field)
        return any(line.count(self.delimiter) >= max(width - 2, 1) for lines in several for line in lines)


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
        sound = record[: self.width]
        if record[-1] == UNCLOSED:
            self._count("read-quote-unclosed", row)
            sound = record[:-1]
        elif len(record) < self.width:
            self._count("read-row-short", row)
        elif any(cell.strip() for cell in record[self.width :]):
            self._count("read-row-long", row)
            sound = record[:1]
        return (sound + [UNREAD + MISREAD] * self.width)[: self.width]

    def _count(self, code: str, row: int) -> None:
        self.counts[code] = self.counts.get(code, 0) + 1
        self.first.setdefault(code, row)

    def findings(self, source: DataSource) -> Iterator[DataFinding]:
        """One error for each kind of fault."""
        for code, count in self.counts.items():
            yield source.finding(Level.ERROR, code, count=count, row=self.first[code], columns=self.width)
