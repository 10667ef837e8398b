"""What a table of attributes says of a parcel is as good as what its own row says."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from compare import differences
from oracle import Options
from oracle_plan import Plan, answer
from plan_files import PARCEL_COLUMNS, write_plan
from program import arguments, check
from random_buildings import with_buildings
from random_plans import Cells, Recipe, random_plan


def parted(plan: Plan, seed: int) -> tuple[Plan, list[Cells]]:
    """The plan with half of its parcels' values taken out, and the table, in another order, that holds them."""
    rng = random.Random(seed)
    layer, table = list[Cells](), list[Cells]()
    for row in plan.parcels:
        moved = {name for name in PARCEL_COLUMNS if name != "parcel_id" and rng.random() < 0.5}
        layer.append({name: None if name in moved else value for name, value in row.items()})
        table.append({"parcel_id": row["parcel_id"], **{name: row.get(name) for name in moved}})
    rng.shuffle(table)
    return replace(plan, parcels=layer), table


def written(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    assert value is None or isinstance(value, str | Decimal | date)
    return "" if value is None else str(value)


def write_table(table: list[Cells], path: Path) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(PARCEL_COLUMNS))
        out.writeheader()
        out.writerows({name: written(row.get(name)) for name in PARCEL_COLUMNS} for row in table)
    return str(path)


@pytest.mark.parametrize("assumptions", [True, False], ids=["assumptions", "no-assumptions"])
@pytest.mark.parametrize("seed", [50, 51])
def test_half_of_the_values_in_a_table(seed: int, assumptions: bool, tmp_path: Path) -> None:  # noqa: FBT001  pytest passes it
    options = Options(assumptions=assumptions, reading=("threshold", "literal")[seed % 2])
    plan = with_buildings(random_plan(seed, Recipe(parcels=400, zones=True)), seed, 0.1)
    layer, table = parted(plan, seed)
    inputs = [*write_plan(layer, tmp_path / "plan.gpkg"), "--attributes", write_table(table, tmp_path / "table.csv")]
    found = differences(check(tmp_path, inputs, *arguments(options)), answer(plan, options), options)
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:40])
