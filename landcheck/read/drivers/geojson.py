"""GeoJSON, with what GDAL passes over in silence: an unknown crs, members that are no features, other encodings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.vector import Known, Opening, open_vector, shape_of
from landcheck.read.encoding import Decision
from landcheck.read.layer import Layer, about_file
from landcheck.read.plaintext import survey
from landcheck.read.source import Source

CHUNK = 1 << 20
OVERLAP = 1024
COUNTED_EXACTLY = 256 << 20
FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
GEOMETRY = re.compile(rb'"geometry"\s*:')
CRS = re.compile(rb'"crs"\s*:\s*(\{[^{}]*\{[^{}]*\}[^{}]*\})')
PIPELINE = re.compile(rb'"type"\s*:\s*"gdal_streamed_alg"')
WORLD_WIDE = re.compile(r"CRS84|4326")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the bytes show: how many features begin in them, and the name in the crs member."""

    features: int
    crs: str | None


def open_geojson(source: Source) -> Layer:
    """A GeoJSON document or sequence; in another encoding than UTF-8 it is read from a recoded copy."""
    text = survey(source.path, source.file, source.encoding, longest_line=None)
    source = _recoded(source, text.decision)
    seen = look(source)
    opening = Opening(source.path, source.file)
    shape = shape_of(opening)
    wkt = seen.crs if seen.crs and shape.crs == "EPSG:4326" and not WORLD_WIDE.search(seen.crs) else None
    encoding = "UTF-8" if text.decision.label == "ASCII" else text.decision.label
    notes = () if text.decision.note is None else (text.decision.note,)
    missed = _missed(source, seen, shape.rows or 0)
    known = Known(wkt=wkt, found=missed, encoding=encoding, notes=notes, shape=shape)
    return open_vector(source, opening, "GeoJSON", known)


def _recoded(source: Source, decision: Decision) -> Source:
    if decision.codec in ("utf-8", "utf-8-sig"):
        return source
    folder = temporary.Folder()
    copy = Path(folder.name) / source.path.name
    with source.path.open(encoding=decision.codec, errors="replace") as raw, copy.open("w", encoding="utf-8") as clean:
        while chunk := raw.read(CHUNK):
            clean.write(chunk)
    return replace(source, path=copy, keep=(*source.keep, folder))


def look(source: Source) -> Seen:
    """Pass over the bytes once; InputError for a document that would make GDAL run a pipeline."""
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
    return Seen(max(features, geometries), crs)


def _crs_name(window: bytes) -> str | None:
    found = CRS.search(window)
    try:
        name = json.loads(found.group(1))["properties"]["name"] if found else None
    except (ValueError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None


def _missed(source: Source, seen: Seen, read: int) -> tuple[DataFinding, ...]:
    """A finding where the document holds more features than GDAL took."""
    if seen.features <= read or (count := _members(source, seen)) <= read:
        return ()
    values = {"file": source.file, "count": count - read}
    return (about_file("data/geometry", Level.ERROR, source.role, Message("read-no-features", values)),)


def _members(source: Source, seen: Seen) -> int:
    """The members of the feature collection, counted by parsing it, as a property may read like a feature."""
    if source.path.stat().st_size > COUNTED_EXACTLY:
        return seen.features
    try:
        return len(json.loads(source.path.read_bytes())["features"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return seen.features
