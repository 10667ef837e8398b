"""What CONTRACT.md 2 says of buildings: "They fill a parcel's `above_ground_gfa_m2`, `other_industry_gfa_m2`,
`living_gfa_m2`, `underground_gfa_m2` where the parcel has none of its own".

Where the contract is silent, the choices of this oracle:
- A parcel's sum is unknown as soon as one of its buildings is (its floor area, or its use where the use matters).
- A parcel without any building gets nothing; one whose buildings are all of another use has nought of this use.
- A declared `gfa_m2` of a building with floors below ground has no told split: not tried.
- Living and other use count whole, above ground; a use below ground is not tried.
- Filling from buildings is no assumption; a floor area taken as footprint x floors is one, of the field `gfa_m2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from oracle import Row

FILLED = {"above_ground_gfa_m2": None, "other_industry_gfa_m2": "other_industry", "living_gfa_m2": "living"}


def floor_areas(
    building: Row, footprint_m2: Decimal | None, *, assumptions: bool
) -> tuple[Decimal | None, Decimal | None]:
    """(above, below) ground in m2, None for unknown."""
    gfa, above, below = building.get("gfa_m2"), building.get("floors_above"), building.get("floors_below")
    if isinstance(gfa, Decimal):
        return gfa, Decimal(0)
    # "`gfa_m2` (assumed: footprint x floors)"
    if assumptions and footprint_m2 is not None and isinstance(above, Decimal) and isinstance(below, Decimal):
        return footprint_m2 * above, footprint_m2 * below
    return None, None


def fillings(
    buildings: Sequence[Row], areas: Mapping[str, tuple[Decimal | None, Decimal | None]]
) -> dict[str, Decimal]:
    """The fields which the buildings of one parcel can fill; `areas` by building_id."""
    if not buildings:
        return {}
    filled: dict[str, Decimal] = {}
    for name, use in FILLED.items():
        if use is not None and any(building.get("use") is None for building in buildings):
            continue
        put(filled, name, [areas[str(b["building_id"])][0] for b in buildings if use is None or b["use"] == use])
    put(filled, "underground_gfa_m2", [areas[str(building["building_id"])][1] for building in buildings])
    return filled


def put(filled: dict[str, Decimal], name: str, parts: Sequence[Decimal | None]) -> None:
    known = [part for part in parts if part is not None]
    if len(known) == len(parts):
        filled[name] = sum(known, Decimal(0))
