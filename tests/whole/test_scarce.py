"""Where room, files or folders are scarce: a message, each report whole or as it was, and nothing left behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
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


def refused(start: Start, *arguments: str, **popen: Any) -> str:
    """What the program says in Chinese of what it cannot do: in our words, and without a trace of Python."""
    ran = start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={"LC_ALL": "zh_CN.UTF-8"}, **popen)
    said = str(ran.communicate()[1].decode())
    assert ran.returncode in (2, 4)
    assert not {"Traceback", "内部错误", "Errno", "denied", "too long"} & {*re.split(r"[ \[:（]", said)}
    return said


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[Path]:
    """A folder below one that nobody may look into."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may do everything, and setpriv (util-linux) is not installed")
    (tmp_path / "closed" / "in").mkdir(parents=True)
    (tmp_path / "closed").chmod(0)
    yield tmp_path / "closed" / "in"
    (tmp_path / "closed").chmod(0o755)


def without_rights() -> tuple[str, ...]:
    """How Python is to be run so that root, too, is refused."""
    program = f"import os, sys; os.execvp('setpriv', ['setpriv', '--bounding-set=-all', '--inh-caps=-all', {sys.executable!r}, '-m', 'landcheck', *sys.argv[1:]])"  # noqa: E501
    return ("-c", program) if os.geteuid() == 0 else ("-m", "landcheck")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", PLAN, "-o", "{}/r.json"), ("check", PLAN, "-o", "{}/r.shp"), ("check", PLAN, "--pack", "{}"),
        ("check", "{}/x.gpkg"), ("init", "{}"), ("rules", "new", "{}/mine"), ("rules", "docs", "-o", "{}/r.md"),
        ("convert", PLAN, "-o", "{}/r.gpkg"), ("report", "{}/r.json"),
    ],
)  # fmt: skip
def test_a_folder_that_may_not_be_looked_into_is_told(
    arguments: tuple[str, ...], start: Start, forbidden: Path
) -> None:
    said = refused(start, *(word.format(forbidden) for word in arguments), python=without_rights())
    assert "没有权限" in said


def test_a_folder_that_may_not_be_written_to_is_told_before_the_work(start: Start, forbidden: Path) -> None:
    forbidden.parent.chmod(0o555)
    for name in ("r.json", "new/r.json"):
        said = refused(start, "check", PLAN, "-o", str(forbidden.parent / name), python=without_rights())
        assert "没有权限在报告" in said
    assert [path.name for path in forbidden.parent.iterdir()] == ["in"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", PLAN, "-o", "{}.json"), ("check", PLAN, "--pack", "{}"), ("init", "{}"), ("rules", "new", "{}"),
        ("convert", PLAN, "-o", "{}.gpkg"), ("rules", "docs", "-o", "{}.md"),
    ],
)  # fmt: skip
def test_a_name_that_is_too_long_is_told(arguments: tuple[str, ...], start: Start, tmp_path: Path) -> None:
    assert "名称太长" in refused(start, *(word.format("x" * 300) for word in arguments), cwd=tmp_path)


def test_a_folder_that_is_gone_is_told(start: Start, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    assert "没有这个文件或文件夹" in refused(start, "check", PLAN, "-o", "r.json", cwd=gone, preexec_fn=gone.rmdir)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte, where the tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk may be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_on_a_full_disk_each_report_is_whole_or_as_it_was(start: Start, small_disk: Path) -> None:
    for name in NAMES:
        (small_disk / name).write_text("old")
    (small_disk / "filler").write_bytes(bytes(700_000))
    said = started(start, small_disk).communicate()[1].decode()
    assert "No space left on device" in said
    for name in NAMES:
        kept = (small_disk / name).read_bytes() == b"old"
        assert (f"{name} could not be written" in said) == kept
        assert kept or whole(small_disk / name)
    assert sorted(path.name for path in small_disk.iterdir()) == sorted([*NAMES, "filler"])
