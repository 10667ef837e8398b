"""A long run tells how far it has come, and where it was stopped; a real terminal watches, a real signal stops it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

pty = pytest.importorskip("pty", reason="no terminals of this kind here")

Start = Callable[..., "subprocess.Popen[Any]"]
ROWS = 140_000
COUNTED = {
    "en": r"([\d,]+) of 140,000 parcels checked, [\d,]+ a second, about \d+:\d\d left",
    "zh": r"已检查 ([\d,]+) / 140,000 个地块，每秒 [\d,]+ 个，约剩 \d+:\d\d",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city") / "parcels.parquet"
    row = np.arange(ROWS)
    x, y = 560_000.0 + row % 450 * 30, 3_450_000.0 + row // 450 * 30
    # Little to report: the clauses do not speak of parcels before their day.
    before_the_text = {
        "parcel_id": [f"P{n}" for n in row],
        "approval_date": "2019-01-01",
    }
    boxes = shapely.box(x, y, x + 20, y + 20)
    geopandas.GeoDataFrame(before_the_text, geometry=boxes, crs="EPSG:4549").to_parquet(path)
    return path


class Watched:
    """A run whose standard error is a terminal, 120 columns wide."""

    def __init__(self, start: Start, city: Path, *options: str, watched: bool = True) -> None:
        self._seen = b""
        self._end, terminal = pty.openpty() if watched else os.pipe()
        self.run = start(
            "check", city.name, "-o", "report.json", *options, cwd=city.parent, env={"COLUMNS": "120", "LINES": "24"},
            stdout=subprocess.DEVNULL, stderr=terminal,
        )  # fmt: skip
        os.close(terminal)

    def until(self, pattern: str) -> re.Match[str]:
        for text in self._read():
            if found := re.search(pattern, text):
                return found
        raise AssertionError(self._seen.decode("utf-8", "replace"))

    def rest(self) -> str:
        for _ in self._read():
            pass
        self.run.wait(60)
        os.close(self._end)
        return self._seen.decode("utf-8")

    def _read(self) -> Iterator[str]:
        while True:
            try:
                piece = os.read(self._end, 65_536)
            except OSError:  # how a terminal says that nobody writes to it any more
                piece = b""
            if not piece:
                return
            self._seen += piece
            yield self._seen.decode("utf-8", "ignore")


def files(city: Path) -> list[str]:
    return sorted(path.name for path in city.parent.iterdir())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_person_sees_parcels_rate_remaining_time_and_stage_and_then_no_line(
    start: Start, city: Path, lang: str
) -> None:
    run = Watched(start, city, "--lang", lang)
    told = run.rest()
    (city.parent / "report.json").unlink()
    assert re.search(COUNTED[lang], told)
    assert re.search({"en": "now overlaps.*now writing", "zh": "核对重叠.*正在写出"}[lang], told)
    assert "\n" not in told
    assert re.fullmatch(r"\r *\r", told[told.rindex("\r", 0, -1) :])


@pytest.mark.parametrize("options", [["-q"], []])
def test_where_nobody_watches_nothing_is_told(start: Start, city: Path, options: list[str]) -> None:
    run = Watched(start, city, *options, watched=bool(options))
    assert run.rest() == ""
    (city.parent / "report.json").unlink()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_says_how_far_it_came_and_leaves_no_file(
    start: Start, city: Path, number: signal.Signals
) -> None:
    before = files(city)
    run = Watched(start, city, "--lang", "en")
    run.until(COUNTED["en"])
    run.run.send_signal(number)
    told = run.rest().rsplit("\r", 2)[-2]
    stopped = re.fullmatch(r"landcheck: interrupted after ([\d,]+) of 140,000 parcels; nothing was written", told)
    assert stopped, told
    assert 0 < int(stopped[1].replace(",", "")) <= ROWS
    assert run.run.returncode == 130
    assert files(city) == before


def test_a_check_interrupted_while_it_writes_leaves_no_file(start: Start, city: Path) -> None:
    before = files(city)
    run = Watched(start, city, "--lang", "en", "-o", "report.html", "--show", "all")
    run.until("now writing")
    time.sleep(0.3)
    run.run.send_signal(signal.SIGINT)
    assert "interrupted after 140,000 of 140,000 parcels; nothing was written" in run.rest()
    assert run.run.returncode == 130
    assert files(city) == before


def test_a_program_that_asks_for_it_is_told_by_lines_of_json(city: Path, start: Start, tmp_path: Path) -> None:
    env = {"LANDCHECK_PROGRESS": "json"}
    asked = ("check", str(city), "-q", "--as-of", "2026-06-30", "-o", str(tmp_path / "r.jsonl"))
    run = start(*asked, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    out, err = run.communicate(timeout=120)
    steps = [json.loads(line) for line in err.splitlines()]
    assert [step["done"] for step in steps] == sorted(step["done"] for step in steps)
    assert {step["total"] for step in steps} == {ROWS}
    assert steps[-1] == {"done": ROWS, "total": ROWS, "stage": "progress-writing"}
    assert {step["stage"] for step in steps} == {"progress", "progress-gathering", "progress-writing"}
    assert out == ""
