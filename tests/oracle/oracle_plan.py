"""The oracle for a whole plan: place, area, assumptions, every verdict, the ledger and the exit status.

A plan is plain rows with canonical field names, None for missing; `bounds` (xmin, ymin, xmax, ymax in EPSG:4549,
Decimal) is the row's rectangle, None where it has no geometry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import cast

from kleene import Fact
from oracle import IN_FORCE_FROM, MEASURED, Judgement, Options, Row, judge_parcel, sane
from oracle_buildings import fillings, floor_areas
from oracle_green import LedgerRow, is_certain, judge_park, ledger
from pyproj import Transformer

Bounds = tuple[Decimal, Decimal, Decimal, Decimal]
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Plan:
    parcels: Sequence[Row]
    parks: Sequence[Row] | None = None
    green: Sequence[Row] | None = None
    zones: Sequence[Row] | None = None
    buildings: Sequence[Row] | None = None


@dataclass
class Answer:
    verdicts: dict[tuple[str, str, str], Judgement]  # (rule, subject type, subject id)
    assumed: Counter[str] = field(default_factory=Counter)  # field -> rows
    ledger: dict[str, LedgerRow] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)  # parks whose ledger line nothing unknown touches
    # what is measured over its limit, so that the unit (1 or percent) does not matter
    measured: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)
    drawn_areas: bool = False  # whether an area of the ledger comes from geometry

    def exit_status(self) -> int:
        """Without data errors: "1 a `fail`; 3 no fail but something `undetermined`; 0 nothing wrong"."""
        seen = {judgement.verdict for judgement in self.verdicts.values()}
        return 1 if "fail" in seen else 3 if "undetermined" in seen else 0


@cache
def _to_equal_area() -> Transformer:
    return Transformer.from_crs("EPSG:4549", "+proj=cea +lon_0=120 +ellps=GRS80 +units=m", always_xy=True)


@cache
def ellipsoidal_area_m2(bounds: Bounds) -> Decimal:
    """CONTRACT 5: "ellipsoidal on GRS80, which +proj=cea +ellps=GRS80 reproduces": corners there, shoelace."""
    xmin, ymin, xmax, ymax = (float(number) for number in bounds)
    xs, ys = _to_equal_area().transform([xmin, xmax, xmax, xmin], [ymin, ymin, ymax, ymax])
    # relative to the first corner, so that the shoelace loses no digits
    ring = [(Fraction(x) - Fraction(xs[0]), Fraction(y) - Fraction(ys[0])) for x, y in zip(xs, ys, strict=True)]
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    twice = sum((ax * by - bx * ay for (ax, ay), (bx, by) in pairs), Fraction(0))
    return Decimal(float(abs(twice) / 2))


def bounds_of(row: Row) -> Bounds | None:
    return cast(Bounds | None, row.get("bounds"))


def share_inside(inner: Bounds, outer: Bounds) -> Fraction:
    """The part of one rectangle inside another; in one grid a ratio of areas needs no ellipsoid."""
    width = min(inner[2], outer[2]) - max(inner[0], outer[0])
    height = min(inner[3], outer[3]) - max(inner[1], outer[1])
    if width <= 0 or height <= 0:
        return Fraction(0)
    return Fraction(width * height) / Fraction((inner[2] - inner[0]) * (inner[3] - inner[1]))


def zone_by_place(row: Row, layer: Sequence[Row]) -> bool | None:
    # "more than half of the parcel inside the union of the zone polygons = true, else false; no geometry = missing"
    inner = bounds_of(row)
    if inner is None:
        return None
    return share_of_union(inner, [outer for outer in map(bounds_of, layer) if outer is not None]) > HALF


def share_of_union(inner: Bounds, outers: Sequence[Bounds]) -> Fraction:
    """How much of a rectangle others cover together: by the cells that all their sides cut it into."""
    west, south, east, north = map(Fraction, inner)
    xs = sorted({west, east, *(min(max(Fraction(side), west), east) for o in outers for side in (o[0], o[2]))})
    ys = sorted({south, north, *(min(max(Fraction(side), south), north) for o in outers for side in (o[1], o[3]))})
    covered = sum(
        (right - left) * (up - low)
        for left, right in pairwise(xs)
        for low, up in pairwise(ys)
        if any(o[0] <= left and right <= o[2] and o[1] <= low and up <= o[3] for o in outers)
    )
    return Fraction(covered) / ((east - west) * (north - south))


def tells_other_land(row: Row) -> bool:
    # "a `land_code` of plainly other land is evidence for `land_class = other` where no class is stated ... or several
    #  of these"; nor where "`is_stock` or `is_surplus_part` is stated true"
    codes = str(row.get("land_code") or "").replace("+", "/").split("/")
    return all(map(of_other_land, codes)) and not (row.get("is_stock") or row.get("is_surplus_part"))


def of_other_land(code: str) -> bool:
    first, rest = code[:1], code[1:]
    if code.isdigit():
        whole = code[:2] in ("07", "09", "12", "13", "14", "15", "17") and len(code) in (2, 4, 6)
        parts = code[:4] in ("0801", "0803", "0805", "0806", "0807") and len(code) in (4, 6)
        return whole or parts or code in ("080401", "080402", "080403", "080404")
    if first == "R" and rest[:1] in ("r", "c", "s"):
        rest = rest[1:]
    if not (rest == "" or (rest.isdigit() and rest[0] != "0")):
        return False
    if first == "A":  # "A1, A2, A31 to A34, A4 to A9"
        return rest[:1] in tuple("12456789") or rest in ("31", "32", "33", "34")
    if first == "C":
        return rest[:1] in tuple("1234579")
    return rest[:1] == "1" if first == "E" else first in tuple("RSUGB")


def filled_parcel(row: Row, plan: Plan, options: Options) -> tuple[Row, set[str]]:
    """The parcel with what place and assumptions supply, and the fields that were assumed."""
    full, assumed = dict(row), set()
    m0 = row.get("land_code") == "M0"
    if m0:  # "a land code or remark M0 is evidence for `single_use = false`"; stated true, the two contradict
        full["single_use"] = None if row.get("single_use") else False
    if row.get("land_class") is None and tells_other_land(row):
        full["land_class"] = "other"
    layer = plan.zones if plan.zones is not None else plan.parks
    guesses: dict[str, object] = {
        "approval_date": options.as_of,
        "single_use": True,
        "is_stock": False,
        "is_surplus_part": False,
    }
    # "Where a --zones layer (else the parks layer) is given, a missing value is derived from the place,
    #  which is evidence and no assumption"
    if layer is None:
        guesses["in_high_tech_zone"] = True
    elif row.get("in_high_tech_zone") is None:
        full["in_high_tech_zone"] = zone_by_place(row, layer)
    bounds = bounds_of(row)
    if bounds is not None:
        guesses["site_area_m2"] = ellipsoidal_area_m2(bounds)
    # "`--no-assumptions` makes such a value missing instead"
    if options.assumptions:
        assumed = {name for name in guesses if row.get(name) is None and not (m0 and name == "single_use")}
        full |= {name: guesses[name] for name in assumed}
    return full, assumed


def filled_park(row: Row, options: Options) -> tuple[Row, set[str]]:
    # "`management_qualified` (bool, assumed true), `district_balance_approved` (bool, no assumption)"
    if options.assumptions and row.get("management_qualified") is None:
        return {**row, "management_qualified": True}, {"management_qualified"}
    return row, set()


def filled_green(row: Row, options: Options) -> tuple[Row, set[str]]:
    # "`area_m2` (assumed: the geometry's)"
    bounds = bounds_of(row)
    if options.assumptions and row.get("area_m2") is None and bounds is not None:
        return {**row, "area_m2": ellipsoidal_area_m2(bounds)}, {"area_m2"}
    return row, set()


def answer(plan: Plan, options: Options) -> Answer:
    result = Answer({})
    built = built_floor_areas(plan, options, result)
    for parcel in plan.parcels:
        filled = {**built.get(str(parcel["parcel_id"]), {}), **{k: v for k, v in parcel.items() if v is not None}}
        full, assumed = filled_parcel(filled, plan, options)
        result.assumed.update(assumed)
        for rule, judgement in judge_parcel(full, options).items():
            result.verdicts[rule, "parcel", str(parcel["parcel_id"])] = judgement
        for rule, (read, limit) in MEASURED.items():
            if (measured := read(sane(full, options)).value) is not None:
                result.measured[rule, "parcel", str(parcel["parcel_id"])] = measured / limit
    if plan.parks is not None:
        answer_parks(plan, options, result)
    return result


def built_floor_areas(plan: Plan, options: Options, result: Answer) -> dict[str, dict[str, Decimal]]:
    """What the buildings supply, by parcel; counts the floor areas that are assumed."""
    at: dict[str, list[Row]] = {}
    areas = {}
    for building in plan.buildings or ():
        bounds = bounds_of(building)
        footprint = None if bounds is None else ellipsoidal_area_m2(bounds)
        pair = floor_areas(building, footprint, assumptions=options.assumptions)
        areas[str(building["building_id"])] = pair
        if building.get("gfa_m2") is None and pair[0] is not None:
            result.assumed.update(["gfa_m2"])
        at.setdefault(parcel_of(building, plan.parcels), []).append(building)
    return {parcel_id: fillings(buildings, areas) for parcel_id, buildings in at.items()}


def parcel_of(building: Row, parcels: Sequence[Row]) -> str:
    # "`parcel_id` (or by location)"
    if building.get("parcel_id") is not None:
        return str(building["parcel_id"])
    inner = cast(Bounds, building["bounds"])
    boxes = [(outer, str(row["parcel_id"])) for row in parcels if (outer := bounds_of(row)) is not None]
    return max((share_inside(inner, outer), name) for outer, name in boxes)[1]


def answer_parks(plan: Plan, options: Options, result: Answer) -> None:
    parks = []
    for row in plan.parks or ():
        park, assumed = filled_park(row, options)
        parks.append(park)
        result.assumed.update(assumed)
    # "A missing value, an empty layer ... can never read as a `pass`": a layer without any row says nothing
    green = green_by_park(plan, options, result) if plan.green else None
    in_force = options.as_of >= IN_FORCE_FROM
    circles = by_circle(parks)
    for park in parks:
        judgement = judge_park(park, zone_of_park(park, plan), circles(park), green, in_force=in_force)
        result.verdicts["green-balance", "park", str(park["park_id"])] = judgement
    if green is not None:
        result.ledger = ledger(parks, green)
        result.certain = {str(park["park_id"]) for park in parks if is_certain(park, circles(park), green)}


def by_circle(parks: Sequence[Row]) -> Callable[[Row], Sequence[Row]]:
    """Only parks of the same or of an unknown district can touch a park; one of unknown district touches all."""
    nowhere = [park for park in parks if park.get("district") is None]
    at: dict[object, list[Row]] = {}
    for park in parks:
        at.setdefault(park.get("district"), []).append(park)
    return lambda park: parks if park.get("district") is None else [*at[park["district"]], *nowhere]


def zone_of_park(park: Row, plan: Plan) -> Fact:
    # the lead: "with a --zones layer derived from place, without one but with a parks layer true (evidence)"
    if plan.zones is None:
        return Fact(truth=True)
    inside = zone_by_place(park, plan.zones)
    return Fact(inside, frozenset({"in_high_tech_zone"}) if inside is None else frozenset())


def green_by_park(plan: Plan, options: Options, result: Answer) -> Mapping[str, Sequence[Row]]:
    at: dict[str, list[Row]] = {}
    located = ParkFinder(plan.parks or ())
    for row in plan.green or ():
        green, assumed = filled_green(row, options)
        result.assumed.update(assumed)
        result.drawn_areas |= bool(assumed)
        park_id = located.park_of(green)
        # "a green row whose park is unknown is a data finding and covers nothing"
        if park_id is not None:
            at.setdefault(park_id, []).append(green)
    return at


class ParkFinder:
    """The park of a green row: "`park_id`, `district` (both may come from the parks layer)"."""

    def __init__(self, parks: Sequence[Row]) -> None:
        self._parks = parks
        self._ids = {str(park["park_id"]) for park in parks}

    def park_of(self, row: Row) -> str | None:
        declared = row.get("park_id")
        if declared is not None:
            return str(declared) if declared in self._ids else None
        inner = bounds_of(row)
        return None if inner is None else self._most_of(inner)

    def _most_of(self, inner: Bounds) -> str | None:
        places = [(outer, str(park["park_id"])) for park in self._parks if (outer := bounds_of(park)) is not None]
        share, park_id = max(((share_inside(inner, outer), name) for outer, name in places), default=(Fraction(0), ""))
        return park_id if share > 0 else None
