"""Units of the fields, and conversion between them by whole numbers, so that what is exact stays exact."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from landcheck.messages import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Number = TypeVar("Number", float, "NDArray[np.float64]")

FOOT = Fraction(3048, 10_000)  # international foot in metres, exact by definition (1959)
US_SURVEY_FOOT = Fraction(1200, 3937)  # US survey foot in metres, exact by definition (1893)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``size`` of it is one of its dimension's own unit (m2, CNY, years ...)."""

    symbol: str
    dimension: str
    size: Fraction
    label: Text
    words: tuple[str, ...]


def _unit(symbol: str, dimension: str, size: Fraction | int, zh: str, en: str, *words: str) -> Unit:
    return Unit(symbol, dimension, Fraction(size), Text(zh, en), words)


UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        _unit("m2", "area", 1, "平方米", "m²", "平米", "sqm", "sq m", "square metres", "square meters"),
        _unit("ha", "area", 10_000, "公顷", "ha", "hm2", "hectare", "hectares"),
        _unit("mu", "area", Fraction(10_000, 15), "亩", "mu", "市亩"),
        _unit("wan_m2", "area", 10_000, "万平方米", "10,000 m²", "万m2", "万平米"),
        _unit("km2", "area", 1_000_000, "平方公里", "km²", "平方千米", "sqkm", "sq km"),
        _unit("ft2", "area", FOOT**2, "平方英尺", "ft²", "sqft", "sq ft", "square feet"),
        _unit("us_ft2", "area", US_SURVEY_FOOT**2, "美制测量平方英尺", "US survey ft²", "us survey ft2", "ftus2"),
        _unit("acre", "area", 43_560 * FOOT**2, "英亩", "acre", "acres", "ac"),
        _unit("m", "length", 1, "米", "m", "metre", "metres", "meter", "meters"),
        _unit("CNY", "money", 1, "元", "CNY", "rmb", "yuan", "人民币元"),
        _unit("wan_CNY", "money", 10_000, "万元", "10,000 CNY", "万元人民币", "人民币万元", "wan yuan"),
        _unit("yi_CNY", "money", 100_000_000, "亿元", "100 million CNY", "亿元人民币", "人民币亿元"),
        _unit("1", "ratio", 1, "比值", "ratio", "fraction"),
        _unit("percent", "ratio", Fraction(1, 100), "%", "percent", "per cent", "pct"),
        _unit("years", "time", 1, "年", "years", "year", "yr", "yrs"),
        _unit("months", "time", Fraction(1, 12), "月", "months", "month", "个月"),
        _unit("floors", "count", 1, "层", "floors", "floor", "storeys", "stories"),
    )
}


def find(word: str) -> Unit | None:
    """The unit that is written like this (``公顷``, ``hm²``, ``万㎡``, ``sq.ft``, ``%``), or None."""
    return _by_word().get(_key(word))


def factor(unit: str, target: str) -> float:
    """How many of ``target`` one ``unit`` is."""
    return float(UNITS[unit].size / UNITS[target].size)


def convert(values: Number, unit: str, target: str) -> Number:
    """Numbers in ``unit`` as numbers in ``target``; the same object where nothing changes.

    Multiplied and divided by whole numbers: 3 mu are 2000 m2 and not 2000.0000000000002.
    """
    ratio = UNITS[unit].size / UNITS[target].size
    if ratio.numerator != 1:
        values = values * float(ratio.numerator)
    if ratio.denominator != 1:
        values = values / float(ratio.denominator)
    return values


@cache
def _by_word() -> dict[str, Unit]:
    words: dict[str, Unit] = {}
    for unit in UNITS.values():
        # "1" is a unit in --map only: RJL_1 is a second RJL, and no ratio of one
        symbol = () if unit.symbol == "1" else (unit.symbol,)
        for word in (*symbol, unit.label.zh, unit.label.en, *unit.words):
            words[_key(word)] = unit
    return words


def _key(word: str) -> str:
    return re.sub(r"[\s._^,]", "", unicodedata.normalize("NFKC", word).casefold())
