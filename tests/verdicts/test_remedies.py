"""What to change: enough, and not a hundredth of a square metre more than enough."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

import pytest

from landcheck.model import Change, Operator
from landcheck.model import Test as Comparison
from landcheck.verdicts.remedies import joint, ways

CENT = Decimal("0.01")
FAR = Comparison("far", Operator.AT_LEAST, Decimal("2.0"), "1")
OTHER = Comparison("other_use_share", Operator.AT_MOST, Decimal(30), "percent", scale=Decimal("0.01"))
LIVING = Comparison("living_share", Operator.AT_MOST, Decimal(15), "percent", scale=Decimal("0.01"))
LIMITS = {"far": Decimal(2), "other_use_share": Decimal("0.3"), "living_share": Decimal("0.15")}
SLACK = Decimal("1e-9")


def broken(test: Comparison) -> tuple[float, float]:
    """Limit and measured value of an outcome that misses the limit."""
    assert test.number is not None
    return float(test.number), 0.0


def holds(measure: str, v: dict[str, Decimal]) -> bool:
    """By the contract, in exact numbers: the full value, with a tolerance of 1e-9 of the limit."""
    limit = LIMITS[measure]
    if measure == "far":
        return v["far_gfa_m2"] / v["site_area_m2"] >= limit * (1 - SLACK)
    part = v["living_gfa_m2"] + (v["other_industry_gfa_m2"] if measure == "other_use_share" else 0)
    return part / v["above_ground_gfa_m2"] <= limit * (1 + SLACK)


def failing(chance: random.Random, measure: str) -> dict[str, Decimal]:
    def area(low: float, high: float) -> Decimal:
        return Decimal(str(round(chance.uniform(low, high), 2)))

    while True:
        v = {"site_area_m2": area(5_000, 90_000), "above_ground_gfa_m2": area(10_000, 200_000)}
        v["far_gfa_m2"] = area(0.2, 1) * 2 * v["site_area_m2"]
        v["far_gfa_m2"] = v["far_gfa_m2"].quantize(CENT)
        v["living_gfa_m2"] = (area(0.0, 0.6) * v["above_ground_gfa_m2"]).quantize(CENT)
        v["other_industry_gfa_m2"] = (area(0.0, 0.6) * v["above_ground_gfa_m2"]).quantize(CENT)
        if not holds(measure, v):
            return v


def after(v: dict[str, Decimal], changes: tuple, less: Decimal = Decimal(0)) -> dict[str, Decimal]:
    """The parcel with the changes applied, the first of them short by ``less``."""
    out = dict(v)
    for number, change in enumerate(changes):
        by = Decimal(repr(change.by))
        short = less if number == 0 else Decimal(0)
        out[change.field] += by - short if by > 0 else by + short
    return out


@pytest.mark.parametrize("test", [FAR, OTHER, LIVING], ids=lambda test: test.measure)
def test_every_way_is_enough_and_a_hundredth_less_is_not(test: Comparison) -> None:
    chance = random.Random(5)
    for _ in range(1_000):
        v = failing(chance, test.measure)
        for way in ways(test, *broken(test), v):
            assert holds(test.measure, after(v, way)), (v, way)
            assert not holds(test.measure, after(v, way, less=CENT)), (v, way)


def test_one_by_hand() -> None:
    # 36,000 m² of floor on 20,000 m²: 4,000 m² short of 2.0, or 2,000 m² of land too much
    v = {"far_gfa_m2": Decimal(36000), "site_area_m2": Decimal(20000)}
    assert [[(c.field, c.by) for c in way] for way in ways(FAR, *broken(FAR), v)] == [
        [("far_gfa_m2", 4000.0)], [("site_area_m2", -2000.0)],
    ]  # fmt: skip


def test_a_far_over_a_ceiling_gives_floor_up() -> None:
    # 2.5 on 20,000 m² against at most 2.0: 50,000 of floor are 10,000 too many
    test = Comparison("far", Operator.AT_MOST, Decimal("2.0"), "1")
    v = {"far_gfa_m2": Decimal(50000), "site_area_m2": Decimal(20000)}
    assert [[(c.field, c.by) for c in way] for way in ways(test, *broken(test), v)] == [[("far_gfa_m2", -10000.0)]]


def test_no_whole_is_large_enough_where_nothing_is_allowed() -> None:
    test = Comparison("living_share", Operator.AT_MOST, Decimal(0), "percent", scale=Decimal("0.01"))
    values = {"living_gfa_m2": Decimal(100), "above_ground_gfa_m2": Decimal(1000)}
    assert ways(test, 0.0, 10.0, values) == ((Change("living_gfa_m2", -100.0, "m2"),),)


def test_the_joint_remedy_by_hand() -> None:
    # FAR 1.5 wants 50 m² more, which makes the whole 150; 15 % of that is 22.5 for living, 30 % is 45 for both.
    # 40 living and 20 other: 17.5 leave living and 15 leave both: 15 become main industry, 2.5 become other industry
    v = {"site_area_m2": 100, "far_gfa_m2": 150, "above_ground_gfa_m2": 100, "living_gfa_m2": 40,
         "other_industry_gfa_m2": 20}  # fmt: skip
    remedy = joint(LIMITS, {name: Decimal(number) for name, number in v.items()})
    assert {c.field: c.by for c in remedy.changes} == {
        "far_gfa_m2": 50.0, "above_ground_gfa_m2": 50.0, "living_gfa_m2": -17.5, "other_industry_gfa_m2": 2.5,
    }  # fmt: skip
    assert remedy.total_m2 == 67.5


def cheapest(v: dict[str, int]) -> int:
    """The least total of whole square metres, by trying all of them."""
    best = None
    for added, to_main, to_other in product(range(41), range(41), range(41)):
        if to_main + to_other > v["living_gfa_m2"] or (best is not None and added + to_main + to_other >= best):
            continue
        for other in range(v["other_industry_gfa_m2"] + 1):
            total = added + to_main + to_other + other
            if best is not None and total >= best:
                break
            now = {
                "site_area_m2": Decimal(v["site_area_m2"]), "far_gfa_m2": Decimal(v["far_gfa_m2"] + added),
                "above_ground_gfa_m2": Decimal(v["above_ground_gfa_m2"] + added),
                "living_gfa_m2": Decimal(v["living_gfa_m2"] - to_main - to_other),
                "other_industry_gfa_m2": Decimal(v["other_industry_gfa_m2"] + to_other - other),
            }  # fmt: skip
            if all(holds(measure, now) for measure in LIMITS):
                best = total
                break
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(25))
def test_the_joint_remedy_is_the_cheapest_there_is(seed: int) -> None:
    chance = random.Random(seed)
    # multiples of 20 keep 15 % and 30 % of every whole that is a multiple of 20 in whole square metres
    whole = 20 * chance.randint(2, 4)
    site = whole // 2 + 10 * chance.randint(0, 2)
    living, other = chance.randint(0, whole // 2), chance.randint(0, whole // 2)
    v = {"site_area_m2": site, "far_gfa_m2": whole, "above_ground_gfa_m2": whole, "living_gfa_m2": living,
         "other_industry_gfa_m2": other}  # fmt: skip
    remedy = joint(LIMITS, {name: Decimal(number) for name, number in v.items()})
    now = after({name: Decimal(number) for name, number in v.items()}, remedy.changes)
    assert all(holds(measure, now) for measure in LIMITS)
    assert remedy.total_m2 == cheapest(v)
