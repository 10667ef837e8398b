"""Folders and unpacked archives: the sources in them, and which of those is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.read.drivers.parquet_files import are_parts
from landcheck.read.formats import ADVISED, ARCHIVE_SUFFIXES, SPATIAL_SUFFIXES, TABLE_SUFFIXES, is_geodatabase
from landcheck.read.layer import choose_layer
from landcheck.read.source import DataSource

FILES_AT_MOST = 20_000


def pick(source: DataSource) -> DataSource:
    """The source in the folder that is meant: the only one, or the one called like the layer or the role."""
    found = candidates(source)
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


def candidates(source: DataSource) -> dict[str, Path]:
    """The sources of a folder by name: tables for the attributes, else what has shapes, else what there is.

    In a fixed order.
    """
    files = list(_files(source))
    spatial = [file for file in files if file.suffix.lower() in SPATIAL_SUFFIXES or is_geodatabase(file)]
    shaped = {file.with_suffix("") for file in files if file.suffix.lower() in (".shp", ".tab")}  # whose .dbf is theirs
    tables = [file for file in files if file.suffix.lower() in TABLE_SUFFIXES]
    tables = [file for file in tables if file.suffix.lower() != ".dbf" or file.with_suffix("") not in shaped]
    chosen = tables or spatial if source.role == "attributes" else spatial or tables
    stems = [file.stem for file in chosen]
    return {
        file.stem if stems.count(file.stem) == 1 else file.relative_to(source.path).as_posix(): file for file in chosen
    }


def parts_in(source: DataSource) -> list[tuple[str, str]]:
    """The Parquet files of a folder that are parts of one layer by their names; none where each is a layer."""
    if source.layer is not None:
        return []
    paths = {one.relative_to(source.path).as_posix(): str(one.resolve()) for one in candidates(source).values()}
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
