"""The nine rules as one SQL query: NULL is unknown, AND and OR are Kleene's."""

from __future__ import annotations

import duckdb
import numpy as np
from columns import DAY, Columns, arrow
from contest import Entry, tally

NOTE = "one query over its own table, every core"
ROWS = None

MEASURED = """
SELECT *,
  coalesce(CASE WHEN site_area_m2 > 0 THEN far_gfa_m2 / site_area_m2 END, far) AS ratio,
  CASE WHEN above_ground_gfa_m2 > 0 THEN above_ground_gfa_m2 END AS whole,
  in_high_tech_zone AND approval_date >= {day} AS base,
  land_class IN (0, 1) AS industrial,
  is_stock AND industrial AND (ratio > far_before * (1 + 1e-9)
    OR underground_gfa_m2 > underground_gfa_before_m2 * (1 + 1e-9)) AS stock
FROM parcels
"""
# when a rule applies, what it requires, and what a broken one is called
RULES = [
    ("land_class = 0", "term_years <= 50 * (1 + 1e-9) AND (recognition < 4 OR term_years <= 20 * (1 + 1e-9))", 3),
    ("industrial", "ratio >= 2 * (1 - 1e-9)", 3),
    ("land_class = 2", "ratio >= 3 * (1 - 1e-9)", 3),
    ("stock", "increase_approved", 3),
    ("stock AND increase_approved", "extra_land_price_cny = 0", 3),
    (
        "is_surplus_part",
        "land_class = 0 AND subdivision_permitted AND transfer_channel = 0 AND listing = 0 AND transferee < 2",
        3,
    ),
    ("land_class <= 3 AND single_use", "(other_industry_gfa_m2 + living_gfa_m2) / whole <= 0.3 * (1 + 1e-9)", 3),
    ("land_class <= 3 AND single_use", "living_gfa_m2 / whole <= 0.15 * (1 + 1e-9)", 3),
    ("roof_greening IS NOT NULL", "roof_greening", 1),
]
VERDICT = """
CASE WHEN base AND {applies} THEN CASE WHEN {holds} THEN 0 WHEN NOT ({holds}) THEN {broken} ELSE 2 END
     WHEN NOT (base AND {applies}) THEN 4 ELSE 2 END::TINYINT AS r{number}
"""


def prepare(columns: Columns) -> Entry:
    """The parcels in a table of DuckDB's own; a round fetches the verdicts as numpy columns."""
    connection = duckdb.connect()
    connection.register("given", arrow(columns))
    connection.execute("CREATE TABLE parcels AS SELECT * FROM given")
    verdicts = ", ".join(
        VERDICT.format(applies=f"({applies})", holds=holds, broken=broken, number=number)
        for number, (applies, holds, broken) in enumerate(RULES)
    )
    query = f"SELECT {verdicts} FROM ({MEASURED.format(day=DAY)})"  # noqa: S608 - made of the constants above
    return Entry(
        lambda: connection.execute(query).fetchnumpy(),
        lambda found: tally(np.stack([np.asarray(found[f"r{number}"]) for number in range(len(RULES))])),
    )
