"""A table of attributes joined onto the parcels by ``parcel_id``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.layers import Sheetful
from landcheck.fields.mapping import ColumnUse
from landcheck.measures import missing
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Kind, Level, Origin, Subject
from landcheck.request import Request

NAMED = 10  # how many ids a message lists before it only counts


@dataclass(slots=True)
class Attributes:
    """The table, one row an id: ``rows`` are their places in the file, ``met`` marks those that found their parcel."""

    file: str
    uses: tuple[ColumnUse, ...]
    table: Batch
    ids: pa.Array
    rows: NDArray[np.intp]
    met: NDArray[np.bool_]
    findings: list[DataFinding]

    def join(self, batch: Batch) -> list[DataFinding]:
        """Put the table's values into the batch; where parcel and table differ the table counts, and it is said."""
        place = pc.index_in(batch.texts["parcel_id"], value_set=self.ids)
        at = pc.fill_null(place, -1).to_numpy(zero_copy_only=False)
        self.met[at[at >= 0]] = True
        findings = []
        for use in self.uses:
            if use.field.kind is Kind.TEXT:
                _join_text(batch, self.table, use.field.name, place)
            else:
                findings += self._join_column(batch, use, at)
        return findings

    def row_of(self, parcel: str) -> int:
        """The row (from 1) of the table that speaks of the parcel."""
        return int(self.rows[pc.index(self.ids, parcel).as_py()]) + 1

    def unmet(self) -> list[DataFinding]:
        """A finding that counts and names the rows whose parcel is not in the layer."""
        lost = self.ids.filter(pa.array(~self.met)).to_pylist()
        if not lost:
            return []
        values = {"file": self.file, "count": len(lost), "ids": lost[:NAMED]}
        return [_finding("data/id", Level.WARNING, Message("attributes-without-parcel", values))]

    def _join_column(self, batch: Batch, use: ColumnUse, at: NDArray[np.int32]) -> list[DataFinding]:
        if not len(self.ids):
            return []
        name = use.field.name
        own, theirs = batch.columns[name], self.table.columns[name][at]
        known = (at >= 0) & ~missing(theirs, use.field.kind)
        differing = known & ~missing(own, use.field.kind) & (own != theirs)
        batch.columns[name] = np.where(known, theirs, own)
        batch.origins[name] = np.where(known, np.int8(Origin.ATTRIBUTES), batch.origins.get(name, np.int8(0)))
        return [self._conflict(batch, name, int(row)) for row in np.flatnonzero(differing)]

    def _conflict(self, batch: Batch, name: str, row: int) -> DataFinding:
        subject = Subject("parcel", batch.texts["parcel_id"][row].as_py())
        values = {"file": self.file, "field": name, "parcel": subject.id}
        return DataFinding(
            "data/value", Level.WARNING, subject, Message("attributes-differ", values), batch.first_row + row + 1
        )


def load(sheet: Sheetful, request: Request) -> Attributes:
    """Read the table; rows without an id or with a repeated one are findings and join nothing."""
    table = sheet.whole(request)
    ids = table.texts["parcel_id"]
    counted = pc.value_counts(ids.drop_null())
    repeated = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    usable = pc.and_(ids.is_valid(), pc.invert(pc.is_in(ids, value_set=repeated)))
    findings = [_unusable(sheet, "attributes-repeated-id", repeated.to_pylist())] if len(repeated) else []
    if ids.null_count:
        findings.append(_unusable(sheet, "attributes-missing-id", [str(n) for n in _null_rows(ids)]))
    rows = np.flatnonzero(usable.to_numpy(zero_copy_only=False))
    kept = table.take(rows)
    uses = tuple(use for use in sheet.uses if use.field.name != "parcel_id")
    return Attributes(sheet.file, uses, kept, kept.texts["parcel_id"], rows, np.zeros(len(rows), np.bool_), findings)


def _join_text(batch: Batch, table: Batch, name: str, place: pa.Array) -> None:
    batch.texts[name] = pc.coalesce(table.texts[name].take(place), batch.texts[name])


def _null_rows(ids: pa.Array) -> list[int]:
    return [int(row) + 1 for row in np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))]


def _unusable(sheet: Sheetful, code: str, named: list[str]) -> DataFinding:
    values = {"file": sheet.file, "count": len(named), "ids": named[:NAMED]}
    return _finding("data/id", Level.ERROR, Message(code, values))


def _finding(rule: str, level: Level, message: Message) -> DataFinding:
    return DataFinding(rule, level, Subject("layer", "attributes"), message)
