"""What CONTRACT.md says about one parcel, in exact fractions, one parcel at a time; never looks at the engine.

Where the contract is silent, the choices of this oracle:
- `above_ground_gfa_m2` = 0: a share cannot be formed, hence `undetermined`; `site_area_m2` = 0: the FAR "cannot be
  computed", hence the declared `far` if there is one, else `undetermined`. A reader may as well call a site area or a
  term of nought an impossible value (a data finding, then missing), so the random plans hold neither.
- A share needs all its parts: with living alone above 30 % and the other use unknown it stays unknown.
- "increase" is strict and equality within the tolerance is no increase.
- The comparison "= 0" is exact: a tolerance relative to nought is nought.
- An assumption counts for every row in which the missing value was taken, needed by a verdict or not.
- `site_area_m2` assumed from the geometry lets the FAR be computed, so it goes before the declared `far`; with
  `--no-assumptions` the drawn area is no site area and the declared `far` speaks.
- A missing `in_high_tech_zone` with a layer but without geometry stays missing with assumptions too ("no geometry =
  missing"), and "inside a polygon" means a single polygon of the layer.
- Only `approval_date` decides whether the pack is in force; for a park, which has none, the as-of date does.
- Where applicability is unknown the finding must name what applicability lacks and may name what the requirements lack.
- A missing FAR must name the missing ones of `far_gfa_m2` and `site_area_m2` and may name `far`.
- `extra_land_price_cny` below nought is not tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kleene import (
    FALSE,
    NOTHING,
    TOLERANCE,
    TRUE,
    Fact,
    Number,
    all_of,
    any_of,
    at_least,
    at_most,
    more_than,
    share,
    total,
)

Row = Mapping[str, object]

# CONTRACT 2, approval_date: "before the pack's 2021-09-01 the pack does not apply"
IN_FORCE_FROM = date(2021, 9, 1)
INDUSTRIAL = ("industrial_project", "industrial_standard")
RESEARCH = ("rd_general", "rd_project")
RECOGNISED = (
    "national_strategic_project",
    "municipal_key_project",
    "manufacturing_innovation_centre",
    "enterprise_technology_centre",
)


@dataclass(frozen=True)
class Options:
    as_of: date = date(2026, 11, 22)
    reading: str = "threshold"
    assumptions: bool = True
    base_term_years: Fraction = Fraction(20)


@dataclass(frozen=True)
class Requirement:
    fact: Fact
    softened: bool = False  # false gives review instead of fail


@dataclass(frozen=True)
class Judgement:
    """A verdict; for `undetermined` the fields the finding must name and those it may name."""

    verdict: str
    must_name: frozenset[str] = NOTHING
    may_name: frozenset[str] = NOTHING


def judge(applies: Fact, requirements: list[Requirement], may_name: frozenset[str] = NOTHING) -> Judgement:
    # "Applicability unknown -> undetermined (never fail), surely not applicable -> not_applicable."
    if applies.truth is False:
        return Judgement("not_applicable")
    if applies.truth is None:
        return Judgement("undetermined", applies.missing, may_name)
    # "one fails -> fail; else one unknown -> undetermined; else one for review -> review; else pass"
    if any(r.fact.truth is False and not r.softened for r in requirements):
        return Judgement("fail")
    lacking = [r.fact.missing for r in requirements if r.fact.truth is None]
    if lacking:
        return Judgement("undetermined", NOTHING.union(*lacking), may_name)
    if any(r.fact.truth is False for r in requirements):
        return Judgement("review")
    return Judgement("pass")


def number(row: Row, name: str) -> Number:
    value = row.get(name)
    if value is None:
        return Number(None, frozenset({name}))
    if not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"{name}: {value!r} is not an exact number")
    return Number(Fraction(value))


def truth(row: Row, name: str) -> Fact:
    value = row.get(name)
    return Fact(None, frozenset({name})) if value is None else Fact(bool(value))


def one_of(row: Row, name: str, values: tuple[str, ...]) -> Fact:
    value = row.get(name)
    return Fact(None, frozenset({name})) if value is None else Fact(value in values)


def in_force(row: Row) -> Fact:
    day = row.get("approval_date")
    if day is None:
        return Fact(None, frozenset({"approval_date"}))
    if not isinstance(day, date):
        raise TypeError(f"approval_date: {day!r} is not a date")
    return Fact(day >= IN_FORCE_FROM)


def far(row: Row) -> Number:
    # "far: as declared; used when it cannot be computed from the two fields above" (far_gfa_m2, site_area_m2)
    computed = share(number(row, "far_gfa_m2"), number(row, "site_area_m2"), "site_area_m2")
    declared = number(row, "far")
    if computed.value is None and declared.value is not None:
        return declared
    return computed


def spoken_of(row: Row, *conditions: Fact) -> Fact:
    # "applies (besides in zone and in force)"; "outside it the pack does not apply"
    return all_of(truth(row, "in_high_tech_zone"), in_force(row), *conditions)


def term_50(row: Row, options: Options) -> tuple[Fact, list[Requirement]]:
    # "land_class = industrial_project"
    applies = spoken_of(row, one_of(row, "land_class", ("industrial_project",)))
    term = number(row, "term_years")
    # "`term_years` <= 50, and (recognition is one of the four, or `term_years` <= 20)"
    within_50 = at_most(term, Fraction(50))
    entitled = any_of(one_of(row, "recognition", RECOGNISED), at_most(term, options.base_term_years))
    # "--reading literal makes ... a term above the base term but within 50 years without recognition [review]"
    return applies, [Requirement(within_50), Requirement(entitled, softened=options.reading == "literal")]


def far_floor(row: Row, options: Options, classes: tuple[str, ...], floor: Fraction) -> tuple[Fact, list[Requirement]]:
    applies = spoken_of(row, one_of(row, "land_class", classes))
    # "--reading literal makes a FAR below the floor review"
    return applies, [Requirement(at_least(far(row), floor), softened=options.reading == "literal")]


def far_industrial(row: Row, options: Options) -> tuple[Fact, list[Requirement]]:
    # "land_class is industrial_* | FAR >= 2.0"
    return far_floor(row, options, INDUSTRIAL, Fraction(2))


def far_rd_general(row: Row, options: Options) -> tuple[Fact, list[Requirement]]:
    # "land_class = rd_general | FAR >= 3.0"
    return far_floor(row, options, ("rd_general",), Fraction(3))


def intensified_stock(row: Row) -> Fact:
    # "is_stock, industrial_*, and (FAR > far_before or underground_gfa > underground_gfa_before)"
    higher = more_than(far(row), number(row, "far_before"))
    deeper = more_than(number(row, "underground_gfa_m2"), number(row, "underground_gfa_before_m2"))
    return spoken_of(row, truth(row, "is_stock"), one_of(row, "land_class", INDUSTRIAL), any_of(higher, deeper))


def stock_approval(row: Row, _: Options) -> tuple[Fact, list[Requirement]]:
    # "`increase_approved`"
    return intensified_stock(row), [Requirement(truth(row, "increase_approved"))]


def stock_no_premium(row: Row, _: Options) -> tuple[Fact, list[Requirement]]:
    # "the same, and increase_approved | `extra_land_price_cny` = 0"
    price = number(row, "extra_land_price_cny")
    free = Fact(None, price.missing) if price.value is None else Fact(price.value == 0)
    return all_of(intensified_stock(row), truth(row, "increase_approved")), [Requirement(free)]


def surplus_transfer(row: Row, _: Options) -> tuple[Fact, list[Requirement]]:
    # "land_class = industrial_project; subdivision_permitted; transfer_channel = land_market;
    #  listing = with_industry_project; transferee is park_platform or admitted_project"
    return spoken_of(row, truth(row, "is_surplus_part")), [
        Requirement(one_of(row, "land_class", ("industrial_project",))),
        Requirement(truth(row, "subdivision_permitted")),
        Requirement(one_of(row, "transfer_channel", ("land_market",))),
        Requirement(one_of(row, "listing", ("with_industry_project",))),
        Requirement(one_of(row, "transferee", ("park_platform", "admitted_project"))),
    ]


def single_use_industry(row: Row) -> Fact:
    # "any industrial_* or rd_*, single_use"
    return spoken_of(row, one_of(row, "land_class", INDUSTRIAL + RESEARCH), truth(row, "single_use"))


def other_use_share(row: Row) -> Number:
    other = total(number(row, "other_industry_gfa_m2"), number(row, "living_gfa_m2"))
    return share(other, number(row, "above_ground_gfa_m2"), "above_ground_gfa_m2")


def living_share(row: Row) -> Number:
    return share(number(row, "living_gfa_m2"), number(row, "above_ground_gfa_m2"), "above_ground_gfa_m2")


def mixed_use_30(row: Row, _: Options) -> tuple[Fact, list[Requirement]]:
    # "(other_industry + living) / above_ground <= 30 %"
    return single_use_industry(row), [Requirement(at_most(other_use_share(row), Fraction(30, 100)))]


def living_15(row: Row, _: Options) -> tuple[Fact, list[Requirement]]:
    # "the same | living / above_ground <= 15 %"
    return single_use_industry(row), [Requirement(at_most(living_share(row), Fraction(15, 100)))]


def roof_greening(row: Row, _: Options) -> tuple[Fact, list[Requirement]]:
    # "roof_greening is known | `roof_greening` (鼓励: false gives `review`, never `fail`)"
    known = FALSE if row.get("roof_greening") is None else TRUE
    return spoken_of(row, known), [Requirement(truth(row, "roof_greening"), softened=True)]


PARCEL_RULES: dict[str, Callable[[Row, Options], tuple[Fact, list[Requirement]]]] = {
    "term-50": term_50,
    "far-industrial": far_industrial,
    "far-rd-general": far_rd_general,
    "stock-approval": stock_approval,
    "stock-no-premium": stock_no_premium,
    "surplus-transfer": surplus_transfer,
    "mixed-use-30": mixed_use_30,
    "living-15": living_15,
    "roof-greening": roof_greening,
}

# what a finding of these rules measures, and its limit
MEASURED: dict[str, tuple[Callable[[Row], Number], Fraction]] = {
    "far-industrial": (far, Fraction(2)),
    "far-rd-general": (far, Fraction(3)),
    "mixed-use-30": (other_use_share, Fraction(30, 100)),
    "living-15": (living_share, Fraction(15, 100)),
}

PLACE = ("in_high_tech_zone", "approval_date")
FAR_FIELDS = ("far_gfa_m2", "site_area_m2", "far")
STOCK = ("is_stock", "land_class", *FAR_FIELDS, "far_before", "underground_gfa_m2", "underground_gfa_before_m2")
MIXED = ("land_class", "single_use", "living_gfa_m2", "above_ground_gfa_m2")
FIELDS_OF_RULE: dict[str, tuple[str, ...]] = {
    "term-50": (*PLACE, "land_class", "term_years", "recognition"),
    "far-industrial": (*PLACE, "land_class", *FAR_FIELDS),
    "far-rd-general": (*PLACE, "land_class", *FAR_FIELDS),
    "stock-approval": (*PLACE, *STOCK, "increase_approved"),
    "stock-no-premium": (*PLACE, *STOCK, "increase_approved", "extra_land_price_cny"),
    "surplus-transfer": (
        *PLACE, "is_surplus_part", "land_class", "subdivision_permitted", "transfer_channel", "listing", "transferee",
    ),
    "mixed-use-30": (*PLACE, *MIXED, "other_industry_gfa_m2"),
    "living-15": (*PLACE, *MIXED),
    "roof-greening": (*PLACE, "roof_greening"),
}  # fmt: skip


POSSIBLE = {
    "far": (Fraction(1, 100), Fraction(30)),
    "far_before": (Fraction(1, 100), Fraction(30)),
    "site_area_m2": (Fraction(10), Fraction(10) ** 8),
    "term_years": (Fraction(1, 100), Fraction(100)),
}


def impossible(row: Row, options: Options) -> set[str]:
    """Fields whose value "decides nothing" (CONTRACT 9): the value is unknown, and an error is told."""
    wrong = set()
    for name, (least, most) in POSSIBLE.items():
        value = number(row, name).value
        if value is not None and value != 0 and not least <= value <= most:
            wrong.add(name)
    day = row.get("approval_date")
    if isinstance(day, date) and day > options.as_of.replace(year=options.as_of.year + 5):
        wrong.add("approval_date")
    known = {name: value for name, value in row.items() if name not in wrong}
    if wrong & {"far_gfa_m2", "site_area_m2"}:  # "no ... default takes its place": nor does the declared FAR
        wrong.add("far")
    computed = share(number(known, "far_gfa_m2"), number(known, "site_area_m2"), "site_area_m2").value
    if computed is not None and computed != 0 and not Fraction(1, 100) <= computed <= 30:
        wrong |= set(FAR_FIELDS)
    whole = number(known, "above_ground_gfa_m2").value
    parts = [number(known, name).value or Fraction(0) for name in ("other_industry_gfa_m2", "living_gfa_m2")]
    if whole is not None and sum(parts) > whole * (1 + TOLERANCE):
        wrong |= {"other_industry_gfa_m2", "living_gfa_m2", "above_ground_gfa_m2"}
    if row.get("major_project") == "none" and row.get("recognition") in RECOGNISED[:2]:
        wrong |= {"major_project", "recognition"}  # "contradict each other ... and both are unknown"
    return wrong


def sane(row: Row, options: Options) -> Row:
    """The parcel without impossible values; "FAR 0 in `far` means no figure was set"."""
    gone = impossible(row, options) | ({"far"} if row.get("far") == 0 else set())
    return {name: None if name in gone else value for name, value in row.items()}


def judge_parcel(row: Row, options: Options) -> dict[str, Judgement]:
    """All parcel rules for one parcel whose assumptions have been filled already."""
    row = sane(row, options)
    verdicts = {}
    for rule, read in PARCEL_RULES.items():
        applies, requirements = read(row, options)
        lacking = {name for name in FIELDS_OF_RULE[rule] if row.get(name) is None}
        # a denominator of nought is named although it is there
        lacking |= {name for name in ("site_area_m2", "above_ground_gfa_m2") if row.get(name) == 0}
        verdicts[rule] = judge(applies, requirements, frozenset(lacking))
    return verdicts
