"""Runs killed at random moments while they write all fifteen reports: each is whole, as it was or new; nothing is left.

Six kills, or with LANDCHECK_KILLS as many as that (``make kills``); LANDCHECK_KILLS_SEED chooses the moments.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet
import pyogrio
import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("LANDCHECK_KILLS", "6"))
SEED = os.environ.get("LANDCHECK_KILLS_SEED", "0")
DATES = ("2026-06-30", "2020-06-30")  # on the second nothing is in force: every report is another
OF_SHAPEFILE = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are others on Windows")
Start = Callable[..., Any]
State = Mapping[str, bytes]


def unpacked(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        return packed.testzip() is None


def database(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as opened:
        return bool(opened.execute("pragma integrity_check").fetchone() == ("ok",))


def rows(path: Path) -> bool:
    return len(pyogrio.read_dataframe(path)) > 0


def parsed(path: Path) -> bool:
    return bool(json.loads(path.read_text(encoding="utf-8")))


READERS: dict[str, Callable[[Path], object]] = {
    "json": parsed,
    "sarif": parsed,
    "codequality.json": parsed,
    "jsonl": lambda path: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()],
    "csv": lambda path: len({len(row) for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())}) == 1,
    "xlsx": unpacked,
    "docx": unpacked,
    "pdf": lambda path: re.fullmatch(rb"%PDF-.*startxref\s+\d+\s+%%EOF\s*", path.read_bytes(), re.DOTALL),
    "html": lambda path: path.read_text(encoding="utf-8").rstrip().endswith("</html>"),
    "md": lambda path: path.read_text(encoding="utf-8").startswith("#"),
    "junit.xml": lambda path: etree.parse(path).getroot().tag == "testsuites",
    "gpkg": database,
    "geojson": rows,
    "shp": rows,
    "parquet": lambda path: pyarrow.parquet.read_table(path).num_rows,
}


@dataclass
class Place:
    """A folder that reports are written to, with a temporary folder of its own."""

    start: Start
    source: Path
    folder: Path
    room: Path
    outcomes: Counter[str] = field(default_factory=Counter)

    def run(self, date: str) -> subprocess.Popen[bytes]:
        outputs = [word for suffix in READERS for word in ("-o", str(self.folder / f"r.{suffix}"))]
        asked = ("check", str(self.source), "--as-of", date, "--lang", "en", "-q", "--exit-zero", *outputs)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        running: subprocess.Popen[bytes] = self.start(
            *asked, env={"TMPDIR": str(self.room)}, start_new_session=True, **quiet
        )
        return running

    def whole_run(self, date: str) -> dict[str, State]:
        running = self.run(date)
        assert (running.communicate(timeout=120)[1], running.returncode) == (b"", 0)
        return self.reports()

    def reports(self) -> dict[str, State]:
        """The files of every report with what is in them."""
        return {suffix: {path.name: path.read_bytes() for path in self.files(suffix)} for suffix in READERS}

    def files(self, suffix: str) -> Iterator[Path]:
        if suffix == "shp":
            yield from (path for path in self.folder.iterdir() if path.suffix in OF_SHAPEFILE)
        path = self.folder / f"r.{suffix}"
        if path.is_dir():
            yield from path.iterdir()
        elif path.exists() and suffix != "shp":
            yield path

    def left(self) -> list[str]:
        """What of a run is left that ought to be gone."""
        return [
            path.name for place in (self.folder, self.room) for path in place.iterdir() if "landcheck-" in path.name
        ]

    def identity(self, suffix: str) -> int:
        with suppress(OSError):
            return (self.folder / f"r.{suffix}").stat().st_ino
        return 0


def wait(running: subprocess.Popen[bytes], place: Place, usual: float, random: Random) -> None:
    """Until a random share of the usual time is over, or a random report just comes to its place."""
    if random.random() < 0.5:
        with suppress(subprocess.TimeoutExpired):
            running.wait(random.random() * usual)
        return
    suffix = random.choice(list(READERS))
    before = place.identity(suffix)
    while place.identity(suffix) == before and running.poll() is None:
        time.sleep(0.0001)
    time.sleep(random.random() * 0.002)


def outcome(suffix: str, now: State, before: State, new: State) -> str:
    if now == before:
        return "as it was"
    if now == new:
        return "new"
    # What is more than a file cannot be exchanged at once: between old and new there is none for a moment.
    assert suffix in ("shp", "parquet"), f"{suffix} is neither old nor new"
    assert "r.shp" not in now, f"{suffix} is mixed: {sorted(now)}"
    for name in now:
        assert not name.endswith((".shp", ".parquet")) or layer(now, name) in (layer(before, name), layer(new, name))
    return f"{suffix} is not there"


def layer(files: State, main: str) -> State:
    return {name: content for name, content in files.items() if Path(name).stem == Path(main).stem}


def all_gone(group: int) -> bool:
    """Whether every process that the killed one had started ends by itself."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return False


@pytest.fixture
def place(start: Start, tmp_path: Path) -> Place:
    """Written to by nobody; the source is packed, so that reading it takes a temporary folder."""
    archive = shutil.make_archive(str(tmp_path / "plan"), "zip", ROOT / "sample_parcels" / "gbk")
    for name in ("out", "room"):
        (tmp_path / name).mkdir()
    return Place(start, Path(archive), tmp_path / "out", tmp_path / "room")


def test_killed_at_any_moment(place: Place) -> None:
    whole = dict[str, dict[str, State]]()
    for date in reversed(DATES):
        began = time.monotonic()
        whole[date] = place.whole_run(date)
        usual = time.monotonic() - began
        assert all(read(place.folder / f"r.{suffix}") for suffix, read in READERS.items())
    assert all(whole[DATES[0]][suffix] != whole[DATES[1]][suffix] for suffix in READERS)
    random = Random(SEED)
    for number in range(KILLS):
        date, before = DATES[(number + 1) % 2], place.reports()
        running = place.run(date)
        wait(running, place, usual, random)
        running.kill()
        running.communicate()
        assert all_gone(running.pid), f"kill {number}: a process stays"
        for suffix, now in place.reports().items():
            place.outcomes[outcome(suffix, now, before[suffix], whole[date][suffix])] += 1
        place.outcomes["drafts"] += len(place.left())
    assert place.whole_run(DATES[0]) == whole[DATES[0]]
    assert place.left() == []
    print(f"{KILLS} kills, seed {SEED}: {dict(place.outcomes)}")  # noqa: T201 - the measure that make kills is for
