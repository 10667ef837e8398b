"""Numbers as a reader should see them: short, never equal to a limit they miss, amounts never too small to suffice."""

from __future__ import annotations

import math

SLACK = 1e-6  # of the last digit shown: binary noise such as 0.30000000000000004 is no reason to round up
MOST = 12  # decimals
APART = 1e-4  # what differs by more still does so when rounded to four decimals


def grouped(value: float, digits: int = 4) -> str:
    """At most that many decimals, thousands apart: ``12,345.5``."""
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def exact(value: float) -> str:
    """Every digit the value has, thousands apart, so that a sum can be redone by hand."""
    if not math.isfinite(value):
        return str(value)
    text = f"{value:,}"
    return grouped(value, 17) if "e" in text else text.removesuffix(".0")


def beside(value: float, limit: float) -> str:
    """As few decimals, from four up, as keep the value on its side of the limit: 1.99996 is not shown as 2."""
    if abs(value - limit) > APART:
        return grouped(value)
    for digits in range(4, MOST + 1):
        text = grouped(value, digits)
        if _side(float(text.replace(",", "")), limit) == _side(value, limit):
            return text
    return text


def about(value: float, digits: int = 4) -> str:
    """Rounded to that many decimals, more where two digits need them: a gap is never shown as none."""
    return grouped(value, _enough(value, digits)) if math.isfinite(value) else str(value)


def at_least(value: float, digits: int) -> str:
    """As ``about``, rounded up so that the amount suffices."""
    if not math.isfinite(value):
        return str(value)
    digits = _enough(value, digits)
    scale = 10.0**digits
    return grouped(math.ceil(value * scale - SLACK) / scale, digits)


def area(gap_m2: float) -> str:
    """Square metres to the hundredth, rounded up: what closes a gap of that size either way."""
    return at_least(abs(gap_m2), 2)


def _enough(value: float, digits: int) -> int:
    return max(digits, min(MOST, 1 - math.floor(math.log10(value)))) if 0 < value < 1 else digits


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)
