"""Vector sources through GDAL, as a stream of Arrow batches with WKB; no geometry object is built."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.columns import distinct, plain, repeated_columns
from landcheck.read.hear import each_or_refuse, hear, read_or_refuse, sentence
from landcheck.read.layer import Layer, Rows, Tell, about_file
from landcheck.read.sound import sound
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

Decode = Callable[["pa.RecordBatch", int, Tell], "pa.RecordBatch"]


@dataclass(frozen=True, slots=True)
class Opening:
    """How GDAL is to open a source: its path, the layer, the encoding and the driver's own options."""

    path: Path
    file: str
    layer: str | None = None
    encoding: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a layer is made of, before its rows are read."""

    names: tuple[str, ...]
    spatial: bool
    crs: str | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a layer before GDAL opens it, from looking at the file's own bytes.

    ``names`` replaces GDAL's column names, ``decode`` mends each batch, ``expected`` is the number of rows that must
    come, ``files`` those the fingerprint covers, ``name`` what to call the layer.
    """

    names: tuple[str, ...] = ()
    wkt: str | None = None
    decode: Decode | None = None
    expected: int | None = None
    encoding: str | None = "UTF-8"
    files: tuple[Path, ...] = ()
    found: tuple[DataFinding, ...] = ()
    notes: tuple[Message, ...] = ()
    name: str | None = None
    keep: tuple[object, ...] = ()
    shape: Shape | None = None


def open_vector(source: Source, opening: Opening, driver: str, known: Known) -> Layer:
    """A layer that GDAL reads."""
    fingerprint = source.fingerprint(known.files)
    shape = known.shape or shape_of(opening)
    expected = shape.rows if known.expected is None else known.expected
    columns, repeated = distinct(known.names if len(known.names) == len(shape.names) else shape.names)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        heard: list[str] = []
        first = 0
        for batch in batches_of(opening, size, heard):
            table, wkb = _split(sound(batch, first, source, tell), columns)
            yield Rows(first, known.decode(table, first, tell) if known.decode else table, wkb)
            first += batch.num_rows
        for finding in _heard(source, opening.path, heard):
            tell(finding)

    info = source.unmarked(known.name or opening.layer, known.encoding, expected or 0, *known.notes)
    found = known.found + repeated_columns(source.role, source.file, repeated)
    wkt, keep = known.wkt or shape.crs, source.keep + known.keep
    return Layer(info, columns, shape.spatial, wkt, driver, rows, found, expected, keep=keep, fingerprint=fingerprint)


def shape_of(opening: Opening) -> Shape:
    """What the layer is made of, and how many rows GDAL counts in it; InputError where GDAL raises anything."""
    info = read_or_refuse(opening.file, opening.path, hear, [], info_of, opening)
    rows = int(info["features"])
    spatial = info["geometry_type"] is not None
    return Shape(tuple(map(str, info["fields"])), spatial, info["crs"], rows if rows >= 0 else None)


def info_of(opening: Opening) -> dict[str, Any]:
    """GDAL's own description of the layer."""
    import pyogrio

    _silence()
    layer, encoding, options = opening.layer, opening.encoding, opening.options
    info = pyogrio.read_info(opening.path, layer=layer, encoding=encoding, force_feature_count=True, **options)
    return dict(info)


def _silence() -> None:
    """What GDAL's own threads say would reach the terminal."""
    import pyogrio

    pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull})


def _open(opening: Opening, size: int) -> Any:
    import pyogrio.raw

    _silence()
    layer, encoding, options = opening.layer, opening.encoding, opening.options
    return pyogrio.raw.open_arrow(
        opening.path, layer=layer, encoding=encoding, use_pyarrow=True, batch_size=size, **options
    )


def batches_of(opening: Opening, size: int, heard: list[str]) -> Iterator[pa.RecordBatch]:
    """The batches as GDAL gives them, the geometry as the last column; what it says besides is added to ``heard``."""
    with ExitStack() as stack:
        meta, reader = read_or_refuse(
            opening.file, opening.path, hear, heard, lambda: stack.enter_context(_open(opening, size))
        )
        names = reader.schema.names
        spatial = meta["geometry_type"] is not None
        geometry = names.index(meta["geometry_name"] or "wkb_geometry") if spatial else None
        order = [number for number in range(len(names)) if number != geometry] + [geometry] * spatial
        for batch in each_or_refuse(opening.file, opening.path, heard, iter(reader)):
            yield batch.select(order)


def _split(batch: pa.RecordBatch, columns: tuple[str, ...]) -> tuple[pa.RecordBatch, pa.Array | None]:
    import pyarrow as pa

    arrays = [plain(column) for column in batch.columns]
    wkb = arrays.pop().cast(pa.binary()) if len(arrays) > len(columns) else None
    return table_of(arrays, columns, batch.num_rows), wkb


def table_of(arrays: list[pa.Array], columns: tuple[str, ...], rows: int) -> pa.RecordBatch:
    """A record batch, also one without any column that still has its number of rows."""
    import pyarrow as pa

    if arrays:
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))
    return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))


def _heard(source: Source, path: Path, heard: list[str]) -> Iterator[DataFinding]:
    """One warning for each different thing GDAL said; what concerns shapes goes to the geometry findings."""
    for text in heard:
        about_shape = any(word in text.lower() for word in ("ring", "geometr", "polygon", "shape"))
        rule = "data/geometry" if about_shape else "data/value"
        message = Message("read-reader-says", {"file": source.file, "reason": sentence(text, path)})
        yield about_file(rule, Level.WARNING, source.role, message)
