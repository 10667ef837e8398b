"""Columns of any type as dates."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.cells import CellFault, faults_at, is_empty, is_text, narrow, plain, read_each, unreadable
from landcheck.messages import Message
from landcheck.model import NO_DATE, day_number

FIRST, LAST = dt.date(1949, 1, 1), dt.date(2100, 12, 31)
EXCEL_EPOCH = dt.date(1899, 12, 30)  # day 0 of the 1900 system, its false 1900-02-29 allowed for
EXCEL_FIRST, EXCEL_LAST = 30_000, 60_000  # 1982-02-18 to 2064-04-08
SHANGHAI = dt.timezone(dt.timedelta(hours=8))  # a GIS server hands midnight in Shanghai out as 16:00 UTC the day before

MONTH_ONLY = 1 << 24
"""Added to the first day of a month that is written without its day, until ``settle_months`` has looked at it."""

_YMD = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]+(.+))?")
_CHINESE = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?", re.IGNORECASE)
_PART = re.compile(r"[0-9]{4}(?:[-/.年]\s*(?:[0-9]{1,2}月?)?)?|[0-9]{6}")
_MONTH = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})|\.([02-9]|[0-9]{2})|\s*年\s*([0-9]{1,2})\s*月份?)")
"""2021.1 may be what is left of 2021.10, a number."""
_DAY_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})")


def dates(column: pa.Array) -> tuple[NDArray[np.int32], list[CellFault]]:
    """int32 days since 1970-01-01, ``NO_DATE`` where missing; ``MONTH_ONLY`` more than its first for a month."""
    column = plain(column)
    kind = column.type
    if is_text(kind):
        return read_each(column.cast(pa.string()), _written, NO_DATE, np.int32)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return read_each(column, _number, NO_DATE, np.int32)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _from_days(column)
    if pa.types.is_null(kind):
        return np.full(len(column), NO_DATE, dtype=np.int32), []
    return np.full(len(column), NO_DATE, dtype=np.int32), unreadable(column, Message("fields-not-a-date"))


def _from_days(column: pa.Array) -> tuple[NDArray[np.int32], list[CellFault]]:
    days = _shanghai(column) if getattr(column.type, "tz", None) else column
    # date32 is bounded by years of five digits; date64 and timestamps beyond it would not cast
    whole = days.cast(pa.date32(), safe=False).cast(pa.int32())
    values: NDArray[Any] = whole.fill_null(NO_DATE).to_numpy(zero_copy_only=False)
    outside = (values != NO_DATE) & ((values < day_number(FIRST)) | (values > day_number(LAST)))
    faults = faults_at(np.flatnonzero(outside), column, _range())
    return np.where(outside, NO_DATE, values).astype(np.int32, copy=False), faults


def _shanghai(column: pa.Array) -> pa.Array:
    instants = column.cast(pa.timestamp("s", "UTC"), safe=False).cast(pa.int64())
    return pc.add(instants, 8 * 3600).cast(pa.timestamp("s"))


def _number(value: float | Decimal | None) -> int | Message | None:
    """A number in a date column: 20210901, or the serial day of a spreadsheet with its time as the fraction."""
    if value is None or math.isnan(value):
        return None
    if EXCEL_FIRST <= value <= EXCEL_LAST:
        return day_number(EXCEL_EPOCH) + int(value)
    if math.isfinite(value) and value == int(value) and (found := _COMPACT.fullmatch(str(int(value)))):
        return _day(*found.groups())
    return Message("fields-date-incomplete" if 1949 <= value <= 210_012 else "fields-not-a-date")


def _written(text: str) -> int | Message | None:
    if is_empty(text):
        return None
    word = narrow(text)
    if found := _YMD.fullmatch(word):
        return _with_time(found)
    if found := (_CHINESE.fullmatch(word) or _COMPACT.fullmatch(word)):
        return _day(*found.groups())
    if found := _MONTH.fullmatch(word):
        first = _day(found[1], found[2] or found[3] or found[4], "1")
        return first if isinstance(first, Message) else first + MONTH_ONLY
    if _PART.fullmatch(word):
        return Message("fields-date-incomplete")
    return Message("fields-date-order" if _DAY_FIRST.fullmatch(word) else "fields-not-a-date")


def _with_time(found: re.Match[str]) -> int | Message:
    year, _, month, day, time = found.groups()
    if time is None:
        return _day(year, month, day)
    clock = _TIME.fullmatch(time.strip())
    if not clock:
        return Message("fields-not-a-date")
    if not clock[1]:
        return _day(year, month, day)
    try:
        instant = dt.datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{''.join(time.split()).upper()}")
    except ValueError:
        return Message("fields-not-a-date")
    there = instant.astimezone(SHANGHAI)
    return _day(f"{there.year}", f"{there.month}", f"{there.day}")


def _day(year: str, month: str, day: str) -> int | Message:
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        return Message("fields-date-impossible")
    return day_number(date) if FIRST <= date <= LAST else _range()


def _range() -> Message:
    return Message("fields-date-range", {"first": FIRST.year, "last": LAST.year})
