"""CAD drawings (DXF): a layer of the drawing is a layer, its closed lines are polygons, texts in them are columns."""

from __future__ import annotations

import re

from landcheck.errors import InputError
from landcheck.read.drivers.drawings.cad_layer import EVERYTHING, Unread, cad_layer
from landcheck.read.drivers.drawings.dxf_unread import BINARY, unread_entities, without_drawn
from landcheck.read.drivers.gdal.vector import Known, Opening, open_vector
from landcheck.read.encoding import examine_text
from landcheck.read.layer import Layer
from landcheck.read.repair.recoding import recoded_copy
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

HEAD_BYTES = 65_536
UTF8_SINCE = "AC1021"  # R2007: all text is UTF-8, whatever $DWGCODEPAGE says
TAIL_BYTES = 256
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

    from landcheck.read.drivers.drawings.cad_drawing import CadDrawing
    from landcheck.read.drivers.drawings.dxf_marks import dxf_marks

    digest = source.fingerprint()
    source, codec, label = _decoded(source)
    pyogrio.set_gdal_config_options({**SETTINGS, "DXF_ENCODING": codec.upper()})
    drawable = without_drawn(source)
    whole = open_vector(source, Opening(drawable.path, source.file, EVERYTHING), Known(encoding=None))
    unread, curves = unread_entities(source.path, codec)
    drawing = CadDrawing.of(whole, dxf_marks(source.path, codec), curves)
    known = set(drawing.table.column("EntityHandle").to_pylist())
    unread += [Unread("SPLINE", None) for handle in curves if handle not in known]
    layer = cad_layer(source, drawing, unread, "DXF", label, digest, whole.findings)
    layer.wkt = whole.wkt
    return layer


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
