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
from landcheck.read.hear import each_or_refuse, hear, read_or_refuse, recoded, sentence
from landcheck.read.layer import Layer, Rows, Tell, about_file
from landcheck.read.repair.jsontext import GUESSED_TYPES, GUESSING_DRIVERS, as_written
from landcheck.read.repair.sound import sound
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

OF_A_VALUE = (".{} parsed incompletely", " in column {}: ", " in column {}, ")
"""How GDAL names the column of whose value it says something."""
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
    """What a layer is made of, before its rows are read; ``types`` are GDAL's, the subtype where there is one."""

    names: tuple[str, ...]
    spatial: bool
    crs: str | None
    rows: int | None
    types: tuple[str, ...] = ()
    driver: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a layer before GDAL opens it, from looking at the file's own bytes.

    ``names`` replaces GDAL's column names, ``decode`` mends each batch, ``expected`` is the number of rows that must
    come, ``files`` those the fingerprint covers, ``name`` what to call the layer, ``as_text`` the columns that
    ``decode`` hands on as text, so that what GDAL says of their values is of no account.
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
    as_text: tuple[str, ...] = ()

    @property
    def spoken(self) -> str | None:
        """The encoding of the text that GDAL takes for ISO 8859-1; None where it takes it for what it is."""
        codec: str | None = getattr(self.decode, "codec", None)
        return codec


def open_vector(source: Source, opening: Opening, driver: str, known: Known) -> Layer:
    """A layer that GDAL reads."""
    fingerprint = source.fingerprint(known.files)
    shape = known.shape or shape_of(opening)
    if shape.driver in GUESSING_DRIVERS and not GUESSED_TYPES.isdisjoint(shape.types):
        opening, known = as_written(opening, known)
        shape = shape_of(opening)
    expected = shape.rows if known.expected is None else known.expected
    columns, repeated = distinct(known.names if len(known.names) == len(shape.names) else shape.names)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        heard: list[str] = []
        first = 0
        for batch in batches_of(opening, size, heard):
            table, wkb = _split(sound(batch, first, source, tell), columns)
            yield Rows(first, known.decode(table, first, tell) if known.decode else table, wkb)
            first += batch.num_rows
        for finding in _heard(source, opening.path, known, heard):
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
    types = tuple(
        kind if subtype == "OFSTNone" else subtype
        for kind, subtype in zip(info["ogr_types"], info["ogr_subtypes"], strict=True)
    )
    names = tuple(map(str, info["fields"]))
    return Shape(names, spatial, info["crs"], rows if rows >= 0 else None, types, info["driver"])


def info_of(opening: Opening) -> dict[str, Any]:
    """GDAL's own description of the layer."""
    import pyogrio

    _settle()
    layer, encoding, options = opening.layer, opening.encoding, opening.options
    info = pyogrio.read_info(opening.path, layer=layer, encoding=encoding, force_feature_count=True, **options)
    return dict(info)


def _settle() -> None:
    """What GDAL's own threads say would reach the terminal; and text in GeoJSON stays text, though it look like a date.

    As an open option the latter would be warned of where the JSON turns out to be of another kind.
    """
    import pyogrio

    pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull, "OGR_GEOJSON_DATE_AS_STRING": "YES"})


def _open(opening: Opening, size: int) -> Any:
    import pyogrio.raw

    _settle()
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


def _heard(source: Source, path: Path, known: Known, heard: list[str]) -> Iterator[DataFinding]:
    """One warning for each different thing GDAL said; what concerns shapes goes to the geometry findings."""
    for text in (recoded(said, known.spoken) if known.spoken else said for said in heard):
        if any(words.replace("{}", name) in text for name in known.as_text for words in OF_A_VALUE):
            continue
        about_shape = any(word in text.lower() for word in ("ring", "geometr", "polygon", "shape"))
        rule = "data/geometry" if about_shape else "data/value"
        message = Message("read-reader-says", {"file": source.file, "reason": sentence(text, path)})
        yield about_file(rule, Level.WARNING, source.role, message)
