"""A million made-up parcels as the engine sees them: columns with gaps, many values exactly at their limits."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from by_hand import DAY
from numpy.typing import NDArray

from landcheck.fields.catalogue import fields
from landcheck.model import Kind, Role

Columns = dict[str, NDArray[np.generic]]

GAPS = 0.05


def made_up(rows: int, seed: int = 9) -> Columns:
    """Every field of the parcels that is no text."""
    rng = np.random.default_rng(seed)
    columns: Columns = {}
    for field in fields(Role.PARCELS):
        gap = rng.random(rows) < GAPS
        if field.kind is Kind.NUMBER:
            columns[field.name] = np.where(gap, np.nan, np.round(rng.uniform(0.5, 60_000, rows), 2))
        elif field.kind is Kind.BOOL:
            columns[field.name] = np.where(gap, 0, rng.choice([-1, 1], rows)).astype(np.int8)
        elif field.kind is Kind.ENUM:
            columns[field.name] = np.where(gap, -1, rng.integers(0, len(field.values), rows)).astype(np.int8)
        elif field.kind is Kind.DATE:
            columns[field.name] = rng.integers(DAY - 500, DAY + 1500, rows).astype(np.int32)
    columns["site_area_m2"] = np.round(rng.uniform(5_000, 90_000, rows), 2)
    columns["far_gfa_m2"] = np.round(columns["site_area_m2"] * rng.choice([1.5, 2.0, 2.4, 3.0, 3.5], rows), 2)
    columns["term_years"] = rng.choice([15.0, 20.0, 30.0, 50.0, 70.0, np.nan], rows)
    columns["far_before"] = rng.choice([1.0, 2.0, np.nan], rows)
    whole = columns["above_ground_gfa_m2"] = np.round(rng.uniform(10_000, 200_000, rows), 2)
    columns["living_gfa_m2"] = np.round(whole * rng.choice([0.05, 0.15, 0.2], rows), 2)
    columns["other_industry_gfa_m2"] = np.round(whole * rng.choice([0.05, 0.15, 0.3], rows), 2)
    return columns


def arrow(columns: Columns) -> pa.Table:
    """The same columns as other libraries keep them: null where the engine has NaN, 0 or -1."""
    return pa.table({
        field.name: _nullable(columns[field.name], field.kind)
        for field in fields(Role.PARCELS)
        if field.name in columns
    })  # fmt: skip


def _nullable(values: NDArray[np.generic], kind: Kind) -> pa.Array:
    if kind is Kind.NUMBER:
        return pa.array(values, mask=np.isnan(values))
    if kind is Kind.BOOL:
        return pa.array(values > 0, mask=values == 0)
    return pa.array(values, mask=values < 0)
