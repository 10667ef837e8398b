"""From what the user named to an open layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.read.address import is_address, open_address
from landcheck.read.apart import layers_apart, open_apart
from landcheck.read.archive import unpack
from landcheck.read.delimited import open_delimited
from landcheck.read.dxf import dxf_environment
from landcheck.read.folder import candidates, is_geodatabase, pick
from landcheck.read.geojson import open_geojson
from landcheck.read.geopackage import contents, open_geopackage, suspicious, with_journal
from landcheck.read.layer import Layer
from landcheck.read.parts import open_parquet, open_parts, parts_in
from landcheck.read.postgis import open_postgis
from landcheck.read.shapefile import open_shapefile
from landcheck.read.sniff import kind_of
from landcheck.read.source import Source, shown
from landcheck.read.vector import Known, Opening, open_vector
from landcheck.read.workbook import open_workbook


def open_layer(path: str, role: str, *, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Open one layer of a vector source or table for reading.

    ``role`` is parcels, parks, zones, green, buildings or attributes; among several layers the one called like the role
    is taken, and none is taken silently. Raises InputError for what cannot be read, UsageError for an unknown encoding.
    """
    if path.startswith(("postgresql://", "postgres://")):
        return open_postgis(path, role, layer)
    if is_address(path):
        return open_address(path, role, layer)
    return open_source(Source(shown(path), _existing(path), (Path(path),), role, layer, encoding))


def _existing(path: str) -> Path:
    place = Path(path)
    try:
        found = place.exists()
    except (OSError, ValueError):
        found = False
    if not found:
        raise InputError("read-no-such-file", file=shown(path))
    return place


def open_source(source: Source) -> Layer:
    """Open a source by what its bytes say it is."""
    if is_geodatabase(source.path):
        return open_apart("gdb", source)
    if source.path.is_dir():
        return _open_folder(source)
    kind = kind_of(source.path, source.file)
    if kind in ("zip", "kmz"):
        return open_source(_unpacked(source))
    if kind in APART:
        return open_apart(kind, source, dxf_environment(source) if kind == "dxf" else None)
    return OPENERS[kind](source)


def _open_folder(source: Source) -> Layer:
    """The files of a partitioned layer together, or the one source in the folder that is meant."""
    from pyarrow.fs import LocalFileSystem

    files = parts_in(source)
    return open_parts(source, LocalFileSystem(), files) if files else open_source(pick(source))


def _unpacked(source: Source) -> Source:
    folder = unpack(source.path, source.file)
    return pick(replace(source, path=Path(folder.name), keep=(*source.keep, folder)))


def open_flatgeobuf(source: Source) -> Layer:
    """A FlatGeobuf file, whose buffers GDAL verifies one by one."""
    return open_vector(source, Opening(source.path, source.file), "FlatGeobuf", Known())


def open_database(source: Source) -> Layer:
    """A GeoPackage: here where it is made of plain tables, apart where a view or a damaged page could hang or crash."""
    source = with_journal(source)
    return open_apart("sqlite", source) if suspicious(source.path, source.file) else open_geopackage(source)


OPENERS: dict[str, Callable[[Source], Layer]] = {
    "shapefile": open_shapefile,
    "dbf": open_shapefile,
    "sqlite": open_database,
    "geojson": open_geojson,
    "flatgeobuf": open_flatgeobuf,
    "parquet": open_parquet,
    "csv": open_delimited,
    "xlsx": open_workbook,
}
APART = ("any", "dxf", "gml", "kml", "mapinfo", "ods", "topojson", "xls", "xlsb", "xml")


def layer_names(path: str) -> tuple[str, ...]:
    """The layers of a GeoPackage, file geodatabase, folder or archive; () for anything that holds one layer only.

    To find parks, zones, green and buildings beside the parcels: ``open_layer`` takes each name as ``layer``.
    """
    if path.startswith(("postgresql://", "postgres://")) or is_address(path):
        return ()
    return names_in(Source(shown(path), _existing(path), (Path(path),), "parcels"))


def names_in(source: Source) -> tuple[str, ...]:
    """The names ``open_source`` would choose among."""
    if is_geodatabase(source.path):
        return layers_apart(source)
    if source.path.is_dir():
        if parts_in(source):
            return ()
        found = candidates(source)
        return names_in(replace(source, path=found[0].path)) if len(found) == 1 else tuple(one.name for one in found)
    kind = kind_of(source.path, source.file)
    if kind == "zip":
        folder = unpack(source.path, source.file)
        return names_in(replace(source, path=Path(folder.name), keep=(folder,)))
    if kind == "sqlite":
        found_layers = contents(with_journal(source).path, source.file)
        return found_layers.spatial + found_layers.tables
    return ()
