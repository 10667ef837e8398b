"""The program as people run it, and the repository's own papers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
QUIET = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "_TYPER_FORCE_DISABLE_TERMINAL": "1", "COLUMNS": "100"}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@cache
def landcheck(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """One run of the real command line."""
    environment = {name: value for name, value in os.environ.items() if name not in ("GITHUB_ACTIONS", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "landcheck", *arguments],
        cwd=cwd, env={**environment, **QUIET, "PYTHONPATH": str(ROOT)},
        capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="session")
def run() -> Run:
    """``run("check", ...)`` in the root of the repository; the same command runs once."""
    return landcheck


@pytest.fixture(scope="session")
def checked() -> Callable[..., dict[str, Any]]:
    """``checked(parcels, *options)``: the JSON of a check of a sample with every verdict shown."""

    def check(parcels: str, *options: str) -> dict[str, Any]:
        place = f"sample_parcels/{parcels}"
        fixed = ("--as-of", "2026-06-30", "--output-format", "json", "--show", "all", "--lang", "en")
        result = landcheck("check", place, *options, *fixed)
        assert result.stdout, result.stderr
        report: dict[str, Any] = json.loads(result.stdout)
        return report

    return check
