"""Seeded random districts of a few small parks and their green rows, for the ledger; each on ground of its own."""

from __future__ import annotations

import random
from decimal import Decimal

from oracle import Row
from oracle_plan import Plan
from random_plans import SOUTH_M, WEST_M, Cells

PARK_M = 100
STEP_M = 150
PER_ROW = 150
ROW_FIELDS = ("change", "area_m2", "project_completed", "reason")


def district(rng: random.Random, parks: int) -> tuple[list[Cells], list[Cells]]:
    """Some parks of one district and their green rows, without geometry, so that each value has one source."""
    out: list[Cells] = []
    rows: list[Cells] = []
    for name in "ABCDEF"[:parks]:
        agreed, qualified = rng.choice((True, True, False)), rng.choice((True, True, True, False))
        out.append({"park_id": name, "management_qualified": qualified, "district_balance_approved": agreed})
        for change in rng.choices(("reduction", "new_planned", "existing"), k=rng.randrange(1, 4)):
            area = Decimal(rng.choice((100, 100, 150, 250))) + Decimal(rng.choice(("0", "0.10", "0.25")))
            built, reason = rng.choice((True, True, True, False)), rng.choice(("expansion", "renovation", "other"))
            row = {"park_id": name, "change": change, "area_m2": area, "project_completed": built}
            rows.append({**row, "reason": reason})
    return out, rows


def with_gaps(rows: list[Cells], names: tuple[str, ...], gap: float, rng: random.Random) -> list[Cells]:
    return [{**row, **{name: None for name in names if rng.random() < gap}} for row in rows]


def random_districts(seed: int, districts: int, gap: float, unplaced: int = 0) -> Plan:
    """Districts with gaps; `unplaced` parks of the plan have no district."""
    rng = random.Random(seed)
    parks: list[Row] = []
    rows: list[Row] = []
    for index in range(districts):
        place = f"D{index:04d}"
        some_parks, some_rows = district(rng, rng.randrange(1, 6))
        some_parks = with_gaps(some_parks, ("management_qualified", "district_balance_approved"), gap, rng)
        some_rows = with_gaps(some_rows, ROW_FIELDS, gap / 4, rng)
        parks += [park_in(park, place, len(parks) + n) for n, park in enumerate(some_parks)]
        rows += [green_in(row, place, len(rows) + n) for n, row in enumerate(some_rows)]
    for index in rng.sample(range(len(parks)), unplaced):
        parks[index] = {**parks[index], "district": None}
    return in_a_plan(parks, rows)


def in_a_plan(parks: list[Row], rows: list[Row]) -> Plan:
    """With the one parcel that any check needs."""
    return Plan([{"parcel_id": "P1", "bounds": ground(PER_ROW * PER_ROW)}], parks, rows)


def park_in(park: Cells, place: str, index: int) -> Row:
    return {**park, "park_id": f"{place}-{park['park_id']}", "district": place, "bounds": ground(index)}


def green_in(row: Cells, place: str, index: int) -> Row:
    named = None if row["park_id"] is None else f"{place}-{row['park_id']}"
    return {**row, "park_id": named, "green_id": f"{place}-{index:06d}", "bounds": None}


def ground(index: int) -> tuple[Decimal, ...]:
    west, south = WEST_M + index % PER_ROW * STEP_M, SOUTH_M + index // PER_ROW * STEP_M
    return (west, south, west + PARK_M, south + PARK_M)
