"""What a file's first bytes show: marks, text and the root of its XML; and refusals that name the way out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from landcheck.errors import InputError

HEAD_BYTES = 65_536
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
BINARY_DXF = b"AutoCAD Binary DXF"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DBF_VERSIONS = frozenset(
    (0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB)
)


@dataclass(frozen=True)
class Head:
    """The first bytes of a file, and its suffix in lower case."""

    raw: bytes
    suffix: str

    @cached_property
    def text(self) -> str | None:
        """The bytes as text where they may be text at all: UTF-16 by its mark, else anything without zero bytes."""
        if self.raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self.raw[: len(self.raw) // 2 * 2].decode("utf-16", errors="replace")
        return None if b"\x00" in self.raw else self.raw.decode("utf-8", errors="replace")

    @cached_property
    def start(self) -> str:
        """The text from its first sign on, empty where there is none."""
        return (self.text or "").lstrip("\ufeff \r\n\t\x1e")

    @cached_property
    def root(self) -> str | None:
        """The name of the root element of XML in lower case, without its prefix; None for anything else."""
        if not self.start.startswith("<"):
            return None
        found = re.search(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]", self.start)
        return found[1].lower() if found else ""


def head_of(path: Path, file: str) -> Head:
    """The head of a file; InputError where it is empty, a Git LFS pointer, or a web page under a data file's name."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD_BYTES)
    except OSError as error:
        raise InputError("read-cannot-open", file=file, reason=error.strerror or type(error).__name__) from error
    if not raw.removeprefix(codecs.BOM_UTF8).strip(b"\x00 \r\n\t"):
        raise InputError("read-empty-file", file=file)
    if raw.startswith(b"version https://git-lfs"):
        size = re.search(rb"^size (\d+)", raw, re.MULTILINE)
        raise InputError("read-lfs-pointer", file=file, size=size.group(1).decode() if size else "?")
    start = raw.lstrip(codecs.BOM_UTF8 + b" \r\n\t")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise InputError("read-web-page", file=file)
    return Head(raw, path.suffix.lower())


def is_xls(head: Head) -> bool:
    """A workbook by its suffix: an old one in an OLE container, a binary one in an archive."""
    return head.suffix in ((".xls", ".et", "") if head.raw.startswith(OLE) else (".xls", ".et", ".xlsb"))


def is_word(head: Head) -> bool:
    """A document of a word processor or the like: any other OLE container, an archive by its suffix."""
    return head.raw.startswith(OLE) or head.suffix in (".docx", ".pptx", ".wps")


def is_dxf(head: Head) -> bool:
    """A binary drawing, or one in text, which are groups of a number and a value."""
    in_text = head.suffix == ".dxf" and re.match(rb"\s*(0|999)\s*\r?\n", head.raw)
    return bool(in_text) or head.raw.startswith(BINARY_DXF)


def is_dbf(head: Head) -> bool:
    """A dBASE table of any version."""
    return head.raw[0] in DBF_VERSIONS


def is_mapinfo(head: Head) -> bool:
    """A table's head, which begins with !table; an interchange file by its suffix."""
    return head.suffix == ".mif" or head.raw.lstrip().lower().startswith(b"!table")


def is_gml(head: Head) -> bool:
    """A collection of features, or XML with the namespace of GML that is nothing else known."""
    return head.root == "featurecollection" or (head.root not in (None, "", "gpx") and "opengis.net/gml" in head.start)


def is_xml(head: Head) -> bool:
    """XML of any kind; in an encoding that shows no text, by its suffix."""
    return head.root is not None or (head.text is None and head.suffix in (".kml", ".gml", ".xml", ".gpx"))


def is_json(head: Head) -> bool:
    """JSON of any kind, or a sequence of it."""
    return head.start.startswith(("{", "["))


def is_topojson(head: Head) -> bool:
    """JSON that says it is a topology."""
    return is_json(head) and re.search(r'"type"\s*:\s*"Topology"', head.text or "") is not None


def is_csv(head: Head) -> bool:
    """Text; in an encoding that shows none, whatever is called .tab is something else."""
    return head.text is not None or head.suffix != ".tab"
