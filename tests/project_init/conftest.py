"""The program as people run it, in a folder of the test's own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from landcheck.cli.app import app

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

SAMPLES = Path(__file__).parents[2] / "sample_parcels"


@dataclass(frozen=True, slots=True)
class Said:
    """Exit status and both streams of a run."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own to work in."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


@pytest.fixture
def run(here: Path) -> Run:
    """``run("check", ...)`` in that folder."""

    def landcheck(*arguments: str) -> Said:
        out, err, status = io.StringIO(), io.StringIO(), 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                app(arguments)
            except SystemExit as end:
                status = int(end.code or 0)
        return Said(status, out.getvalue(), err.getvalue())

    assert here.is_dir()
    return landcheck


@pytest.fixture
def samples() -> Path:
    return SAMPLES
