"""GeoPackages to fill in: every layer and field of the catalogue, with labels and the words that are allowed.

Labels, meanings and words stand in the schema extension of the GeoPackage (OGC 12-128r19, annex F.9), which GDAL reads
as alternative names, comments and coded-value domains, and QGIS shows as aliases and drop-downs.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from landcheck.fields.catalogue import fields
from landcheck.geometry.crs.frame import declared_crs
from landcheck.geometry.crs.systems import coded
from landcheck.messages import Lang
from landcheck.model import Field, Kind, Role

Rows = Sequence[Mapping[str, Any]]

EXAMPLE_CRS = "EPSG:4549"
TYPES = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.ENUM: pa.string(),
    Kind.DATE: pa.date32(),
}
SCHEMA = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
DEFINITION = "http://www.geopackage.org/spec121/#extension_schema"


def write_template(path: Path, crs: str, lang: Lang) -> None:
    """A GeoPackage of empty layers in that coordinate system. UsageError where ``crs`` names none."""
    _write(path, crs, {role.value: () for role in Role}, lang)


def write_example(path: Path, lang: Lang) -> None:
    """The same with one made-up parcel and what stands around it, which passes a check."""
    text = files(__package__).joinpath("example.toml").read_text(encoding="utf-8")
    _write(path, EXAMPLE_CRS, tomllib.loads(text), lang)


def _write(path: Path, crs: str, rows: Mapping[str, Rows], lang: Lang) -> None:
    import pyogrio

    wkt = coded(declared_crs(crs)).to_wkt()
    for number, role in enumerate(Role):
        pyogrio.write_arrow(
            _table(role, rows[role.value]), path, layer=role.value, driver="GPKG", append=number > 0,
            geometry_name="geom", geometry_type="MultiPolygon", crs=wkt,
        )  # fmt: skip
    with closing(sqlite3.connect(path)) as database, database:
        describe(database, [(role.value, one) for role in Role for one in fields(role)], lang)


def _table(role: Role, rows: Rows) -> pa.Table:
    import shapely

    columns = {one.name: pa.array([row.get(one.name) for row in rows], TYPES[one.kind]) for one in fields(role)}
    boxes = [shapely.MultiPolygon([shapely.box(x, y, x + w, y + h)]) for x, y, w, h in (row["box"] for row in rows)]
    return pa.table(columns | {"geom": pa.array([shapely.to_wkb(box) for box in boxes], pa.binary())})


def describe(database: sqlite3.Connection, columns: Sequence[tuple[str, Field]], lang: Lang) -> None:
    """Label, meaning and allowed words of fields that are columns of layers of a GeoPackage."""
    database.executescript(SCHEMA)
    database.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
        [("gpkg_data_columns", DEFINITION), ("gpkg_data_column_constraints", DEFINITION)],
    )
    for layer, one in columns:
        label, words = one.label.say(lang), f"{layer}_{one.name}"
        database.execute(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
            (layer, one.name, label, label, one.meaning.say(lang), words if one.choices else None),
        )
        database.executemany(
            "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            [(words, choice.value, choice.label.say(lang)) for choice in one.choices],
        )
