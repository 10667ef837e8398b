"""The columns of a file as the fields of a layer: types, units, words; what may be assumed where a value is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import fields, qualified
from landcheck.fields.cells import CellFault, faults_at, set_aside
from landcheck.fields.choices import choices, texts, truths
from landcheck.fields.dates import dates
from landcheck.fields.mapping import ROW, ColumnUse
from landcheck.fields.numbers import numbers
from landcheck.messages import Message
from landcheck.model import NO_DATE, Batch, Field, Kind, Origin, Role, Tri, day_number

ALIKE = 1e-9
"""How far, relatively, the numbers of two columns of one field may lie apart: what conversion of units leaves."""


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
    role: Role, rows: pa.RecordBatch, uses: Sequence[ColumnUse], first_row: int, *, impossible: bool = False
) -> tuple[Batch, list[ValueFault]]:
    """Every field of ``role`` as a column of the batch; a field without a column is missing throughout.

    Arrays may be read-only (Arrow's memory, or one missing value spread over all rows): replace them, never write
    into them. ``wkb`` is left to the caller. Faults come in the order of their rows. ``impossible``: numbers that no
    plot has stay, as evidence of a mistaken unit.
    """
    batch = Batch(role, rows.num_rows, first_row)
    by_field = {use.field.name: use for use in uses}
    faults: list[ValueFault] = []
    for a_field in fields(role):
        use = by_field.get(a_field.name)
        if use is None:
            _missing(batch, a_field)
            continue
        values, found, told = _several(rows, use, first_row, impossible=impossible)
        (batch.texts if a_field.kind is Kind.TEXT else batch.columns)[a_field.name] = values
        if a_field.zero_is_none:
            _unset(batch, a_field.name)
        if lost := [*told.tolist(), *(fault.row for fault in found)]:
            hide(batch, a_field.name, np.isin(np.arange(batch.rows), lost))
        faults += [ValueFault(first_row + row, a_field, use.column, value, why) for row, value, why in found]
    return batch, sorted(faults, key=lambda fault: fault.row)


def _several(
    rows: pa.RecordBatch, use: ColumnUse, first_row: int, *, impossible: bool
) -> tuple[Any, list[CellFault], NDArray[np.intp]]:
    """The columns of one field: each fills what the first leaves empty; a row in which they differ is a fault.

    Last come the rows with a cell that could not be read and of which its reader has told.
    """
    column, told = set_aside(_column(rows, use.column, first_row))
    values, found = _read(column, use, impossible=impossible)
    for other in use.others:
        also, more_told = set_aside(_column(rows, other.column, first_row))
        more, faults = _read(also, other, impossible=impossible)
        values, apart = _together(use.field.kind, values, more)
        reason = Message("fields-differ", {"columns": use.columns, "map": f"{qualified(use.field)}={use.column}"})
        held = zip(faults_at(apart, column, reason), faults_at(apart, also, reason), strict=True)
        told = np.union1d(told, more_told)
        found = [*found, *faults, *(one._replace(value=f"{one.value} / {two.value}") for one, two in held)]
    return values, found, told


def _together(kind: Kind, one: Any, two: Any) -> tuple[Any, NDArray[np.intp]]:
    """Two columns as one, each where the other has nothing, and the rows in which both hold something else."""
    if kind is Kind.TEXT:
        differ = pc.fill_null(pc.not_equal(one, two), fill_value=False).to_numpy(zero_copy_only=False)
        return pc.coalesce(one, two), np.flatnonzero(differ)
    gaps, others = (np.isnan(each) if kind is Kind.NUMBER else each == _NOTHING[kind] for each in (one, two))
    same = np.isclose(one, two, rtol=ALIKE, atol=0) if kind is Kind.NUMBER else one == two
    return np.where(gaps, two, one), np.flatnonzero(~gaps & ~others & ~same)


def _column(rows: pa.RecordBatch, name: str, first_row: int) -> pa.Array:
    if name == ROW and ROW not in rows.schema.names:
        return pa.array(np.arange(first_row + 1, first_row + rows.num_rows + 1))
    return rows.column(rows.schema.names.index(name))


def _read(column: pa.Array, use: ColumnUse, *, impossible: bool) -> tuple[Any, list[CellFault]]:
    match use.field.kind:
        case Kind.TEXT:
            return texts(column, use)
        case Kind.NUMBER:
            return numbers(column, use, impossible=impossible)
        case Kind.BOOL:
            return truths(column, use)
        case Kind.ENUM:
            return choices(column, use)
        case Kind.DATE:
            return dates(column)


def _unset(batch: Batch, name: str) -> None:
    """Nought is no figure here: the value is missing, and the row noted."""
    values = batch.columns[name]
    batch.unset = np.flatnonzero(values == 0)
    if len(batch.unset):
        batch.columns[name] = np.where(values == 0, np.nan, values)


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


def assume(batch: Batch, as_of: dt.date, but: Collection[str] = ()) -> dict[str, int]:
    """Fills what is missing and may be assumed, marks it in ``batch.origins``; the number of rows for each field.

    ``as_of`` is the date of the check, taken for a missing approval date. Areas from the drawing, footprint x
    floors and place are evidence and not filled here; call this after them, and name the fields in ``but`` that
    evidence alone may fill. Fields with nothing to fill are left out.
    """
    counts: dict[str, int] = {}
    for a_field in fields(batch.role):
        value = _assumed(a_field, as_of)
        if value is None or a_field.name in but:
            continue
        column = batch.columns[a_field.name]
        gaps = column == (NO_DATE if a_field.kind is Kind.DATE else Tri.UNKNOWN)
        if rows := fill(batch, a_field.name, gaps, column.dtype.type(value), Origin.ASSUMED):
            counts[a_field.name] = rows
    return counts


def _assumed(a_field: Field, as_of: dt.date) -> int | None:
    if a_field.kind is Kind.BOOL and a_field.assumed is not None:
        return Tri.TRUE if a_field.assumed else Tri.FALSE
    if a_field.assumed == "as_of":
        return day_number(as_of)
    return None


def fill(batch: Batch, name: str, rows: NDArray[np.bool_], values: NDArray[Any] | np.generic, origin: Origin) -> int:
    """Put ``values`` into those rows of a column (for others they mean nothing), and mark where they come from.

    A cell that cannot be read stays unknown (CONTRACT section 9), unless a table of attributes states the value.
    Returns the number of rows filled.
    """
    if origin is not Origin.ATTRIBUTES:
        rows = rows & ~unreadable_rows(batch, name)
    count = int(np.count_nonzero(rows))
    if count:
        column, before = batch.columns[name], batch.origins.get(name, np.int8(Origin.LAYER))
        batch.columns[name] = np.where(rows, values, column)
        batch.origins[name] = np.where(rows, np.int8(origin), before)
    return count


def fill_text(batch: Batch, name: str, values: pa.Array) -> None:
    """Put ``values`` where a text is missing; an unreadable one stays so."""
    unreadable = unreadable_rows(batch, name)
    if unreadable.any():
        values = pc.if_else(pa.array(unreadable), pa.scalar(None, values.type), values)
    batch.texts[name] = pc.coalesce(batch.texts[name], values)


def unread(batch: Batch, name: str, rows: NDArray[np.integer]) -> None:
    """Mark rows of a column whose cells hold something that cannot be read or cannot be."""
    origins = np.array(np.broadcast_to(batch.origins.get(name, np.int8(Origin.LAYER)), batch.rows))
    origins[rows] = Origin.UNREADABLE
    batch.origins[name] = origins


def hide(batch: Batch, name: str, rows: NDArray[np.bool_]) -> None:
    """Make the values of those rows missing, and mark them as unreadable."""
    forget(batch, name, rows)
    unread(batch, name, np.flatnonzero(rows))


def forget(batch: Batch, name: str, rows: NDArray[np.bool_]) -> None:
    """Make the values of those rows missing."""
    if name in batch.texts:
        batch.texts[name] = pc.if_else(pa.array(rows), pa.scalar(None, pa.string()), batch.texts[name])
    else:
        kind = next(a_field.kind for a_field in fields(batch.role) if a_field.name == name)
        batch.columns[name] = np.where(rows, _NOTHING[kind], batch.columns[name])


def unreadable_rows(batch: Batch, name: str) -> NDArray[np.bool_]:
    """The rows whose cell cannot be read."""
    origins = batch.origins.get(name)
    return np.zeros(batch.rows, np.bool_) if origins is None else np.asarray(origins == Origin.UNREADABLE)
