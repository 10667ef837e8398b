"""Columns of numbers as digits: correctly rounded, thousands apart, and as JSON writes them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LARGEST = 2.0**52  # of the scaled number: what is less keeps its last digit
NEAR = 1e-6  # of half a unit in the last place: rounding is then left to Python, which has every digit


def rounded(values: Numbers, digits: int) -> pa.Array:
    """At most that many decimals, thousands apart, as ``f"{value:,.{digits}f}"`` without the zeros at its end."""
    finite = np.isfinite(values)
    scaled = np.abs(np.where(finite, values, 0.0)) * 10.0**digits
    clear = np.abs(scaled - np.floor(scaled) - 0.5) > np.maximum(NEAR, scaled * 2.0**-51)
    sure = finite & clear & (scaled < LARGEST)
    whole = np.rint(np.where(sure, scaled, 0.0)).astype(np.int64)
    return _replaced(_digits(whole, values < 0, digits), values, ~sure, lambda value: _text(value, digits))


def shortest(values: Numbers) -> pa.Array:
    """Every digit that a value has, thousands apart; ``nan`` and ``inf`` as Python writes them."""
    hundredths = np.abs(values) * 100.0
    plain = (hundredths < LARGEST) & (np.rint(hundredths) / 100.0 == np.abs(values))
    return _replaced(rounded(np.where(plain, values, 0.0), 2), values, ~plain, _every_digit)


def json_numbers(values: Numbers) -> pa.Array:
    """As JSON writes them: the shortest that reads back as the same number, null for what is none, nought unsigned."""
    written = msgspec.json.encode((values + 0.0).tolist())
    data = np.frombuffer(written, np.uint8)[1:-1]
    commas = np.flatnonzero(data == ord(","))
    ends = np.append(commas - np.arange(len(commas)), len(data) - len(commas))
    found = _strings(np.concatenate([[0], ends]), data[data != ord(",")])
    return pc.replace_substring_regex(found, "([0-9]e)([0-9])", r"\1+\2") if b"e" in written else found


def _text(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _every_digit(value: float) -> str:
    text = f"{value:,}"
    return _text(value, 17) if "e" in text else text.removesuffix(".0")


def _replaced(found: pa.Array, values: Numbers, where: NDArray[np.bool_], say: Callable[[float], str]) -> pa.Array:
    """The found texts, others in their place where they will not do."""
    if not where.any():
        return found
    several, places = np.unique(values[where], return_inverse=True)
    texts = pa.array([say(value) for value in several.tolist()], pa.string())
    return pc.replace_with_mask(found, pa.array(where), texts.take(pa.array(places)))


def _digits(whole: NDArray[np.int64], negative: NDArray[np.bool_], digits: int) -> pa.Array:
    """Whole numbers as decimals of that many digits, less the zeros at the end."""
    units, rest = np.divmod(whole, 10**digits)
    places = len(str(int(units.max(initial=0))))
    columns, kept = [np.full(len(whole), ord("-"), np.uint8)], [negative & (whole > 0)]
    for place in range(places - 1, -1, -1):
        shown = (units >= 10**place) if place else np.ones(len(whole), np.bool_)
        columns.append((units // 10**place % 10 + ord("0")).astype(np.uint8))
        kept.append(shown)
        if place and place % 3 == 0:
            columns.append(np.full(len(whole), ord(","), np.uint8))
            kept.append(shown)
    columns.append(np.full(len(whole), ord("."), np.uint8))
    kept.append(rest > 0)
    for place in range(digits - 1, -1, -1):
        columns.append((rest // 10**place % 10 + ord("0")).astype(np.uint8))
        kept.append(rest % 10 ** (place + 1) > 0)
    mask = np.column_stack(kept)
    return _strings(np.concatenate([[0], np.cumsum(mask.sum(axis=1))]), np.column_stack(columns)[mask])


def _strings(offsets: NDArray[np.int64], data: NDArray[np.uint8]) -> pa.Array:
    bounds = pa.py_buffer(offsets.astype(np.int32))
    return pa.StringArray.from_buffers(len(offsets) - 1, bounds, pa.py_buffer(np.ascontiguousarray(data)))
