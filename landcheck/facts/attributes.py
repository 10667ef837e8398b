"""The table of attributes: which of its rows count, and what its values say beside those of the parcels' layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.mapped import MappedLayer, without_rows
from landcheck.fields.normalise import fill, hide, unreadable_rows
from landcheck.measures import missing
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Field, Kind, Level, Origin, Subject
from landcheck.quality.alike import of_each
from landcheck.quality.consistency import APART, UnsetFar
from landcheck.quality.ids import present, repeated, row_finding, rows_of, subject_of
from landcheck.request import Request

NAMED = 10  # how many ids a message lists before it only counts


@dataclass(frozen=True, slots=True)
class Attributes:
    """The rows of the table that can be joined, one an id; ``rows`` are their places (from 0) in the file."""

    layer: MappedLayer
    table: Batch
    ids: pa.Array
    rows: NDArray[np.intp]

    def join(self, batch: Batch) -> tuple[NDArray[np.bool_], list[DataFinding]]:
        """Put the table's values into a batch of parcels; a value that the layer contradicts is unknown.

        Returns which of ``ids`` rows of the batch have, and a finding for each value that differs.
        """
        place = pc.index_in(batch.texts["parcel_id"], value_set=self.ids)
        at = pc.fill_null(place, -1).to_numpy(zero_copy_only=False)
        findings: list[DataFinding] = []
        for a_field in (use.field for use in self.layer.uses if len(self.ids) and use.field.name != "parcel_id"):
            name = a_field.name
            if a_field.kind is Kind.TEXT:
                batch.texts[name] = pc.coalesce(self.table.texts[name].take(place), batch.texts[name])
            unreadable = (at >= 0) & unreadable_rows(self.table, name)[at]
            if unreadable.any():
                hide(batch, name, unreadable)
            if a_field.kind is not Kind.TEXT:
                findings += self._joined(batch, a_field, at)
        return present(at, len(self.ids)), findings

    def _joined(self, batch: Batch, a_field: Field, at: NDArray[np.intp]) -> list[DataFinding]:
        """Fill a column; of two numbers that differ by rounding the table's counts."""
        name = a_field.name
        own, theirs = batch.columns[name].copy(), self.table.columns[name][at]
        known = (at >= 0) & ~missing(theirs, a_field.kind)
        fill(batch, name, known, theirs, Origin.ATTRIBUTES)
        differing = known & ~missing(own, a_field.kind) & (own != theirs)
        apart = differing
        if a_field.kind is Kind.NUMBER:
            apart = differing & (np.abs(own - theirs) > APART * np.maximum(np.abs(own), np.abs(theirs)))
        if apart.any():
            hide(batch, name, apart)
        values = {"file": self.layer.file, "field": a_field.named}
        told = partial(row_finding, "data/value", batch=batch, values=values)
        return [
            *of_each(np.flatnonzero(apart), lambda row: told(Level.ERROR, row=row, code="attributes-contradict")),
            *of_each(
                np.flatnonzero(differing & ~apart),
                lambda row: told(Level.WARNING, row=row, code="attributes-differ"),
            ),
        ]

    def row_of(self, parcel: str) -> int:
        """The row (from 1) of the table that speaks of the parcel."""
        return int(self.rows[pc.index(self.ids, parcel).as_py()]) + 1


def read_attributes(layer: MappedLayer, request: Request, findings: list[DataFinding]) -> Attributes:
    """Read the table; rows without an id or with a repeated one are findings. InputError where there is no row."""
    table = layer.whole(request)
    if not table.rows:
        raise without_rows(layer.name, layer.source)
    ids = table.texts["parcel_id"]
    again = repeated(ids)
    if len(again):
        findings.append(ids_finding("data/id", Level.ERROR, layer, "attributes-repeated-id", again.to_pylist()))
    if ids.null_count:
        values = {"file": layer.file, "count": ids.null_count, "rows": [row + 1 for row in rows_of(ids.is_null())]}
        message, about = Message("attributes-missing-id", values), Subject("layer", layer.name)
        findings.append(DataFinding("data/id", Level.ERROR, about, message))
    if table.unset is not None and len(table.unset):
        first = int(table.unset[0])
        findings += UnsetFar(layer.file, layer.name, len(table.unset), (first, subject_of(table, first).id)).finish()
    rows = np.array(rows_of(pc.and_(ids.is_valid(), pc.invert(pc.is_in(ids, value_set=again)))), np.intp)
    kept = table.take(rows)
    return Attributes(layer, kept, kept.texts["parcel_id"], rows)


def ids_finding(
    rule: str, level: Level, layer: MappedLayer, code: str, ids: list[str], near: Sequence[str] = ()
) -> DataFinding:
    """A finding about a layer that counts ids and names the first of them, and of those ``near`` to known ones both."""
    like = Message("ids-near", {"ids": near}) if near else ""
    message = Message(code, {"file": layer.file, "count": len(ids), "ids": ids[:NAMED], "near": like})
    return DataFinding(rule, level, Subject("layer", layer.name), message)
