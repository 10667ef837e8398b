"""Folders and unpacked archives: the sources in them, and which of those is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.read.drivers.parquet_files import are_parts
from landcheck.read.formats import ADVISED, ARCHIVE_SUFFIXES, SPATIAL_SUFFIXES, TABLE_SUFFIXES, is_geodatabase
from landcheck.read.layer import choose_layer
from landcheck.read.source import DataSource

FILES_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source in a folder: what to call it, and where it lies."""

    name: str
    path: Path


def pick(source: DataSource) -> DataSource:
    """The source in the folder that is meant: the only one, or the one called like the layer or the role."""
    found = candidates(source)
    if not found:
        if any(file.suffix.lower() in ARCHIVE_SUFFIXES for file in source.path.rglob("*")):
            raise InputError("read-archive-nested", file=source.file)
        raise InputError("read-folder-empty", file=source.file, formats=ADVISED[:-1], last=ADVISED[-1])
    names = [candidate.name for candidate in found]
    inside = None
    if source.layer is not None and source.layer not in names and len(found) == 1:
        name, inside = names[0], source.layer
    else:
        name = choose_layer(names, source.role, source.layer, source.file)
    path = found[names.index(name)].path
    file = f"{source.file}/{path.relative_to(source.path).as_posix()}"
    origin = (path,) if source.origin == (source.path,) else source.origin
    return replace(source, path=path, origin=origin, file=file, layer=inside)


def candidates(source: DataSource) -> list[Candidate]:
    """The sources of a folder in a fixed order: tables for the attributes, else what has shapes, else what there is."""
    files = list(_files(source))
    spatial = [file for file in files if file.suffix.lower() in SPATIAL_SUFFIXES or is_geodatabase(file)]
    tables = [file for file in files if file.suffix.lower() in TABLE_SUFFIXES and not _has_shapes(file, files)]
    chosen = tables or spatial if source.role == "attributes" else spatial or tables
    stems = [file.stem for file in chosen]
    return [
        Candidate(file.stem if stems.count(file.stem) == 1 else file.relative_to(source.path).as_posix(), file)
        for file in chosen
    ]


def parts_in(source: DataSource) -> list[tuple[str, str]]:
    """The Parquet files of a folder that are parts of one layer by their names; none where each is a layer."""
    if source.layer is not None:
        return []
    paths = {one.path.relative_to(source.path).as_posix(): str(one.path.resolve()) for one in candidates(source)}
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


def _has_shapes(file: Path, files: Sequence[Path]) -> bool:
    """Whether a .dbf belongs to a .shp or a .tab beside it."""
    stem = file.with_suffix("")
    return file.suffix.lower() == ".dbf" and any(
        other.with_suffix("") == stem and other.suffix.lower() in (".shp", ".tab") for other in files
    )
