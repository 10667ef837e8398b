"""Seeded random buildings: declared floor areas exactly at 30 % and 15 %, or drawn ones well off both."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from oracle_plan import Bounds, Plan
from random_plans import Cells, rounded

OWN_FIELDS = ("above_ground_gfa_m2", "other_industry_gfa_m2", "living_gfa_m2", "underground_gfa_m2")
# of 100 m2 footprint each: (use, floors) with living and other use well off 15 % and 30 %
DRAWN = (
    (("main_industry", 6), ("living", 1)),  # 14.3 %, 14.3 %
    (("main_industry", 4), ("living", 1), ("other_industry", 2)),  # 14.3 %, 42.9 %
    (("main_industry", 3), ("living", 2)),  # 40 %, 40 %
    (("main_industry", 6), ("other_industry", 2)),  # 0, 25 %
)


def with_buildings(plan: Plan, seed: int, gap: float) -> Plan:
    """The plan with buildings on half of its parcels, two thirds of which have no floor areas of their own."""
    rng = random.Random(seed)
    parcels, buildings = [], []
    for parcel in plan.parcels:
        row = dict(parcel)
        if rng.random() < 2 / 3:
            row |= dict.fromkeys(OWN_FIELDS)
        if rng.random() < 0.5:
            buildings += on_parcel(rng, row, gap)
        parcels.append(row)
    for index, building in enumerate(buildings, 1):
        building["building_id"] = f"B{index:05d}"
    rng.shuffle(buildings)
    return replace(plan, parcels=parcels, buildings=buildings)


def on_parcel(rng: random.Random, parcel: Cells, gap: float) -> list[Cells]:
    declared = rng.random() < 0.6
    rows = declared_buildings(rng) if declared else drawn_buildings(rng)
    for index, row in enumerate(rows):
        row["bounds"] = footprint(parcel["bounds"], index)  # type: ignore[arg-type]  # a box of four
        row["parcel_id"] = parcel["parcel_id"] if rng.random() < 0.5 else None
        for name in ("use", "gfa_m2" if declared else "floors_above"):
            if rng.random() < gap:
                row[name] = None
        if declared and row["gfa_m2"] is None:
            row["floors_above"] = row["floors_below"] = None
    return rows


def declared_buildings(rng: random.Random) -> list[Cells]:
    whole = Decimal(rng.randrange(5_000, 1_500_000)) * Decimal("0.2")
    living = rounded(whole * Decimal(rng.choice(("0.15", "0.15", "0.16", "0"))))
    other = rounded(whole * Decimal(rng.choice(("0.15", "0.15", "0.1", "0.3"))))
    parts = {"living": living, "other_industry": other, "main_industry": whole - living - other}
    return [
        {"use": use, "gfa_m2": area, "floors_above": Decimal(3), "floors_below": Decimal(0)}
        for use, area in parts.items()
        if area
    ]


def drawn_buildings(rng: random.Random) -> list[Cells]:
    return [
        {"use": use, "gfa_m2": None, "floors_above": Decimal(floors), "floors_below": Decimal(rng.choice((0, 0, 1)))}
        for use, floors in rng.choice(DRAWN)
    ]


def footprint(parcel: Bounds, index: int) -> Bounds:
    """A square of a tenth of the parcel's side, well inside it; the same for each, so that floors make the shares."""
    side = ((parcel[2] - parcel[0]) / 10).quantize(Decimal("0.001"))
    west, south = parcel[0] + side * (1 + 2 * index), parcel[1] + side
    return (west, south, west + side, south + side)
