"""The measures of the further packs, worked out by hand; what is missing is named, and never turned into a yes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from landcheck.fields.catalogue import field, fields
from landcheck.measures import MEASURES
from landcheck.model import Kind, Modality, Reading, Role
from landcheck.verdicts.decide import softened

NAN = math.nan
YES, NO, OPEN = 1, -1, 0
MISSING = {Kind.NUMBER: NAN, Kind.BOOL: 0, Kind.ENUM: -1, Kind.DATE: 0}
TYPES = {Kind.NUMBER: np.float64, Kind.BOOL: np.int8, Kind.ENUM: np.int8, Kind.DATE: np.int32}


def columns(**given: Any) -> dict[str, np.ndarray]:
    """One row of every column, missing but for what is given: numbers, true and false, or the word of a choice."""
    row = {}
    for each in (*fields(Role.PARCELS), *fields(Role.PARKS)):
        if each.kind is not Kind.TEXT:
            value = given.pop(each.name, None)
            value = MISSING[each.kind] if value is None else value
            if isinstance(value, bool):
                value = YES if value else NO
            if isinstance(value, str):
                value = each.values.index(value)
            row[each.name] = np.array([value], TYPES[each.kind])
    assert not given, given
    return row


def value(name: str, **given: Any) -> float:
    return MEASURES[name].value(columns(**given)).tolist()[0]


def lacks(name: str, **given: Any) -> set[str]:
    return {field for field, mask in MEASURES[name].lacks(columns(**given)).items() if mask[0]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"land_class": "industrial_standard"}, "industrial"),
        ({"land_class": "rd_general"}, "science_education"),
        ({"land_class": "other", "statutory_use": "storage"}, "storage"),
        ({"statutory_use": "commercial"}, "commercial"),
        ({"land_class": "industrial_project", "statutory_use": "commercial"}, "commercial"),  # as stated
        ({"land_class": "other"}, None),
        ({}, None),
    ],
)
def test_use_of_land(given: dict[str, str], expected: str | None) -> None:
    code = value("use_of_land", **given)
    assert (None if code < 0 else field(Role.PARCELS, "statutory_use").values[int(code)]) == expected


def test_what_the_use_wants_for() -> None:
    assert lacks("use_of_land") == {"land_class", "statutory_use"}
    assert lacks("use_of_land", land_class="other") == {"statutory_use"}
    assert lacks("use_of_land", land_class="rd_project") == set()


@pytest.mark.parametrize(
    ("given", "major", "emerging"),
    [
        ({"major_project": "national"}, YES, NO),
        ({"major_project": "municipal", "recognition": "none"}, YES, NO),
        ({"major_project": "none", "recognition": "none"}, NO, NO),
        ({"major_project": "none"}, OPEN, NO),
        ({"major_project": "strategic_emerging"}, OPEN, YES),
        ({"major_project": "district", "recognition": "none"}, NO, NO),
        ({"major_project": "none", "recognition": "municipal_key_project"}, OPEN, NO),  # one denies the other
        ({"recognition": "national_strategic_project"}, YES, OPEN),
        ({"recognition": "none"}, OPEN, OPEN),
        ({"recognition": "enterprise_technology_centre"}, OPEN, OPEN),
        ({}, OPEN, OPEN),
    ],
)
def test_major_projects(given: dict[str, str], major: int, emerging: int) -> None:
    assert value("national_or_municipal_project", **given) == major
    assert value("strategic_emerging_project", **given) == emerging


def test_what_a_major_project_wants_for() -> None:
    assert lacks("national_or_municipal_project") == {"major_project", "recognition"}
    assert lacks("national_or_municipal_project", recognition="enterprise_technology_centre") == {"major_project"}
    both = {"major_project": "none", "recognition": "municipal_key_project"}
    assert lacks("national_or_municipal_project", **both) == set(both)
    assert lacks("strategic_emerging_project", recognition="none") == {"major_project"}


@pytest.mark.parametrize(
    ("major", "quota", "decision", "expected", "missing"),
    [
        ("district", True, True, YES, set()),
        ("district", True, False, NO, set()),
        ("district", False, None, NO, set()),
        ("district", True, None, OPEN, {"district_decision"}),
        ("municipal", True, True, NO, set()),
        (None, True, True, OPEN, {"major_project"}),
        (None, False, None, NO, set()),
    ],
)
def test_district_projects(major: Any, quota: Any, decision: Any, expected: int, missing: set[str]) -> None:
    given = {"major_project": major, "district_quota": quota, "district_decision": decision}
    assert value("district_project_decided", **given) == expected
    assert lacks("district_project_decided", **given) == missing


@pytest.mark.parametrize(("years", "expected"), [(5, YES), (0, NO), (None, OPEN)])
def test_leased_first(years: float | None, expected: int) -> None:
    assert value("leased_first", lease_years=years) == expected


def test_lease_and_grant_count_together() -> None:
    assert value("lease_and_grant_years", lease_years=6, term_years=45) == 51
    assert lacks("lease_and_grant_years", term_years=45) == {"lease_years"}


@pytest.mark.parametrize(
    ("impossible", "paid", "expected", "missing"),
    [
        (True, True, YES, set()),
        (False, None, NO, {"compensation_fee_paid"}),
        (None, False, NO, {"replanting_impossible"}),
        (True, None, OPEN, {"compensation_fee_paid"}),
        (None, None, OPEN, {"replanting_impossible", "compensation_fee_paid"}),
    ],
)
def test_a_fee_instead_of_green(impossible: Any, paid: Any, expected: int, missing: set[str]) -> None:
    given = {"replanting_impossible": impossible, "compensation_fee_paid": paid}
    assert value("fee_instead", **given) == expected
    assert lacks("fee_instead", **given) == missing


OWN = {"above_ground_gfa_m2": 10_000, "other_industry_gfa_m2": 3_000, "living_gfa_m2": 1_000}
POOL = {"pool_above_ground_gfa_m2": 50_000, "pool_other_industry_gfa_m2": 6_000, "pool_living_gfa_m2": 4_000}


@pytest.mark.parametrize(
    ("recognised", "other", "living"),
    [(True, 0.2, 0.08), (False, 0.4, 0.1), (None, NAN, NAN)],
)
def test_shares_are_the_pool_s_only_where_it_is_recognised(recognised: Any, other: float, living: float) -> None:
    given = {**OWN, **POOL, "pool_recognised": recognised}
    assert value("pooled_other_use_share", **given) == pytest.approx(other, nan_ok=True)
    assert value("pooled_living_share", **given) == pytest.approx(living, nan_ok=True)


def test_a_recognised_pool_without_its_totals_is_unknown() -> None:
    assert math.isnan(value("pooled_other_use_share", **OWN, pool_recognised=True))
    assert lacks("pooled_living_share", **OWN, pool_recognised=True) == {
        "pool_living_gfa_m2", "pool_above_ground_gfa_m2",
    }  # fmt: skip
    assert lacks("pooled_living_share", above_ground_gfa_m2=10_000, pool_recognised=False) == {"living_gfa_m2"}
    assert lacks("pooled_living_share", **OWN, **POOL) == {"pool_recognised"}


@pytest.mark.parametrize(("concentrated", "excess"), [(13_999.99, 0), (14_000, 0.01), (13_999.98, -0.01)])
def test_a_concentrated_part_as_large_as_the_main_use_is_not_above_it(concentrated: float, excess: float) -> None:
    parts = {"above_ground_gfa_m2": 20_000, "other_industry_gfa_m2": 3_500.01, "living_gfa_m2": 2_500}
    found = value("pool_concentrated_excess_m2", **parts, pool_concentrated_gfa_m2=concentrated)
    assert found == (pytest.approx(excess, rel=1e-6) if excess else 0)


@pytest.mark.parametrize(("concentrated", "excess"), [(6_000, 0), (6_500, 500), (0, -6_000)])
def test_the_concentrated_part_against_the_main_use(concentrated: float, excess: float) -> None:
    assert value("pool_concentrated_excess_m2", **OWN, pool_concentrated_gfa_m2=concentrated) == excess


def test_shares_of_green() -> None:
    assert value("plot_green_share", plot_green_m2=2_000, site_area_m2=10_000) == pytest.approx(0.2)
    assert value("park_green_share", park_green_m2=30, park_area_m2=200) == pytest.approx(0.15)
    assert lacks("plot_green_share", site_area_m2=0) == {"plot_green_m2", "site_area_m2"}


@pytest.mark.parametrize(
    ("before", "after", "expected"), [(100, 100, NO), (100, 100.1, YES), (None, 5, OPEN), (5, None, OPEN)]
)
def test_underground_space_added(before: float | None, after: float | None, expected: int) -> None:
    given = {"underground_gfa_before_m2": before, "underground_gfa_m2": after}
    assert value("underground_added", **given) == expected
    assert bool(lacks("underground_added", **given)) == (expected == OPEN)


@pytest.mark.parametrize("reading", Reading)
def test_a_control_value_is_for_a_person_in_every_reading(reading: Reading) -> None:
    assert softened(Modality.CONTROL, reading)
    assert softened(Modality.ENCOURAGE, reading)
    assert not softened(Modality.MUST, reading)
