"""GeoPackages: opened so that nothing beside them is written, counted and checked by SQLite itself.

SQLite stores any value in any column, and GDAL reads ``见附件`` in a REAL column as 0, 20230315 in a DATE column as
1970-01-01 and ``是`` in a BOOLEAN column as false, all without a word. So SQLite is asked, in the scan that counts the
rows, and a column with such a cell is handed on as the text of what is stored.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from landcheck.errors import InputError
from landcheck.model import Level
from landcheck.read.drivers.gdal.vector import Known, Opening, described, open_vector
from landcheck.read.layer import Layer, choose_layer
from landcheck.read.reader_calls import damaged
from landcheck.read.repair import CellsAsText
from landcheck.read.repair.coded_values import ColumnNotes
from landcheck.read.source import DataSource

WALKED_THROUGH = 64 << 20
IN_PARALLEL_FROM = 100_000
HOUSEKEEPING = frozenset(("layer_styles", "qgis_projects"))
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


def open_geopackage(source: DataSource) -> Layer:
    """The layer of a GeoPackage; a table without geometry where the role is attributes or no layer is spatial."""
    source = with_journal(source)
    spatial, tables = _contents(source)
    offered = spatial if spatial and source.layer is None and source.role != "attributes" else spatial + tables
    name = choose_layer(offered, source.role, source.layer, source.file)
    opening = Opening(source.path, source.file, name, options={"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"})
    about = described(opening)
    odd: tuple[str, ...] = ()
    findings = list(source.findings)
    if _left_its_log(source.path):
        findings.append(source.finding(Level.WARNING, "read-log-absent"))
    if damage := _damage(source.path, source.file):
        findings.append(source.finding(Level.ERROR, "read-database-damaged", reason=damage[:300]))
    try:
        rows, odd = count_and_check(source.path, name, dict(zip(about.names, about.types, strict=True)))
    except sqlite3.Error as error:  # a damaged page keeps SQLite from looking at every cell
        rows = _ask(source.path, source.file, f"select count(*) from {quoted(name)}")[0][0]  # noqa: S608
        findings.append(source.finding(Level.WARNING, "read-types-unchecked", layer=name, reason=str(error)))
    notes = _column_notes(source.path, name)
    cells = StoredCells(source.path, name, {about.names.index(column): column for column in odd})
    source = replace(source, findings=tuple(findings))
    return open_vector(source, opening, Known(expected=rows, description=about, notes=notes), cells)


def _column_notes(path: Path, table: str) -> ColumnNotes:
    """What the schema extension and the layer's style in QGIS say of the columns; nothing where neither is there."""
    column = "select column_name, coalesce(nullif(title, ''), name), constraint_name from gpkg_data_columns"
    enum = "select constraint_name, value, description from gpkg_data_column_constraints where constraint_type = 'enum'"
    style = "select styleQML from layer_styles where lower(f_table_name) = lower(?) order by useAsDefault desc"
    columns = _answers(path, column + " where lower(table_name) = lower(?)", table)
    words: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, value, word in _answers(path, enum):
        words[name] |= {str(value): str(word)} if word else {}
    titles = _aliases([str(text) for (text,) in _answers(path, style, table)])
    titles |= {str(name): str(title) for name, title, _ in columns if title and title != name}
    return ColumnNotes(titles, {str(name): words[domain] for name, _, domain in columns if domain in words})


