"""What to change: enough, and not a hundredth of a square metre more than enough."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from landcheck.model import Change, JointRemedy, Operator
from landcheck.model import Test as Comparison
from landcheck.verdicts import remedies

CENT = Decimal("0.01")
FAR = Comparison("far", Operator.AT_LEAST, Decimal("2.0"), "1")
OTHER = Comparison("other_use_share", Operator.AT_MOST, Decimal(30), "percent", scale=Decimal("0.01"))
LIVING = Comparison("living_share", Operator.AT_MOST, Decimal(15), "percent", scale=Decimal("0.01"))
LIMITS = {"far": Decimal(2), "other_use_share": Decimal("0.3"), "living_share": Decimal("0.15")}
SLACK = Decimal("1e-9")


def ways(test: Comparison, v: dict[str, Decimal]) -> list[list[Change]]:
    """The changes of a parcel that misses the limit; what it does not have is unknown."""
    assert test.number is not None
    fields = ("far", "far_gfa_m2", "site_area_m2", "above_ground_gfa_m2", "living_gfa_m2", "other_industry_gfa_m2")
    columns = {field: np.array([float(v.get(field, "nan"))]) for field in fields}
    found = remedies.ways(test, "parcel", float(test.number), columns)
    each = [[Change(c.field, float(c.by[0]), c.unit) for c in way if not np.isnan(c.by[0])] for way in found]
    return [way for way in each if way]


def joint(limits: dict[str, Decimal], v: dict[str, Decimal]) -> JointRemedy:
    amounts = remedies.joint(limits, {name: np.array([float(number)]) for name, number in v.items()})[:, 0].tolist()
    changes = [Change(name, by, "m2") for name, by in zip(remedies.MOVED, amounts[:-1], strict=True) if by]
    return JointRemedy(tuple(changes), amounts[-1])


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


def after(
    v: dict[str, Decimal], changes: Sequence[Change], less: Decimal = Decimal(0), which: int = 0
) -> dict[str, Decimal]:
    """The parcel with the changes applied, one of them short by ``less``."""
    out = dict(v)
    for number, change in enumerate(changes):
        by = Decimal(repr(change.by))
        short = less if number == which else Decimal(0)
        out[change.field] += by - short if by > 0 else by + short
    return out


@pytest.mark.parametrize("test", [FAR, OTHER, LIVING], ids=lambda test: test.measure)
def test_every_way_is_enough_and_a_hundredth_less_is_not(test: Comparison) -> None:
    chance = random.Random(5)
    for _ in range(1_000):
        v = failing(chance, test.measure)
        for way in ways(test, v):
            assert holds(test.measure, after(v, way)), (v, way)
            assert not holds(test.measure, after(v, way, less=CENT)), (v, way)


def test_one_by_hand() -> None:
    # 36,000 m² of floor on 20,000 m²: 4,000 m² short of 2.0, or 2,000 m² of land too much
    v = {"far_gfa_m2": Decimal(36000), "site_area_m2": Decimal(20000)}
    assert [[(c.field, c.by) for c in way] for way in ways(FAR, v)] == [
        [("far_gfa_m2", 4000.0)], [("site_area_m2", -2000.0)],
    ]  # fmt: skip


def test_a_far_over_a_ceiling_gives_floor_up() -> None:
    # 2.5 on 20,000 m² against at most 2.0: 50,000 of floor are 10,000 too many
    test = Comparison("far", Operator.AT_MOST, Decimal("2.0"), "1")
    v = {"far_gfa_m2": Decimal(50000), "site_area_m2": Decimal(20000)}
    assert [[(c.field, c.by) for c in way] for way in ways(test, v)] == [[("far_gfa_m2", -10000.0)]]


def test_no_whole_is_large_enough_where_nothing_is_allowed() -> None:
    test = Comparison("living_share", Operator.AT_MOST, Decimal(0), "percent", scale=Decimal("0.01"))
    values = {"living_gfa_m2": Decimal(100), "above_ground_gfa_m2": Decimal(1000)}
    assert ways(test, values) == [[Change("living_gfa_m2", -100.0, "m2")]]


def test_the_joint_remedy_by_hand() -> None:
    # FAR 1.5 wants 50 m² more, which makes the whole 150; 15 % of that is 22.5 for living, 30 % is 45 for both.
    # 40 living and 20 other: 17.5 leave living, and are more than the 15 that are too much for both
    v = {"site_area_m2": 100, "far_gfa_m2": 150, "above_ground_gfa_m2": 100, "living_gfa_m2": 40,
         "other_industry_gfa_m2": 20}  # fmt: skip
    remedy = joint(LIMITS, {name: Decimal(number) for name, number in v.items()})
    assert {c.field: c.by for c in remedy.changes} == {
        "far_gfa_m2": 50.0, "above_ground_gfa_m2": 50.0, "living_gfa_m2": -17.5,
    }  # fmt: skip
    assert remedy.total_m2 == 117.5


@pytest.mark.parametrize("decimals", [0, 2, 4, 9])
def test_the_joint_remedy_suffices_and_asks_for_nothing_needless(decimals: int) -> None:
    chance = random.Random(decimals)
    for _ in range(1_000):

        def area(low: float, high: float) -> Decimal:
            return Decimal(repr(round(chance.uniform(low, high), decimals)))

        v = {"site_area_m2": area(5_000, 90_000), "above_ground_gfa_m2": area(10_000, 200_000),
             "far_gfa_m2": area(9_000, 200_000), "living_gfa_m2": area(0, 60_000),
             "other_industry_gfa_m2": area(0, 60_000)}  # fmt: skip
        remedy = joint(LIMITS, v)
        assert all(holds(measure, after(v, remedy.changes)) for measure in LIMITS), v
        for which, change in enumerate(remedy.changes):
            assert (change.by < 0) == (change.field in ("living_gfa_m2", "other_industry_gfa_m2")), v
            cut = after(v, remedy.changes, min(Decimal("0.05"), abs(Decimal(repr(change.by)))), which)
            assert abs(change.by) < 0.05 or not all(holds(measure, cut) for measure in LIMITS), (v, change)
        assert Decimal(repr(remedy.total_m2)) == sum(
            (abs(Decimal(repr(change.by))) for change in remedy.changes), Decimal(0)
        )


@pytest.mark.parametrize("seed", range(25))
def test_no_lesser_conversion_meets_all(seed: int) -> None:
    chance = random.Random(seed)
    # multiples of 20 keep 15 % and 30 % of every whole that is a multiple of 20 in whole square metres
    whole = 20 * chance.randint(2, 4)
    site = whole // 2 + 10 * chance.randint(0, 2)
    v = {name: Decimal(number) for name, number in {
        "site_area_m2": site, "far_gfa_m2": whole, "above_ground_gfa_m2": whole,
        "living_gfa_m2": chance.randint(0, whole // 2), "other_industry_gfa_m2": chance.randint(0, whole // 2),
    }.items()}  # fmt: skip
    by = {change.field: Decimal(repr(change.by)) for change in joint(LIMITS, v).changes}
    converted = -sum((by.get(name, Decimal(0)) for name in ("living_gfa_m2", "other_industry_gfa_m2")), Decimal(0))
    added = by.get("far_gfa_m2", Decimal(0))
    grown = v | {"far_gfa_m2": whole + added, "above_ground_gfa_m2": whole + added}
    least = min(
        living + other
        for living, other in product(range(int(v["living_gfa_m2"]) + 1), range(int(v["other_industry_gfa_m2"]) + 1))
        if all(
            holds(measure, grown | {"living_gfa_m2": v["living_gfa_m2"] - living,
                                    "other_industry_gfa_m2": v["other_industry_gfa_m2"] - other})
            for measure in LIMITS
        )
    )  # fmt: skip
    assert converted == least
