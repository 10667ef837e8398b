"""Units that are probably other ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from landcheck.fields.candidates import unit_candidates
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise
from landcheck.model import Role
from landcheck.request import ColumnRef


def suspected(
    drawn: list[float] | None = None, given: dict[str, ColumnRef] | None = None, **columns: list[float]
) -> list[str]:
    rows = pa.RecordBatch.from_arrays([pa.array(values) for values in columns.values()], list(columns))
    uses = map_columns(Role.PARCELS, list(columns), given or {}, "a.shp")
    batch, _ = normalise(Role.PARCELS, rows, uses, 0, impossible=True)
    found = unit_candidates(batch, uses, "a.shp", None if drawn is None else np.array(drawn))
    for message in found:
        assert message.say("zh")
        assert "a.shp" in message.say("en")
    return [message.values.get("map", message.code) for message in found]


def test_ordinary_parcels_raise_no_suspicion() -> None:
    assert suspected(
        drawn=[20_010.0, 35_020.0, 9_990.0], YDMJ=[20_000.0, 35_000.0, 10_000.0], RJL=[2.0, 2.5, 3.0],
        far_gfa_m2=[40_000.0, 87_500.0, 30_000.0], term_years=[20.0, 50.0, 20.0],
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("size", "unit"), [(10_000.0, "ha"), (10_000 / 15, "mu"), (0.09290304, "ft2"), (4046.8564224, "acre")]
)
def test_the_drawing_tells_the_unit_of_a_site(size: float, unit: str) -> None:
    drawn = [20_000.0, 35_000.0, 9_000.0]
    assert suspected(drawn=drawn, YDMJ=[area / size for area in drawn]) == [f"site_area_m2=YDMJ:{unit}"]


def test_floor_area_and_far_tell_the_unit_of_a_site() -> None:
    # 60 ha are 900 mu: as m2 nothing strange by itself, but floors / site / FAR comes to 666.7
    assert suspected(YDMJ=[900.0, 300.0, 150.0], RJL=[2.0, 2.0, 1.0], far_gfa_m2=[1.2e6, 4e5, 1e5]) == [
        "site_area_m2=YDMJ:mu"
    ]


def test_floors_in_ten_thousands() -> None:
    assert suspected(YDMJ=[2e4, 3e4, 1e4], RJL=[2.0, 2.0, 3.0], far_gfa_m2=[4.0, 6.0, 3.0]) == [
        "far_gfa_m2=far_gfa_m2:wan_m2"
    ]


def test_far_in_per_cent_by_its_size_or_its_parts() -> None:
    assert suspected(RJL=[200.0, 250.0, 180.0]) == ["far=RJL:percent"]
    assert suspected(YDMJ=[2e4, 3e4, 1e4], RJL=[20.0, 25.0, 18.0], far_gfa_m2=[4e3, 7.5e3, 1.8e3]) == [
        "far=RJL:percent"
    ]


def test_a_unit_that_was_said_is_believed() -> None:
    assert suspected(given={"far": ColumnRef("RJL", "percent")}, RJL=[200.0, 250.0, 180.0]) == []


@pytest.mark.parametrize(
    ("column", "unit", "values", "likely"),
    [
        ("用地面积", "亩", [10_000.0, 20_000.0, 8_000.0], "site_area_m2=用地面积:m2"),
        ("容积率", "%", [1.9, 2.0, 2.5], "far=容积率:1"),
        ("容积率(%)", "", [1.9, 2.0, 2.5], "far=容积率(%):1"),
        ("出让年期", "月", [20.0, 50.0, 20.0], "term_years=出让年期:years"),
        ("transferred_share", "%", [0.3, 0.4, 0.2], "transferred_share=transferred_share:1"),
        ("transferred_share", "1", [30.0, 40.0, 20.0], "transferred_share=transferred_share:percent"),
    ],
)
def test_a_unit_that_was_said_and_gives_no_plot(column: str, unit: str, values: list[float], likely: str) -> None:
    given = {likely.partition("=")[0]: ColumnRef(column, unit)}
    assert suspected(given=given, **{column: values}) == [likely]


def test_the_drawing_tells_against_a_unit_that_was_said() -> None:
    drawn = [20_000.0, 35_000.0, 9_000.0]
    given = {"site_area_m2": ColumnRef("YDMJ", "亩")}
    assert suspected(drawn=drawn, given=given, YDMJ=drawn) == ["site_area_m2=YDMJ:m2"]
    assert suspected(drawn=drawn, given=given, YDMJ=[area * 15 / 10_000 for area in drawn]) == []


def test_terms_in_months_and_calendar_years() -> None:
    assert suspected(term_years=[240.0, 600.0, 240.0]) == ["term_years=term_years:months"]
    assert suspected(term_years=[2021.0, 2022.0, 2021.0]) == ["fields-suspect-years"]


def test_land_price_in_ten_thousands() -> None:
    assert suspected(增收土地价款=[0.0, 1200.0, 350.0, 80.0]) == ["extra_land_price_cny=增收土地价款:wan_CNY"]
    assert suspected(增收土地价款=[0.0, 0.0, 0.0, 0.0]) == []


def test_too_few_values_say_nothing() -> None:
    assert suspected(RJL=[200.0, 250.0]) == []
    assert suspected(drawn=[1.0, float("nan"), float("nan")], YDMJ=[1.0, 2.0, 3.0], RJL=[1.0, 1.0, 1.0]) == [
        "site_area_m2=YDMJ:ha"
    ]
