"""Columns of a GeoPackage that hold other values than their type declares.

SQLite stores any value in any column, and GDAL reads ``见附件`` in a REAL column as 0, 20230315 in a DATE column as
1970-01-01 and ``是`` in a BOOLEAN column as false, all without a word. So SQLite is asked, in the scan that counts the
rows, and a column with such a cell is handed on as the text of what is stored, to be read as strictly as any text.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    import pyarrow as pa

    from landcheck.read.layer import Tell

CHECKS = {
    "OFTReal": "{0} >= ''",
    "OFTInteger64": "{0} >= '' or typeof({0}) = 'real'",
    "OFTInteger": "{0} not between -2147483648 and 2147483647 or typeof({0}) = 'real'",
    "OFSTInt16": "{0} not between -32768 and 32767 or typeof({0}) = 'real'",
    "OFSTBoolean": "{0} <> 0 and {0} <> 1",
    "OFTDate": "date({0}, '+0 days') is not {0}",
    "OFTDateTime": "{0} is not null and (datetime({0}) is null"
    " or date(substr({0}, 1, 10), '+0 days') is not substr({0}, 1, 10))",
}
"""By GDAL's type, or its subtype where that says more, the condition under which GDAL misreads a cell. SQLite ranks
any text and blob above any number; its ``date``, where it has to count, gives another day for one that does not exist.
"""
FROM_HERE_IN_PARALLEL = 100_000


def connect(path: Path) -> sqlite3.Connection:
    """The database, for reading only and without leaving anything beside it."""
    address = f"file:{quote(path.resolve().as_posix())}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True)


def quoted(name: str) -> str:
    """A name as SQL writes an identifier."""
    return '"' + name.replace('"', '""') + '"'


def counted(path: Path, table: str, types: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """The rows, and the columns (``types``: GDAL's by name) with a cell that GDAL would misread."""
    checks = {name: CHECKS[kind].format(quoted(name)) for name, kind in types.items() if kind in CHECKS}
    spans = _spans(path, table)
    some = " or ".join(f"({check})" for check in checks.values()) or "0"
    parts = _of_each(path, f"select count(*), count(*) filter (where {some}) from {quoted(table)}", spans)  # noqa: S608
    rows = sum(part[0] for part in parts)
    if not any(part[1] for part in parts):
        return rows, ()
    each = ", ".join(f"count(*) filter (where {check})" for check in checks.values())
    found = _of_each(path, f"select {each} from {quoted(table)}", spans)  # noqa: S608
    return rows, tuple(name for number, name in enumerate(checks) if any(part[number] for part in found))


def _of_each(path: Path, query: str, spans: list[str]) -> list[tuple[Any, ...]]:
    """The one row of the answer for each part of the table, asked at the same time."""

    def ask(span: str) -> tuple[Any, ...]:
        with closing(connect(path)) as connection:
            answer: tuple[Any, ...] = connection.execute(query + span).fetchone()
        return answer

    with ThreadPoolExecutor(len(spans)) as pool:
        return list(pool.map(ask, spans))


def _spans(path: Path, table: str) -> list[str]:
    """Conditions that part a large table among the processors; no condition for a small one or a view."""
    ends = _row_ids(path, table)
    if ends is None or ends[1] - ends[0] < FROM_HERE_IN_PARALLEL:
        return [""]
    first, last = ends
    parts = os.cpu_count() or 1
    cuts = [first + (last - first) * part // parts for part in range(1, parts)]
    lower = ["", *(f"_rowid_ >= {cut}" for cut in cuts)]
    upper = [*(f"_rowid_ < {cut}" for cut in cuts), ""]
    both = (" and ".join(filter(None, bounds)) for bounds in zip(lower, upper, strict=True))
    return [f" where {bounds}" if bounds else "" for bounds in both]


def _row_ids(path: Path, table: str) -> tuple[int, int] | None:
    """The lowest and the highest row id; None for a view, which has none."""
    query = f"select (select min(_rowid_) from {quoted(table)}), (select max(_rowid_) from {quoted(table)})"  # noqa: S608
    try:
        with closing(connect(path)) as connection:
            first, last = connection.execute(query).fetchone()
    except sqlite3.OperationalError:
        return None
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None


@dataclass(frozen=True, slots=True)
class AsStored:
    """Puts the text of what is stored in the place of some columns of each batch."""

    path: Path
    table: str
    names: Mapping[int, str]

    def __call__(self, batch: pa.RecordBatch, first_row: int, _: Tell) -> pa.RecordBatch:
        """The batch with those columns as text, null where nothing is stored."""
        import pyarrow as pa

        rows = self._rows(first_row, batch.num_rows)
        columns = batch.columns
        for place, number in enumerate(self.names):
            cells = [_text(row[place]) for row in rows]
            columns[number] = pa.array(cells + [None] * (batch.num_rows - len(cells)), pa.string())
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _rows(self, first: int, count: int) -> list[tuple[Any, ...]]:
        """In the order in which GDAL reads: by row id, a view as it comes (of whole rows, lest an index order it)."""
        by_row = _row_ids(self.path, self.table) is not None
        wanted = ", ".join(map(quoted, self.names.values())) + ("" if by_row else ", *")
        query = f"select {wanted} from {quoted(self.table)}{' order by _rowid_' if by_row else ''} limit ? offset ?"  # noqa: S608
        with closing(connect(self.path)) as connection:
            return connection.execute(query, (count, first)).fetchall()


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return None if value is None or value == "" else str(value)
