"""A table of attributes joined onto the parcels by ``parcel_id``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.mapped import MappedLayer
from landcheck.fields.normalise import fill
from landcheck.measures import missing
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Kind, Level, Origin, Subject
from landcheck.quality.ids import present, row_finding, rows_of
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
        """Put the table's values into a batch of parcels: where both have one, the table's counts.

        Returns which of ``ids`` rows of the batch have, and a finding for each value that differs.
        """
        place = pc.index_in(batch.texts["parcel_id"], value_set=self.ids)
        at = pc.fill_null(place, -1).to_numpy(zero_copy_only=False)
        findings: list[DataFinding] = []
        for field in (use.field for use in self.layer.uses if use.field.name != "parcel_id"):
            name = field.name
            if field.kind is Kind.TEXT:
                batch.texts[name] = pc.coalesce(self.table.texts[name].take(place), batch.texts[name])
            elif len(self.ids):
                own, theirs = batch.columns[name], self.table.columns[name][at]
                known = (at >= 0) & ~missing(theirs, field.kind)
                fill(batch, name, known, theirs, Origin.ATTRIBUTES)
                differing = known & ~missing(own, field.kind) & (own != theirs)
                values = {"file": self.layer.file, "field": name}
                findings += [
                    row_finding("data/value", Level.WARNING, batch, row, "attributes-differ", values)
                    for row in np.flatnonzero(differing).tolist()
                ]
        return present(at, len(self.ids)), findings

    def row_of(self, parcel: str) -> int:
        """The row (from 1) of the table that speaks of the parcel."""
        return int(self.rows[pc.index(self.ids, parcel).as_py()]) + 1

    def unmatched(self, found: NDArray[np.bool_]) -> list[DataFinding]:
        """A finding that counts and names the ids that no parcel has; ``found`` marks those that one has."""
        lost = self.ids.filter(pa.array(~found)).to_pylist()
        return [_finding(self.layer, Level.WARNING, "attributes-without-parcel", lost)] if lost else []


def load_attributes(layer: MappedLayer, request: Request) -> tuple[Attributes, list[DataFinding]]:
    """Read the table; rows without an id or with a repeated one are findings and join nothing."""
    table = layer.whole(request)
    ids = table.texts["parcel_id"]
    counted = pc.value_counts(ids.drop_null())
    repeated = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    findings = []
    if len(repeated):
        findings.append(_finding(layer, Level.ERROR, "attributes-repeated-id", repeated.to_pylist()))
    if ids.null_count:
        numbers = [str(row + 1) for row in rows_of(ids.is_null())]
        findings.append(_finding(layer, Level.ERROR, "attributes-missing-id", numbers))
    rows = np.array(rows_of(pc.and_(ids.is_valid(), pc.invert(pc.is_in(ids, value_set=repeated)))), np.intp)
    kept = table.take(rows)
    return Attributes(layer, kept, kept.texts["parcel_id"], rows), findings


def _finding(layer: MappedLayer, level: Level, code: str, named: list[str]) -> DataFinding:
    message = Message(code, {"file": layer.file, "count": len(named), "ids": named[:NAMED]})
    return DataFinding("data/id", level, Subject("layer", "attributes"), message)
