"""``landcheck`` without a command: what it sees in a folder, and the command that checks it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landcheck.cli import console
from landcheck.run.plans import plans_in

Run = Callable[..., Any]
OPTIONS = ("--as-of", "2026-06-30", "--output-format", "json")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "LANG", "en")


def commands(said: Any) -> list[list[str]]:
    assert said.status == 0, said.err
    assert said.err == ""
    return [shlex.split(line)[1:] for line in said.out.splitlines() if line.startswith("  landcheck ")]


def layers(said: Any) -> list[str]:
    return [line.strip() for line in said.out.splitlines()[1:] if ", layer " in line]


def test_a_plan_of_several_files_is_told_with_the_command_that_checks_it(run: Run, here: Path, samples: Path) -> None:
    shutil.copytree(samples / "gbk", here, dirs_exist_ok=True)
    said = run()
    assert layers(said) == [
        "parcels: parcels.shp, layer parcels, 34 rows, 26 of 26 columns known",
        "parks: parks.shp, layer parks, 4 rows, 5 of 5 columns known",
        "green: green.shp, layer green, 8 rows, 6 of 6 columns known",
        "buildings: buildings.shp, layer buildings, 18 rows, 6 of 6 columns known",
    ]
    check, fields = commands(said)
    beside = ["--parks", "parks.shp", "--green", "green.shp", "--buildings", "buildings.shp"]
    assert check == ["check", "parcels.shp", *beside]
    assert fields == ["fields", "parcels.shp", *beside]
    assert run(*check, *OPTIONS).out == run("check", ".", *OPTIONS).out.replace('"./', '"')


def test_a_geopackage_with_the_layers_is_one_plan_and_reports_of_it_are_none(
    run: Run, here: Path, samples: Path
) -> None:
    shutil.copy(samples / "plan.gpkg", here)
    shutil.copy(samples / "attributes.xlsx", here / "指标.xlsx")
    written = ("-o", "checked.gpkg", "-o", "parcels.json", "-q")
    assert run("check", "plan.gpkg", "--as-of", "2026-06-30", *written).status == 1
    said = run()
    assert [line.split(":")[0] for line in layers(said)] == ["parcels", "attributes", "parks", "green", "buildings"]
    assert commands(said)[0] == ["check", "plan.gpkg", "--attributes", "指标.xlsx"]
    assert "checked" not in said.out
    assert "parcels.json" not in said.out


def test_what_the_configuration_names_is_seen_and_need_not_be_said(run: Run, here: Path, samples: Path) -> None:
    shutil.copytree(samples / "gbk", here, dirs_exist_ok=True)
    (here / "landcheck.toml").write_text('lang = "zh"\ngreen = "green.shp"\n')
    said = run()
    assert "  绿地：green.shp，图层 green，8 行，6 列中识别 6 列\n" in said.out
    assert commands(said)[0] == ["check", "parcels.shp", "--parks", "parks.shp", "--buildings", "buildings.shp"]


def test_the_filled_one_of_two_is_told_first(run: Run) -> None:
    assert run("init", ".").status == 0
    said = run()
    assert commands(said)[0] == ["check", "example.gpkg"]
    assert "These may be parcels, too: landcheck check plan.gpkg\n" in said.out


def test_without_a_name_the_columns_tell(run: Run, here: Path) -> None:
    (here / "浦东.csv").write_text("地块编号,容积率\nA1,2\n", encoding="utf-8")
    (here / "budget.csv").write_text("month,euro\nMay,3\n", encoding="utf-8")
    (here / "package.json").write_text('{"name": "parcels"}', encoding="utf-8")
    said = run()
    assert commands(said)[0] == ["check", "浦东.csv"]
    assert layers(said) == ["parcels: 浦东.csv, layer not stated, 1 row, 2 of 2 columns known"]
    assert "Not among them: package.json, budget.csv." in said.out


def test_two_of_one_part_are_left_to_the_user(run: Run, here: Path) -> None:
    for name in ("parcels", "parks", "园区"):
        (here / f"{name}.csv").write_text("parcel_id,park_id\nA1,K1\n", encoding="utf-8")
    said = run()
    assert commands(said)[0] == ["check", "parcels.csv"]
    assert "Not among them: parks.csv, 园区.csv." in said.out


def test_what_is_open_and_what_cannot_be_read_is_told(run: Run, here: Path) -> None:
    (here / "parcels.csv").write_text("x,far\nA1,2\n", encoding="utf-8")
    assert "1 thing is to be settled before a check" in run().out
    (here / "parcels.csv").unlink()
    (here / "parcels.gpkg").write_bytes(b"nothing of the kind")
    said = run()
    assert said.status == 0
    assert "parcels.gpkg" in said.out.splitlines()[1]
    assert commands(said)[0] == ["check", "parcels.gpkg"]


def test_a_json_that_may_not_be_opened_hides_no_plan(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "secret.json"):
        (here / name).write_text("parcel_id,far\nA1,2\n")

    opened = Path.open

    def refused(path: Path, *how: Any, **more: Any) -> Any:  # root, which may run the tests, may open anything
        if path.name == "secret.json":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", refused)
    assert {plan.parcels for plan in plans_in(here)[0]} == {"a.csv", "secret.json"}


@pytest.mark.parametrize("name", ["-o parcels.csv", "$(x);parcels'.csv", "\x1b[31mparcels.csv", "::error::\u202ea.csv"])
def test_names_are_inert(run: Run, here: Path, name: str) -> None:
    (here / name).write_text("parcel_id,far\nA1,2\n", encoding="utf-8")
    said = run()
    assert said.status == 0
    assert not set("\x1b\u202e") & set(said.out)
    assert not any(line.startswith("::") for line in said.out.splitlines())
    if name.isprintable():
        command = commands(said)[0]
        assert command == ["check", f"./{name}" if name.startswith("-") else name]
        assert run(*command, *OPTIONS).status == 3


def test_a_folder_without_a_plan_gets_the_help_and_the_next_step(run: Run, here: Path) -> None:
    (here / "notes.txt").write_text("parcel_id,far\nA1,2\n")
    said = run()
    assert said.status == 0
    assert said.out.startswith(run("--help").out)
    assert said.out.endswith("Next: landcheck check PARCELS, or landcheck init DIR for a new project.\n")


def test_a_faulty_configuration_is_told(run: Run, here: Path) -> None:
    (here / "landcheck.toml").write_text("[")
    said = run()
    assert (said.status, said.out) == (2, "")
    assert "landcheck.toml" in said.err


def test_a_folder_of_very_many_files_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setattr("landcheck.read.open.FILES_AT_MOST", 2)
    for number in range(3):
        (here / f"{number}.csv").touch()
    said = run()
    assert said.status == 0
    assert "more than 2 files" in said.out
    assert said.out.startswith(run("--help").out)


def test_no_dataframe_is_loaded_for_a_look(here: Path, samples: Path) -> None:
    shutil.copy(samples / "plan.gpkg", here)
    environment = {**os.environ, "PYTHONPATH": str(samples.parent)}
    told = subprocess.run([sys.executable, "-X", "importtime", "-m", "landcheck"], env=environment, cwd=here,
                          capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    modules = {line.rsplit("|", 1)[1].strip() for line in told.stderr.splitlines() if "|" in line}
    assert not [name for name in modules if name.startswith(("pandas.", "geopandas.", "jinja2"))]
    assert "plan.gpkg" in told.stdout
