"""Folding, numbers and units of legal texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landcheck.rulebook.lawtext import UNITS, chinese_number, fold, scale, stands, uncovered


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("容积率可以２．０\n\n以上", "容积率可以2.0以上"),
        ("«上海市条例»", "《上海市条例》"),
        ("比例,不超过１５％.", "比例，不超过15%。"),
        ("“带产业项目”挂牌", '"带产业项目"挂牌'),
        ("(责任单位:市科委)", "（责任单位：市科委）"),
        ("硬 X射线\u3000\u200b装置", "硬X射线装置"),
    ],
)
def test_what_prints_differently_is_the_same(printed, typed):
    assert fold(printed) == fold(typed)


def test_other_words_and_numbers_stay_apart():
    assert fold("不超过15%") != fold("不低于15%")
    assert fold("2.0以上") != fold("20以上")


@given(st.text(), st.text())
def test_a_part_of_a_text_is_a_part_of_it_folded_too(a, b):
    """What a quote is found by: line breaks may fall anywhere."""
    assert fold(a) in fold(f"{a}\n\n{b}")


@pytest.mark.parametrize(
    ("limit", "unit", "quote", "there"),
    [
        ("2.0", "1", "工业用地容积率可以２．０以上", True),
        ("2", "1", "工业用地容积率可以２．０以上", True),
        ("3.0", "1", "工业用地容积率可以２．０以上", False),
        ("30", "percent", "地上建筑总量的３０％", True),
        ("30", "1", "地上建筑总量的３０％", False),
        ("50", "years", "可按照５０年年期", True),
        ("50", "m", "可按照５０年年期", False),
        ("5", "years", "可按照５０年年期", False),
        ("20", "percent", "不得低于工业园区用地总面积的百分之二十", True),
        ("100", "percent", "不得低于工业园区用地总面积的百分之二十", False),
        ("50", "m", "宽度不少于五十米的防护绿地", True),
        ("10", "100m_CNY", "投资10亿元以上的重大投资项目", True),
        ("10", "CNY", "投资10亿元以上的重大投资项目", False),
        ("70", "years", "居住用地70年;工业用地50年", True),
        ("8", "m", "建筑层高超过8米的工业、仓储用地项目", True),
    ],
)
def test_a_limit_stands_in_the_quote_with_its_unit(limit, unit, quote, there):
    assert stands(Decimal(limit), unit, quote) is there


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("五", 5),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("三十五", 35),
        ("一百零五", 105),
        ("三千", 3000),
        ("两百", 200),
    ],
)
def test_chinese_numbers(digits, number):
    assert chinese_number(digits) == number


def test_units_convert_only_within_their_kind():
    assert scale("percent", "1") == Decimal("0.01")
    assert scale("ha", "m2") == 10_000
    assert scale("100m_CNY", "CNY") == 100_000_000
    assert abs(scale("mu", "m2") * 15 - 10_000) < Decimal("1e-20")
    assert scale("years", "m2") is None
    assert scale("furlong", "m") is None
    assert all(scale(name, name) == 1 for name in UNITS)


def test_what_no_quote_covers_is_told_and_punctuation_is_not():
    section = "甲可以乙,丙不得丁."
    assert uncovered(section, ["甲可以乙"]) == (",丙不得丁.",)
    assert uncovered(section, ["甲可以乙", "丙不得丁"]) == ()
    assert uncovered(section, ["可以乙,丙不"]) == ("甲", "得丁.")
