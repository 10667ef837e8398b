"""Where room, files or folders are scarce: a message, each report whole or as it was, and nothing left behind."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
PLAN = str(Path(__file__).parents[2] / "sample_parcels" / "plan.gpkg")
NAMES = ("a.json", "b.html", "c.xlsx", "d.gpkg", "e.csv")
Start = Callable[..., Any]


def limited(limit: str, most: int) -> Callable[[], None]:
    def set_limit() -> None:
        import resource

        resource.setrlimit(getattr(resource, limit), (most, most))

    return set_limit


def started(start: Start, folder: Path, **popen: Any) -> Any:
    outputs = [word for name in NAMES for word in ("-o", str(folder / name))]
    asked = ("check", PLAN, "--as-of", "2026-06-30", "--lang", "en", "-q", "--output-format", "jsonl", *outputs)
    return start(*asked, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **popen)


def whole(path: Path) -> bool:
    if path.suffix == ".json":
        return bool(json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return book.testzip() is None
    return path.stat().st_size > 1000


def test_a_limit_on_the_size_of_files_costs_only_the_reports_beyond_it(start: Start, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("old")
    ran = started(start, tmp_path, preexec_fn=limited("RLIMIT_FSIZE", 102_400))
    said = ran.communicate()[1].decode()
    assert ran.returncode == 4
    assert "internal error" not in said
    assert "Traceback" not in said
    for name in NAMES:
        failed = f"{name} could not be written" in said
        kept = (tmp_path / name).read_bytes() == b"old"
        assert failed == kept
        assert failed or whole(tmp_path / name)
    assert "b.html could not be written" in said
    assert "e.csv could not be written" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def test_few_open_files_and_no_temporary_folder_are_enough(start: Start, tmp_path: Path) -> None:
    missing = {"TMPDIR": str(tmp_path / "missing")}
    ran = started(start, tmp_path, preexec_fn=limited("RLIMIT_NOFILE", 64), env=missing)
    said = ran.communicate()[1].decode()
    assert (ran.returncode, said) == (1, "")
    assert all(whole(tmp_path / name) for name in NAMES)


def test_two_runs_on_the_same_files_leave_whole_ones(start: Start, tmp_path: Path) -> None:
    both = [started(start, tmp_path) for _ in range(2)]
    for ran in both:
        said = ran.communicate()[1].decode()
        assert ran.returncode in (1, 4)
        assert (ran.returncode == 4) == ("could not be written" in said)
    assert all(whole(tmp_path / name) for name in NAMES)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
