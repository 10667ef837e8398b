"""A missing value of a park or a green row never makes a park pass: each is taken away in a district of its own."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from compare import differences
from oracle import Options, Row
from oracle_plan import Plan, answer
from program import Outcome, check_plan
from random_districts import district, green_in, in_a_plan, park_in
from random_plans import Cells

WORLDS = 40
# a park without district could lie in every other world, a green row without park in none: the first is left out,
# the second is judged by its data finding
PARK_VALUES = ("management_qualified", "district_balance_approved")
GREEN_VALUES = ("change", "area_m2", "project_completed", "reason", "park_id")


def copies(parks: list[Cells], rows: list[Cells]) -> list[tuple[str, list[Cells], list[Cells]]]:
    """The world whole, and without each of its values."""
    out = [("", parks, rows)]
    for name in PARK_VALUES:
        out += [(f"park.{name}", replaced(parks, n, name), rows) for n in range(len(parks))]
    for name in GREEN_VALUES:
        out += [(f"green.{name}", parks, replaced(rows, n, name)) for n in range(len(rows))]
    return out


def replaced(rows: list[Cells], index: int, name: str) -> list[Cells]:
    return [{**row, name: None} if n == index else row for n, row in enumerate(rows)]


def plan_of_worlds(seed: int) -> tuple[Plan, dict[str, str]]:
    """All copies in one plan, and the value that each district lacks."""
    rng = random.Random(seed)
    parks: list[Row] = []
    rows: list[Row] = []
    lacks: dict[str, str] = {}
    for index in range(WORLDS):
        for copy, (name, some_parks, some_rows) in enumerate(copies(*district(rng, 3))):
            place = f"W{index:02d}-{copy:03d}"
            lacks[place] = name
            parks += [park_in(park, place, len(parks) + n) for n, park in enumerate(some_parks)]
            rows += [green_in(row, place, len(rows) + n) for n, row in enumerate(some_rows)]
    return in_a_plan(parks, rows), lacks


def new_passes(said: Outcome, lacks: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for (_, kind, subject), verdict in said.verdicts.items():
        if kind == "park" and verdict == "pass":
            place, name = subject.rsplit("-", 1)
            whole = ("green-balance", "park", f"{place[:3]}-000-{name}")
            if said.verdicts[whole] != "pass":
                found.append((subject, lacks[place]))
    return found


@pytest.mark.parametrize("assumptions", [True, False], ids=["assumptions", "no-assumptions"])
def test_no_removal_makes_a_park_pass_unseen(assumptions: bool, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    options = Options(assumptions=assumptions)
    plan, lacks = plan_of_worlds(31)
    said = check_plan(plan, options, tmp_path)
    # "a green row whose park is unknown is a data finding and covers nothing"
    excused = {"green.park_id"} | ({"park.management_qualified"} if assumptions else set())
    assert [case for case in new_passes(said, lacks) if case[1] not in excused] == []
    assert differences(said, answer(plan, options), options) == []
    found = {row["subject"]["id"] for row in said.report["data"] if row["subject"]["type"] == "green"}
    assert found >= {str(row["green_id"]) for row in plan.green or () if row["park_id"] is None}
