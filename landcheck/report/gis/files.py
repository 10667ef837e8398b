"""Layers handed to GDAL, which writes them the same on every day: GeoPackage, GeoJSON after RFC 7946, and shapefile."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
import sqlite3
import struct
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck import version
from landcheck.alone import ALONE, with_warnings_apart
from landcheck.errors import UsageError
from landcheck.geometry.crs.frame import Frame, lonlat
from landcheck.messages import Lang
from landcheck.messages.visible import visible
from landcheck.model import Report
from landcheck.report.content import overview, report_tables
from landcheck.report.gis.gis_layers import GisLayer, gis_layers, parcel_layer
from landcheck.report.gis.qgis_style import qml
from landcheck.report.options import Options
from landcheck.report.result.encode import run_line

# Of a .dbf; a text that is longer is cut, and CUT tells of that.
NAME_BYTES, TEXT_BYTES = 10, 254
ENCODING, CUT = "GB18030", "…"
ROOM = TEXT_BYTES - len(CUT.encode(ENCODING))
START_BYTES = 32  # of the head of a .shp and a .dbf

REFUSALS = (sqlite3.OperationalError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)
LITTLE_ROOM = 1 << 20
"""Bytes free on a disk below which a file that could not be written was refused for want of room: SQLite gives back
what it had written, and its own text speaks of the statement that failed."""


def write_layer(layer: GisLayer, path: Path, driver: str, encoding: str = "UTF-8", **options: str) -> None:
    """Write a layer to a file, added to what stands there; ``options`` are GDAL's own, of data set and layer."""
    geometry = pa.array(shapely.to_wkb(layer.shapes), pa.binary())
    with disk_refusals(path), with_warnings_apart():
        warnings.filterwarnings("ignore", message="'crs' was not provided")  # unknown stays unknown
        pyogrio.write_arrow(
            layer.table.append_column("geom", geometry),
            path,
            layer=layer.name,
            driver=driver,
            geometry_name="geom",
            geometry_type=layer.geometry_type,
            crs=layer.wkt,
            encoding=encoding,
            append=path.exists(),
            **options,
        )


@contextmanager
def disk_refusals(path: Path) -> Iterator[None]:
    """What GDAL and SQLite raise where a file cannot be written becomes an OSError without their own words and SQL."""
    try:
        yield
    except (pyogrio.errors.CRSError, pyogrio.errors.GeometryError):
        raise
    except REFUSALS as error:
        raise refusal(path, "full" in str(error)) from error


def refusal(path: Path, full: bool = False) -> OSError:  # noqa: FBT001 - the one thing known of a disk
    """The error of a file that did not get to the disk whole."""
    full = full or shutil.disk_usage(path.parent).free < LITTLE_ROOM
    number = errno.ENOSPC if full else errno.EIO
    return OSError(number, os.strerror(number), str(path))


@contextmanager
def dated(day: dt.date) -> Iterator[str]:
    """That day is today for GDAL, which else writes the time of the clock; gives the moment as GDAL writes it."""
    moment = f"{day.isoformat()}T00:00:00.000Z"
    with ALONE:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
        try:
            yield moment
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


# The table as QGIS makes it.
STYLES = """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
STYLED = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, 'geom', 'landcheck', ?, '', 1, '', '', ?)"""
RUN = """CREATE TABLE landcheck_run (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, section TEXT, name TEXT,
value TEXT)"""
REGISTERED = """INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
VALUES (?, 'attributes', ?, '', ?)"""


def write_geopackage(report: Report, options: Options, path: Path) -> None:
    """One file: parcels, parks, findings; ``layer_styles`` and ``landcheck_run`` as attribute tables."""
    made = gis_layers(report, options, path.name)
    with dated(report.as_of) as moment:
        for layer in made:
            # 1.2, as QGIS and GDAL of some years ago warn of anything newer.
            write_layer(layer, path, "GPKG", VERSION="1.2")
    with disk_refusals(path), closing(sqlite3.connect(path)) as base, base:
        base.execute(STYLES)
        base.executemany(STYLED, [(layer.name, qml(layer, options.lang), moment) for layer in made])
        base.execute(REGISTERED, ("layer_styles", "layer_styles", moment))
        base.execute(RUN)
        rows = [tuple(map(visible, line)) for line in _run(report, options.lang)]
        base.executemany("INSERT INTO landcheck_run (section, name, value) VALUES (?, ?, ?)", rows)
        base.execute(REGISTERED, ("landcheck_run", "landcheck_run", moment))


def _run(report: Report, lang: Lang) -> list[tuple[str, str, str]]:
    """What the verdicts rest on, by section and name: the basis, the notices, the tables that close every report."""
    lines = [("tool", "landcheck", version.__version__), ("as_of", "as_of", report.as_of.isoformat())]
    lines += [("reading", "reading", report.reading.value)]
    lines += [("pack", pack.id, line) for pack, line in zip(report.packs, overview.packs(report, lang), strict=True)]
    lines += [("parameter", name, f"{value:f}") for name, value in report.parameters.items()]
    lines += [("notice", notice.code, notice.say(lang)) for notice in report.notices]
    for table in (report_tables.summary(report, lang), *report_tables.closing(report, lang)):
        for row in table.rows:
            cells = report_tables.headed_cells(table.heads[1:], row[1:], lang)
            lines.append((table.title, row[0], cells))
    return [*lines, ("totals", "totals", overview.totals(report, lang))]


