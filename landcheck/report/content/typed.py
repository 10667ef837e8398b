"""The findings of a block as a table of Arrow's types, from the row that a writer makes of one that stands for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.model import Finding
from landcheck.report.content.filled import Block, in_order
from landcheck.report.content.slots import MarkedTexts, RowSlot, Slot, SlotCells


def typed(block: Block, row: Callable[[Finding], Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """A row a finding; what the row lacks is null."""
    places, parts = block.alike(), list[list[pa.Array]]()
    for rows in places:
        cells = SlotCells(rows)
        held = row(block.finding(int(rows[0]), cells))
        parts.append([_column(held.get(field.name), field.type, len(rows), cells.marks) for field in schema])
    return pa.Table.from_arrays([in_order(places, column) for column in zip(*parts, strict=True)], schema=schema)


def _column(value: Any, kind: pa.DataType, rows: int, marks: MarkedTexts) -> pa.Array:
    """The column that a value stands for."""
    if value is None:
        return pa.nulls(rows, kind)
    if isinstance(value, Slot | RowSlot):
        return pa.array(value.column, kind)
    if isinstance(value, str):
        return marks.filled(value, rows)
    if pa.types.is_struct(kind):
        held = [_column(value[field.name], field.type, rows, marks) for field in kind]
        return pa.StructArray.from_arrays(held, fields=list(kind))
    return _lists(value, kind, rows, marks) if pa.types.is_list(kind) else pa.repeat(pa.scalar(value, kind), rows)


def _lists(values: Sequence[Any], kind: pa.DataType, rows: int, marks: MarkedTexts) -> pa.Array:
    """Lists of as many items each."""
    each = len(values)
    ends = pa.array(np.arange(rows + 1) * each, pa.int32())
    columns = [_column(one, kind.value_type, rows, marks) for one in values]
    items = pa.concat_arrays(columns) if columns else pa.nulls(0, kind.value_type)
    by_row = np.arange(rows * each).reshape(each, rows).T.ravel()
    return pa.ListArray.from_arrays(ends, items.take(pa.array(by_row)), kind)
