"""The project that a report is about stands on every report that a person reads, and in the result."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SAID = {"name": "甲地块更新", "number": "2026-17", "applicant": "乙公司", "prepared_by": "丙规划所"}


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "p.csv").write_text("parcel_id,land_class,far\nA,industrial_project,1.9\n", encoding="utf-8")
    lines = [f'{key} = "{value}"' for key, value in SAID.items() if key != "applicant"]
    (tmp_path / "landcheck.toml").write_text("\n".join(["[project]", *lines]), encoding="utf-8")
    told = run("check", "p.csv", "--project-applicant", "乙公司", "-o", "r.json", "--lang", "zh", cwd=tmp_path)
    assert told.returncode == 1
    return tmp_path / "r.json"


def test_table_and_options_stand_in_the_result(saved: Path) -> None:
    assert json.loads(saved.read_text("utf-8"))["project"] == SAID


@pytest.mark.parametrize("form", ["plain", "md", "csv", "github"])
def test_every_report_of_a_saved_result_names_the_project(saved: Path, run: Run, form: str) -> None:
    told = run("report", str(saved), "--output-format", form, "--lang", "zh").stdout
    assert [value for value in SAID.values() if value not in told] == []


def test_an_unknown_word_of_the_table_is_told(saved: Path, run: Run) -> None:
    (saved.parent / "landcheck.toml").write_text('[project]\nnamee = "x"\n', encoding="utf-8")
    told = run("check", "p.csv", "--lang", "en", cwd=saved.parent)
    assert told.returncode == 2
    assert "project.namee" in told.stderr
