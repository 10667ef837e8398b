"""Folders (and unpacked archives): which of the sources in it is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.read.choose import choose
from landcheck.read.source import Source

FILES_AT_MOST = 20_000
SPATIAL = (
    ".shp", ".gpkg", ".geojson", ".json", ".fgb", ".parquet", ".geoparquet", ".kml", ".kmz", ".gml", ".tab", ".mif",
    ".dxf", ".topojson",
)  # fmt: skip
TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".dbf")
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source in a folder: what to call it, and where it lies."""

    name: str
    path: Path


def is_geodatabase(path: Path) -> bool:
    """Whether a folder is an Esri file geodatabase."""
    return path.is_dir() and (path.suffix.lower() == ".gdb" or any(path.glob("a00000001.gdbtable")))


def pick(source: Source) -> Source:
    """The source in the folder that is meant: the only one, or the one called like the layer or the role."""
    found = candidates(source)
    if not found:
        nested = any(file.suffix.lower() in ARCHIVES for file in source.path.rglob("*"))
        raise InputError("read-archive-nested" if nested else "read-folder-empty", file=source.file)
    names = [candidate.name for candidate in found]
    inside = None
    if source.layer is not None and source.layer not in names and len(found) == 1:
        name, inside = names[0], source.layer
    else:
        name = choose(names, source.role, source.layer, source.file)
    path = found[names.index(name)].path
    file = f"{source.file}/{path.relative_to(source.path).as_posix()}"
    origin = (path,) if source.origin == (source.path,) else source.origin
    return replace(source, path=path, origin=origin, file=file, layer=inside)


def candidates(source: Source) -> list[Candidate]:
    """The sources of a folder in a fixed order: tables for the attributes, else what has shapes, else what there is."""
    files = list(_files(source))
    spatial = [file for file in files if file.suffix.lower() in SPATIAL or is_geodatabase(file)]
    tables = [file for file in files if file.suffix.lower() in TABLES and not _part_of_shapefile(file, files)]
    chosen = tables or spatial if source.role == "attributes" else spatial or tables
    stems = [file.stem for file in chosen]
    return [
        Candidate(file.stem if stems.count(file.stem) == 1 else file.relative_to(source.path).as_posix(), file)
        for file in chosen
    ]


def _files(source: Source) -> Iterator[Path]:
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


def _part_of_shapefile(file: Path, files: list[Path]) -> bool:
    """Whether a .dbf belongs to a .shp or a .tab beside it."""
    stem = file.with_suffix("")
    return file.suffix.lower() == ".dbf" and any(
        other.with_suffix("") == stem and other.suffix.lower() in (".shp", ".tab") for other in files
    )
