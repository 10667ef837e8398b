"""From what the user named to an open layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from landcheck.errors import InputError
from landcheck.read.delimited import open_delimited
from landcheck.read.geopackage import contents, open_geopackage, with_journal
from landcheck.read.layer import Layer
from landcheck.read.parquet import open_parquet
from landcheck.read.shapefile import open_shapefile
from landcheck.read.sniff import kind_of
from landcheck.read.source import Source, shown
from landcheck.read.vector import Known, Opening, open_vector
from landcheck.read.workbook import open_workbook

GDAL_NAMES = {"geojson": "GeoJSON", "flatgeobuf": "FlatGeobuf"}


def open_layer(path: str, role: str, *, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Open one layer of a vector source or table for reading.

    ``role`` is parcels, parks, zones, green, buildings or attributes; among several layers the one called like the role
    is taken, and none is taken silently. Raises InputError for what cannot be read, UsageError for an unknown encoding.
    """
    place = Path(path)
    file = shown(path)
    if not place.exists():
        raise InputError("read-no-such-file", file=file)
    return open_source(Source(file, place, place, role, layer, encoding))


def open_source(source: Source) -> Layer:
    """Open a source by what its bytes say it is."""
    kind = kind_of(source.path, source.file)
    if kind not in OPENERS:
        raise InputError("read-not-recognised", file=source.file, suffix=source.path.suffix or "-")
    return OPENERS[kind](source)


def open_plain(source: Source) -> Layer:
    """A source of one layer that GDAL reads as it is."""
    driver = GDAL_NAMES[kind_of(source.path, source.file)]
    return open_vector(source, Opening(source.path, source.file), driver, Known())


OPENERS: dict[str, Callable[[Source], Layer]] = {
    "shapefile": open_shapefile,
    "dbf": open_shapefile,
    "sqlite": open_geopackage,
    "geojson": open_plain,
    "flatgeobuf": open_plain,
    "parquet": open_parquet,
    "csv": open_delimited,
    "xlsx": open_workbook,
    "xls": open_workbook,
    "ods": open_workbook,
}


def layer_names(path: str) -> tuple[str, ...]:
    """The layers a GeoPackage or folder holds, to find parks, zones, green and buildings beside parcels; else ()."""
    place = Path(path)
    file = shown(path)
    if not place.is_file() or kind_of(place, file) != "sqlite":
        return ()
    found = contents(with_journal(Source(file, place, place, "parcels")).path, file)
    return found.spatial + found.tables
