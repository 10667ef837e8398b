"""Documents in JSON and XML, looked through before GDAL sees them, for what it passes over in silence.

In GeoJSON that is a crs it does not know, members that are no features, and other encodings than UTF-8; in GML, KML and
other XML that a document is cut off, declares entities or says a wrong encoding.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.gdal.vector import (
    Description,
    Known,
    Opening,
    described,
    meant_layer,
    open_any,
    open_vector,
)
from landcheck.read.encoding import codec_of, examine_text
from landcheck.read.layer import Layer
from landcheck.read.repair import CellsAsText
from landcheck.read.repair.coded_values import ColumnNotes
from landcheck.read.repair.json_keys import PARSED_AT_MOST, KeysTwice
from landcheck.read.repair.recoding import DECLARATION_CHARACTERS, recoded_copy
from landcheck.read.sniff import Head
from landcheck.read.source import CHUNK, DataSource, link_or_copy

OVERLAP = 1024
COUNTED_EXACTLY = 256 << 20
FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
GEOMETRY = re.compile(rb'"geometry"\s*:')
CRS = re.compile(rb'"crs"\s*:\s*(\{[^{}]*\{[^{}]*\}[^{}]*\})')
NO_CRS = re.compile(rb'"crs"\s*:\s*null')
PIPELINE = re.compile(rb'"type"\s*:\s*"gdal_streamed_alg"')
WORLD_WIDE = re.compile(r"CRS84|4326")
DECLARED = re.compile(r"""^(\s*<\?xml\b[^>]*?\bencoding\s*=\s*)(["'])([^"']+)\2""")
KINDS = dict.fromkeys(("Integer", "SmallInteger", "BigInteger", "OID", "Date"), "whole") | dict.fromkeys(
    ("Double", "Single"), "real"
)
"""By the type of a field of ESRI's JSON, the numbers it holds."""
TYPED = re.compile(
    rb"""((?:type|base)\s*=\s*(["'])(?:[\w.-]+:)?)(?:integer|int|long|short|byte|decimal|float|double|date|boolean"""
    rb"""|unsigned\w+|(?:non)?(?:positive|negative)Integer)\2""",
    re.IGNORECASE,
)
"""A type in a schema of GML by which GDAL reads 19999.7 as 20000 and 2.1e4 as 2."""
JML = re.compile(rb"<JCSDataFile[\s>].*?</JCSGMLInputTemplate>", re.DOTALL)
JML_TYPED = re.compile(rb"(<type>)[A-Z]+(?=</type>)")
KNOWN_TO_PARSERS = ("utf-8", "utf-16", "ascii", "iso8859-1")


def is_json(head: Head) -> bool:
    """JSON of any kind, or a sequence of it."""
    return head.start.startswith(("{", "["))


def is_topojson(head: Head) -> bool:
    """JSON that says it is a topology."""
    return is_json(head) and re.search(r'"type"\s*:\s*"Topology"', head.text or "") is not None


def open_geojson(source: DataSource) -> Layer:
    """A GeoJSON document or sequence; in another encoding than UTF-8 it is read from a recoded copy."""
    decision = examine_text(source.path, source.file, source.encoding, longest_line=None).decision
    if decision.codec not in ("utf-8", "utf-8-sig"):
        source = recoded_copy(source, decision)
    features, crs, unknown = _scanned_json(source)
    opening = Opening(source.path, source.file)
    about = described(opening)
    twice = KeysTwice(source, about.names, about.rows or 0)
    found = _missed(source, features, about.rows or 0)
    if unknown:
        found += (source.finding(Level.WARNING, "read-crs-null", "data/crs"),)
    source = replace(source, notes=source.notes + decision.notes, findings=found)
    encoding = "UTF-8" if decision.label == "ASCII" else decision.label
    wkt = crs if crs and about.crs == "EPSG:4326" and not WORLD_WIDE.search(crs) else None
    known = Known(wkt=wkt, encoding=encoding, description=about)
    if about.driver != "ESRIJSON" or source.path.stat().st_size > PARSED_AT_MOST:
        return open_vector(source, opening, known, twice)
    document: dict[str, Any] = {}
    with suppress(ValueError, RecursionError):
        document = json.loads(source.path.read_bytes())
    return open_vector(source, opening, replace(known, notes=_esri_notes(document)), EsriCells(document, about), twice)


def _esri_notes(document: dict[str, Any]) -> ColumnNotes:
    """The aliases and coded domains of ESRI's JSON."""
    titles: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    with suppress(KeyError, TypeError, AttributeError):
        for field in document["fields"]:
            name = str(field["name"])
            titles[name] = str(field.get("alias") or "")
            domain = (field.get("domain") or {}).get("codedValues") or ()
            codes[name] = {str(one["code"]): str(one["name"]) for one in domain}
    return ColumnNotes(titles, codes)


class EsriCells(CellsAsText):
    """The columns of ESRI's JSON with a value of another kind than their type, which GDAL rounds or cuts off."""

    def __init__(self, document: dict[str, Any], about: Description) -> None:
        self.columns: dict[int, list[str | None]] = {}
        with suppress(KeyError, TypeError, AttributeError):
            rows = [one.get("attributes") or {} for one in document["features"]]
            types = {str(one["name"]): str(one["type"]).removeprefix("esriFieldType") for one in document["fields"]}
            kinds = {at: (name, KINDS.get(types.get(name, ""))) for at, name in enumerate(about.names)}
            self.columns = {
                at: [_json_text(row.get(name)) for row in rows]
                for at, (name, kind) in kinds.items()
                if len(rows) == about.rows and kind and not all(_fits(row.get(name), kind) for row in rows)
            }
        self.as_text = tuple(self.columns)


def _fits(value: object, kind: str) -> bool:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and (whole or kind == "real"))


def _json_text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _scanned_json(source: DataSource) -> tuple[int, str | None, bool]:
    """How many features begin in the document, the name in its crs member, and whether that is null.

    Its bytes are passed over once; the member stands before the first feature or after the last.

    Raises InputError for a document that would make GDAL run a pipeline.
    """
    features, geometries, crs, tail, start = 0, 0, None, b"", b""
    with source.path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            window = tail + chunk
            features += sum(match.end() > len(tail) for match in FEATURE.finditer(window))
            geometries += sum(match.end() > len(tail) for match in GEOMETRY.finditer(window))
            if PIPELINE.search(window):
                raise InputError("read-virtual", file=source.file)
            crs = crs or _crs_name(window)
            start = start or window.partition(b'"features"')[0][:OVERLAP]
            tail = window[-OVERLAP:]
    unknown = any(NO_CRS.search(part) for part in (start, tail.rpartition(b"]")[2]))
    return max(features, geometries), crs, unknown and crs is None


def _crs_name(window: bytes) -> str | None:
    found = CRS.search(window)
    try:
        name = json.loads(found.group(1))["properties"]["name"] if found else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return name if isinstance(name, str) else None


def _missed(source: DataSource, features: int, read: int) -> tuple[DataFinding, ...]:
    """A finding where the document holds more features than GDAL took.

    The members of the collection are counted by parsing it, as a property may read like a feature.
    """
    if features > read and source.path.stat().st_size <= COUNTED_EXACTLY:
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            features = len(json.loads(source.path.read_bytes())["features"])
    if features <= read:
        return ()
    return (source.finding(Level.ERROR, "read-no-features", "data/geometry", count=features - read),)


def is_gml(head: Head) -> bool:
    """A collection of features, or XML with the namespace of GML that is nothing else known."""
    return head.root == "featurecollection" or (head.root not in (None, "", "gpx") and "opengis.net/gml" in head.start)


def is_xml(head: Head) -> bool:
    """XML of any kind; in an encoding that shows no text, by its suffix."""
    return head.root is not None or (head.text is None and head.suffix in (".kml", ".gml", ".xml", ".gpx"))


def open_xml(source: DataSource) -> Layer:
    """A layer (folder) of a KML document, or of another in XML."""
    return open_any(checked_xml(source))


def open_gml(source: DataSource) -> Layer:
    """A feature type of a GML document, read in a temporary folder, as GDAL writes a .gfs beside what it reads.

    Its cells are read as text, as GDAL takes one of white space among numbers for 0.
    """
    schema = source.path.with_suffix(".xsd")
    source = checked_xml(source)
    copy = source.placed(source.path.stem + ".gml")
    link_or_copy(source.path, copy.path)
    _untyped_jml(copy.path)
    if schema.is_file():  # its order and its names count; that cells are what their types say is seen from them
        copy.path.with_suffix(".xsd").write_bytes(TYPED.sub(rb"\1string\2", schema.read_bytes()))
    options = {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"}
    return open_vector(copy, Opening(copy.path, source.file, meant_layer(copy, options), options=options))


def _untyped_jml(path: Path) -> None:
    """The JML of OpenJUMP, which states the types of its columns at its head, with text as the type of them all."""
    with path.open("rb") as stream:
        if b"<JCSDataFile" not in stream.read(CHUNK):
            return
    raw = path.read_bytes()
    path.unlink()  # it may be a link to the user's own
    path.write_bytes(JML.sub(lambda head: JML_TYPED.sub(rb"\1STRING", head[0]), raw, count=1))


def checked_xml(source: DataSource, *, utf8: bool = False) -> DataSource:
    """The document, or its copy in UTF-8 (with ``utf8`` whatever it is in).

    Raises InputError where it is cut off, not well-formed or declares entities.

    GDAL reads a GML that is cut off up to the cut without a word. A few entities that name each other unfold to
    gigabytes, and an external one reads other files: so a document type is refused, which map data does not need.
    """
    source = _in_utf8(source, always=utf8)
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


def _in_utf8(source: DataSource, *, always: bool) -> DataSource:
    """Chinese documents say GB2312, which expat does not know, or say UTF-8 and are GBK."""
    decision = examine_text(source.path, source.file, source.encoding, longest_line=None).decision
    with source.path.open("rb") as stream:
        said = DECLARED.match(stream.read(DECLARATION_CHARACTERS).decode("utf-8-sig", errors="replace"))
    declared = codec_of(said.group(3) if said else "utf-8") or "utf-8"
    if source.encoding is None and declared.startswith(("iso8859", "cp125")):
        decision = replace(decision, codec=declared)
    plain = (declared, decision.codec) in (("utf-8", "utf-8"), ("utf-8", "utf-8-sig"), ("ascii", "utf-8"))
    known = declared in KNOWN_TO_PARSERS and (decision.codec.startswith("utf") or decision.codec == declared)
    if plain or (known and not always):
        return source
    copy = recoded_copy(source, decision, lambda start: DECLARED.sub(r"\1\2UTF-8\2", start.lstrip("\ufeff")))
    return replace(copy, notes=(*source.notes, *decision.notes))
