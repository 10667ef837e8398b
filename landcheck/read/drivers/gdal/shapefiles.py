"""Shapefiles: three files that must agree, in an encoding that must be found out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import Level
from landcheck.read.drivers.gdal.vector import Known, Opening, described, open_vector
from landcheck.read.encoding import decide_encoding, decode
from landcheck.read.layer import Layer
from landcheck.read.repair.dbf import DbfCells, DbfTable, dbf_header
from landcheck.read.repair.recoding import Recode
from landcheck.read.repair.shapefile_copy import ShapefileCopy, TableCopy
from landcheck.read.source import DataSource

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def open_shapefile(source: DataSource) -> Layer:
    """The shapefile that ``source.path`` (its .shp, or any of its parts) belongs to.

    A .dbf without a .shp is a table without geometry; the other parts are nothing by themselves.
    """
    parts = _companions(source.path)
    table = dbf_header(parts[".dbf"], source.file) if ".dbf" in parts else None
    if ".shp" in parts:
        copy: ShapefileCopy | TableCopy = ShapefileCopy(parts, table, source)
        if ".prj" in parts and not copy.always:
            try:
                described(Opening(parts[".shp"], source.file, encoding="ISO-8859-1"))
            except InputError:  # a .prj that GDAL cannot parse makes it refuse the whole shapefile
                copy.always = True
    elif table is None:
        raise InputError("read-no-shp", file=source.file)
    else:
        copy = TableCopy(table, source)
        if source.role != "attributes" and {".shx", ".prj"} & set(parts):
            copy.findings += (source.finding(Level.ERROR, "read-no-shp", "data/geometry"),)
    return _opened(source.made_of(parts.values()), parts, copy, table)


def _companions(path: Path) -> dict[str, Path]:
    """The files that belong to a shapefile by suffix; names in another case where no .shp is called so itself."""
    near = [
        file
        for file in path.parent.iterdir()
        if file.stem.casefold() == path.stem.casefold() and file.suffix.lower() in SHAPEFILE_PARTS and file.is_file()
    ]
    shapes = {file.stem for file in near if file.suffix.lower() == ".shp"}
    strangers = shapes - {path.stem} if path.stem in shapes else set()
    near.sort(key=lambda file: (file.stem == path.stem, file.suffix.isupper() == path.suffix.isupper(), file.name))
    found = {file.suffix.lower(): file for file in near if file.stem not in strangers}
    return {suffix: found[suffix] for suffix in SHAPEFILE_PARTS if suffix in found} | {path.suffix.lower(): path}


def _opened(
    source: DataSource, parts: dict[str, Path], copy: ShapefileCopy | TableCopy, table: DbfTable | None
) -> Layer:
    path = parts.get(".shp") or parts[".dbf"]
    prj, cpg = (parts[suffix].read_bytes() if suffix in parts else b"" for suffix in (".prj", ".cpg"))
    wkt = prj[:65_536].strip(b"\x00 \r\n\t").decode("utf-8-sig", errors="replace").strip()
    known = Known(wkt=wkt or None, expected=copy.rows, encoding=None, name=source.path.stem)
    if table is None:
        copy.findings += (source.finding(Level.ERROR, "read-no-dbf"),)
        return open_vector(source, Opening(path, source.file), known, copy)
    declared = cpg[:64].decode("latin-1").strip("\x00 \r\n\t\u00ef\u00bb\u00bf") or table.language
    decision = decide_encoding(list(table.texts()), source.file, source.encoding, declared)
    cells = DbfCells(table)
    names = [decode(column.name, decision.codec, cut=True) for column in table.columns]
    if cells.deleted:
        copy.findings += (source.finding(Level.WARNING, "read-dbf-deleted", count=cells.deleted),)
    if bad := sum(faulty for _, faulty in names):
        named = source.finding(Level.WARNING, "read-names-undecodable", count=bad, encoding=decision.label)
        copy.findings += (named,)
    decoded = tuple(name for name, _ in names)
    known = replace(known, names=decoded, expected=copy.rows - cells.deleted, encoding=decision.label)
    widths = tuple(column.width for column in table.columns)
    notes = source.notes + decision.notes
    if cells.stars:  # GDAL, QGIS with it, writes a null number so: no finding, or there was one on each layer
        starred = [decoded[at] for at in sorted(cells.stars)]
        values = {"file": source.file, "columns": starred, "count": cells.stars.total()}
        notes += (Message("read-dbf-stars", values),)
    source = replace(source, notes=notes)
    opening = Opening(path, source.file, encoding="ISO-8859-1")
    return open_vector(source, opening, known, copy, cells, Recode(source, decision.codec, widths))
