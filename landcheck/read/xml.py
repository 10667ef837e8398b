"""XML documents: no entities, no schema from elsewhere, no file left beside the input."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from landcheck.errors import InputError
from landcheck.read.mend import same_file
from landcheck.read.source import Source

CHUNK = 1 << 20
DECLARATION = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
"""Also in UTF-16. A few entities that name each other unfold to gigabytes, and an external one reads other files."""


def refuse_entities(source: Source) -> None:
    """InputError for a document that declares a document type or entities; map data needs neither."""
    tail = b""
    with source.path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if DECLARATION.search(tail + chunk):
                raise InputError("read-xml-entities", file=source.file)
            tail = chunk[-32:]


def open_gml(source: Source) -> tuple[Path, dict[str, str], tuple[object, ...]]:
    """Where to read a GML document, with which options: GDAL writes a .gfs beside what it reads."""
    folder = tempfile.TemporaryDirectory(prefix="landcheck-")
    path = Path(folder.name) / "document.gml"
    same_file(source.path, path)
    schema = source.path.with_suffix(".xsd")
    if schema.is_file():
        same_file(schema, path.with_suffix(".xsd"))
    return path, {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"}, (folder,)
