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
# the digits of the numbers below, and which of them are left when zeros at the end go
TEN_THOUSAND = (np.arange(10_000)[:, None] // (1000, 100, 10, 1) % 10 + ord("0")).astype(np.uint8)
WITHOUT_ZEROS = np.maximum.accumulate(TEN_THOUSAND[:, ::-1] > ord("0"), axis=1)[:, ::-1]
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
    groups = -(-len(str(int(units.max(initial=0)))) // 3)
    parts = -(-digits // 4)
    rest = rest * 10 ** (4 * parts - digits)
    text = np.full((len(whole), 1 + 4 * groups + 4 * parts), ord(","), np.uint8)
    kept = np.zeros(text.shape, np.bool_)
    text[:, 0], kept[:, 0] = ord("-"), negative & (whole > 0)
    for group in range(groups):  # from the left: three digits, and a comma or the point
        at, place = 1 + 4 * group, 3 * (groups - 1 - group)
        text[:, at : at + 3] = TEN_THOUSAND.take(units // 10**place % 1000, axis=0)[:, 1:]
        for digit in range(3):
            kept[:, at + digit] = units >= 10 ** (place + 2 - digit)
        kept[:, at + 3] = units >= 10**place
    kept[:, 4 * groups - 1] = True  # the last digit of the units, though it is nought
    text[:, 4 * groups], kept[:, 4 * groups] = ord("."), rest > 0
    for part in range(parts):
        at, further = 1 + 4 * (groups + part), 4 * (parts - 1 - part)
        four = rest // 10**further % 10_000
        text[:, at : at + 4] = TEN_THOUSAND.take(four, axis=0)
        kept[:, at : at + 4] = WITHOUT_ZEROS.take(four, axis=0)
        if further:
            kept[:, at : at + 4] |= (rest % 10**further > 0)[:, None]
    return _strings(np.concatenate([[0], np.cumsum(np.count_nonzero(kept, axis=1))]), text[kept])


def _strings(offsets: NDArray[np.int64], data: NDArray[np.uint8]) -> pa.Array:
    bounds = pa.py_buffer(offsets.astype(np.int32))
    return pa.StringArray.from_buffers(len(offsets) - 1, bounds, pa.py_buffer(np.ascontiguousarray(data)))
