"""Seeded random plans: rows with gaps in every field, many of them exactly at a limit, none within 1e-6 of one.

Parcels are squares on a grid of 350 m near Zhangjiang (EPSG:4549), in blocks of 6 x 6 cells; a park covers its block
up to the middle of the last column and row, whose parcels lie 45 or 55 % inside. All numbers are Decimals.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from oracle import IN_FORCE_FROM, RECOGNISED
from oracle_plan import Bounds, Plan, ellipsoidal_area_m2

Cells = dict[str, object]

CELL_M = Decimal(350)
BLOCK = 6
WEST_M, SOUTH_M = Decimal(640000), Decimal(3440000)
CENT = Decimal("0.01")
EDGE = (BLOCK - Decimal("0.5")) * CELL_M  # where a park ends inside its block

LAND_CLASSES = ("industrial_project", "industrial_standard", "rd_general", "rd_project", "other")
LAND_CODES = (
    "M4", "100101", "R2", "Rr3", "G1", "C2", "C6", "C", "A33", "A35", "R0", "W1", "0701", "0802", "080403", "1401",
    "1101", "0701/1401", "R2+C2", "M1/R2",
)  # fmt: skip
TERMS = (10, 20, 20, 20, 30, 40, 50, 50, 50, 60, 70, "19.5", "20.5", "50.5")


@dataclass(frozen=True)
class Recipe:
    parcels: int = 500
    parks: bool = True
    zones: bool = False
    green: bool = True
    gap: float = 0.12
    drawn_only: float = 0.1  # part of the parcels without a declared site area


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_EVEN)


def random_plan(seed: int, recipe: Recipe) -> Plan:
    rng = random.Random(seed)
    per_side = max(BLOCK, int(recipe.parcels**0.5) + 1)
    blocks = [(x, y) for x in range(-(-per_side // BLOCK)) for y in range(-(-per_side // BLOCK))]
    cells = [(x, y) for x in range(per_side) for y in range(per_side)]
    rng.shuffle(cells)
    numbered = enumerate(cells[: recipe.parcels], 1)
    parcels = [random_parcel(rng, f"P{index:05d}", cell, recipe) for index, cell in numbered]
    parks = [random_park(rng, block, recipe) for block in blocks if rng.random() < 0.85] if recipe.parks else None
    green = random_green(rng, parks or [], recipe) if recipe.green else None
    zones = [random_zone(rng, block) for block in blocks if rng.random() < 0.6] if recipe.zones else None
    return Plan(parcels, parks, green, zones)


def block_bounds(block: tuple[int, int]) -> Bounds:
    west, south = (WEST_M + block[0] * BLOCK * CELL_M, SOUTH_M + block[1] * BLOCK * CELL_M)
    return (west, south, west + EDGE, south + EDGE)


def parcel_bounds(rng: random.Random, cell: tuple[int, int], area: Decimal) -> Bounds:
    side = area.sqrt().quantize(Decimal("0.001"))
    west = start(rng, cell[0], side) + WEST_M
    south = start(rng, cell[1], side) + SOUTH_M
    return (west, south, west + side, south + side)


def start(rng: random.Random, index: int, side: Decimal) -> Decimal:
    """Centred in its cell, or 45 or 55 % inside the park that ends in the middle of it."""
    if index % BLOCK == BLOCK - 1:
        inside = side * Decimal(rng.choice(("0.45", "0.55")))
        return (index + Decimal("0.5")) * CELL_M - inside.quantize(Decimal("0.001"))
    return index * CELL_M + ((CELL_M - side) / 2).quantize(Decimal("0.001"))


def random_parcel(rng: random.Random, parcel_id: str, cell: tuple[int, int], recipe: Recipe) -> Cells:
    area = Decimal(rng.randrange(400_00, 90_000_00)) * CENT
    bounds = parcel_bounds(rng, cell, area)
    declared = area if rng.random() > recipe.drawn_only else None
    row: Cells = {
        "parcel_id": parcel_id,
        "bounds": bounds,
        "site_area_m2": declared,
        **place_fields(rng),
        **density_fields(rng, declared, bounds),
        **mixed_use_fields(rng),
        **stock_fields(rng),
        **transfer_fields(rng),
    }
    if not row["land_code"]:  # by the number, so that all other draws stay as they are
        row["land_code"] = LAND_CODES[int(parcel_id[1:]) % len(LAND_CODES)]
    for name in row:
        if name not in ("parcel_id", "bounds") and rng.random() < recipe.gap:
            row[name] = None
    row["major_project"] = "none" if int(parcel_id[1:]) % 11 == 0 else None  # contradicts some of the recognitions
    if row["land_code"] == "M0" and row["single_use"]:  # what contradicts is tried apart
        row["single_use"] = False
    return separated(row, bounds)


def place_fields(rng: random.Random) -> Cells:
    return {
        "name": rng.choice(("张江科学城", "测试地块", "Lot A")),
        "district": "浦东新区",
        "land_code": rng.choice(("M1", "", "C65", "", "M0")),
        "in_high_tech_zone": rng.choice((True, True, True, True, False, None, None, None)),
        "approval_date": rng.choice(days(rng)),
        "land_class": rng.choice(LAND_CLASSES),
        "term_years": Decimal(rng.choice(TERMS)),
        "recognition": rng.choice((*RECOGNISED, "none", "none", "none")),
        "roof_greening": rng.choice((True, False, None)),
    }


def days(rng: random.Random) -> list[date]:
    later = IN_FORCE_FROM + timedelta(days=rng.randrange(2, 2000))
    return [IN_FORCE_FROM - timedelta(days=1), IN_FORCE_FROM, IN_FORCE_FROM + timedelta(days=1), *[later] * 5]


def density_fields(rng: random.Random, declared: Decimal | None, bounds: Bounds) -> Cells:
    """Floor area and FAR, exactly at a floor where the site area is declared, well off it where it is drawn."""
    if declared is None:
        ratio = Decimal(rng.choice(("1.2", "1.7", "2.3", "2.8", "3.4")))
        gfa = rounded(ratio * ellipsoidal_area_m2(bounds))
    else:
        ratio = Decimal(rng.choice(("2", "2", "3", "3", "0", "1.99", "2.01", "2.5", "2.99", "3.01", "4.25")))
        gfa = rounded(ratio * declared)
    stated = rng.choice((ratio, ratio, Decimal("1.5"), Decimal("2.0"), Decimal("3.0"), Decimal("1.99"), None))
    before = rng.choice((ratio, Decimal("1.0"), Decimal("2.0"), Decimal("3.0"), Decimal("5.0")))
    return {"far_gfa_m2": gfa, "far": stated, "far_before": before}


def separated(row: Cells, bounds: Bounds) -> Cells:
    """Moves `far_before` away where rounding or drawing would leave it neither equal to the FAR nor clearly off it."""
    gfa, site, before = row["far_gfa_m2"], row["site_area_m2"], row["far_before"]
    if isinstance(gfa, Decimal) and isinstance(before, Decimal):
        for area in (site, ellipsoidal_area_m2(bounds)) if site is None else (site,):
            if isinstance(area, Decimal) and 0 < abs(gfa - before * area) < before * area * Decimal("1e-3"):
                row["far_before"] = before + Decimal("0.25")
    return row


def mixed_use_fields(rng: random.Random) -> Cells:
    whole = Decimal(rng.randrange(5_000, 1_500_000)) * Decimal("0.2")
    living = rounded(whole * Decimal(rng.choice(("0.15", "0.15", "0.151", "0.1", "0", "0.149", "0.3", "0.4"))))
    both = rounded(whole * Decimal(rng.choice(("0.3", "0.3", "0.3", "0.301", "0.2", "0.299", "0.45"))))
    if rng.random() < 0.01:
        whole = Decimal(0)
    return {
        "above_ground_gfa_m2": whole,
        "other_industry_gfa_m2": max(both - living, Decimal(0)),
        "living_gfa_m2": living,
        "single_use": rng.choice((True, True, False, None)),
    }


def stock_fields(rng: random.Random) -> Cells:
    before = Decimal(rng.randrange(0, 500_000)) * CENT
    return {
        "is_stock": rng.choice((True, True, True, False, None)),
        "underground_gfa_before_m2": before,
        "underground_gfa_m2": rng.choice((before, before, before + 100, max(before - 100, Decimal(0)))),
        "increase_approved": rng.choice((True, True, False, None)),
        "extra_land_price_cny": rng.choice((Decimal(0), Decimal(0), Decimal("0.01"), Decimal("1250000.50"))),
    }


def transfer_fields(rng: random.Random) -> Cells:
    return {
        "is_surplus_part": rng.choice((True, True, False, None)),
        "subdivision_permitted": rng.choice((True, True, True, False)),
        "transfer_channel": rng.choice(("land_market", "land_market", "land_market", "other")),
        "listing": rng.choice(("with_industry_project", "with_industry_project", "with_industry_project", "other")),
        "transferee": rng.choice(("park_platform", "admitted_project", "admitted_project", "other")),
    }


def random_park(rng: random.Random, block: tuple[int, int], recipe: Recipe) -> Cells:
    return {
        "park_id": f"K{block[0]:02d}{block[1]:02d}",
        "name": "产业社区",
        # a few blocks side by side make a district, so that shares are drawn between two to six parks
        "district": None if rng.random() < recipe.gap / 6 else f"区{block[0]}-{block[1] // 6}",
        "management_qualified": rng.choice((True, True, True, True, False, None)),
        "district_balance_approved": rng.choice((True, True, True, True, False, None)),
        "bounds": block_bounds(block),
    }


def random_zone(rng: random.Random, block: tuple[int, int]) -> Cells:
    """A whole park, or 45 or 55 % of it."""
    west, south, east, north = block_bounds(block)
    part = Decimal(rng.choice(("1", "1", "0.45", "0.55")))
    return {"name": "高新区", "bounds": (west, south, west + (east - west) * part, north)}


def random_green(rng: random.Random, parks: list[Cells], recipe: Recipe) -> list[Cells]:
    rows: list[Cells] = []
    for park in parks:
        if rng.random() < 0.15:
            continue
        exact = rng.random() < 0.3
        whole = Decimal(rng.randrange(500_00, 5_000_00)) * CENT
        rows += green_rows(rng, park, parts_of(rng, whole), "reduction", recipe)
        planted = whole if exact else whole * Decimal(rng.choice(("0.4", "0.8", "1.5", "2.5")))
        rows += green_rows(rng, park, parts_of(rng, rounded(planted)), "new_planned", recipe)
        rows += green_rows(rng, park, [Decimal("120.50")], "existing", recipe)
    rng.shuffle(rows)
    for index, row in enumerate(rows, 1):
        row["green_id"] = f"G{index:05d}"
    return rows


def parts_of(rng: random.Random, whole: Decimal) -> list[Decimal]:
    """One to three parts of two decimals that add up to the whole, or nothing at all."""
    count = rng.choice((0, 1, 1, 2, 3))
    if count == 0:
        return []
    cuts = sorted(rounded(whole * Decimal(rng.randrange(10, 90)) / 100) for _ in range(count - 1))
    return [end - begin for begin, end in zip([Decimal(0), *cuts], [*cuts, whole], strict=True) if end > begin]


def green_rows(rng: random.Random, park: Cells, areas: list[Decimal], change: str, recipe: Recipe) -> list[Cells]:
    return [green_row(rng, park, area, change, recipe) for area in areas]


def green_row(rng: random.Random, park: Cells, area: Decimal, change: str, recipe: Recipe) -> Cells:
    rare = recipe.gap / 6
    inside = park["bounds"]
    assert isinstance(inside, tuple)
    west = inside[0] + rng.randrange(10, 1500)
    south = inside[1] + rng.randrange(10, 1500)
    side = area.sqrt().quantize(Decimal("0.001"))
    return {
        "green_id": "",
        "park_id": None if rng.random() < recipe.gap else "K9999" if rng.random() < rare / 4 else park["park_id"],
        "district": None if rng.random() < recipe.gap else park["district"],
        "change": None if rng.random() < rare / 2 else change,
        "area_m2": None if rng.random() < rare else area,
        "project_completed": False if rng.random() < rare else None if rng.random() < rare else True,
        "reason": "other" if rng.random() < rare else rng.choice(("expansion", "renovation", "renovation"))
        if rng.random() > rare else None,
        "bounds": (west, south, west + side, south + side) if rng.random() > rare else None,
    }  # fmt: skip
