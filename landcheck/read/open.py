"""From what the user named to an open layer; of a folder or an archive, the source in it that is meant."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from landcheck.bounded import reason
from landcheck.errors import InputError, UsageError
from landcheck.read.archive import unpack
from landcheck.read.drivers.columnar.held_tables import open_held
from landcheck.read.drivers.columnar.parquet_files import are_parts, open_parts
from landcheck.read.formats import (
    ADDRESSES,
    ADVISED,
    ARCHIVE_SUFFIXES,
    FILES,
    FOLDER,
    PARTS,
    SPATIAL_SUFFIXES,
    TABLE_SUFFIXES,
    format_of,
    is_geodatabase,
)
from landcheck.read.isolate import isolated_layers, open_isolated
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, refuse_wide
from landcheck.read.source import DataSource, has_plain_name, shown, under_plain_name
from landcheck.request import Source

FILES_AT_MOST = 20_000


def open_layer(given: Source, role: str, *, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Open one layer of a vector source or table for reading, in a file or in memory.

    ``role`` is parcels, parks, zones, green, buildings or attributes; among several layers the one called like the role
    is taken, and none is taken silently. Raises InputError for what cannot be read, UsageError for an unknown encoding.
    """
    if not isinstance(given, str | os.PathLike):
        return open_held(given, role, layer)
    path = os.fspath(given)
    for recognises, opener in ADDRESSES:
        if recognises(path):
            return opener(path, role, layer)
    source = DataSource(shown(path), _existing(path, role), (Path(path),), role, layer, encoding)
    with _refused(source):
        opened = open_source(source)
    refuse_wide(source.file, opened.columns)
    wrong = [name for name in opened.columns if "\ufffd" in name]
    if opened.driver == "CSV" and len(wrong) * 2 > len(opened.columns):
        encoding = opened.info.encoding
        raise InputError("read-headings-undecodable", file=source.file, count=len(wrong), encoding=encoding)
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
    try:
        Path(path).stat()
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        if number == errno.EACCES:
            raise InputError("read-cannot-open", file=shown(path), reason=reason(error)) from None
        code = "read-link-circle" if number == errno.ELOOP else "read-no-such-file"
        raise InputError(code, file=shown(path)) from None
    given = Path(path)
    beside = given.glob("*") if is_geodatabase(given) else map(given.with_suffix, (*PARTS, *map(str.upper, PARTS)))
    for file in (given, *(beside if given.suffix else ())):
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise InputError("read-no-ordinary-file", file=shown(path) if file == given else file.name)
    return given


@contextmanager
def _refused(source: DataSource) -> Iterator[None]:
    """Whatever the system refuses becomes one InputError that names the very file.

    What no reader recognises is refused with the formats to export to, which the readers do not know.
    """
    try:
        yield
    except OSError as error:
        raise source.refused(error) from error
    except UnicodeEncodeError as error:
        if has_plain_name(source.path):
            raise
        raise InputError("read-hard-name", file=source.file) from error
    except InputError as error:
        if error.message.code != "read-not-recognised":
            raise
        values = {**error.message.values, "formats": ADVISED[:-1], "last": ADVISED[-1]}
        raise InputError("read-not-recognised", **values) from None


def open_source(source: DataSource) -> Layer:
    """Open a source by what its bytes say it is."""
    source = _plainly_named(source)
    found = format_of(source)
    if found.unpacked:
        return open_source(_picked(_unpacked(source)))
    if found is FOLDER:
        files = _parts_in(source)
        return open_parts(source, files) if files else open_source(_picked(source))
    source = found.prepare(source) if found.prepare else source
    if found.isolated or (found.risky and found.risky(source)):
        return open_isolated(found.kind, source)
    return found.open(source)


def _plainly_named(source: DataSource) -> DataSource:
    return source if has_plain_name(source.path) else under_plain_name(source, PARTS)


def _unpacked(source: DataSource) -> DataSource:
    folder = unpack(source.path, source.file)
    return replace(source, path=Path(folder.name), keep=(*source.keep, folder))


