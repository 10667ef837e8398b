"""Numbers as they are written and stored."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from bare_texts import bare_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import ValueFault, normalise
from landcheck.fields.numbers import numbers
from landcheck.model import Role
from landcheck.request import ColumnRef


def read(values: Any, field: str = "far_gfa_m2", unit: str = "") -> tuple[list[float], list[ValueFault]]:
    column = values if isinstance(values, pa.Array) else pa.array(values)
    rows = pa.RecordBatch.from_arrays([column], ["x"])
    uses = map_columns(Role.PARCELS, ["x"], {field: ColumnRef("x", unit)}, "a.csv")
    batch, faults = normalise(Role.PARCELS, rows, uses, 0)
    assert batch.columns[field].dtype == np.float64
    return batch.columns[field].tolist(), faults


def one(value: Any, field: str = "far_gfa_m2", unit: str = "") -> float | str | None:
    """The number, None where it is silently missing, or the code of the fault."""
    (number,), faults = read([value] if not isinstance(value, pa.Array) else value, field, unit)
    if np.isnan(number):
        return faults[0].reason.code if faults else None
    assert not faults
    return number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.5", 2.5), ("2.50 ", 2.5), (" 2.5", 2.5), ("２.５", 2.5), ("２．５", 2.5), ("\u30002.5\u00a0", 2.5),
        ("1,200", 1200.0),
        ("1，200", 1200.0), ("1,234,567.5", 1234567.5), ("+3", 3.0), ("1e3", 1000.0), ("1E+3", 1000.0), ("5.", 5.0),
        (".5", 0.5),
        ("0", 0.0), ("007", 7.0), ("\ufeff2.5", 2.5),
    ],
)  # fmt: skip
def test_written_numbers(text: str, value: float) -> None:
    assert one(text) == value


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000", "NULL", "null", "<Null>", "(null)", "NaN", "nan", "None", "无数据", None]
)
def test_empty_cells_are_missing_without_a_fault(text: str | None) -> None:
    assert one(pa.array([text], pa.string())) is None


@pytest.mark.parametrize(
    "text",
    [
        "/", "-", "—", "——", "N/A", "#N/A", "#DIV/0!", "1.5-2.5", "1.5~2.5", "≤2.0", ">=2", "2.0以上", "约2", "2.5倍",
        "二", "五十",
        "1 200", "1,20", "12,34", "1,2,3", "1.200,50", "1.2.3", "2..5", "0x10", "1_000", "2。5", "10²", "①", "½", "٣",
        "inf", "-inf",
        "∞", "待定", "2.5 3", "2.5%", "250%", "2.5万", "2.5ha", "e5", "1e", "+-3", "true", "TRUE", "2021-09-01",
    ],
)  # fmt: skip
def test_what_is_no_number_is_a_fault(text: str) -> None:
    assert one(text, "far") in ("fields-not-a-number", "fields-value-unit")


@pytest.mark.parametrize(
    ("text", "field", "unit", "value"),
    [
        ("1.2公顷", "site_area_m2", "", 12_000.0),
        ("1.2 公顷", "site_area_m2", "ha", 12_000.0),
        ("5000平方米", "site_area_m2", "", 5_000.0),
        ("5,000㎡", "site_area_m2", "", 5_000.0),
        ("2.5万㎡", "far_gfa_m2", "", 25_000.0),
        ("3亩", "site_area_m2", "", 2_000.0),
        ("50年", "term_years", "", 50.0),
        ("600个月", "term_years", "", 50.0),
        ("10万元", "extra_land_price_cny", "", 100_000.0),
        ("1,000", "site_area_m2", "mu", 2_000_000 / 3),
        ("1.25", "far_gfa_m2", "wan_m2", 12_500.0),
        ("230", "far", "percent", 2.3),
        ("230%", "far", "percent", 2.3),
    ],
)
def test_units_in_the_cell_and_of_the_column(text: str, field: str, unit: str, value: float) -> None:
    assert one(text, field, unit) == value


@pytest.mark.parametrize(
    ("text", "field", "unit"),
    [
        ("1.2公顷", "site_area_m2", "mu"),
        ("5000㎡", "site_area_m2", "ha"),
        ("50年", "site_area_m2", ""),
        ("50年", "term_years", "months"),
        ("2.0%", "far", ""),
        ("5元", "far", ""),
    ],
)
def test_a_unit_that_contradicts_the_column_is_a_fault(text: str, field: str, unit: str) -> None:
    assert one(text, field, unit) == "fields-value-unit"


@pytest.mark.parametrize(
    ("field", "value", "outcome"),
    [
        ("far", -0.1, "fields-below"), ("far", 0, None), ("far_before", 0, 0.0), ("far", 30, 30.0),
        ("far", 30.01, "fields-impossible"),
        ("far", 0.009, "fields-impossible"), ("term_years", 101, "fields-impossible"),
        ("site_area_m2", 0, "fields-not-above"),
        ("site_area_m2", -5, "fields-not-above"), ("site_area_m2", 10, 10.0),
        ("site_area_m2", 9.99, "fields-impossible"),
        ("site_area_m2", 100_000_001, "fields-impossible"), ("term_years", 0, "fields-not-above"),
        ("term_years", "0", "fields-not-above"), ("term_years", 1, 1.0), ("living_gfa_m2", -1.0, "fields-below"),
        ("living_gfa_m2", 0, 0.0), ("underground_gfa_before_m2", -1, "fields-below"),
        ("extra_land_price_cny", -5, -5.0),
        ("far", float("inf"), "fields-infinite"), ("extra_land_price_cny", float("-inf"), "fields-infinite"),
        ("far", "1e400", "fields-infinite"), ("far", float("nan"), None),
    ],
)  # fmt: skip
def test_limits(field: str, value: float | str, outcome: float | str | None) -> None:
    assert one(value, field) == outcome


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2, 3, None], pa.int8()), pa.array([2, 3, None], pa.uint64()), pa.array([2, 3, None], pa.float32()),
        pa.array([2, 3, None], pa.float64()), pa.array([Decimal("2.0"), Decimal(3), None]),
        pa.array(["2", "3.0", ""]), pa.array(["2", "3", None], pa.large_string()), pa.array(["2", "3",
        None]).dictionary_encode(),
        pa.array([2.0, 3.0, float("nan")]), pa.array([2, 3, None], pa.float16()), pa.array(["2", "3", None],
        pa.string_view()),
    ],
)  # fmt: skip
def test_every_numeric_or_text_type_of_arrow(column: pa.Array) -> None:
    values, faults = read(column)
    assert values[:2] == [2.0, 3.0]
    assert np.isnan(values[2])
    assert not faults


@pytest.mark.parametrize(
    "column",
    [pa.array([True, None]), pa.array([0, None], pa.date32()), pa.array([b"\xff2", None]), pa.array([[1.0], None]),
     pa.array([2**62, None], pa.timestamp("us"))],
)  # fmt: skip
def test_other_types_are_faults_where_they_hold_something(column: pa.Array) -> None:
    values, faults = read(column)
    assert np.isnan(values).all()
    assert [fault.row for fault in faults] == [0]
    assert faults[0].message("a").say("zh")


def test_single_precision_means_the_number_that_was_written() -> None:
    assert one(pa.array([2.3], pa.float32())) == 2.3


def test_plain_numbers_cost_no_copy() -> None:
    column = pa.array(np.linspace(0, 3, 1000))
    rows = pa.RecordBatch.from_arrays([column], ["far_gfa_m2"])
    batch, _ = normalise(Role.PARCELS, rows, map_columns(Role.PARCELS, ["far_gfa_m2"], {}, "a"), 0)
    assert np.shares_memory(batch.columns["far_gfa_m2"], column.to_numpy())


def test_faults_name_row_field_column_and_value() -> None:
    column = pa.array(["2", "约2", None, "/"])
    rows = pa.RecordBatch.from_arrays([column], ["容积率"])
    batch, faults = normalise(Role.PARCELS, rows, map_columns(Role.PARCELS, ["容积率"], {}, "a"), 65_536)
    assert [(fault.row, fault.field.name, fault.column, fault.value) for fault in faults] == [
        (65_537, "far", "容积率", "约2"), (65_539, "far", "容积率", "/"),
    ]  # fmt: skip
    assert "65538" in faults[0].message("a.csv").say("zh")
    assert "约2" in faults[0].message("a.csv").say("en")
    assert batch.first_row == 65_536


def test_a_cell_has_one_fault_even_where_two_limits_are_broken() -> None:
    values, faults = read([float("-inf"), 2.0])
    assert values[1] == 2.0
    assert [(fault.row, fault.reason.code) for fault in faults] == [(0, "fields-infinite")]


def test_a_huge_value_is_shown_short() -> None:
    _, faults = read(["x" * 1_000_000])
    assert len(faults[0].value) < 100


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.decimals(0, 10**9, places=3, allow_nan=False), st.sampled_from(["", "ha", "wan_m2", "mu", "ft2"]))
def test_written_variants_of_one_number_are_one_number(number: Decimal, unit: str) -> None:
    text = f"{number:f}"
    wide = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789."})
    forms = [
        text,
        f" {text} ",
        wide,
        f"{number:,f}",
        f"{number:,f}".replace(",", "，"),
        f"+{text}",
        f"{text}0",
        f"{text}e0",
    ]
    values, faults = read(forms, "living_gfa_m2", unit)
    assert not faults
    assert len(set(values)) == 1
    stored, _ = read([float(text)], "living_gfa_m2", unit)
    assert stored[0] == values[0]


NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
EMPTY = {"", "null", "<null>", "(null)", "nan", "<na>", "nat", "none", "无数据"}


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.text(st.characters(codec="utf-8"), max_size=8) | st.text("0123456789.,eE+-％%~ １２．，²①年亩", max_size=8))
@example("1٣")
def test_any_text_is_a_number_empty_or_a_fault(text: str) -> None:
    outcome = one(text, "extra_land_price_cny")
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    bare = bare_of(folded).replace("\u2212", "-").lower()
    if outcome is None:
        assert bare in EMPTY
    elif isinstance(outcome, float):
        assert bare.isascii()
        assert NUMBER.fullmatch(bare.replace(",", ""))
        assert outcome == float(bare.replace(",", ""))
        assert not re.search(r",(?!\d{3}(\D|$))", bare)
    else:
        assert outcome.startswith("fields-")


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.lists(st.none() | st.sampled_from(["2", "2.5 ", "x", "", "1,000", "/", "3亩", "1e3"]), max_size=12))
def test_no_value_disappears_without_a_fault(texts: list[str | None]) -> None:
    values, faults = read(pa.array(texts, pa.string()), "extra_land_price_cny")
    faulty = {fault.row for fault in faults}
    for row, text in enumerate(texts):
        assert np.isnan(values[row]) == (text in (None, "") or row in faulty)
        assert (row in faulty) == (text in ("x", "/", "3亩"))


def test_a_small_number_under_a_heading_that_was_cut_is_in_no_certain_unit() -> None:
    """生活配 is what UTF-8 leaves of 生活配套设施建筑面积, and of 生活配套占比."""
    (use,) = map_columns(Role.PARCELS, ["生活配"], {}, "a.shp")
    values, faults = numbers(pa.array([20.0, 0.0, 100.0, 100.5]), use)
    assert np.array_equal(values, [np.nan, 0, np.nan, 100.5], equal_nan=True)
    assert [(fault.row, fault.reason.values["map"]) for fault in faults] == [
        (0, "living_gfa_m2=生活配:m2"),
        (2, "living_gfa_m2=生活配:m2"),
    ]
    (use,) = map_columns(Role.PARCELS, ["生活配"], {"living_gfa_m2": ColumnRef("生活配", "m2")}, "a.shp")
    assert numbers(pa.array([20.0]), use)[1] == []
