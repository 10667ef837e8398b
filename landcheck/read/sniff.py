"""What a file is, by its first bytes before its suffix, and refusals that name the way out."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from landcheck.errors import InputError

HEAD_BYTES = 65_536

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"fgb\x03", "flatgeobuf"),
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"AutoCAD Binary DXF", "dxf"),
    (b"AC10", "dwg"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
)
"""First bytes and what they mean; a Parquet file also ends with its mark."""

REFUSED = {"dwg", "rar", "7z", "gzip", "pdf", "arcinfo", "word", "access"}
EXCEL_SUFFIXES = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".xls": "xls",
    ".xlsb": "xlsb",
    ".ods": "ods",
    ".et": "xls",
}
EXPECTED_OTHERWISE = {".shp", ".gpkg", ".fgb", ".parquet", ".zip", ".kmz", ".dxf", ".xlsx", ".xls", ".ods", ".dbf"}
"""Suffixes whose files are known by their first bytes: without those they are damaged."""
TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab"}
XML_SUFFIXES = {".kml", ".gml", ".xml", ".gpx"}
XML_ROOTS = {"kml": "kml", "featurecollection": "gml", "gpx": "xml", "ogrvrtdatasource": "virtual", "html": "page"}


def kind_of(path: Path, file: str) -> str:
    """One word for what the file holds, such as ``shapefile`` or ``csv``. InputError for what cannot be read at all."""
    head = _head(path, file)
    if not head.removeprefix(codecs.BOM_UTF8).strip(b"\x00 \r\n\t"):
        raise InputError("read-empty-file", file=file)
    refuse_pointer_and_page(head, file)
    kind = _by_magic(head) or _by_suffix(path, head) or _by_text(path, head)
    if kind == "zip":
        kind = _kind_of_zip(path)
    if kind == "ole":
        kind = "xls" if path.suffix.lower() in (".xls", ".et", "") else "word"
    if kind in REFUSED:
        raise InputError(f"read-format-{kind}", file=file)
    if kind == "virtual":
        raise InputError("read-virtual", file=file)
    if kind is None and path.suffix.lower() in EXPECTED_OTHERWISE:
        raise InputError("read-not-what-it-says", file=file, suffix=path.suffix)
    return kind or "any"


def _head(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise InputError("read-cannot-open", file=file, reason=error.strerror or type(error).__name__) from error


def refuse_pointer_and_page(head: bytes, file: str) -> None:
    """InputError for a Git LFS pointer, or a web page saved under a data file's name."""
    if head.startswith(b"version https://git-lfs"):
        size = re.search(rb"^size (\d+)", head, re.MULTILINE)
        raise InputError("read-lfs-pointer", file=file, size=size.group(1).decode() if size else "?")
    start = head.lstrip(codecs.BOM_UTF8 + b" \r\n\t")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise InputError("read-web-page", file=file)


def _by_magic(head: bytes) -> str | None:
    return next((kind for mark, kind in MAGIC if head.startswith(mark)), None)


def _by_suffix(path: Path, head: bytes) -> str | None:
    suffix = path.suffix.lower()
    if suffix == ".dbf" and head[0] in DBF_VERSIONS:
        return "dbf"
    if suffix == ".tab" and head.lstrip().lower().startswith(b"!table"):
        return "mapinfo"
    if suffix == ".mif":
        return "mapinfo"
    if suffix == ".e00":
        return "arcinfo"
    if suffix in (".mdb", ".accdb"):
        return "access"
    return "dxf" if suffix == ".dxf" and re.match(rb"\s*(0|999)\s*\r?\n", head) else None


DBF_VERSIONS = frozenset(
    (0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB)
)


def _by_text(path: Path, head: bytes) -> str | None:
    text = as_text(head)
    suffix = path.suffix.lower()
    if text is None:
        return "csv" if suffix in TEXT_SUFFIXES - {".tab"} else "xml" if suffix in XML_SUFFIXES else None
    start = text.lstrip("\ufeff \r\n\t\x1e")
    if start.startswith("<"):
        return _xml_kind(start)
    if start.startswith(("{", "[")):
        return "topojson" if re.search(r'"type"\s*:\s*"Topology"', text) else "geojson"
    if suffix in TEXT_SUFFIXES:
        return "csv"
    return None


def as_text(head: bytes) -> str | None:
    """The bytes as text where they may be text at all: UTF-16 by its mark, else anything without zero bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    return head.decode("utf-8", errors="replace")


def _xml_kind(start: str) -> str | None:
    for root in re.finditer(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]", start):
        return XML_ROOTS.get(root.group(1).lower(), "gml" if "opengis.net/gml" in start else "xml")
    return "xml"


def _kind_of_zip(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in EXCEL_SUFFIXES:
        return EXCEL_SUFFIXES[suffix]
    if suffix == ".kmz":
        return "kmz"
    return "word" if suffix in (".docx", ".pptx", ".wps") else "zip"
