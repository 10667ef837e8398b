"""What a killed run leaves behind goes with the next one; what a living one holds stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landcheck import temporary
from landcheck.temporary import Folder

ROOT = Path(__file__).parents[2]
SUFFIXES = ("json", "csv", "md", "html", "xlsx", "gpkg")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are others on Windows")


def gone() -> int:
    """The number of a process that is there no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def names(folder: Path, beginning: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(beginning))


def started(here: Path, room: Path) -> subprocess.Popen[bytes]:
    written = [part for suffix in SUFFIXES for part in ("-o", str(here / f"r.{suffix}"))]
    command = [sys.executable, "-m", "landcheck", "check", "sample_parcels/gbk", "-q", "--exit-zero", *written]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(room)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def test_what_killed_runs_leave_goes_with_the_next(tmp_path: Path) -> None:
    here, room = tmp_path / "reports", tmp_path / "room"
    room.mkdir()
    here.mkdir()
    left: list[str] = []
    for _ in range(4):
        with started(here, room) as process:
            while {*names(here, ".landcheck-")} <= {*left} and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
        left = names(here, ".landcheck-")
        assert len(left) == 1  # what the run before left is gone
        for path in here.glob("r.json"):
            json.loads(path.read_text(encoding="utf-8"))  # a report that is there is whole
    with started(here, room) as process:
        process.communicate(timeout=120)
    assert process.returncode == 0
    assert names(here, "") == sorted(f"r.{suffix}" for suffix in SUFFIXES)
    assert names(room, "landcheck-") == []


def test_only_folders_of_processes_that_are_gone_are_removed(tmp_path: Path) -> None:
    host, dead = temporary._host(), gone()
    for name in (
        f".landcheck-{host}-{dead}-abc", f".landcheck-{host}-{os.getppid()}-abc", f".landcheck-elsewhere-{dead}-abc",
        f".landcheck-{host}-many-abc", ".landcheck-abcdefgh",
    ):  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "draft").write_text("x")
    (tmp_path / f".landcheck-{host}-{dead}-file").write_text("of somebody")
    with Folder(tmp_path) as mine:
        assert Path(mine).name.startswith(f".landcheck-{host}-{os.getpid()}-")
        assert Path(mine).stat().st_mode & 0o077 == 0
    left = names(tmp_path, ".landcheck-")
    assert f".landcheck-{host}-{dead}-abc" not in left
    assert len(left) == 5


def test_all_reports_of_a_folder_share_one_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    from landcheck import Request, check, write_files

    made: list[Path | None] = []

    class Counted(Folder):
        def __init__(self, within: Path | None = None) -> None:
            made.append(within)
            super().__init__(within)

    monkeypatch.setattr("landcheck.report.write.Folder", Counted)
    report = check(Request(str(ROOT / "sample_parcels/small.geojson"), as_of=dt.date(2026, 6, 30)))
    write_files(report, [tmp_path / "a.json", tmp_path / "b.csv", tmp_path / "new" / "c.md"], "en")
    assert made == [tmp_path, tmp_path / "new"]
    assert names(tmp_path, ".") == []
