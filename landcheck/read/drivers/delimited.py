"""CSV, TSV and their kin: everything stays text, so that codes keep their leading zeros."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.columns import distinct, repeated_columns
from landcheck.read.drivers.grid import LOOKED_AT, heading_row
from landcheck.read.drivers.records import UNCLOSED, Delimited, Record, examine
from landcheck.read.drivers.vector import table_of
from landcheck.read.layer import Layer, Rows, Tell, about_file
from landcheck.read.plaintext import survey
from landcheck.read.repair.textshapes import Shapes, geometry_column
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa


def open_delimited(source: Source) -> Layer:
    """A delimited text; a column of WKT or hexadecimal WKB is its geometry, without one it is a table."""
    file = survey(source.path, source.file, source.encoding)
    text = examine(source.path, file.decision.codec, quotes=file.quotes, zeros=file.zeros)
    first = list(islice(text.records(), LOOKED_AT))
    heading = heading_row(first)
    if heading is None:
        raise InputError("read-empty-file", file=source.file)
    columns, repeated = distinct(_trimmed(first[heading]))
    at, crs = geometry_column(columns, first[heading + 1 :])
    kept = tuple(name for number, name in enumerate(columns) if number != at)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        faults, shapes = Faults(len(columns)), Shapes(source.role, source.file)
        count = 0
        for cells in _columns(text, heading + 1, size, faults):
            wkb = None if at is None else shapes.wkb(cells.pop(at), count)
            table = table_of(cells, kept, len(cells[0]) if cells else len(wkb or ()))
            yield Rows(count, table, wkb)
            count += table.num_rows
        for finding in (*faults.findings(source, file.sound), *shapes.findings()):
            tell(finding)

    note = () if file.decision.note is None else (file.decision.note,)
    info = source.info(None, file.decision.label, 0, *note)
    found = repeated_columns(source.role, source.file, repeated)
    return Layer(info, kept, at is not None, crs, "CSV", rows, found, keep=source.keep)


def _trimmed(names: Record) -> Record:
    """The heading without the empty cells that trailing delimiters make."""
    last = max((number for number, name in enumerate(names) if name.strip()), default=0)
    return names[: last + 1]


def _columns(text: Delimited, skip: int, size: int, faults: Faults) -> Iterator[list[pa.Array]]:
    """Batches of columns; lines in which nothing stands are no rows."""
    import pyarrow as pa
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
    replaced: int = 0

    def even(self, records: list[Record]) -> list[Record]:
        """The records, all as long as the heading."""
        import numpy as np

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

    def findings(self, source: Source, sound: bool) -> Iterator[DataFinding]:  # noqa: FBT001 - a fact about the file
        """One error for each kind of fault."""
        for code, count in self.counts.items():
            row = self.first[code]
            values = {"file": source.file, "count": count, "row": row, "columns": self.width}
            yield about_file("data/value", Level.ERROR, source.role, Message(code, values), row)
        if not sound:
            yield about_file(
                "data/value", Level.ERROR, source.role, Message("read-text-undecodable", {"file": source.file})
            )