def layer_names(given: Source) -> tuple[str, ...]:
    """The layers of a GeoPackage, file geodatabase, folder or archive; () for anything that holds one layer only.

    To find parks, zones, green and buildings beside the parcels: ``open_layer`` takes each name as ``layer``.
    """
    if not isinstance(given, str | os.PathLike):
        return ()
    path = os.fspath(given)
    if any(recognises(path) for recognises, _ in ADDRESSES):
        return ()
    source = DataSource(shown(path), _existing(path, "parcels"), (Path(path),), "parcels")
    with _refused(source):
        return _names_in(source)


def _names_in(source: DataSource) -> tuple[str, ...]:
    """The names ``open_source`` would choose among."""
    source = _plainly_named(source)
    found = format_of(source)
    if found.unpacked and found.holds is FILES:
        return _names_in(_unpacked(source))
    if found is FOLDER:
        inside = {} if _parts_in(source) else _candidates(source)
        return tuple(inside) if len(inside) != 1 else _names_in(replace(source, path=next(iter(inside.values()))))
    if found.layers is None:
        return ()
    source = found.prepare(source) if found.prepare else source
    return isolated_layers(found.kind, source) if found.isolated else found.layers(source)


def _picked(source: DataSource) -> DataSource:
    """The source in the folder that is meant: the only one, or the one called like the layer or the role."""
    found = _candidates(source)
    if not found:
        if any(file.suffix.lower() in ARCHIVE_SUFFIXES for file in source.path.rglob("*")):
            raise InputError("read-archive-nested", file=source.file)
        raise InputError("read-folder-empty", file=source.file, formats=ADVISED[:-1], last=ADVISED[-1])
    name, inside = next(iter(found)), source.layer
    if source.layer is None or source.layer in found or len(found) > 1:
        name, inside = choose_layer(list(found), source.role, source.layer, source.file), None
    path = found[name]
    file = f"{source.file}/{path.relative_to(source.path).as_posix()}"
    origin = (path,) if source.origin == (source.path,) else source.origin
    return replace(source, path=path, origin=origin, file=file, layer=inside)


def _candidates(source: DataSource) -> dict[str, Path]:
    """The sources of a folder by name: tables for the attributes, else what has shapes, else what there is.

    In a fixed order.
    """
    spatial, tables = _spatial_and_tables(_files(source))
    chosen = tables or spatial if source.role == "attributes" else spatial or tables
    stems = [file.stem for file in chosen]
    return {
        file.stem if stems.count(file.stem) == 1 else file.relative_to(source.path).as_posix(): file for file in chosen
    }


def _spatial_and_tables(found: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    files = list(found)
    spatial = [file for file in files if file.suffix.lower() in SPATIAL_SUFFIXES or is_geodatabase(file)]
    shaped = {file.with_suffix("") for file in files if file.suffix.lower() in (".shp", ".tab")}  # whose .dbf is theirs
    tables = [file for file in files if file.suffix.lower() in TABLE_SUFFIXES]
    return spatial, [file for file in tables if file.suffix.lower() != ".dbf" or file.with_suffix("") not in shaped]


def sources_in(folder: Path) -> list[Path]:
    """What may be read right in a folder: sources with shapes, then tables, then archives. InputError for very many."""
    there = sorted(islice(folder.iterdir(), FILES_AT_MOST + 1))
    if len(there) > FILES_AT_MOST:
        raise InputError("read-folder-too-large", file=shown(str(folder)), limit=FILES_AT_MOST)
    seen = [path for path in there if not path.name.startswith(".") and (path.is_file() or is_geodatabase(path))]
    spatial, tables = _spatial_and_tables(seen)
    return [*spatial, *tables, *(path for path in seen if path.suffix.lower() == ".zip")]


def _parts_in(source: DataSource) -> list[tuple[str, str]]:
    """The Parquet files of a folder that are parts of one layer by their names; none where each is a layer."""
    if source.layer is not None:
        return []
    paths = {one.relative_to(source.path).as_posix(): str(one.resolve()) for one in _candidates(source).values()}
    return list(paths.items()) if are_parts(list(paths)) else []


def _files(source: DataSource) -> Iterator[Path]:
    """Files and geodatabases below the folder, links and hidden ones left out."""
    waiting, count = [source.path], 0
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            count += 1
            if count > FILES_AT_MOST:
                raise InputError("read-folder-too-large", file=source.file, limit=FILES_AT_MOST)
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_file() or is_geodatabase(path):
                yield path
            elif path.is_dir():
                waiting.append(path)
