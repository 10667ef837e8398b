"""20,000 random parcels with gaps in every field, parks and green: not one verdict may differ from the oracle."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from compare import differences
from oracle import Options, Row
from oracle_plan import Answer, Plan, answer
from program import Outcome, check, check_plan
from random_districts import random_districts
from random_plans import Recipe, random_plan

READINGS = ("threshold", "literal")


def assert_agreement(plan: Plan, options: Options, folder: Path, *, zones_inside: bool = False) -> Outcome:
    said = check_plan(plan, options, folder, zones_inside=zones_inside)
    found = differences(said, answer(plan, options), options)
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:40])
    return said


@pytest.mark.parametrize("assumptions", [True, False], ids=["assumptions", "no-assumptions"])
@pytest.mark.parametrize("reading", READINGS)
def test_five_thousand_parcels(reading: str, assumptions: bool, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    plan = random_plan(READINGS.index(reading) * 2 + assumptions, Recipe(parcels=5000))
    assert_agreement(plan, Options(reading=reading, assumptions=assumptions), tmp_path)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("assumptions", [True, False], ids=["assumptions", "no-assumptions"])
@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(parks=False, green=False),
        Recipe(zones=True),
        Recipe(green=False),
        Recipe(gap=0.5),
        Recipe(gap=0.0),
        Recipe(parks=False, green=False, zones=True),
    ],
    ids=["bare", "zones", "no-green", "half-empty", "full", "zones-no-parks"],
)
def test_layers_and_gaps(recipe: Recipe, assumptions: bool, seed: int, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    options = Options(reading=READINGS[seed % 2], assumptions=assumptions)
    assert_agreement(random_plan(100 + seed, recipe), options, tmp_path)


def test_zones_as_a_layer_of_the_same_file(tmp_path: Path) -> None:
    assert_agreement(random_plan(200, Recipe(parcels=200, zones=True)), Options(), tmp_path, zones_inside=True)


@pytest.mark.parametrize(
    "options",
    [
        Options(base_term_years=Fraction(30)),
        Options(base_term_years=Fraction(30), reading="literal"),
        Options(base_term_years=Fraction(60)),
        Options(as_of=date(2021, 8, 31)),
        Options(as_of=date(2021, 9, 1)),
        Options(as_of=date(2026, 9, 1)),
    ],
    ids=str,
)
def test_parameter_and_day(options: Options, tmp_path: Path) -> None:
    said = assert_agreement(random_plan(300, Recipe()), options, tmp_path)
    # "A check dated after [2026-08-31] says so in a notice on every report and changes no verdict"
    lapsed = "pack-presumed-lapsed" in [notice["code"] for notice in said.report["notices"]]
    assert lapsed == (options.as_of > date(2026, 8, 31))


@pytest.mark.parametrize("assumptions", [True, False], ids=["assumptions", "no-assumptions"])
@pytest.mark.parametrize(("districts", "gap", "unplaced"), [(700, 0.15, 0), (300, 0.0, 0), (12, 0.1, 2), (4, 0.0, 1)])
def test_many_districts(districts: int, gap: float, unplaced: int, assumptions: bool, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    plan = random_districts(400 + districts, districts, gap, unplaced)
    assert_agreement(plan, Options(assumptions=assumptions), tmp_path)


def shuffled(plan: Plan, seed: int) -> Plan:
    rng = random.Random(seed)

    def mixed(rows: object) -> list[Row] | None:
        return None if rows is None else rng.sample(list(rows), len(rows))  # type: ignore[call-overload, arg-type]  # a list

    return Plan(mixed(plan.parcels) or [], mixed(plan.parks), mixed(plan.green), mixed(plan.zones))


def test_shuffled_rows_give_the_same_report(tmp_path: Path) -> None:
    plan = random_plan(500, Recipe(parcels=800, zones=True))
    outcomes = []
    for name, variant in (("a", plan), ("b", shuffled(plan, 1)), ("c", shuffled(plan, 2))):
        (tmp_path / name).mkdir()
        outcomes.append(check_plan(variant, Options(), tmp_path / name))
    first = outcomes[0]
    for other in outcomes[1:]:
        assert other.verdicts == first.verdicts
        assert other.status == first.status
        assert other.report["assumptions"] == first.report["assumptions"]
        for line, same in zip(other.report["green_ledger"], first.report["green_ledger"], strict=True):
            assert close(line, same), (line, same)


def close(line: dict[str, object], same: dict[str, object]) -> bool:
    """Equal, numbers within 1e-6: a sum in another order may end on another last bit."""
    numbers = {name for name, value in line.items() if isinstance(value, float | int) and not isinstance(value, bool)}
    return all(
        value == pytest.approx(same[name], abs=1e-6) if name in numbers else value == same[name]
        for name, value in line.items()
    )


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = random_plan(600, Recipe(parcels=200))
    first = check_plan(plan, Options(), tmp_path)
    again = check(tmp_path, [str(tmp_path / "plan.gpkg")], "--as-of", "2026-11-22")
    assert again.text == first.text
    assert str(tmp_path) not in first.text


def only(plan: Plan, wanted: Callable[[set[str]], bool]) -> Plan:
    """The parcels whose verdicts are as wanted, without parks."""
    truth = answer(plan, Options())
    # parts of a whole of nought, M0 beside a single use, and a project recognised that is none, are data errors, which
    # end 1 whatever the rules say
    sound = [p for p in plan.parcels if p["above_ground_gfa_m2"] != 0 and p["land_code"] != "M0"
             and p["major_project"] is None]  # fmt: skip
    return Plan([parcel for parcel in sound if wanted(verdicts_of(truth, str(parcel["parcel_id"])))])


def verdicts_of(truth: Answer, parcel_id: str) -> set[str]:
    return {judgement.verdict for key, judgement in truth.verdicts.items() if key[2] == parcel_id}


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        (lambda seen: "fail" in seen, 1),
        (lambda seen: "undetermined" in seen and "fail" not in seen, 3),
        (lambda seen: not seen & {"fail", "undetermined"}, 0),
    ],
    ids=["fail", "undetermined", "clean"],
)
def test_exit_status(wanted: Callable[[set[str]], bool], status: int, tmp_path: Path) -> None:
    plan = random_plan(700, Recipe(parcels=300, parks=False, green=False))
    said = assert_agreement(only(plan, wanted), Options(), tmp_path)
    assert said.status == status, said.report["data"][:5]


def test_base_term_as_a_fraction_of_a_year_changes_only_term_50(tmp_path: Path) -> None:
    plan = random_plan(800, Recipe(parcels=800))
    usual = check_plan(plan, Options(), tmp_path)
    (tmp_path / "b").mkdir()
    other = assert_agreement(plan, replace(Options(), base_term_years=Fraction(40)), tmp_path / "b")
    changed = {key[0] for key in usual.verdicts if usual.verdicts[key] != other.verdicts[key]}
    assert changed == {"term-50"}
