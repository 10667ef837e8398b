from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SITE = Path(__file__).parents[2] / "docs/site"


def _loaded(name: str) -> ModuleType:
    """A command of docs/site, which is no package."""
    spec = importlib.util.spec_from_file_location(f"landcheck_{name}", SITE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return _loaded("build")


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    return _loaded("pictures")
