"""CAD drawings (DXF): closed lines become polygons, and a layer of the drawing is a layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.model import Level
from landcheck.read.drivers.vector import Known, Opening, open_vector
from landcheck.read.encoding import examine_text
from landcheck.read.layer import Layer, Rows, Tell, choose_layer
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

HEAD_BYTES = 65_536
UTF8_SINCE = "AC1021"  # R2007: all text is UTF-8, whatever $DWGCODEPAGE says
BINARY = b"AutoCAD Binary DXF"
TAIL_BYTES = 256
EVERYTHING = "entities"


def is_dxf(head: Head) -> bool:
    """A binary drawing, or one in text, which is groups of a number and a value."""
    in_text = head.suffix == ".dxf" and re.match(rb"\s*(0|999)\s*\r?\n", head.raw)
    return bool(in_text) or head.raw.startswith(BINARY)


def open_dxf(source: DataSource) -> Layer:
    """The closed shapes of one layer of the drawing; ``entities`` as the layer's name means all of them.

    Alters GDAL's settings for the process: the encoding, and blocks unfolded entity by entity.
    """
    import pyogrio

    codec = _codec(source)
    pyogrio.set_gdal_config_options(
        {"DXF_INLINE_BLOCKS": "TRUE", "DXF_MERGE_BLOCK_GEOMETRIES": "FALSE", "DXF_ENCODING": codec.upper()}
    )
    whole = open_vector(source, Opening(source.path, source.file, EVERYTHING), Known(encoding=None))
    drawn = list(_drawn(whole))
    names = sorted({name for layers, _, closed in drawn for name in set(layers[closed].tolist()) if name})
    if not names:
        raise InputError("read-dxf-no-shapes", file=source.file)
    wanted = EVERYTHING if source.layer == EVERYTHING else choose_layer(names, source.role, source.layer, source.file)
    masks = [_of(layers, wanted) for layers, _, _ in drawn]
    left_out = sum(int((mask & ~closed).sum()) for mask, (_, _, closed) in zip(masks, drawn, strict=True))
    total = sum(int((mask & closed).sum()) for mask, (_, _, closed) in zip(masks, drawn, strict=True))

    def rows(_size: int, tell: Tell) -> Iterator[Rows]:
        first = 0
        for mask, (_, batch, closed) in zip(masks, drawn, strict=True):
            at = np.flatnonzero(mask & closed)
            assert batch.wkb is not None
            yield Rows(first, batch.table.take(at), batch.wkb.take(at))
            first += len(at)
        if left_out:
            tell(source.finding(Level.WARNING, "read-dxf-left-out", "data/geometry", layer=wanted, count=left_out))

    label = codec.upper() if codec in ("utf-8", "gb18030") else codec
    info = source.info(wanted, label, total, sha256=source.fingerprint()())
    return Layer(info, whole.columns, True, whole.wkt, "DXF", rows, whole.findings, total, keep=source.keep)


def _codec(source: DataSource) -> str:
    """The encoding of a whole drawing, which ends with EOF; GDAL reads one that is cut off up to the cut."""
    with source.path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(max(source.path.stat().st_size - TAIL_BYTES, 0))
        whole = b"EOF" in stream.read().upper() or head.startswith(BINARY)
    version = re.search(rb"\$ACADVER\s+1\s+(AC\d{4})", head)
    codec = "utf-8"
    if source.encoding is not None or version is None or version.group(1).decode() < UTF8_SINCE:
        codec = examine_text(source.path, source.file, source.encoding).decision.codec
    if not whole:
        raise InputError("read-cut-off", file=source.file)
    return codec


def _of(layers: NDArray[Any], wanted: str) -> NDArray[np.bool_]:
    return np.ones(len(layers), np.bool_) if wanted == EVERYTHING else np.asarray(layers == wanted)


def _drawn(whole: Layer) -> Iterator[tuple[NDArray[Any], Rows, NDArray[np.bool_]]]:
    """For each batch: every entity's layer in the drawing, the entities with closed lines as polygons, which are."""
    import shapely

    for rows in whole.batches():
        layers = rows.table.column("Layer").to_numpy(zero_copy_only=False)
        wkb: NDArray[Any] = np.asarray(rows.wkb, object)
        shapes = _polygons(np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), object))
        closed = _closed(rows.table, shapes)
        yield layers, Rows(rows.first_row, rows.table, pa.array(shapely.to_wkb(shapes), pa.binary())), closed


def _closed(table: pa.RecordBatch, shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which entities are areas. A hatch fills a boundary that is drawn as well: it counts only where none is."""
    import pyarrow.compute as pc
    import shapely

    area = shapely.get_dimensions(shapes) == 2
    hatch = np.asarray(pc.fill_null(pc.match_substring(table.column("SubClasses"), "AcDbHatch"), fill_value=False))
    drawn = np.asarray(table.column("Layer"))
    bounded = np.isin(drawn, np.unique(drawn[area & ~hatch].astype(str)))
    return np.asarray(area & ~(hatch & bounded))


def _polygons(shapes: NDArray[Any]) -> NDArray[Any]:
    """The shapes with every closed line of four points or more as the polygon it bounds."""
    import shapely

    line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    ring = line & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) >= 4)
    result = np.array(shapes, object)
    if ring.any():
        points, indices = shapely.get_coordinates(shapes[ring], return_index=True)
        result[ring] = shapely.polygons(shapely.linearrings(points, indices=indices))
    return result
