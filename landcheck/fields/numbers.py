"""Columns of any type as numbers in the unit of their field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import qualified
from landcheck.fields.cells import CellFault, faults_at, is_text, narrow, plain, read_each, trimmed, unreadable
from landcheck.fields.mapping import ColumnUse
from landcheck.fields.units import UNITS, convert, find
from landcheck.messages import Message, Text, number
from landcheck.model import Field

# No area, sum of money, FAR or term is beyond these, whatever its unit; what is comes of a slip or a damaged file.
MOST, LEAST = 1e15, 1e-6
SHARES = 100
"""m2 up to which a number under a heading that was cut may as well be a percentage, or hectares: the word is gone."""

_PLAIN = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$"
_WRITTEN = re.compile(
    r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)\s*([^0-9\s,.].*)?"
)


def numbers(
    column: pa.Array, use: ColumnUse, *, impossible: bool = False
) -> tuple[NDArray[np.float64], list[CellFault]]:
    """float64 in the field's unit, NaN where missing. Not writable where Arrow's own memory could be used.

    ``impossible``: values that no plot has are let stand.
    """
    column = plain(column)
    if is_text(column.type):
        values, faults = _from_text(column, use)
    elif pa.types.is_null(column.type):
        values, faults = np.full(len(column), np.nan), []
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        values, faults = _from_numbers(column), []
        values = convert(values, use.unit, use.field.unit)
    else:
        return np.full(len(column), np.nan), unreadable(column, Message("fields-not-a-number"))
    if use.evidence == "cut" and not use.column.isascii() and UNITS[use.unit].dimension == "area":
        small = (values > 0) & (values <= SHARES)
        reason = Message("fields-cut-unit", {"map": f"{qualified(use.field)}={use.column}:{use.unit}"})
        faults += faults_at(np.flatnonzero(small), column, reason)
        values = np.where(small, np.nan, values)
    return _within(values, column, replace(use.field, possible=None) if impossible else use.field, faults)


def _from_numbers(column: pa.Array) -> NDArray[np.float64]:
    if pa.types.is_decimal(column.type) or column.type in (pa.float32(), pa.float16()):
        # By way of text: 2.3 in single precision means 2.3 and not 2.299999952
        column = column.cast(pa.float32()) if column.type == pa.float16() else column
        column = column.cast(pa.string()).cast(pa.float64())
    values: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return values.astype(np.float64, copy=False)


def _from_text(column: pa.Array, use: ColumnUse) -> tuple[NDArray[np.float64], list[CellFault]]:
    text = trimmed(column)
    simple = pc.match_substring_regex(text, _PLAIN)
    parsed = pc.if_else(simple, text, pa.scalar(None, pa.string())).cast(pa.float64())
    values = convert(parsed.to_numpy(zero_copy_only=False), use.unit, use.field.unit)
    rest = pc.if_else(simple, pa.scalar(None, pa.string()), text)
    if rest.null_count == len(rest):
        return values, []
    others, faults = read_each(rest, lambda word: _written(word, use), np.nan, np.float64)
    return np.where(rest.is_valid().to_numpy(zero_copy_only=False), others, values), faults


def _written(text: str, use: ColumnUse) -> float | Message:
    """One text that is no plain number: full-width, grouped by thousands, or with its own unit."""
    found = _WRITTEN.fullmatch(narrow(text))
    if not found:
        return Message("fields-not-a-number")
    value = float(found[1].replace(",", ""))
    if not found[2]:
        return convert(value, use.unit, use.field.unit)
    unit = find(found[2])
    if unit is None:
        return Message("fields-not-a-number")
    if not _may_stand(unit.symbol, use):
        return Message("fields-value-unit", {"unit": unit.label, "wanted": UNITS[use.unit].label})
    return convert(value, unit.symbol, use.field.unit)


def _may_stand(unit: str, use: ColumnUse) -> bool:
    """A unit in the cell counts where it is the column's, or where the column names none of its own.

    Percent never stands for itself: nobody can tell whether 2.5% beside 2.5 is a slip or a ratio of 0.025.
    """
    if unit == use.unit:
        return True
    same_dimension = UNITS[unit].dimension == UNITS[use.field.unit].dimension
    return same_dimension and use.unit == use.field.unit and unit != "percent"


def _within(
    values: NDArray[np.float64], column: pa.Array, a_field: Field, faults: list[CellFault]
) -> tuple[NDArray[np.float64], list[CellFault]]:
    """Numbers without sense and those beyond the field's limits become missing, each with a fault."""
    size = np.abs(values)
    wrong = [
        (np.isinf(values), Message("fields-infinite")),
        (size > MOST, Message("fields-too-large")),
        ((size < LEAST) & (values != 0), Message("fields-too-small")),
    ]
    if a_field.at_least is not None:
        below = values < a_field.at_least
        wrong.append((below, Message("fields-below", {"limit": _limit(a_field.at_least, a_field)})))
    if a_field.more_than is not None:
        below = values <= a_field.more_than
        wrong.append((below, Message("fields-not-above", {"limit": _limit(a_field.more_than, a_field)})))
    if a_field.possible is not None:
        wrong += _impossible(values, a_field)
    seen = np.zeros(len(values), dtype=bool)
    for rows, reason in wrong:
        if rows.any():
            new = rows & ~seen
            seen |= rows
            faults += faults_at(np.flatnonzero(new), column, reason)
    return (np.where(seen, np.nan, values), faults) if seen.any() else (values, faults)


def _impossible(values: NDArray[np.float64], a_field: Field) -> Iterator[tuple[NDArray[np.bool_], Message]]:
    """Values that no plot has (CONTRACT section 9), with what they mostly come of."""
    assert a_field.possible is not None
    least, most = a_field.possible
    told = {"least": _limit(least, a_field), "most": _limit(most, a_field), "slip": a_field.slip or Text("", "")}
    yield (values > most) | ((values < least) & (values != 0)), Message("fields-impossible", told)


def _limit(limit: float, a_field: Field) -> Text:
    unit = UNITS[a_field.unit].label if a_field.unit != "1" else Text("", "")
    return Text(f"{number(limit)} {unit.zh}".strip(), f"{number(limit)} {unit.en}".strip())
