"""Buildings fill what a parcel lacks: the oracle by hand, then the program against the oracle."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from compare import differences
from oracle import Options
from oracle_plan import Plan, answer
from program import check_plan
from random_buildings import with_buildings
from random_plans import Recipe, random_plan

D = Decimal


def building(number: int, use: str | None, gfa: str | None) -> dict[str, object]:
    row = {"building_id": f"B{number}", "parcel_id": "P", "use": use, "gfa_m2": None if gfa is None else D(gfa)}
    return {**row, "floors_above": None, "floors_below": None}


def living_15(buildings: list[dict[str, object]], **own: object) -> str:
    place = {"in_high_tech_zone": True, "approval_date": date(2023, 1, 1)}
    parcel = {"parcel_id": "P", "land_class": "rd_general", "single_use": True, **place, **own}
    return answer(Plan([parcel], buildings=buildings), Options()).verdicts["living-15", "parcel", "P"].verdict


@pytest.mark.parametrize(("living", "expected"), [("15", "pass"), ("16", "fail"), (None, "undetermined")])
def test_a_parcel_without_floor_areas_gets_those_of_its_buildings(living: str | None, expected: str) -> None:
    # 15 of 85 + 15 = 15 %; 16 of 101 is more
    assert living_15([building(1, "main_industry", "85"), building(2, "living", living)]) == expected


def test_the_parcels_own_value_goes_first() -> None:
    assert living_15([building(1, "main_industry", "1"), building(2, "living", "9")], living_gfa_m2=D(1)) == "pass"


def test_an_unknown_use_leaves_living_open_and_none_is_nought() -> None:
    assert living_15([building(1, "main_industry", "85"), building(2, None, "1")]) == "undetermined"
    assert living_15([building(1, "main_industry", "85")]) == "pass"
    assert living_15([]) == "undetermined"


@pytest.mark.parametrize("reading", ["threshold", "literal"])
@pytest.mark.parametrize("assumptions", [True, False], ids=["assumptions", "no-assumptions"])
@pytest.mark.parametrize("gap", [0.0, 0.15])
def test_the_program_fills_as_the_oracle_does(reading: str, assumptions: bool, gap: float, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    options = Options(reading=reading, assumptions=assumptions)
    plan = with_buildings(random_plan(900, Recipe(gap=gap / 3)), 901, gap)
    found = differences(check_plan(plan, options, tmp_path), answer(plan, options), options)
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:40])