def write_geojson(report: Report, options: Options, path: Path) -> None:
    """A feature a line."""
    layer = parcel_layer(report, options, path.name)
    shapes = _in_degrees(layer.shapes, layer.wkt, path.name)
    outlines = shapely.to_geojson(shapes)
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(f'{{"type": "FeatureCollection",\n"landcheck": {run_line(report, options)},\n"features": [')
        before = "\n"
        for row, outline in zip(layer.table.to_pylist(), outlines.tolist(), strict=True):
            properties = json.dumps(row, ensure_ascii=False)
            file.write(f'{before}{{"type": "Feature", "properties": {properties}, "geometry": {outline or "null"}}}')
            before = ",\n"
        file.write("\n]}\n")


def _in_degrees(shapes: NDArray[np.object_], wkt: str | None, file: str) -> NDArray[np.object_]:
    """WGS 84 to a centimetre, shells anticlockwise. UsageError where there is no sound way there."""
    if wkt is None:
        raise UsageError("ci-geojson-no-crs", file=file)
    crs = pyproj.CRS.from_wkt(wkt)
    points = shapely.get_coordinates(shapes)
    moved = lonlat(points[:, 0].copy(), points[:, 1].copy(), Frame(None, None, known=crs))
    if not np.isfinite(moved).all():
        raise UsageError("ci-geojson-no-way", file=file, crs=crs.name)
    placed: NDArray[np.object_] = shapely.orient_polygons(shapely.set_coordinates(shapes.copy(), moved))
    return placed


def write_shapefile(report: Report, options: Options, path: Path) -> None:
    """``x.shp`` with the parcels, ``x_findings.shp``, and ``x_overlaps.shp`` where any are; side files with each."""
    made = {layer.name: layer for layer in gis_layers(report, options, path.name)}
    wanted = {"parcels": path.stem, "findings": f"{path.stem}_findings", "overlaps": f"{path.stem}_overlaps"}
    for name, stem in ((name, stem) for name, stem in wanted.items() if name in made):
        layer, file = fitted(replace(made[name], name=stem)), path.with_name(f"{stem}.shp")
        write_layer(layer, file, "ESRI Shapefile", ENCODING, RESIZE="YES",
                  DBF_DATE_LAST_UPDATE=report.as_of.isoformat())  # fmt: skip
        if not whole(file, layer.table.num_rows):
            raise refusal(file)


def whole(path: Path, rows: int) -> bool:
    """Whether all of it reached the disk: GDAL writes the ends and the headers as it closes, and tells no failure."""
    attributes = path.with_suffix(".dbf")
    with path.open("rb") as shp_file, attributes.open("rb") as dbf_file:
        shp, dbf = shp_file.read(START_BYTES), dbf_file.read(START_BYTES)
    if len(shp) + len(dbf) < 2 * START_BYTES or path.with_suffix(".shx").stat().st_size != 100 + 8 * rows:
        return False
    held, head, width = struct.unpack("<IHH", dbf[4:12])
    announced: int = struct.unpack(">i", shp[24:28])[0]
    long_enough: bool = attributes.stat().st_size >= head + rows * width
    return held == rows and long_enough and path.stat().st_size == announced * 2


def fitted(layer: GisLayer) -> GisLayer:
    """The layer as a .dbf can hold it. The last column, ``cut``, names the columns of the row that end in ``…``."""
    names = short(layer.table.column_names)
    cut: list[list[str]] = [[] for _ in range(layer.table.num_rows)]
    columns = {}
    for name, column in zip(names, layer.table.columns, strict=True):
        columns[name] = _fitted(column, name, cut) if pa.types.is_string(column.type) else column
    columns["cut"] = pa.array([" ".join(of) or None for of in cut], pa.string())
    return replace(layer, table=pa.table(columns))


def short(names: list[str]) -> list[str]:
    """Names of at most ten bytes, told apart by a number where they were cut to the same."""
    found: list[str] = []
    for name in names:
        plain = name.encode("ascii", "replace").decode().replace("?", "_")
        fitting, number = plain[:NAME_BYTES], 1
        while fitting.casefold() in {one.casefold() for one in (*found, "cut")}:
            number += 1
            fitting = f"{plain[: NAME_BYTES - len(str(number)) - 1]}_{number}"
        found.append(fitting)
    return found


def _fitted(column: pa.ChunkedArray, name: str, cut: list[list[str]]) -> pa.Array:
    texts = column.to_pylist()
    for row, text in enumerate(texts):
        # A character takes at most four bytes, so most need no encoding to see that they fit.
        if text is not None and len(text) * 4 > TEXT_BYTES and len(text.encode(ENCODING)) > TEXT_BYTES:
            texts[row] = text.encode(ENCODING)[:ROOM].decode(ENCODING, "ignore") + CUT
            cut[row].append(name)
    return pa.array(texts, pa.string())
