"""KML, GML and other XML, checked before GDAL sees it: whole, without entities, in an encoding its parsers know."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.parsers import expat

from landcheck.errors import InputError
from landcheck.read.drivers.vector import Opening, meant_layer, open_any, open_vector
from landcheck.read.encoding import codec_of, examine_text
from landcheck.read.layer import Layer
from landcheck.read.repair.recoding import DECLARATION_CHARACTERS, recoded_copy
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource, link_or_copy

DECLARED = re.compile(r"""^(\s*<\?xml\b[^>]*?\bencoding\s*=\s*)(["'])([^"']+)\2""")
KNOWN_TO_PARSERS = ("utf-8", "utf-16", "ascii", "iso8859-1")


def is_gml(head: Head) -> bool:
    """A collection of features, or XML with the namespace of GML that is nothing else known."""
    return head.root == "featurecollection" or (head.root not in (None, "", "gpx") and "opengis.net/gml" in head.start)


def is_xml(head: Head) -> bool:
    """XML of any kind; in an encoding that shows no text, by its suffix."""
    return head.root is not None or (head.text is None and head.suffix in (".kml", ".gml", ".xml", ".gpx"))


def open_xml(source: DataSource) -> Layer:
    """A layer (folder) of a KML document, or of another in XML."""
    return open_any(_checked(source))


def open_gml(source: DataSource) -> Layer:
    """A feature type of a GML document, read in a temporary folder, as GDAL writes a .gfs beside what it reads."""
    schema = source.path.with_suffix(".xsd")
    source = _checked(source)
    copy = source.placed(source.path.stem + ".gml")
    link_or_copy(source.path, copy.path)
    if schema.is_file():
        link_or_copy(schema, copy.path.with_suffix(".xsd"))
    options = {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"}
    return open_vector(copy, Opening(copy.path, source.file, meant_layer(copy, options), options=options))


def _checked(source: DataSource) -> DataSource:
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


def _in_utf8(source: DataSource) -> DataSource:
    """Chinese documents say GB2312, which expat does not know, or say UTF-8 and are GBK."""
    decision = examine_text(source.path, source.file, source.encoding, longest_line=None).decision
    with source.path.open("rb") as stream:
        said = DECLARED.match(stream.read(DECLARATION_CHARACTERS).decode("utf-8-sig", errors="replace"))
    declared = codec_of(said.group(3) if said else "utf-8") or "utf-8"
    if source.encoding is None and declared.startswith(("iso8859", "cp125")):
        decision = replace(decision, codec=declared)
    if declared in KNOWN_TO_PARSERS and (decision.codec.startswith("utf") or decision.codec == declared):
        return source
    copy = recoded_copy(source, decision, lambda start: DECLARED.sub(r"\1\2UTF-8\2", start.lstrip("\ufeff")))
    return replace(copy, notes=(*source.notes, *decision.notes))
