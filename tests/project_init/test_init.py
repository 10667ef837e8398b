"""``landcheck init``: a project that can be filled in and checked without a mapping."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from gdal import described, library

from landcheck.cli import config
from landcheck.fields.catalogue import fields
from landcheck.model import Role

FILES = {"landcheck.toml", "plan.gpkg", "example.gpkg", "README.md"}
CHECK = ("--as-of", "2026-06-30", "--show", "all", "--output-format", "json", "--lang", "en")
Run = Callable[..., Any]


@pytest.fixture
def project(run: Run, here: Path) -> Path:
    said = run("init", "project", "--lang", "zh")
    assert said.status == 0, said.err
    return here / "project"


def test_the_project_holds_its_files_and_nothing_else(project: Path) -> None:
    assert {path.name for path in project.iterdir()} == FILES


def test_nothing_is_overwritten(run: Run, here: Path) -> None:
    (here / "project").mkdir()
    (here / "project" / "landcheck.toml").write_text("reading = 'literal'\n", encoding="utf-8")
    (here / "project" / "notes.txt").write_text("mine", encoding="utf-8")
    said = run("init", "project")
    assert said.status == 2
    assert "landcheck.toml" in said.err
    assert {path.name for path in (here / "project").iterdir()} == {"landcheck.toml", "notes.txt"}
    assert (here / "project" / "landcheck.toml").read_text(encoding="utf-8") == "reading = 'literal'\n"


def test_other_files_of_the_folder_are_left_alone(run: Run, here: Path) -> None:
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    assert run("init", ".").status == 0
    assert {path.name for path in here.iterdir()} == FILES | {"notes.txt"}


def test_what_cannot_be_done_leaves_nothing_behind(run: Run, here: Path) -> None:
    assert run("init", "project", "--crs", "nonsense").status == 2
    (here / "file").write_text("", encoding="utf-8")
    assert run("init", "file").status == 2
    assert [path.name for path in here.iterdir()] == ["file"]


@pytest.mark.parametrize("role", list(Role))
def test_the_template_has_every_field_and_no_row(project: Path, role: Role) -> None:
    info = pyogrio.read_info(project / "plan.gpkg", layer=role.value)
    assert list(info["fields"]) == [one.name for one in fields(role)]
    assert info["features"] == 0
    assert info["geometry_type"] == "MultiPolygon"
    assert "4549" in info["crs"]


def test_the_template_takes_the_coordinate_system_asked_for(run: Run, here: Path) -> None:
    local = "+proj=tmerc +lat_0=31.2354 +lon_0=121.4671 +ellps=GRS80 +units=m +no_defs"
    assert run("init", "project", "--crs", local).status == 0
    crs = pyogrio.read_info(here / "project" / "plan.gpkg", layer="parcels")["crs"]
    assert "121.4671" in crs


@pytest.mark.skipif(library() is None, reason="no GDAL library comes with pyogrio here")
def test_gis_programs_are_told_labels_meanings_and_choices(project: Path) -> None:
    told = described(project / "plan.gpkg", "parcels")
    assert told["transferee"][2] == {
        "park_platform": "园区平台",
        "admitted_project": "经产业准入的项目",
        "other": "其他",
    }
    assert told["site_area_m2"][0] == "用地面积"
    assert told["far"][2] == {}
    green = described(project / "plan.gpkg", "green")
    assert green["change"][2] == {"reduction": "调减", "new_planned": "新建规划", "existing": "现状"}
    assert all(alias and comment for alias, comment, _ in (*told.values(), *green.values()))


def test_the_example_passes_without_a_mapping(run: Run, project: Path) -> None:
    said = run("check", str(project / "example.gpkg"), *CHECK)
    assert said.status == 0, said.out[-2000:] + said.err
    report = json.loads(said.out)
    assert report["data"] == []
    far = next(one for one in report["findings"] if one["rule"] == "far-industrial")
    assert far["requirements"][0]["measured"] == pytest.approx(66_000 / 30_000)
    assert [row["uncovered_m2"] for row in report["green_ledger"]] == [0]


def test_the_template_filled_with_the_example_checks_the_same(run: Run, project: Path) -> None:
    for role in Role:
        rows = pyogrio.read_dataframe(project / "example.gpkg", layer=role.value)
        pyogrio.write_dataframe(rows, project / "plan.gpkg", layer=role.value, append=True)
    filled = json.loads(run("check", str(project / "plan.gpkg"), *CHECK).out)
    example = json.loads(run("check", str(project / "example.gpkg"), *CHECK).out)
    assert filled["findings"] == example["findings"]
    assert filled["summary"] == example["summary"]


def test_the_empty_template_is_no_pass(run: Run, project: Path) -> None:
    assert run("check", str(project / "plan.gpkg"), *CHECK).status == 4


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_of_the_configuration_can_be_taken_into_use(run: Run, here: Path, lang: str) -> None:
    assert run("init", "project", "--lang", lang).status == 0
    file = here / "project" / "landcheck.toml"
    text = file.read_text(encoding="utf-8")
    assert config.load(str(file)).options == {}, "as it comes it decides nothing"
    file.write_text(re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE), encoding="utf-8")
    loaded = config.load(str(file))
    assert set(loaded.options) == {key for key, option in config.KEYS.items() if option.group != "cluster"}
    assert len(loaded.tables["map"]) == 3
    assert loaded.tables["set"] == ["base_term_years=20"]


def test_the_readme_says_it_in_three_lines_a_language(project: Path) -> None:
    lines = [line for line in (project / "README.md").read_text(encoding="utf-8").splitlines() if line]
    assert [line[0] for line in lines] == ["1", "2", "3", "1", "2", "3"]
