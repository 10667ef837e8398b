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
from landcheck.read.hear import each_or_refuse, hear, read_or_refuse
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
    attributes: tuple[int, ...]
    geometry: int | None
    crs: str | None


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


def open_vector(source: Source, opening: Opening, driver: str, known: Known) -> Layer:
    """A layer that GDAL reads."""
    shape = shape_of_checked(opening)
    columns, repeated = distinct(known.names if len(known.names) == len(shape.names) else shape.names)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        heard: list[str] = []
        first = 0
        for batch in batches_of(opening, size, heard):
            table, wkb = _split(sound(batch, first, source, tell), shape, columns)
            yield Rows(first, known.decode(table, first, tell) if known.decode else table, wkb)
            first += batch.num_rows
        for finding in _heard(source, heard):
            tell(finding)

    info = source.info(known.name or opening.layer, known.encoding, known.expected or 0, known.files, *known.notes)
    found = known.found + repeated_columns(source.role, source.file, repeated)
    spatial, wkt, keep = shape.geometry is not None, known.wkt or shape.crs, source.keep + known.keep
    return Layer(info, columns, spatial, wkt, driver, rows, found, known.expected, keep=keep)


def _open(opening: Opening, **more: Any) -> Any:
    import pyogrio.raw

    pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull})  # what GDAL's own threads say would reach the terminal
    return pyogrio.raw.open_arrow(
        opening.path, layer=opening.layer, encoding=opening.encoding, use_pyarrow=True, **more, **opening.options
    )


def shape_of(opening: Opening) -> Shape:
    """The columns and the geometry of the layer, without its rows."""
    with _open(opening) as (meta, reader):
        names = reader.schema.names
        spatial = meta["geometry_type"] is not None
        geometry = names.index(meta["geometry_name"] or "wkb_geometry") if spatial else None
        attributes = tuple(number for number in range(len(names)) if number != geometry)
        return Shape(tuple(names[number] for number in attributes), attributes, geometry, meta["crs"])


def shape_of_checked(opening: Opening) -> Shape:
    """The same; whatever GDAL raises becomes an InputError."""
    shape: Shape = read_or_refuse(opening.file, opening.path, hear, [], shape_of, opening)
    return shape


def announced(opening: Opening) -> int | None:
    """The rows GDAL counts in the layer, None where it cannot tell."""
    import pyogrio

    options = {"layer": opening.layer, "encoding": opening.encoding, "force_feature_count": True, **opening.options}
    info = read_or_refuse(opening.file, opening.path, hear, [], pyogrio.read_info, opening.path, **options)
    return int(info["features"]) if info["features"] >= 0 else None


def batches_of(opening: Opening, size: int, heard: list[str]) -> Iterator[pa.RecordBatch]:
    """The batches as GDAL gives them; what it says besides is added to ``heard``."""
    with ExitStack() as stack:
        _, reader = read_or_refuse(
            opening.file, opening.path, hear, heard, lambda: stack.enter_context(_open(opening, batch_size=size))
        )
        yield from each_or_refuse(opening.file, opening.path, heard, iter(reader))


def _split(batch: pa.RecordBatch, shape: Shape, columns: tuple[str, ...]) -> tuple[pa.RecordBatch, pa.Array | None]:
    import pyarrow as pa

    arrays = [plain(batch.column(number)) for number in shape.attributes]
    wkb = None if shape.geometry is None else plain(batch.column(shape.geometry))
    return table_of(arrays, columns, batch.num_rows), wkb if wkb is None else wkb.cast(pa.binary())


def table_of(arrays: list[pa.Array], columns: tuple[str, ...], rows: int) -> pa.RecordBatch:
    """A record batch, also one without any column that still has its number of rows."""
    import pyarrow as pa

    if arrays:
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))
    return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))


def _heard(source: Source, heard: list[str]) -> Iterator[DataFinding]:
    """One warning for each different thing GDAL said; what concerns shapes goes to the geometry findings."""
    for text in heard:
        about_shape = any(word in text.lower() for word in ("ring", "geometr", "polygon", "shape"))
        rule = "data/geometry" if about_shape else "data/value"
        message = Message("read-reader-says", {"file": source.file, "reason": text.splitlines()[0][:300]})
        yield about_file(rule, Level.WARNING, source.role, message)
