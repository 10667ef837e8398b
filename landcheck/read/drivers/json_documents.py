"""GeoJSON, with what GDAL passes over in silence: an unknown crs, members that are no features, other encodings."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.vector import Known, Opening, described, open_vector
from landcheck.read.encoding import examine_text
from landcheck.read.layer import Layer
from landcheck.read.repair.recoding import recoded_copy
from landcheck.read.sniff import Head
from landcheck.read.source import CHUNK, DataSource

OVERLAP = 1024
COUNTED_EXACTLY = 256 << 20
FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
GEOMETRY = re.compile(rb'"geometry"\s*:')
CRS = re.compile(rb'"crs"\s*:\s*(\{[^{}]*\{[^{}]*\}[^{}]*\})')
PIPELINE = re.compile(rb'"type"\s*:\s*"gdal_streamed_alg"')
WORLD_WIDE = re.compile(r"CRS84|4326")


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
    features, crs = _scanned(source)
    opening = Opening(source.path, source.file)
    about = described(opening)
    source = replace(source, notes=source.notes + decision.notes, findings=_missed(source, features, about.rows or 0))
    encoding = "UTF-8" if decision.label == "ASCII" else decision.label
    wkt = crs if crs and about.crs == "EPSG:4326" and not WORLD_WIDE.search(crs) else None
    return open_vector(source, opening, Known(wkt=wkt, encoding=encoding, description=about))


def _scanned(source: DataSource) -> tuple[int, str | None]:
    """How many features begin in the document, and the name in its crs member; its bytes are passed over once.

    Raises InputError for a document that would make GDAL run a pipeline.
    """
    features, geometries, crs, tail = 0, 0, None, b""
    with source.path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            window = tail + chunk
            features += sum(match.end() > len(tail) for match in FEATURE.finditer(window))
            geometries += sum(match.end() > len(tail) for match in GEOMETRY.finditer(window))
            if PIPELINE.search(window):
                raise InputError("read-virtual", file=source.file)
            crs = crs or _crs_name(window)
            tail = window[-OVERLAP:]
    return max(features, geometries), crs


def _crs_name(window: bytes) -> str | None:
    found = CRS.search(window)
    try:
        name = json.loads(found.group(1))["properties"]["name"] if found else None
    except (ValueError, KeyError, TypeError):
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
