"""Access databases (.mdb, .accdb), and Esri's personal geodatabases in them, read by mdbtools where it is installed.

A personal geodatabase lists its layers in GDB_GeomColumns and their systems in GDB_SpatialRefs; a shape is a record of
a shapefile without its head (the same layout GDAL's PGeo driver documents). No file of the kind could be had for trial.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, cut_up, distinct, table_of
from landcheck.read.reader_calls import damaged
from landcheck.read.source import DataSource

ACCESS_MARKS = (b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB")
PROGRAMS = ("mdb-tables", "mdb-export", "mdb-count")
LAYERS, SYSTEMS, NAMES, OBJECTS = "GDB_GeomColumns", "GDB_SpatialRefs", "GDB_FieldInfo", "GDB_ObjectClasses"
OF_THE_SYSTEM = ("gdb_", "msys", "~", "selections", "selectedobjects")
POLYGON, GENERAL, CURVES, HAS_Z, HAS_M = 5, 51, 0x20000000, 0x80000000, 0x40000000
FORMATS = ("-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", "-b", "hex", "-0", "\x1a")
SECONDS = 600
TEXT_OF_97 = {"MDB_JET3_CHARSET": "GBK", "MDBICONV": "UTF-8", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class AccessTable:
    """The rows of a table as text, None for null."""

    columns: tuple[str, ...]
    rows: list[list[str | None]]

    def of(self, name: str) -> list[str | None]:
        """The cells of a column; none where there is no such column."""
        at = next((at for at, column in enumerate(self.columns) if column.casefold() == name.casefold()), None)
        return [] if at is None else [row[at] for row in self.rows]


@dataclass(frozen=True, slots=True)
class AccessFile:
    """A database, asked through mdbtools; InputError where that is not installed or does not understand the file."""

    source: DataSource

    def tables(self) -> list[str]:
        """The names of all tables of the user's and of the geodatabase."""
        return [name for name in self._said("mdb-tables", "-1", str(self.source.path)).split("\n") if name.strip()]

    def table(self, name: str) -> AccessTable:
        """All rows; InputError where it has more or fewer than are counted."""
        text = self._said("mdb-export", *FORMATS, str(self.source.path), name)
        heading, *rows = csv.reader(io.StringIO(text, newline=""))
        filled: list[list[str | None]] = [[None if cell == "\x1a" else cell for cell in row] for row in rows if row]
        counted = self._said("mdb-count", str(self.source.path), name).strip()
        uneven = any(len(row) != len(heading) for row in filled)
        if uneven or not counted.isdigit() or int(counted) != len(filled):
            announced = int(counted) if counted.isdigit() else 0
            raise InputError("read-rows-lost", file=self.source.file, announced=announced, read=len(filled))
        return AccessTable(tuple(heading), filled)

    def layers(self) -> dict[str, tuple[str, int]]:
        """Of a geodatabase the geometry column and the number of the system of each layer of polygons, by its name."""
        if LAYERS not in self.tables():
            return {}
        table = self.table(LAYERS)
        listed = zip(*map(table.of, ("TableName", "FieldName", "ShapeType", "SRID")), strict=True)
        return {str(name): (str(column), int(srid or -1)) for name, column, kind, srid in listed if kind == "4"}

    def _said(self, program: str, *words: str) -> str:
        found = shutil.which(program)
        if found is None:
            raise InputError("read-format-access", file=self.source.file)
        ended = subprocess.run(  # noqa: S603
            [found, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False,
            env=os.environ | TEXT_OF_97,
        )  # fmt: skip
        if ended.returncode != 0:
            raise damaged(self.source.file)
        return ended.stdout.decode("utf-8", errors="replace").replace("\r\n", "\n")


def access_layers(source: DataSource) -> tuple[str, ...]:
    """The layers of a personal geodatabase, then the other tables."""
    file = AccessFile(source)
    layers = file.layers()
    others = (name for name in file.tables() if not name.casefold().startswith(OF_THE_SYSTEM))
    return (*layers, *(name for name in others if name not in layers and not name.endswith("_Shape_Index")))


def open_access(source: DataSource) -> Layer:
    """A layer of the geodatabase, or a table where the role is attributes or there is no layer."""
    if not all(map(shutil.which, PROGRAMS)):
        raise InputError("read-format-access", file=source.file)
    digest = source.fingerprint()
    file = AccessFile(source)
    spatial, names = file.layers(), access_layers(source)
    offered = list(spatial) if spatial and source.layer is None and source.role != "attributes" else list(names)
    name = choose_layer(offered, source.role, source.layer, source.file)
    table = file.table(name)
    at = [column for column in table.columns if not (name in spatial and column == spatial[name][0])]
    columns, repeated = distinct(at)
    arrays = [pa.array(table.of(column), pa.string()) for column in at]
    records = table.of(spatial[name][0]) if name in spatial else None
    shapes, unread = (None, []) if records is None else _shapes(source, records)
    found: list[DataFinding] = list(source.repeated(repeated))
    if unread:
        values = {"count": len(unread), "row": unread[0] + 1}
        found.append(source.finding(Level.ERROR, "read-access-shapes", "data/geometry", **values))
    wkt = _system(file, spatial[name][1]) if name in spatial else None
    whole = table_of(arrays, columns, len(table.rows))

    def rows(size: int, _: Tell) -> Iterator[Rows]:
        return cut_up(whole, None if shapes is None else pa.array(shapes, pa.binary()), size)

    info = source.info(name, "UTF-8", len(table.rows), sha256=digest())
    titles = _titles(file, name) if name in spatial else {}
    return Layer(info, columns, shapes is not None, wkt, "Access", rows, tuple(found), len(table.rows),
                 keep=source.keep, titles=titles)  # fmt: skip


def _system(file: AccessFile, number: int) -> str | None:
    table = file.table(SYSTEMS) if SYSTEMS in file.tables() else AccessTable((), [])
    known = dict(zip(table.of("SRID"), table.of("SRTEXT"), strict=True))
    stated = known.get(str(number))
    return stated if stated and not stated.startswith("{") else None  # {B286C06B-...} is Esri's for unknown


def _titles(file: AccessFile, layer: str) -> dict[str, str]:
    """What the geodatabase calls the columns for people."""
    if not {NAMES, OBJECTS} <= set(file.tables()):
        return {}
    objects, names = file.table(OBJECTS), file.table(NAMES)
    ids = {one for one, name in zip(objects.of("ID"), objects.of("Name"), strict=True) if name == layer}
    listed = zip(*map(names.of, ("ClassID", "FieldName", "AliasName")), strict=True)
    return {str(column): alias for one, column, alias in listed if one in ids and alias and alias != column}


def _shapes(source: DataSource, records: list[str | None]) -> tuple[NDArray[np.object_], list[int]]:
    """The shapes as WKB through a shapefile made of the records, and the rows whose record makes none."""
    import pyogrio.raw

    made = [_record(text) for text in records]
    unread = [row for row, one in enumerate(made) if one is None]
    copy = source.placed("shapes.shp")  # there as long as this is
    _write_shp(copy.path, [one or b"" for one in made])
    read: Any = pyogrio.raw.read(copy.path)[2]
    shapes = np.array([None if wkb is None else bytes(wkb) for wkb in read], object)
    return shapes, sorted({*unread, *(row for row, one in enumerate(made) if one and shapes[row] is None)})


def _record(text: str | None) -> bytes | None:
    """The record as a shapefile has it, nothing for a null shape; None for curves, another kind, or no record."""
    if not text:
        return b""
    try:
        raw = bytes.fromhex(text)
        (kind,) = struct.unpack_from("<I", raw)
    except (ValueError, struct.error):
        return None
    if kind == 0:
        return b""
    if kind & 0xFF == GENERAL:
        if kind & CURVES:
            return None
        kind = 15 if kind & HAS_Z else 25 if kind & HAS_M else POLYGON
    return struct.pack("<I", kind) + raw[4:] if kind in (5, 15, 25) else None


def _write_shp(place: Path, records: list[bytes]) -> None:
    kinds = [struct.unpack_from("<I", one)[0] for one in records if one]
    bodies = [one if one else struct.pack("<I", 0) for one in records]
    lengths = np.array([len(one) // 2 for one in bodies], np.int64)
    starts = 50 + np.concatenate([[0], np.cumsum(lengths + 4)])
    for suffix, length in ((".shp", int(starts[-1])), (".shx", 50 + 4 * len(bodies))):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, length) + struct.pack("<2i", 1000, max(kinds, default=POLYGON))
        with place.with_suffix(suffix).open("wb") as file:
            file.write(head + bytes(64))
            for number, body in enumerate(bodies):
                if suffix == ".shp":
                    file.write(struct.pack(">2i", number + 1, len(body) // 2) + body)
                else:
                    file.write(struct.pack(">2i", int(starts[number]), len(body) // 2))
