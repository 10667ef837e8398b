"""Layers as they were read and understood, written again: a GeoPackage with the catalogue's fields, or a report of
coordinates. Nothing is judged and nothing assumed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.errors import UsageError
from landcheck.facts.mapped import MappedLayer, open_layers, without_rows
from landcheck.fields.cells import unmarked
from landcheck.fields.normalise import unreadable_rows
from landcheck.geometry.crs import systems
from landcheck.messages import Message
from landcheck.model import EPOCH, NO_DATE, Batch, DataFinding, Field, Kind, Level, Subject
from landcheck.report import coordinate_text
from landcheck.report.gis.files import dated, disk_refusals, write_layer
from landcheck.report.gis.gis_layers import GisLayer, polygons
from landcheck.report.output_formats import Format, format_of_file
from landcheck.report.write import destinations, write_all
from landcheck.request import Request
from landcheck.run.template import describe

SUFFIXES = (".txt", ".gpkg")
AREA = "site_area_m2"
RESERVED = ("fid", "geom", "ogc_fid", "rowid")


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written: the layers by name with their rows and system, and what there is to say of them."""

    layers: tuple[tuple[str, int, str | None], ...]
    notes: tuple[Message, ...]
    findings: tuple[DataFinding, ...]


def convert(request: Request, output: str, inputs: Sequence[str]) -> Converted:
    """Write the layers of the request to a file, its format by the suffix, whole or not at all.

    UsageError where it would be one of the ``inputs``, InputError for what cannot be read.
    """
    (to,) = destinations([output], inputs, _format)
    opened = open_layers(request)
    layers = [_Read(layer, request) for layer in opened.values()]
    said = [note for one in layers for note in one.layer.info.notes]
    notes = [note for at, note in enumerate(said) if note not in said[:at]]
    found = [finding for one in layers for finding in one.layer.told]
    if to.path.suffix.lower() == ".txt":
        parcels, others = layers[0], [one.layer.name for one in layers[1:]]
        text, told = coordinate_text.written(parcels.gis(), _code(parcels.layer), parcels.unread_areas(request))
        notes += [Message("convert-layers-left-out", {"file": output, "layers": others})] if others else []
        found += [_told(message, parcels.layer) for message in told if message.code == "convert-no-shape"]
        notes += [message for message in told if message.code != "convert-no-shape"]
        write_all([(to, lambda path: _write_text(path, text))])
        layers = [parcels]
    else:
        write_all([(to, partial(_write_geopackage, layers))])
    return Converted(
        tuple((one.layer.name, one.rows, one.layer.info.crs) for one in layers), tuple(notes), tuple(found)
    )


def _format(name: str) -> Format:
    if not name.lower().endswith(SUFFIXES):
        raise UsageError("convert-suffix", file=name, suffixes=SUFFIXES)
    return format_of_file("x.gpkg")


def _told(message: Message, layer: MappedLayer) -> DataFinding:
    values = {"file": layer.file, **message.values}
    return DataFinding("data/geometry", Level.ERROR, Subject("layer", layer.name), Message(message.code, values))


def _code(layer: MappedLayer) -> int | None:
    """The EPSG code of the layer's system, None where none is known. UsageError for a system without a code."""
    known = layer.frame.known if layer.frame else None
    if known is None:
        return None
    code = systems.code(known)
    if code is None:
        raise UsageError("convert-report-system", crs=systems.label(known))
    return code


class _Read:
    """All rows of a layer: the fields that its columns hold, and the other columns as they stand.

    A field of which a cell cannot be read stays as it is written, under its own heading: empty it would pass for a
    value that nobody gave.
    """

    def __init__(self, layer: MappedLayer, request: Request) -> None:
        self.layer = layer
        batches, source = list(layer.batches(request)), layer.source
        if layer.name == "parcels" and not any(batch.rows for batch in batches):
            raise without_rows(layer.name, source)
        unread = {name for batch in batches for name in batch.origins if unreadable_rows(batch, name).any()}
        self.held = [use for use in layer.uses if use.field.name not in unread]
        taken = {name for use in self.held for name in use.columns}
        empty = None if batches else pa.string()  # of a layer without rows no type is known
        schema = empty and pa.schema([(name, empty) for name in source.columns])
        raw = pa.Table.from_batches([rows.table for rows in source.batches(request.batch_rows)], schema)
        kept = [name for name in raw.column_names if name not in taken]
        columns = {
            use.field.name: pa.chunked_array([_column(b, use.field) for b in batches], empty) for use in self.held
        }
        for name in kept:
            columns[_free(name, columns)] = unmarked(raw.column(name))
        self.rows = sum(batch.rows for batch in batches)
        self.table = pa.table(columns) if columns else pa.table({"#": pa.array(range(1, self.rows + 1))})
        self.wkb = None if not batches or batches[0].wkb is None else pa.chunked_array([b.wkb for b in batches])

    def gis(self) -> GisLayer:
        """As a layer to be written; without a shape where the source has none."""
        shapes = np.full(self.rows, None, object) if self.wkb is None else polygons(self.wkb.combine_chunks())
        known = self.layer.frame.known if self.layer.frame else None
        wkt = None if known is None else systems.coded(known).to_wkt()
        return GisLayer(self.layer.name, self.table, shapes, "MultiPolygon", wkt)

    def unread_areas(self, request: Request) -> list[str]:
        """For each row what stands as its area where that cannot be read, else an empty text."""
        use = next((one for one in self.layer.uses if one.field.name == AREA), None)
        if use is None or use in self.held:
            return [""] * self.rows
        areas = np.concatenate([batch.columns[AREA] for batch in self.layer.batches(request, again=True)])
        texts = self.table.column(use.column).cast(pa.string()).to_pylist()
        return [text if text and np.isnan(area) else "" for text, area in zip(texts, areas.tolist(), strict=True)]


def _column(batch: Batch, a_field: Field) -> pa.Array:
    """The values of a field, null where there is none."""
    if a_field.kind is Kind.TEXT:
        return batch.texts[a_field.name]
    values: Any = np.asarray(batch.columns[a_field.name])
    if a_field.kind is Kind.NUMBER:
        return pa.array(values, pa.float64(), mask=np.isnan(values))
    if a_field.kind is Kind.BOOL:
        return pa.array(values > 0, pa.bool_(), mask=values == 0)
    if a_field.kind is Kind.DATE:
        return pa.array(values, pa.int32(), mask=values == NO_DATE).cast(pa.date32())
    words = np.array([*a_field.values, None], object)
    return pa.array(words[values], pa.string())


def _free(name: str, taken: dict[str, Any]) -> str:
    """The name, with a number where another column, or a GeoPackage itself, has it already."""
    used, number, new = {one.casefold() for one in taken} | set(RESERVED), 1, name
    while new.casefold() in used:
        number += 1
        new = f"{name}_{number}"
    return new


def _write_text(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _write_geopackage(layers: Sequence[_Read], path: Path) -> None:
    with dated(EPOCH):
        for one in layers:
            write_layer(one.gis(), path, "GPKG", VERSION="1.2")
    with disk_refusals(path), closing(sqlite3.connect(path)) as base, base:
        describe(base, [(one.layer.name, use.field) for one in layers for use in one.held], "zh")