def _answers(path: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    """The rows of the answer; none where the database has no such table."""
    try:
        return _rows(path, query, *values)
    except (sqlite3.Error, UnicodeDecodeError):
        return []


def _aliases(styles: list[str]) -> dict[str, str]:
    """By column the alias in the first style that can be read."""
    for text in styles:
        with suppress(ElementTree.ParseError):
            found = ElementTree.fromstring(text).iterfind(".//aliases/alias")  # noqa: S314  # expat stops bombs itself
            return {one.get("field", ""): one.get("name", "") for one in found if one.get("name")}
    return {}


def _contents(source: DataSource) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The spatial layers a GeoPackage lists, and its plain tables; InputError where it is damaged or none."""
    rows = _ask(source.path, source.file, "select table_name, data_type from gpkg_contents order by rowid")
    kinds = {str(name): str(kind) for name, kind in rows if str(name) not in HOUSEKEEPING}
    spatial = tuple(name for name, kind in kinds.items() if kind == "features")
    return spatial, tuple(name for name, kind in kinds.items() if kind in ("attributes", "aspatial"))


def geopackage_layers(source: DataSource) -> tuple[str, ...]:
    """The names of the spatial layers, then of the tables."""
    spatial, tables = _contents(source)
    return spatial + tables


def may_hang_or_crash(source: DataSource) -> bool:
    """Whether a layer is a view or a virtual table, or a page is damaged."""
    layers = geopackage_layers(source)
    query = "select name from sqlite_master where type <> 'table' or sql like 'create virtual%'"
    views = {str(name) for (name,) in _ask(source.path, source.file, query)}
    return not views.isdisjoint(layers) or bool(_damage(source.path, source.file))


def _damage(path: Path, file: str) -> str:
    """What SQLite finds wrong with the pages of the database, empty where nothing is.

    A large database is not walked through: rows lost in it show in their count.
    """
    if path.stat().st_size > WALKED_THROUGH:
        return ""
    said = str(_ask(path, file, "pragma quick_check(1)")[0][0])
    return "" if said == "ok" else " ".join(said.split())


def _ask(path: Path, file: str, query: str) -> list[tuple[Any, ...]]:
    try:
        return _rows(path, query)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        if "no such table: gpkg_contents" in str(error):
            raise InputError("read-not-geopackage", file=file) from error
        raise damaged(file, str(error)) from error


def _rows(path: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of the answer; asked for reading only, without leaving anything beside the database."""
    address = f"file:{quote(path.resolve().as_posix())}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def quoted(name: str) -> str:
    """A name as SQL writes an identifier."""
    return '"' + name.replace('"', '""') + '"'


def count_and_check(path: Path, table: str, types: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """The rows, and the columns (``types``: GDAL's by name) with a cell that GDAL would misread.

    The rows are counted and not taken from the list, which may be out of date.
    """
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
    with ThreadPoolExecutor(len(spans)) as pool:
        return list(pool.map(lambda span: _rows(path, query + span)[0], spans))


def _spans(path: Path, table: str) -> list[str]:
    """Conditions that part a large table among the processors; no condition for a small one or a view."""
    ends = _row_ids(path, table)
    if ends is None or ends[1] - ends[0] < IN_PARALLEL_FROM:
        return [""]
    first, last = ends
    parts = os.cpu_count() or 1
    cuts = [first + (last - first) * part // parts for part in range(parts)]
    return [f" where _rowid_ between {low} and {high - 1}" for low, high in pairwise((*cuts, last + 1))]


def _row_ids(path: Path, table: str) -> tuple[int, int] | None:
    """The lowest and the highest row id; None for a view, which has none."""
    query = f"select (select min(_rowid_) from {quoted(table)}), (select max(_rowid_) from {quoted(table)})"  # noqa: S608
    try:
        first, last = _rows(path, query)[0]
    except sqlite3.OperationalError:
        return None
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None


class StoredCells(CellsAsText):
    """The columns with a value of another type than they declare, as the text of what is stored."""

    def __init__(self, path: Path, table: str, names: Mapping[int, str]) -> None:
        self.path, self.table, self.as_text = path, table, tuple(names)
        self.names = tuple(map(quoted, names.values()))

    def cells(self, first_row: int, rows: int) -> dict[int, list[str | None]]:
        """In the order in which GDAL reads: by row id, a view as it comes (of whole rows, lest an index order it)."""
        by_row = _row_ids(self.path, self.table) is not None
        wanted = ", ".join(self.names) + ("" if by_row else ", *")
        query = f"select {wanted} from {quoted(self.table)}{' order by _rowid_' if by_row else ''} limit ? offset ?"  # noqa: S608
        found = _rows(self.path, query, rows, first_row)
        return {number: [_text(row[place]) for row in found] for place, number in enumerate(self.as_text)}


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return None if value is None or value == "" else str(value)


def with_journal(source: DataSource) -> DataSource:
    """The source, or a copy where SQLite's files lie beside it: what they hold would be lost, or they removed."""
    beside = [source.path.with_name(source.path.name + end) for end in ("-wal", "-journal", "-shm")]
    if not any(file.is_file() for file in beside):
        return source
    journals = [file for file in beside[:2] if file.is_file() and file.stat().st_size]
    copy = source.placed()
    for file in (source.path, *journals):
        shutil.copyfile(file, copy.path.with_name(file.name))
    try:
        with closing(sqlite3.connect(copy.path)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
            connection.execute("pragma journal_mode=delete")
    except sqlite3.Error as error:
        raise damaged(source.file, str(error)) from error
    return replace(copy, origin=(*source.origin, *journals))


def _left_its_log(path: Path) -> bool:
    """Whether the database was written with a log beside it (-wal), where its last changes may be; it is not there."""
    with path.open("rb") as stream:
        return stream.read(20)[18:] == b"\x02\x02"
