"""Shapefiles: three files that must agree, in an encoding that must be found out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.drivers import dbf
from landcheck.read.drivers.vector import Known, Opening, open_vector, shape_of
from landcheck.read.encoding import Decision, Text, decide, decode
from landcheck.read.layer import Layer, about_file
from landcheck.read.repair.dbfcells import looked_through
from landcheck.read.repair.mend import Mended, mend, mend_table
from landcheck.read.repair.recode import Recode
from landcheck.read.source import Source

COMPANIONS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def companions(path: Path) -> dict[str, Path]:
    """The files that belong to a shapefile by suffix; names in another case where no .shp is called so itself."""
    near = [
        file
        for file in path.parent.iterdir()
        if file.stem.casefold() == path.stem.casefold() and file.suffix.lower() in COMPANIONS and file.is_file()
    ]
    shapes = {file.stem for file in near if file.suffix.lower() == ".shp"}
    strangers = shapes - {path.stem} if path.stem in shapes else set()
    near.sort(key=lambda file: (file.stem == path.stem, file.suffix.isupper() == path.suffix.isupper(), file.name))
    found = {file.suffix.lower(): file for file in near if file.stem not in strangers}
    return {suffix: found[suffix] for suffix in COMPANIONS if suffix in found} | {path.suffix.lower(): path}


def open_shapefile(source: Source) -> Layer:
    """The shapefile that ``source.path`` (its .shp, or any of its parts) belongs to."""
    parts = companions(source.path)
    table = dbf.header(parts[".dbf"], source.file) if ".dbf" in parts else None
    if ".shp" not in parts:
        return _alone(source, parts, table)
    mended = mend(parts, table, source)
    if ".prj" in parts and not _opens(mended, source):
        mended = mend(parts, table, source, copy=True)
    if table is None:
        return _without_attributes(source, parts, mended)
    decision = decide(list(dbf.texts(table)), source.file, source.encoding, declared(parts, table))
    return _with_attributes(source, parts, mended, table, decision)


def _alone(source: Source, parts: dict[str, Path], table: dbf.Table | None) -> Layer:
    """A .dbf without a .shp is a table without geometry; the other parts are nothing by themselves."""
    if table is None:
        raise InputError("read-no-shp", file=source.file)
    decision = decide(list(dbf.texts(table)), source.file, source.encoding, declared(parts, table))
    mended = mend_table(table, source)
    if source.role != "attributes" and {".shx", ".prj"} & set(parts):
        lost = about_file("data/geometry", Level.ERROR, source.role, Message("read-no-shp", {"file": source.file}))
        mended = replace(mended, findings=(*mended.findings, lost))
    return _with_attributes(source, parts, mended, table, decision)


def _opens(mended: Mended, source: Source) -> bool:
    """Whether GDAL takes it; a .prj it cannot parse makes it refuse the whole shapefile."""
    try:
        shape_of(Opening(mended.path, source.file, encoding="ISO-8859-1"))
    except InputError:
        return False
    return True


def declared(parts: dict[str, Path], table: dbf.Table) -> str | None:
    """The encoding the shapefile says it has: its .cpg, else the language id of its .dbf."""
    if ".cpg" in parts:
        said = parts[".cpg"].read_bytes()[:64].decode("latin-1").strip("\x00 \r\n\t\u00ef\u00bb\u00bf")
        return said or table.language
    return table.language


def _with_attributes(
    source: Source, parts: dict[str, Path], mended: Mended, table: dbf.Table, decision: Decision
) -> Layer:
    gone, raw = looked_through(table)
    names = tuple(decode(column.name, decision.codec, cut=True)[0] for column in table.columns)
    widths = tuple(column.width for column in table.columns)
    found = (*mended.findings, *_deleted(source, int(gone.sum())), *_bad_names(source, table, decision))
    known = Known(
        names=names,
        wkt=prj_text(parts),
        decode=Recode(source.role, source.file, decision.codec, widths, raw),
        expected=mended.rows - int(gone.sum()),
        encoding=decision.label,
        files=tuple(parts.values()),
        found=found,
        notes=() if decision.note is None else (decision.note,),
        name=source.path.stem,
        keep=mended.keep,
        as_text=tuple(names[number] for number in raw.columns),
    )
    return open_vector(source, Opening(mended.path, source.file, encoding="ISO-8859-1"), "ESRI Shapefile", known)


def _without_attributes(source: Source, parts: dict[str, Path], mended: Mended) -> Layer:
    missing = about_file("data/value", Level.ERROR, source.role, Message("read-no-dbf", {"file": source.file}))
    known = Known(
        wkt=prj_text(parts),
        expected=mended.rows,
        encoding=None,
        files=tuple(parts.values()),
        found=(*mended.findings, missing),
        name=source.path.stem,
        keep=mended.keep,
    )
    return open_vector(source, Opening(mended.path, source.file), "ESRI Shapefile", known)


def prj_text(parts: dict[str, Path]) -> str | None:
    """What the .prj says, None where there is none or it is blank."""
    if ".prj" not in parts:
        return None
    raw = parts[".prj"].read_bytes()[:65_536].strip(b"\x00 \r\n\t")
    return raw.decode("utf-8-sig", errors="replace").strip() or None


def _deleted(source: Source, count: int) -> tuple[DataFinding, ...]:
    if not count:
        return ()
    message = Message("read-dbf-deleted", {"file": source.file, "count": count})
    return (about_file("data/value", Level.WARNING, source.role, message),)


def _bad_names(source: Source, table: dbf.Table, decision: Decision) -> tuple[DataFinding, ...]:
    names = [Text(column.name, cut=True) for column in table.columns]
    bad = [name for name in names if decode(name.raw, decision.codec, cut=name.cut)[1]]
    if not bad:
        return ()
    values = {"file": source.file, "count": len(bad), "encoding": decision.label}
    return (about_file("data/value", Level.WARNING, source.role, Message("read-names-undecodable", values)),)
