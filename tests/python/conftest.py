"""Lets the tests of this folder import its own modules under any import mode of pytest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def plan(root: Path) -> str:
    return str(root / "sample_parcels/plan.gpkg")
