"""Numbers as a reader should see them: short, never equal to a limit they miss, amounts never too small to suffice.

Each is a column of texts to a column of numbers; a single number is a column of one, and a slot the mark of its column.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.report.content.numerals import Numbers, rounded, shortest
from landcheck.report.content.slots import Slot, Write

SLACK = 1e-6  # of the last digit shown: binary noise such as 0.30000000000000004 is no reason to round up
MOST = 12  # decimals
POWERS = np.array([10.0**digits for digits in range(MOST + 1)])
APART = 1e-4  # what differs by more still does so when rounded to four decimals


def grouped(value: float, digits: int = 4) -> str:
    """At most that many decimals, thousands apart: ``12,345.5``."""
    return _written(value, rounded, digits)


def exact(value: float) -> str:
    """Every digit the value has, thousands apart, so that a sum can be redone by hand."""
    return _written(value, shortest)


def beside(value: float, limit: float) -> str:
    """As few decimals, from four up, as keep the value on its side of the limit and of nought: 1.99996 is no 2."""
    return _written(value, _beside, limit)


def about(value: float, digits: int = 4) -> str:
    """Rounded to that many decimals, more where two digits need them: a gap is never shown as none."""
    return _written(value, _about, digits)


def gap_to(limit: float, value: float) -> str:
    """As ``about``, and with two digits of what there is beside the gap: it is never shown as the whole limit."""
    return _written(value, _gap_to, limit)


def at_least(value: float, digits: int) -> str:
    """As ``about``, rounded up so that the amount suffices."""
    return _written(value, _at_least, digits)


def area(gap_m2: float) -> str:
    """Square metres to the hundredth, rounded up: what closes a gap of that size either way."""
    return at_least(abs(gap_m2), 2)


def _written(value: float, write: Write, *given: float) -> str:
    if isinstance(value, Slot):
        return value.written(write, *given)
    text: str = write(np.array([value], np.float64), *given)[0].as_py()
    return text


def _beside(values: Numbers, limit: float) -> pa.Array:
    found, left = rounded(values, 4), np.minimum(np.abs(values - limit), np.abs(values)) <= APART
    for digits in range(4, MOST + 1):
        if not left.any():
            break
        texts = rounded(values[left], digits)
        found = pc.replace_with_mask(found, pa.array(left), texts)
        shown = np.array([float(text.replace(",", "")) for text in texts.to_pylist()])
        near = values[left]
        left[left] = (np.sign(shown - limit) != np.sign(near - limit)) | (np.sign(shown) != np.sign(near))
    return found


def _about(values: Numbers, digits: int) -> pa.Array:
    return _to_digits(values, _enough(values, digits))


def _gap_to(values: Numbers, limit: float) -> pa.Array:
    return _to_digits(values, np.maximum(_enough(values, 4), _enough(values - limit, 4)))


def _at_least(values: Numbers, digits: int) -> pa.Array:
    needed = _enough(values, digits)
    raised = np.ceil(values * POWERS[needed] - SLACK) / POWERS[needed]
    return _to_digits(np.where(np.isfinite(raised), raised, values), needed)


def _to_digits(values: Numbers, digits: NDArray[np.int64]) -> pa.Array:
    """Rounded to each its own number of decimals."""
    found = rounded(values, int(digits.min(initial=MOST)))
    for more in np.flatnonzero(np.bincount(digits))[1:].tolist():
        rows = digits == more
        found = pc.replace_with_mask(found, pa.array(rows), rounded(values[rows], more))
    return found


def _enough(values: Numbers, digits: int) -> NDArray[np.int64]:
    """How many decimals show two digits of a number below one."""
    sizes = np.abs(values)
    small = (sizes > 0) & (sizes < 1)
    wanted = 1 - np.floor(np.log10(np.where(small, sizes, 1.0)))
    return np.asarray(np.maximum(digits, np.minimum(MOST, wanted) * small), np.int64)
