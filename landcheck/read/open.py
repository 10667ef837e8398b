"""From what the user named to an open layer."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError, UsageError
from landcheck.read.archive import unpack
from landcheck.read.drivers.address import is_address, open_address
from landcheck.read.drivers.delimited import open_delimited
from landcheck.read.drivers.dxf import dxf_environment
from landcheck.read.drivers.geojson import open_geojson
from landcheck.read.drivers.geopackage import contents, open_geopackage, suspicious, with_journal
from landcheck.read.drivers.parts import open_parquet, open_parts, parts_in
from landcheck.read.drivers.postgis import open_postgis
from landcheck.read.drivers.shapefile import open_shapefile
from landcheck.read.drivers.vector import Known, Opening, open_vector
from landcheck.read.drivers.workbook import open_workbook
from landcheck.read.folder import candidates, is_geodatabase, pick
from landcheck.read.isolate.apart import layers_apart, open_apart
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.sniff import kind_of
from landcheck.read.source import Source, shown
from landcheck.read.staging import has_plain_name, under_plain_name, without_mark


def open_layer(path: str, role: str, *, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Open one layer of a vector source or table for reading.

    ``role`` is parcels, parks, zones, green, buildings or attributes; among several layers the one called like the role
    is taken, and none is taken silently. Raises InputError for what cannot be read, UsageError for an unknown encoding.
    """
    if path.startswith(("postgresql://", "postgres://")):
        return open_postgis(path, role, layer)
    if is_address(path):
        return open_address(path, role, layer)
    source = Source(shown(path), _existing(path, role), (Path(path),), role, layer, encoding)
    with _refused(source):
        opened = open_source(source)
    _refuse_garbled(opened, source)
    read = opened.read

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        with _refused(source):
            yield from read(size, tell)

    opened.read = rows
    return opened


def _existing(path: str, role: str) -> Path:
    """The file or folder named. What would wait for ever, as a named pipe does, is not opened."""
    if not path:
        raise UsageError("read-no-name", role=role)
    place = Path(path)
    try:
        mode = place.stat().st_mode
    except (OSError, ValueError) as error:
        raise _unreachable(path, error) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError("read-no-ordinary-file", file=shown(path))
    return place


def _unreachable(path: str, error: OSError | ValueError) -> InputError:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ELOOP:
        return InputError("read-link-circle", file=shown(path))
    if number == errno.EACCES:
        return InputError("read-cannot-open", file=shown(path), reason=str(error.args[1]))
    return InputError("read-no-such-file", file=shown(path))


@contextmanager
def _refused(source: Source) -> Iterator[None]:
    """Whatever the system refuses becomes one InputError that names the very file."""
    try:
        yield
    except OSError as error:
        raise source.refused(error) from error
    except UnicodeEncodeError as error:
        if has_plain_name(source.path):
            raise
        raise InputError("read-hard-name", file=source.file) from error


def _refuse_garbled(layer: Layer, source: Source) -> None:
    """InputError where most of the headings do not decode: said before they are listed as columns nobody knows."""
    wrong = [name for name in layer.columns if "\ufffd" in name]
    if layer.driver == "CSV" and len(wrong) * 2 > len(layer.columns):
        encoding = layer.info.encoding or "-"
        raise InputError("read-headings-undecodable", file=source.file, count=len(wrong), encoding=encoding)


def open_source(source: Source) -> Layer:
    """Open a source by what its bytes say it is."""
    if not has_plain_name(source.path):
        source = under_plain_name(source)
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


def open_text(source: Source) -> Layer:
    """A delimited text; a byte order mark that contradicts the encoding the user names is no part of a heading."""
    return open_delimited(without_mark(source))


OPENERS: dict[str, Callable[[Source], Layer]] = {
    "shapefile": open_shapefile,
    "dbf": open_shapefile,
    "sqlite": open_database,
    "geojson": open_geojson,
    "flatgeobuf": open_flatgeobuf,
    "parquet": open_parquet,
    "csv": open_text,
    "xlsx": open_workbook,
}
APART = ("any", "dxf", "gml", "kml", "mapinfo", "ods", "topojson", "xls", "xlsb", "xml")


def layer_names(path: str) -> tuple[str, ...]:
    """The layers of a GeoPackage, file geodatabase, folder or archive; () for anything that holds one layer only.

    To find parks, zones, green and buildings beside the parcels: ``open_layer`` takes each name as ``layer``.
    """
    if path.startswith(("postgresql://", "postgres://")) or is_address(path):
        return ()
    source = Source(shown(path), _existing(path, "parcels"), (Path(path),), "parcels")
    with _refused(source):
        return names_in(source)


def names_in(source: Source) -> tuple[str, ...]:
    """The names ``open_source`` would choose among."""
    if not has_plain_name(source.path):
        source = under_plain_name(source)
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
        source = with_journal(source)  # whose copy lives as long as the source does
        found_layers = contents(source.path, source.file)
        return found_layers.spatial + found_layers.tables
    return ()
