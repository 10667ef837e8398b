"""Units by hand, and there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.fields.units import UNITS, convert, factor, find

PAIRS = [(a.symbol, b.symbol) for a in UNITS.values() for b in UNITS.values() if a.dimension == b.dimension]


@pytest.mark.parametrize(
    ("value", "unit", "target", "expected"),
    [
        (1.25, "wan_m2", "m2", 12_500.0),
        (3.0, "mu", "m2", 2_000.0),
        (15.0, "mu", "ha", 1.0),
        (2.5, "ha", "m2", 25_000.0),
        (10_000.0, "ft2", "m2", 929.0304),
        (1.0, "acre", "m2", 4_046.8564224),
        (43_560.0, "ft2", "acre", 1.0),
        (15_499_969.0, "us_ft2", "m2", 1_440_000.0),
        (100.0, "ha", "km2", 1.0),
        (230.0, "percent", "1", 2.3),
        (600.0, "months", "years", 50.0),
        (10.0, "yi_CNY", "wan_CNY", 100_000.0),
        (3.0, "wan_CNY", "CNY", 30_000.0),
    ],
)
def test_by_hand(value: float, unit: str, target: str, expected: float) -> None:
    assert convert(value, unit, target) == expected


@pytest.mark.parametrize(
    ("word", "symbol"),
    [
        ("公顷", "ha"), ("hm²", "ha"), ("HA", "ha"), ("亩", "mu"), ("平方米", "m2"), ("㎡", "m2"), ("m²", "m2"),
        ("M2", "m2"),
        ("万平方米", "wan_m2"), ("万㎡", "wan_m2"), ("万 m2", "wan_m2"), ("元", "CNY"), ("万元", "wan_CNY"),
        ("亿元", "yi_CNY"),
        ("%", "percent"), ("％", "percent"), ("年", "years"), ("ft²", "ft2"), ("sq.ft", "ft2"), ("平方英尺", "ft2"),
        ("acre", "acre"), ("平方公里", "km2"), ("㎢", "km2"), ("个月", "months"), ("层", "floors"),
    ],
)  # fmt: skip
def test_words(word: str, symbol: str) -> None:
    unit = find(word)
    assert unit is not None
    assert unit.symbol == symbol


@pytest.mark.parametrize("word", ["", "1", "2", "万", "cm", "里", "furlong", "公顷亩", "k"])
def test_no_units(word: str) -> None:
    assert find(word) is None


def test_the_same_unit_gives_the_same_array() -> None:
    values = np.arange(3.0)
    assert convert(values, "m2", "m2") is values


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.sampled_from(PAIRS), st.floats(1e-9, 1e15))
def test_there_and_back(pair: tuple[str, str], value: float) -> None:
    unit, target = pair
    assert convert(convert(value, unit, target), target, unit) == pytest.approx(value, rel=1e-12)
    assert convert(value, unit, target) == pytest.approx(value * factor(unit, target), rel=1e-12)


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.sampled_from(PAIRS), st.lists(st.floats(-1e12, 1e12), max_size=5))
def test_arrays_like_numbers(pair: tuple[str, str], values: list[float]) -> None:
    together = convert(np.array(values, dtype=np.float64), *pair)
    assert together.tolist() == [convert(value, *pair) for value in values]
