"""make and pip: targets that are named exist, and every library is pinned."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
# This test may itself run under make, whose settings a second make would take over.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=OUTSIDE, capture_output=True, encoding="utf-8", check=False
    )


@needs_make
def test_make_alone_names_every_target(root: Path) -> None:
    told = make(root)
    assert told.returncode == 0
    phony = re.search(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    assert set(re.findall(r"^make ([\w-]+)", told.stdout, re.MULTILINE)) == set(phony[1].split()) - {"help"}


@needs_make
def test_an_old_python_is_refused_with_the_way_out(root: Path, tmp_path: Path) -> None:
    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(root / name, tmp_path)
    told = make(tmp_path, "demo", f"PYTHON={old}")
    assert told.returncode == 2
    assert "needs Python 3.11" in told.stderr
    assert not (tmp_path / ".venv").exists()


def test_every_library_named_in_the_project_file_is_pinned(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = chain(*project["dependency-groups"].values())
    wanted = [*project["project"]["dependencies"], *(entry for entry in groups if isinstance(entry, str))]
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if "==" in line}
    assert {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted} <= pinned  # type: ignore[index]  # names match


def test_what_ci_runs_can_be_run(root: Path) -> None:
    script = root / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


@pytest.mark.parametrize("name", ["install.cmd", "start.cmd"])
def test_a_windows_file_has_its_line_ends_and_leaves_the_network_alone(root: Path, name: str) -> None:
    raw = (root / "tools" / "windows" / name).read_bytes()
    assert raw.startswith(b"@echo off\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()  # whatever the code page of the console
    assert all(b"--no-index" in line for line in raw.splitlines() if b"pip install" in line)
