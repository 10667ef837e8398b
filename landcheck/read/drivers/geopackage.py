"""GeoPackages: opened so that nothing beside them is written, counted by SQLite itself, views kept at arm's length."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.choose import choose
from landcheck.read.drivers.vector import Known, Opening, Shape, open_vector, shape_of
from landcheck.read.layer import Layer, about_file
from landcheck.read.repair.stored import AsStored, connect, counted, quoted
from landcheck.read.source import Source

WALKED_THROUGH = 64 << 20
HOUSEKEEPING = frozenset(("layer_styles", "qgis_projects"))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a GeoPackage lists: spatial layers, plain tables, and which of them are views."""

    spatial: tuple[str, ...]
    tables: tuple[str, ...]
    views: frozenset[str]


def open_geopackage(source: Source) -> Layer:
    """The layer of a GeoPackage; a table without geometry where the role is attributes or no layer is spatial."""
    source = with_journal(source)
    found = contents(source.path, source.file)
    offered = found.spatial + found.tables if source.role == "attributes" or not found.spatial else found.spatial
    if source.layer is not None:
        offered = found.spatial + found.tables
    if not offered:
        raise InputError("read-no-layers", file=source.file)
    name = choose(offered, source.role, source.layer, source.file)
    opening = Opening(source.path, source.file, name, options={"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"})
    shape = shape_of(opening)
    expected, odd, unchecked = _looked_through(source, name, shape)
    decode = AsStored(source.path, name, {shape.names.index(column): column for column in odd}) if odd else None
    known = Known(decode=decode, expected=expected, found=_damage(source) + unchecked, shape=shape, as_text=odd)
    return open_vector(source, opening, "GPKG", known)


def contents(path: Path, file: str) -> Contents:
    """The layers a GeoPackage lists; InputError for a database that is damaged or no GeoPackage."""
    rows = _ask(path, file, "select table_name, data_type from gpkg_contents order by rowid")
    views = _ask(path, file, "select name from sqlite_master where type <> 'table' or sql like 'create virtual%'")
    names = [(str(name), str(kind)) for name, kind in rows if str(name) not in HOUSEKEEPING]
    return Contents(
        tuple(name for name, kind in names if kind == "features"),
        tuple(name for name, kind in names if kind in ("attributes", "aspatial")),
        frozenset(str(name) for (name,) in views),
    )


def suspicious(path: Path, file: str) -> bool:
    """Whether reading could hang or crash: a layer that is a view or a virtual table, or a damaged page."""
    found = contents(path, file)
    return bool({*found.spatial, *found.tables} & found.views) or bool(damage(path, file))


def damage(path: Path, file: str) -> str:
    """What SQLite finds wrong with the pages of the database, empty where nothing is.

    A large database is not walked through: rows lost in it show in their count.
    """
    if path.stat().st_size > WALKED_THROUGH:
        return ""
    said = str(_ask(path, file, "pragma quick_check(1)")[0][0])
    return "" if said == "ok" else " ".join(said.split())


def _damage(source: Source) -> tuple[DataFinding, ...]:
    said = damage(source.path, source.file)
    values = {"file": source.file, "reason": said[:300]}
    message = Message("read-database-damaged", values)
    return (about_file("data/value", Level.ERROR, source.role, message),) if said else ()


def _looked_through(source: Source, name: str, shape: Shape) -> tuple[int, tuple[str, ...], tuple[DataFinding, ...]]:
    """The rows, counted and not taken from the list, which may be out of date, and the columns GDAL would misread.

    Where a damaged page keeps SQLite from looking at every cell, that is told.
    """
    try:
        return *counted(source.path, name, dict(zip(shape.names, shape.types, strict=True))), ()
    except sqlite3.Error as error:
        rows: int = _ask(source.path, source.file, f"select count(*) from {quoted(name)}")[0][0]  # noqa: S608
        message = Message("read-types-unchecked", {"file": source.file, "layer": name, "reason": str(error)})
        return rows, (), (about_file("data/value", Level.WARNING, source.role, message),)


def _ask(path: Path, file: str, query: str) -> list[tuple[Any, ...]]:
    try:
        with closing(connect(path)) as connection:
            return connection.execute(query).fetchall()
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        code = "read-not-geopackage" if "no such table: gpkg_contents" in str(error) else "read-failed"
        raise InputError(code, file=file, reason=str(error)) from error


def with_journal(source: Source) -> Source:
    """The source, or a copy with its journal where one lies beside it: rows not yet merged would be lost otherwise."""
    journals = [source.path.with_name(source.path.name + end) for end in ("-wal", "-journal")]
    present = [journal for journal in journals if journal.is_file() and journal.stat().st_size]
    if not present:
        return source
    folder = temporary.Folder()
    copy = Path(folder.name) / source.path.name
    for file in (source.path, *present):
        shutil.copyfile(file, copy.with_name(file.name))
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
            connection.execute("pragma journal_mode=delete")
    except sqlite3.Error as error:
        raise InputError("read-failed", file=source.file, reason=str(error)) from error
    return replace(source, path=copy, origin=(*source.origin, *present), keep=(*source.keep, folder))
