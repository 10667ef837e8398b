"""Batches from GDAL, checked: a damaged file can give offsets that point outside, or text that is no UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import Level
from landcheck.read.layer import Tell, about_file
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa


def sound(batch: pa.RecordBatch, first_row: int, source: Source, tell: Tell) -> pa.RecordBatch:
    """The batch as it is, or with text that is no UTF-8 decoded as GB18030; InputError where it is broken."""
    import pyarrow as pa

    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        columns = [_mended(name, batch.column(name), first_row, source, tell) for name in batch.schema.names]
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
    return batch


def _mended(name: str, column: pa.Array, first_row: int, source: Source, tell: Tell) -> pa.Array:
    import pyarrow as pa

    binary = column.view(pa.binary()) if pa.types.is_string(column.type) else column
    try:
        binary.validate(full=True)
    except pa.ArrowInvalid:
        raise InputError("read-column-broken", file=source.file, column=name) from None
    return column if binary is column else _decoded(name, binary, first_row, source, tell)


def _decoded(name: str, column: pa.Array, first_row: int, source: Source, tell: Tell) -> pa.Array:
    """The text of the column; values that are no UTF-8 are taken as GB18030 and told of."""
    import pyarrow as pa

    values = column.to_pylist()
    bad = [row for row, value in enumerate(values) if value is not None and not _is_utf8(value)]
    if bad:
        row = first_row + bad[0] + 1
        told = {"file": source.file, "column": name, "count": len(bad), "row": row}
        tell(about_file("data/value", Level.ERROR, source.role, Message("read-not-utf8", told), row))
    for row in bad:
        values[row] = values[row].decode("gb18030", errors="replace").encode()
    return pa.array(values, pa.binary()).cast(pa.string())


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
