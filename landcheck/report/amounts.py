"""Numbers as a reader should see them: short, never equal to a limit they miss, amounts never too small to suffice."""

from __future__ import annotations

import math

SLACK = 1e-6  # of the last digit shown: binary noise such as 0.30000000000000004 is no reason to round up
MOST = 12  # decimals


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
    for digits in range(4, MOST + 1):
        text = grouped(value, digits)
        if _side(float(text.replace(",", "")), limit) == _side(value, limit):
            return text
    return text


def at_least(value: float, digits: int) -> str:
    """Rounded up to that many decimals, so that the amount suffices; more decimals where two digits need them."""
    if not math.isfinite(value):
        return str(value)
    if 0 < value < 1:
        digits = max(digits, min(MOST, 1 - math.floor(math.log10(value))))
    scale = 10.0**digits
    return grouped(math.ceil(value * scale - SLACK) / scale, digits)


def area(gap_m2: float) -> str:
    """Square metres to the hundredth, rounded up: what closes a gap of that size either way."""
    return at_least(abs(gap_m2), 2)


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)
