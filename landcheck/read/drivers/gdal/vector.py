"""Vector sources through GDAL, as a stream of Arrow batches with WKB; no geometry object is built."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from landcheck.alone import ALONE
from landcheck.model import DataFinding, Level
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, distinct, plain_column, table_of
from landcheck.read.reader_calls import collect_warnings, each_or_refuse, read_or_refuse, reader_sentence, recoded
from landcheck.read.repair import Repair
from landcheck.read.repair.coded_values import CodedValues, ColumnNotes
from landcheck.read.repair.recoding import JsonDates, ShortNumbers, sound_batch
from landcheck.read.source import DataSource

OF_A_VALUE = (".{} parsed incompletely", " in column {}: ", " in column {}, ")
"""How GDAL names the column of whose value it says something."""
AS_TEXT = {"OGR_GEOJSON_DATE_AS_STRING": "YES", "GML_FIELDTYPES": "ALWAYS_STRING"}


@dataclass(frozen=True, slots=True)
class Opening:
    """How GDAL is to open a source: its path, the layer, the encoding and the driver's own options.

    ``times_as_text``: times are handed on as text with the zone that stands in the file, which Arrow's lose.
    """

    path: Path
    file: str
    layer: str | None = None
    encoding: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    times_as_text: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What GDAL says of a layer before its rows are read; ``types`` are its own, the subtype where there is one."""

    names: tuple[str, ...]
    spatial: bool
    crs: str | None
    rows: int | None
    types: tuple[str, ...]
    driver: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a driver of ours knows better than GDAL, from looking at the file's own bytes.

    ``names`` replaces the column names, ``expected`` is the number of rows that must come, ``name`` what to call the
    layer, ``description`` what GDAL said where it was asked already; ``notes`` are the source's on its columns.
    """

    names: tuple[str, ...] = ()
    wkt: str | None = None
    expected: int | None = None
    encoding: str | None = "UTF-8"
    name: str | None = None
    description: Description | None = None
    notes: ColumnNotes = field(default_factory=ColumnNotes)


def open_vector(source: DataSource, opening: Opening, known: Known | None = None, *repairs: Repair) -> Layer:
    """A layer that GDAL reads, with what the repairs put right."""
    known = known or Known()
    fingerprint = source.fingerprint()
    for repair in repairs:
        opening = replace(opening, path=repair.copy(opening.path))
    about = known.description or described(opening)
    if JsonDates.needed(about.driver, about.types):
        repairs = (JsonDates(), *repairs)
        opening = replace(opening, path=repairs[0].copy(opening.path))
        about = described(opening)
    if ShortNumbers.needed(about.driver, about.types):
        repairs = (ShortNumbers(), *repairs)
    if known.notes.codes:
        repairs = (*repairs, CodedValues(about.names, known.notes.codes))
    if "OFTDateTime" in about.types and about.driver != "GPKG":  # whose times are all UTC
        opening = replace(opening, times_as_text=True)
    expected = about.rows if known.expected is None else known.expected
    names = known.names if len(known.names) == len(about.names) else about.names
    columns, repeated = distinct(names)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        heard: list[str] = []
        first = 0
        batches = _one_by_one if about.driver == "FlatGeobuf" else batches_of
        for batch in batches(opening, size, heard):
            arrays = [plain_column(column) for column in sound_batch(batch, first, source, tell).columns]
            wkb = arrays.pop().cast(pa.binary()) if len(arrays) > len(columns) else None
            table = table_of(arrays, columns, batch.num_rows)
            for repair in repairs:
                table = repair.mend(table, first, tell)
            yield Rows(first, table, wkb)
            first += batch.num_rows
        for finding in _heard(source, opening.path, names, repairs, heard):
            tell(finding)

    info = source.info(known.name or opening.layer, known.encoding, expected or 0)
    found = tuple(finding for repair in repairs for finding in repair.findings)
    found = source.findings + found + source.repeated(repeated)
    return Layer(info, columns, about.spatial, known.wkt or about.crs, about.driver, rows, found, expected,
                 keep=source.keep, fingerprint=fingerprint, titles=known.notes.called())  # fmt: skip


def described(opening: Opening) -> Description:
    """What GDAL says of the layer; InputError where it raises anything."""
    import pyogrio

    def ask() -> Any:
        with texts_kept():
            return pyogrio.read_info(opening.path, force_feature_count=True, **_asked(opening))

    info = read_or_refuse(opening.file, opening.path, collect_warnings, [], ask)
    rows = int(info["features"])
    kinds = zip(info["ogr_types"], info["ogr_subtypes"], strict=True)
    types = tuple(kind if subtype == "OFSTNone" else subtype for kind, subtype in kinds)
    spatial, names = info["geometry_type"] is not None, tuple(map(str, info["fields"]))
    return Description(names, spatial, info["crs"], rows if rows >= 0 else None, types, str(info["driver"]))


def _asked(opening: Opening) -> dict[str, str | None]:
    return {"layer": opening.layer, "encoding": opening.encoding, **opening.options}


@contextmanager
def texts_kept() -> Iterator[None]:
    """While GDAL opens something: text in GeoJSON and GML stays text, though it look like a date or a number.

    As an open option that would be warned of in JSON of another kind. Settings of the process are as before
    afterwards, but that what GDAL's own threads say does not reach the terminal.
    """
    import pyogrio

    with ALONE:
        before = {name: pyogrio.get_gdal_config_option(name) for name in AS_TEXT}
        pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull, **AS_TEXT})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)


def batches_of(opening: Opening, size: int, heard: list[str]) -> Iterator[pa.RecordBatch]:
    """The batches as GDAL gives them, the geometry as the last column; what it says besides is added to ``heard``."""
    file, path = opening.file, opening.path

    def stream() -> Any:
        from pyogrio.raw import open_arrow

        given = {"use_pyarrow": True, "batch_size": size, "datetime_as_string": opening.times_as_text}
        with texts_kept():
            return stack.enter_context(open_arrow(path, **given, **_asked(opening)))

    with ExitStack() as stack:
        meta, reader = read_or_refuse(file, path, collect_warnings, heard, stream)
        names = reader.schema.names
        spatial = meta["geometry_type"] is not None
        geometry = names.index(meta["geometry_name"] or "wkb_geometry") if spatial else None
        order = [number for number in range(len(names)) if number != geometry] + [geometry] * spatial
        for batch in each_or_refuse(file, path, heard, iter(reader)):
            yield batch.select(order)


def _one_by_one(opening: Opening, size: int, heard: list[str]) -> Iterator[pa.RecordBatch]:
    """The batches of a FlatGeobuf: from one on in which GDAL (3.12) misplaces a null shape, made of single rows."""
    rows = 0
    for batch in batches_of(opening, size, heard):
        try:
            batch.column(batch.num_columns - 1).validate(full=True)
        except pa.ArrowInvalid:
            break
        rows += batch.num_rows
        yield batch
    else:
        return
    single = islice(batches_of(opening, 1, heard), rows, None)
    while part := list(islice(single, size)):
        yield pa.Table.from_batches(part).combine_chunks().to_batches()[0]


def _heard(
    source: DataSource, path: Path, names: Sequence[str], repairs: Sequence[Repair], heard: Sequence[str]
) -> Iterator[DataFinding]:
    """One warning for each different thing GDAL said; what concerns shapes goes to the geometry findings."""
    codec = next((repair.codec for repair in repairs if repair.codec), None)
    as_text = [names[number] for repair in repairs for number in repair.as_text if number < len(names)]
    for text in (recoded(said, codec) if codec else said for said in heard):
        if any(words.replace("{}", name) in text for name in as_text for words in OF_A_VALUE):
            continue
        about_shape = any(word in text.lower() for word in ("ring", "geometr", "polygon", "shape"))
        rule = "data/geometry" if about_shape else "data/value"
        yield source.finding(Level.WARNING, "read-reader-says", rule, reason=reader_sentence(text, path))


def open_file(source: DataSource) -> Layer:
    """A file that holds one layer, without a name to choose it by."""
    return open_vector(source, Opening(source.path, source.file))


def open_any(source: DataSource) -> Layer:
    """The layer that is meant, of a source that GDAL recognises by itself."""
    return open_vector(source, Opening(source.path, source.file, meant_layer(source)))


def meant_layer(source: DataSource, options: Mapping[str, str] | None = None) -> str:
    """The layer that is meant; of several, those without rows or shapes come into question for attributes only."""
    layers = read_or_refuse(source.file, source.path, _layers, source, options or {})
    names = [name for name, _ in layers]
    if source.layer is None and len(layers) > 1 and source.role != "attributes":
        names = [name for name, info in layers if info["geometry_type"] is not None and info["features"]] or names
    return choose_layer(names, source.role, source.layer, source.file)


def vector_layers(source: DataSource) -> tuple[str, ...]:
    """Every layer that GDAL finds in the source."""
    return tuple(name for name, _ in read_or_refuse(source.file, source.path, _layers, source, {}))


def _layers(source: DataSource, options: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    import pyogrio

    said: list[str] = []
    asked = {"force_feature_count": True, **options}
    with texts_kept():  # beside a GML the list already leaves a file with the types of its columns
        names = [str(name) for name in collect_warnings(said, pyogrio.list_layers, source.path)[:, 0]]
        infos = (collect_warnings(said, pyogrio.read_info, source.path, layer=name, **asked) for name in names)
        return list(zip(names, infos, strict=True))
