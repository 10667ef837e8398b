"""The columns of a file as the fields of a layer: types, units, words. What cannot be read is missing, with a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from landcheck.fields.catalogue import fields
from landcheck.fields.cells import Fault
from landcheck.fields.dates import dates
from landcheck.fields.mapping import ColumnUse
from landcheck.fields.numbers import numbers
from landcheck.fields.words import choices, texts, truths
from landcheck.messages import Message
from landcheck.model import NO_DATE, Batch, Field, Kind, Role, Tri


@dataclass(frozen=True, slots=True)
class ValueFault:
    """A value that could not be used and is missing now. ``row`` counts from 0 in the file; ``value`` as it stood."""

    row: int
    field: Field
    column: str
    value: str
    reason: Message

    def message(self, file: str) -> Message:
        """The whole sentence: file, row from 1, field, column, value, what is wrong."""
        return Message("fields-value", {
            "file": file, "row": self.row + 1, "field": self.field.name, "label": self.field.label,
            "column": self.column, "value": self.value, "reason": self.reason,
        })  # fmt: skip


def normalise(
    role: Role, rows: pa.RecordBatch, uses: Sequence[ColumnUse], first_row: int
) -> tuple[Batch, list[ValueFault]]:
    """Every field of ``role`` as a column of the batch; a field without a column is missing throughout.

    Arrays may be read-only (Arrow's memory, or one missing value spread over all rows): replace them, never write
    into them. ``wkb`` is left to the caller. Faults come in the order of their rows.
    """
    batch = Batch(role, rows.num_rows, first_row)
    by_field = {use.field.name: use for use in uses}
    faults: list[ValueFault] = []
    for a_field in fields(role):
        use = by_field.get(a_field.name)
        if use is None:
            _missing(batch, a_field)
            continue
        column = rows.column(rows.schema.names.index(use.column))
        found = _read(batch, column, use)
        faults += [ValueFault(first_row + row, a_field, use.column, value, why) for row, value, why in found]
    return batch, sorted(faults, key=lambda fault: fault.row)


def _read(batch: Batch, column: pa.Array, use: ColumnUse) -> list[Fault]:
    name = use.field.name
    faults: list[Fault]
    match use.field.kind:
        case Kind.TEXT:
            batch.texts[name], faults = texts(column, use)
        case Kind.NUMBER:
            batch.columns[name], faults = numbers(column, use)
        case Kind.BOOL:
            batch.columns[name], faults = truths(column, use)
        case Kind.ENUM:
            batch.columns[name], faults = choices(column, use)
        case Kind.DATE:
            batch.columns[name], faults = dates(column)
    return faults


def _missing(batch: Batch, a_field: Field) -> None:
    if a_field.kind is Kind.TEXT:
        batch.texts[a_field.name] = pa.nulls(batch.rows, pa.string())
    else:
        batch.columns[a_field.name] = np.broadcast_to(_NOTHING[a_field.kind], batch.rows)


_NOTHING: dict[Kind, np.generic] = {
    Kind.NUMBER: np.float64(np.nan),
    Kind.BOOL: np.int8(Tri.UNKNOWN),
    Kind.ENUM: np.int8(-1),
    Kind.DATE: np.int32(NO_DATE),
}
