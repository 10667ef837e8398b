"""Shapefiles: three files that must agree, in an encoding that must be found out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.model import Level
from landcheck.read.drivers.vector import Known, Opening, described, open_vector
from landcheck.read.encoding import RawText, decide_encoding, decode
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
        copy.always |= ".prj" in parts and not copy.always and not _opens(parts[".shp"], source)
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


def _opens(shp: Path, source: DataSource) -> bool:
    """Whether GDAL takes it; a .prj it cannot parse makes it refuse the whole shapefile."""
    try:
        described(Opening(shp, source.file, encoding="ISO-8859-1"))
    except InputError:
        return False
    return True


def _opened(
    source: DataSource, parts: dict[str, Path], copy: ShapefileCopy | TableCopy, table: DbfTable | None
) -> Layer:
    path = parts.get(".shp") or parts[".dbf"]
    known = Known(wkt=_prj_text(parts), expected=copy.rows, encoding=None, name=source.path.stem)
    if table is None:
        copy.findings += (source.finding(Level.ERROR, "read-no-dbf"),)
        return open_vector(source, Opening(path, source.file), known, copy)
    decision = decide_encoding(list(table.texts()), source.file, source.encoding, _declared(parts, table))
    cells = DbfCells(table)
    names = [RawText(column.name, cut=True) for column in table.columns]
    decoded = [decode(name.raw, decision.codec, cut=True) for name in names]
    if cells.deleted:
        copy.findings += (source.finding(Level.WARNING, "read-dbf-deleted", count=cells.deleted),)
    if bad := sum(faulty for _, faulty in decoded):
        named = source.finding(Level.WARNING, "read-names-undecodable", count=bad, encoding=decision.label)
        copy.findings += (named,)
    known = replace(
        known,
        names=tuple(name for name, _ in decoded),
        expected=copy.rows - cells.deleted,
        encoding=decision.label,
    )
    widths = tuple(column.width for column in table.columns)
    source = replace(source, notes=source.notes + decision.notes)
    opening = Opening(path, source.file, encoding="ISO-8859-1")
    return open_vector(source, opening, known, copy, cells, Recode(source, decision.codec, widths))


def _declared(parts: dict[str, Path], table: DbfTable) -> str | None:
    """The encoding the shapefile says it has: its .cpg, else the language id of its .dbf."""
    if ".cpg" in parts:
        said = parts[".cpg"].read_bytes()[:64].decode("latin-1").strip("\x00 \r\n\t\u00ef\u00bb\u00bf")
        return said or table.language
    return table.language


def _prj_text(parts: dict[str, Path]) -> str | None:
    """What the .prj says, None where there is none or it is blank."""
    if ".prj" not in parts:
        return None
    raw = parts[".prj"].read_bytes()[:65_536].strip(b"\x00 \r\n\t")
    return raw.decode("utf-8-sig", errors="replace").strip() or None
