"""Dates as they are written and stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from bare_texts import bare_of
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.fields.dates import MONTH_ONLY, dates
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise
from landcheck.model import NO_DATE, Role
from landcheck.request import ColumnRef

DAY = dt.date(2021, 9, 1)
EMPTY = {"", "null", "<null>", "(null)", "nan", "<na>", "nat", "none", "无数据"}


def one(value: Any) -> dt.date | str | None:
    """The date, None where it is silently missing, or the code of the fault."""
    column = value if isinstance(value, pa.Array) else pa.array([value])
    rows = pa.RecordBatch.from_arrays([column], ["x"])
    uses = map_columns(Role.PARCELS, ["x"], {"approval_date": ColumnRef("x")}, "a.csv")
    batch, faults = normalise(Role.PARCELS, rows, uses, 0)
    days = batch.columns["approval_date"]
    assert days.dtype == "int32"
    if days[0] != NO_DATE:
        assert not faults
        return dt.date(1970, 1, 1) + dt.timedelta(days=int(days[0]))
    return faults[0].reason.code if faults else None


@pytest.mark.parametrize(
    "value",
    [
        "2021-09-01", "2021-9-1", "2021/9/1", "2021/09/01", "2021.9.1", "20210901", "2021年9月1日", "2021年09月01日",
        "２０２１年９月１日",
        " 2021-09-01 ", "2021年9月1号", "2021/9/1 0:00", "2021-09-01 00:00:00", "2021-09-01T08:30:00",
        "2021-09-01T08:30:00.5",
        DAY, dt.datetime(2021, 9, 1, 23, 59),  # noqa: DTZ001  # as files hold it
        20210901, 20210901.0, 44440, 44440.0, 44440.75,
    ],
)  # fmt: skip
def test_the_day_the_policy_comes_into_force(value: Any) -> None:
    assert one(value) == DAY


@pytest.mark.parametrize("value", ["2021-09", "2021-9", "2021/9", "2021.9", "2021.09", "2021年9月", "2021 年 09 月份"])
def test_a_month_without_its_day_is_marked_as_one(value: str) -> None:
    (found,), faults = dates(pa.array([value]))
    assert faults == []
    assert int(found) - MONTH_ONLY == (DAY - dt.date(1970, 1, 1)).days
    assert dates(pa.array(["2021.10"]))[0][0] - MONTH_ONLY == (dt.date(2021, 10, 1) - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("ns")])
def test_arrow_types(kind: pa.DataType) -> None:
    assert one(pa.array([DAY]).cast(kind)) == DAY


def test_midnight_in_shanghai_kept_as_utc_is_the_day_in_shanghai() -> None:
    stored = pa.array([dt.datetime(2021, 8, 31, 16, 0, tzinfo=dt.UTC)], pa.timestamp("ms", "UTC"))
    assert one(stored) == DAY
    assert one("2021-08-31T16:00:00Z") == DAY
    assert one("2021-09-01T00:00:00Z") == DAY
    assert one("2021-09-01T00:00:00+08:00") == DAY


@pytest.mark.parametrize(
    "value", ["", " ", "NULL", "<Null>", "NaT", "无数据", float("nan"), pa.nulls(1), pa.array([None], pa.date32())]
)
def test_empty_cells(value: Any) -> None:
    assert one(value) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2021-02-30", "fields-date-impossible"), ("2021年13月1日", "fields-date-impossible"),
        ("20210230", "fields-date-impossible"),
        (20210230, "fields-date-impossible"), ("0000-01-01", "fields-date-impossible"),
        ("1948-12-31", "fields-date-range"), ("2101-01-01", "fields-date-range"), ("9999-12-31", "fields-date-range"),
        (dt.date(1900, 1, 1), "fields-date-range"), (dt.date(9999, 12, 31), "fields-date-range"),
        ("2021", "fields-date-incomplete"), ("2021.1", "fields-date-incomplete"),
        ("2021-13", "fields-date-impossible"), ("2021年8月底", "fields-not-a-date"),
        ("202109", "fields-date-incomplete"), ("2021年", "fields-date-incomplete"), (2021, "fields-date-incomplete"),
        (202109, "fields-date-incomplete"), ("09/01/2021", "fields-date-order"), ("1.9.2021", "fields-date-order"),
        ("21-09-01", "fields-date-order"), ("2021-09/01", "fields-not-a-date"), ("44440", "fields-not-a-date"),
        ("/", "fields-not-a-date"), ("待定", "fields-not-a-date"), ("2021-09-01 25 Uhr", "fields-not-a-date"),
        ("2021-09-01T99:00:00Z", "fields-not-a-date"), (0, "fields-not-a-date"), (1.5, "fields-not-a-date"),
        (-44440, "fields-not-a-date"),
        (float("inf"), "fields-not-a-date"), (True, "fields-not-a-date"), ("2021-9-1至2022-1-1", "fields-not-a-date"),
        (60001, "fields-date-incomplete"),
    ],
)  # fmt: skip
def test_what_is_no_day(value: Any, code: str) -> None:
    assert one(value) == code


@pytest.mark.parametrize("year", [12_000, 200_000])
def test_years_beyond_the_calendar_of_python(year: int) -> None:
    assert one(pa.array([(year - 1970) * 365 * 86_400], pa.timestamp("s"))) == "fields-date-range"


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31)))
def test_written_variants_of_one_day_are_one_day(day: dt.date) -> None:
    forms = [day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}",
    f"{day:%Y%m%d}",
             f"{day.year}年{day.month}月{day.day}日", day, int(f"{day:%Y%m%d}")]  # fmt: skip
    assert {one(form) for form in forms} == {day}


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.text(max_size=10) | st.text("0123456789-/.年月日T: ", max_size=12))
def test_any_text_is_a_day_empty_or_a_fault(text: str) -> None:
    outcome = one(text)
    if outcome is None:
        assert bare_of(text).casefold() in EMPTY
    elif isinstance(outcome, dt.date):
        assert str(outcome.year) in text.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)})


@pytest.mark.parametrize("text", ["2021-09-30 20:00:00+08", "2021-9-30T10:00Z", "2021/09/30 10:00:00 +0800"])
def test_a_zone_may_be_written_short(text: str) -> None:
    days, faults = dates(pa.array([text]))
    assert (days.tolist(), faults) == ([(dt.date(2021, 9, 30) - dt.date(1970, 1, 1)).days], [])
