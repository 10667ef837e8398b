"""Assumptions: what is filled, counted and marked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from landcheck.fields.catalogue import fields
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import assume, normalise
from landcheck.model import NO_DATE, Batch, Kind, Origin, Role, Tri


def batch_of(role: Role, **columns: list[object]) -> Batch:
    rows = pa.RecordBatch.from_arrays([pa.array(values) for values in columns.values()], list(columns))
    return normalise(role, rows, map_columns(role, list(columns), {}, "a"), 0)[0]


def test_a_field_without_a_column_is_missing_in_every_row() -> None:
    for role in Role:
        batch = batch_of(role, x=[1, 2, 3])
        for each in fields(role):
            if each.kind is Kind.TEXT:
                assert batch.texts[each.name].to_pylist() == [None] * 3
                continue
            column = batch.columns[each.name]
            assert column.shape == (3,)
            missing = {Kind.BOOL: Tri.UNKNOWN, Kind.ENUM: -1, Kind.DATE: NO_DATE, Kind.NUMBER: np.nan}[each.kind]
            np.testing.assert_array_equal(column, np.full(3, missing), each.name)


def test_literal_values_fill_the_gaps_and_only_those() -> None:
    batch = batch_of(
        Role.PARCELS, parcel_id=["a", "b", "c"], single_use=["否", None, "是"], approval_date=["2020-01-01", None, None]
    )
    counts = assume(batch, dt.date(2022, 5, 6))
    assert counts == {"in_high_tech_zone": 3, "approval_date": 2, "single_use": 1, "is_stock": 3, "is_surplus_part": 3}
    assert batch.columns["single_use"].tolist() == [Tri.FALSE, Tri.TRUE, Tri.TRUE]
    assert batch.columns["is_stock"].tolist() == [Tri.FALSE] * 3
    assert batch.columns["in_high_tech_zone"].tolist() == [Tri.TRUE] * 3
    days = batch.columns["approval_date"].astype("datetime64[D]").tolist()
    assert days == [dt.date(2020, 1, 1), dt.date(2022, 5, 6), dt.date(2022, 5, 6)]
    assert batch.origins["single_use"].tolist() == [Origin.LAYER, Origin.ASSUMED, Origin.LAYER]
    assert batch.columns["single_use"].dtype == np.int8
    assert batch.columns["approval_date"].dtype == np.int32


def test_what_has_no_literal_assumption_stays_missing() -> None:
    batch = batch_of(Role.PARCELS, parcel_id=["a"])
    assume(batch, dt.date(2022, 1, 1))
    assert np.isnan(batch.columns["site_area_m2"]).all()
    assert batch.columns["roof_greening"].tolist() == [Tri.UNKNOWN]
    assert batch.columns["increase_approved"].tolist() == [Tri.UNKNOWN]
    assert "site_area_m2" not in batch.origins


def test_an_origin_set_before_is_kept_beside_the_assumed_rows() -> None:
    batch = batch_of(Role.PARCELS, parcel_id=["a", "b"])
    batch.columns["in_high_tech_zone"] = np.array([Tri.FALSE, Tri.UNKNOWN], dtype=np.int8)
    batch.origins["in_high_tech_zone"] = np.array([Origin.PLACE, Origin.LAYER], dtype=np.int8)
    assert assume(batch, dt.date(2022, 1, 1))["in_high_tech_zone"] == 1
    assert batch.columns["in_high_tech_zone"].tolist() == [Tri.FALSE, Tri.TRUE]
    assert batch.origins["in_high_tech_zone"].tolist() == [Origin.PLACE, Origin.ASSUMED]


def test_nothing_is_counted_where_nothing_is_missing() -> None:
    batch = batch_of(Role.PARKS, park_id=["k"], management_qualified=["否"])
    assert assume(batch, dt.date(2022, 1, 1)) == {}
    assert batch.columns["management_qualified"].tolist() == [Tri.FALSE]
    assert batch.columns["district_balance_approved"].tolist() == [Tri.UNKNOWN]


def test_a_batch_without_rows() -> None:
    batch = batch_of(Role.PARCELS, parcel_id=[], far=[], single_use=[], land_class=[], approval_date=[])
    assert batch.rows == 0
    assert assume(batch, dt.date(2022, 1, 1)) == {}


def test_what_evidence_alone_may_fill_is_left_missing() -> None:
    batch = batch_of(Role.PARCELS, parcel_id=["a"])
    assert "in_high_tech_zone" not in assume(batch, dt.date(2022, 1, 1), but=["in_high_tech_zone"])
    assert batch.columns["in_high_tech_zone"].tolist() == [Tri.UNKNOWN]
    assert batch.columns["single_use"].tolist() == [Tri.TRUE]
