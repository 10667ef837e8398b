"""The start of the program stays light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landcheck.cli.app import COMMANDS

LIGHT = {"cli", "messages", "errors", "lean", "version"}
COMMAND = LIGHT | {"request"}  # a command knows the options of a request
REPORTING = {"check", "report"}  # whose help names the formats
HEAVY = {
    "numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow", "python_calamine", "jinja2",
    "xlsxwriter", "docx", "lxml", "typst", "psycopg", "rich", "msgspec",
}  # fmt: skip


def imported(root: Path, *arguments: str, status: int = 0) -> set[str]:
    """Every module that a run of the command line imports."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "landcheck", *arguments],
        env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert told.returncode == status, told.stderr[-2000:]
    return {line.rsplit("|", 1)[1].strip() for line in told.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_no_heavy_library_and_no_command_is_imported_to_tell_what_the_program_is(root: Path, option: str) -> None:
    modules = imported(root, option)
    assert "landcheck.cli.app" in modules
    assert not {name.split(".")[0] for name in modules} & HEAVY
    rooms = {name.split(".")[1] for name in modules if name.startswith("landcheck.")}
    assert rooms == LIGHT
    assert "landcheck.cli.option_table" not in modules  # which every command imports


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_imports_no_heavy_library(root: Path, command: str) -> None:
    modules = imported(root, command, "--help")
    assert "landcheck.cli.option_table" in modules
    assert not {name.split(".")[0] for name in modules} & HEAVY
    rooms = {name.split(".")[1] for name in modules if name.startswith("landcheck.")}
    assert rooms == (COMMAND | {"report"} if command in REPORTING else COMMAND)
    named = {"landcheck.report.output_formats"} if command in REPORTING else set()
    assert {name for name in modules if name.startswith("landcheck.report.")} == named


def test_a_command_misspelt_is_answered_with_the_one_meant(root: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "landcheck", "chekc"],
        env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert "'check'" in told.stderr


def test_a_check_imports_neither_pandas_nor_geopandas(root: Path) -> None:
    layer = str(root / "sample_parcels/plan.gpkg")
    modules = imported(root, "check", layer, "--as-of", "2026-06-30", "--exit-zero", "--quiet")
    assert "pyogrio.raw" in modules
    assert not {name for name in modules if name.startswith(("pandas.", "geopandas."))}
