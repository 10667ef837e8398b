"""XML documents, checked before GDAL sees them: whole, without entities, in an encoding that its parsers know."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.parsers import expat

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.read.encoding import codec_of
from landcheck.read.plaintext import survey
from landcheck.read.source import Source
from landcheck.read.staging import same_file

CHUNK = 1 << 20
DECLARED = re.compile(r"""^(\s*<\?xml\b[^>]*?\bencoding\s*=\s*)(["'])([^"']+)\2""")
DECLARATION_CHARACTERS = 200
KNOWN_TO_PARSERS = ("utf-8", "utf-16", "ascii", "iso8859-1")


def checked(source: Source) -> Source:
    """The document, or its copy in UTF-8; InputError where it is cut off, not well-formed or declares entities.

    GDAL reads a GML that is cut off up to the cut without a word. A few entities that name each other unfold to
    gigabytes, and an external one reads other files: so a document type is refused, which map data does not need.
    """
    source = _in_utf8(source)
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise InputError("read-xml-entities", file=source.file)

    parser.StartDoctypeDeclHandler = refuse
    try:
        with source.path.open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, ValueError) as error:
        line = error.lineno if isinstance(error, expat.ExpatError) else 1
        raise InputError("read-xml-broken", file=source.file, line=line, reason=str(error)) from None
    return source


def _in_utf8(source: Source) -> Source:
    """Chinese documents say GB2312, which expat does not know, or say UTF-8 and are GBK."""
    text = survey(source.path, source.file, source.encoding, longest_line=None)
    declared = codec_of(_declared(source.path) or "utf-8") or "utf-8"
    single_byte = source.encoding is None and declared.startswith(("iso8859", "cp125"))
    codec = declared if single_byte else text.decision.codec
    if declared in KNOWN_TO_PARSERS and (codec.startswith("utf") or codec == declared):
        return source
    notes = () if text.decision.note is None else (text.decision.note,)
    return _recoded(source, codec, notes=notes)


def _declared(path: Path) -> str | None:
    with path.open("rb") as stream:
        start = stream.read(DECLARATION_CHARACTERS).decode("utf-8-sig", errors="replace")
    found = DECLARED.match(start)
    return found.group(3) if found else None


def _recoded(source: Source, codec: str, *, notes: tuple[Message, ...]) -> Source:
    folder = temporary.Folder()
    copy = Path(folder.name) / source.path.name
    with source.path.open(encoding=codec, errors="replace") as raw, copy.open("w", encoding="utf-8") as clean:
        clean.write(DECLARED.sub(r"\1\2UTF-8\2", raw.read(DECLARATION_CHARACTERS).lstrip("\ufeff")))
        while chunk := raw.read(CHUNK):
            clean.write(chunk)
    return replace(source, path=copy, keep=(*source.keep, folder), notes=(*source.notes, *notes))


def open_gml(source: Source, origin: Path) -> tuple[Path, dict[str, str], tuple[object, ...]]:
    """Where to read a GML document, with which options: GDAL writes a .gfs beside what it reads."""
    folder = temporary.Folder()
    path = Path(folder.name) / (source.path.stem + ".gml")
    same_file(source.path, path)
    schema = origin.with_suffix(".xsd")
    if schema.is_file():
        same_file(schema, path.with_suffix(".xsd"))
    return path, {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"}, (folder,)
