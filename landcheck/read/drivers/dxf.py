"""CAD drawings (DXF): a layer of the drawing is a layer, its closed lines are polygons, texts in them are columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.dxf_unread import BINARY, Unread, unread_entities
from landcheck.read.drivers.vector import Known, Opening, open_vector
from landcheck.read.encoding import examine_text
from landcheck.read.layer import ROLE_WORDS, Layer, Rows, Tell, choose_layer, cut_up, distinct, table_of
from landcheck.read.repair.recoding import recoded_copy
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

if TYPE_CHECKING:
    from landcheck.read.drivers.dxf_drawing import CadDrawing, Mask

HEAD_BYTES = 65_536
UTF8_SINCE = "AC1021"  # R2007: all text is UTF-8, whatever $DWGCODEPAGE says
TAIL_BYTES = 256
EVERYTHING = "entities"
SETTINGS = {
    "DXF_INLINE_BLOCKS": "TRUE",
    "DXF_MERGE_BLOCK_GEOMETRIES": "FALSE",
    "OGR_ARC_STEPSIZE": "0.25",  # degrees, 3e-6 of a circle; the chords of GDAL's own step of 4 lose 8e-4
}
HEADER = f"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\n{UTF8_SINCE}\n0\nENDSEC\n"


def is_dxf(head: Head) -> bool:
    """A binary drawing, or one in text, which is groups of a number and a value."""
    in_text = head.suffix == ".dxf" and re.match(rb"\s*(0|999)\s*\r?\n", head.raw)
    return bool(in_text) or head.raw.startswith(BINARY)


def open_dxf(source: DataSource) -> Layer:
    """The closed shapes of one layer of the drawing; ``entities`` as the layer's name means all of them.

    Alters GDAL's settings for the process: the encoding, blocks unfolded entity by entity, and the step along arcs.
    """
    import pyogrio

    from landcheck.read.drivers.dxf_drawing import CadDrawing

    digest = source.fingerprint()
    source, codec, label = _decoded(source)
    pyogrio.set_gdal_config_options({**SETTINGS, "DXF_ENCODING": codec.upper()})
    whole = open_vector(source, Opening(source.path, source.file, EVERYTHING), Known(encoding=None))
    drawing = CadDrawing.of(whole)
    unread = unread_entities(source.path, codec)
    wanted = _meant_layer(source, drawing, unread)
    every = wanted == EVERYTHING
    meant = np.full(len(drawing.layers), every) | (drawing.layers == wanted)
    at = np.flatnonzero(meant & drawing.closed)
    texts, several = drawing.texts_in(at)
    columns, _ = distinct([*whole.columns, *texts])
    own = [column.combine_chunks() for column in drawing.table.take(at).columns]
    table = table_of([*own, *(pa.array(one, pa.string()) for one in texts.values())], columns, len(at))
    wkb = drawing.wkb(at)
    found = (*_not_closed(source, drawing, meant, wanted), *_not_read(source, unread, wanted, every=every))
    if several:
        found += (source.finding(Level.WARNING, "read-dxf-texts", "data/value", layers=several),)

    def rows(size: int, _: Tell) -> Iterator[Rows]:
        return cut_up(table, wkb, size)

    info = source.info(wanted, label, len(at), sha256=digest())
    return Layer(info, columns, True, whole.wkt, "DXF", rows, (*whole.findings, *found), len(at), keep=source.keep)


def _decoded(source: DataSource) -> tuple[DataSource, str, str]:
    """The drawing, the encoding GDAL is to read it in, and the name of its own; InputError where it is cut off.

    A whole drawing ends with EOF; GDAL reads one that is cut off up to the cut. One without a header, of which it takes
    all text for Latin 1, is copied with one.
    """
    with source.path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(max(source.path.stat().st_size - TAIL_BYTES, 0))
        binary = head.startswith(BINARY)
        whole = b"EOF" in stream.read().upper() or binary
    headed = binary or re.search(rb"\sSECTION\s+2\s+HEADER\s", head)
    version = re.search(rb"\$ACADVER\s+1\s+(AC\d{4})", head)
    codec = "utf-8"
    if source.encoding is not None or not headed or version is None or version.group(1).decode() < UTF8_SINCE:
        decision = examine_text(source.path, source.file, source.encoding).decision
        codec = decision.codec
    if not whole:
        raise InputError("read-cut-off", file=source.file)
    label = codec.upper() if codec in ("utf-8", "gb18030") else codec
    if headed:
        return source, codec, label
    return recoded_copy(source, decision, lambda start: HEADER + start.lstrip("\ufeff")), "utf-8", label


def _meant_layer(source: DataSource, drawing: CadDrawing, unread: list[Unread]) -> str:
    """The layer that is meant; InputError where it has no closed shape, whichever others have."""
    kinds = sorted({one.kind for one in unread})
    if not drawing.names:
        raise InputError("read-dxf-unread-only" if kinds else "read-dxf-no-shapes", file=source.file, kinds=kinds)
    if source.layer == EVERYTHING:
        return EVERYTHING
    names = [*drawing.names, *_without_shapes(source, drawing, unread)]
    wanted = choose_layer(names, source.role, source.layer, source.file)
    if wanted not in drawing.names:
        kinds = sorted({one.kind for one in unread if one.layer == wanted})
        code = "read-dxf-layer-unread" if kinds else "read-dxf-layer-open"
        raise InputError(code, file=source.file, layer=wanted, kinds=kinds, layers=drawing.names)
    return wanted


def _without_shapes(source: DataSource, drawing: CadDrawing, unread: list[Unread]) -> list[str]:
    """The layers without a closed shape that are meant all the same: named by the user, or called like the role."""
    words = (source.layer.casefold(),) if source.layer else ROLE_WORDS.get(source.role, ())
    outlines = {*drawing.layers[drawing.open_outlines].tolist(), *(one.layer for one in unread if one.layer)}
    held = {*outlines, *(drawing.layers.tolist() if source.layer else ())} - set(drawing.names)
    return sorted(name for name in held if name.strip().casefold() in words)


def _not_closed(source: DataSource, drawing: CadDrawing, meant: Mask, layer: str) -> Iterator[DataFinding]:
    """What of the layer is no closed shape, and what was closed by joining its ends."""
    about = {"rule": "data/geometry", "layer": layer}
    if len(joined := np.flatnonzero(meant & drawing.joined)):
        yield source.finding(Level.WARNING, "read-dxf-joined", **about, **drawing.told(joined))
    if len(outlines := np.flatnonzero(meant & drawing.open_outlines)):
        yield source.finding(Level.ERROR, "read-dxf-open", **about, **drawing.told(outlines))
    rest = np.flatnonzero(meant & ~drawing.closed & ~drawing.open_outlines)
    if bounded := drawing.areas_between(rest):
        yield source.finding(Level.ERROR, "read-dxf-lines", **about, count=bounded)
    if len(rest):
        yield source.finding(Level.WARNING, "read-dxf-left-out", **about, count=len(rest))


def _not_read(source: DataSource, unread: list[Unread], layer: str, *, every: bool) -> Iterator[DataFinding]:
    """The entities of the layer that GDAL passes over; of some the layer is not known, in a block it is the block's."""
    here = [one.kind for one in unread if every or one.layer in (layer, "0", None)]
    if here:
        kinds = sorted(set(here))
        yield source.finding(Level.ERROR, "read-dxf-unread", "data/geometry", layer=layer, count=len(here), kinds=kinds)
