"""The same plan in other coordinate systems, in files apart, and with parcels that have no shape."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from compare import differences
from oracle import Options
from oracle_plan import Plan, answer
from plan_files import write_apart, write_plan
from program import arguments, check
from random_buildings import with_buildings
from random_plans import Recipe, random_plan

STRICT = Options(assumptions=False)


def assert_agreement(plan: Plan, options: Options, folder: Path, inputs: list[str]) -> None:
    found = differences(check(folder, inputs, *arguments(options)), answer(plan, options), options)
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:40])


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4528", "EPSG:3857"])
def test_verdicts_do_not_depend_on_the_coordinate_system(crs: str, tmp_path: Path) -> None:
    # "An area from geometry is ellipsoidal on GRS80, whatever CRS the file is in"
    plan = random_plan(40, Recipe(parcels=400, zones=True, drawn_only=0.5))
    assert_agreement(plan, Options(), tmp_path, write_plan(plan, tmp_path / "plan.gpkg", crs=crs))


@pytest.mark.parametrize("options", [Options(), STRICT], ids=["assumptions", "no-assumptions"])
def test_layers_in_files_and_systems_of_their_own(options: Options, tmp_path: Path) -> None:
    plan = with_buildings(random_plan(41, Recipe(parcels=400, zones=True)), 42, 0.1)
    systems = {"parks": "EPSG:4490", "zones": "EPSG:4528", "green": "EPSG:4490", "buildings": "EPSG:4490"}
    assert_agreement(plan, options, tmp_path, write_apart(plan, tmp_path, systems))


@pytest.mark.parametrize("options", [Options(), STRICT], ids=["assumptions", "no-assumptions"])
@pytest.mark.parametrize("layers", [True, False], ids=["layers", "bare"])
def test_parcels_without_a_shape(options: Options, layers: bool, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    # "no geometry = missing"
    plan = random_plan(43, Recipe(parcels=300, parks=layers, zones=layers, green=layers))
    rows = [{**row, "bounds": None} if index % 3 == 0 else row for index, row in enumerate(plan.parcels)]
    plan = replace(plan, parcels=rows)
    assert_agreement(plan, options, tmp_path, write_plan(plan, tmp_path / "plan.gpkg"))
