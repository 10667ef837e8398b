"""Areas added up and divided as they are written, a column at a time, rounded to the side that complies.

A formula is worked out in whole steps of a tenth of a square millimetre, in 64 bits, where no number has more than four
decimals, else in fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ratio = tuple[int, int]
Rounded = Callable[[Any, int], Any]
Formula = Callable[..., Sequence[Any]]

STEPS = 10_000
LARGEST = 10**12  # steps; what is left of 64 bits is for the limit
WIDEST = 90_000  # of a limit as a fraction


def exactly(formula: Formula, limits: Sequence[Decimal], *columns: Numbers) -> list[Numbers]:
    """The results of a formula on columns of finite numbers.

    It takes ``down`` (an amount, and what it is to be divided by: the next hundredth that is not more), then the
    limits, each as a pair of whole numbers, then the columns.
    """
    pairs = [limit.as_integer_ratio() for limit in limits]
    steps = [np.rint(column * STEPS) for column in columns]
    plain = np.full(len(columns[0]), max(abs(number) for pair in pairs for number in pair) <= WIDEST)
    for column, whole in zip(columns, steps, strict=True):
        plain &= (whole / STEPS == column) & (np.abs(whole) <= LARGEST)
    results = formula(_down(100), *pairs, *(np.where(plain, whole, 0).astype(np.int64) for whole in steps))
    found = [np.asarray(one, np.float64) / STEPS for one in results]
    if not plain.all():
        for out, one in zip(
            found, formula(_down(Fraction(1, 100)), *pairs, *(_fractions(c[~plain]) for c in columns)), strict=True
        ):
            out[~plain] = np.asarray(one, np.float64)
    return found


def difference(limit: float, column: Numbers) -> Numbers:
    """The limit less each number, as both are written."""
    least = Decimal(repr(limit))
    steps, whole = np.rint(column * STEPS), float(least * STEPS)
    plain = (steps / STEPS == column) & (np.abs(steps) <= LARGEST) & (whole == np.rint(whole))
    found = (whole - np.where(plain, steps, 0.0)) / STEPS
    found[~plain] = [float(least - Decimal(repr(number))) for number in column[~plain].tolist()]
    return found


def settled(numbers: Numbers, size: Numbers, digits: int = 12) -> Numbers:
    """The numbers without what binary fractions add to them: so many digits of amounts of that size are sure."""
    with np.errstate(divide="ignore", invalid="ignore"):
        power = 10.0 ** np.clip(digits - np.ceil(np.log10(size)), 0, 15)
        found: Numbers = np.rint(numbers * power) / power + 0.0  # no -0.0
    return found


def upwards(down: Rounded) -> Rounded:
    """The next hundredth that is not less, at least nought."""
    return lambda amount, divisor: np.maximum(-down(-amount, divisor), 0)


def _down(hundredth: Any) -> Rounded:
    return lambda amount, divisor: amount // (divisor * hundredth) * hundredth


def _fractions(column: Numbers) -> NDArray[np.object_]:
    found = np.empty(len(column), object)
    found[:] = [Fraction(repr(number)) for number in column.tolist()]
    return found
