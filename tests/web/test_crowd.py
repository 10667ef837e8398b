"""Several sessions at once: each gets its own report, none is lost, and the server holds little memory.

``make crowd`` (LANDCHECK_CROWD=20x5000) has twenty check 5,000 parcels each and tells what that took.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

from visitor import Visitor

COUNT, PARCELS = map(int, os.environ.get("LANDCHECK_CROWD", "4x300").split("x"))
SEED = 16
MOST = 1.5e9


def plan(number: int) -> bytes:
    """Parcels in a grid, most of them with a FAR of less than 2.0; of every session other ones."""
    rng = random.Random(SEED + number)
    side, features = 0.001, []
    for at in range(PARCELS):
        x, y = 121.0 + at % 100 * side, 31.0 + at // 100 * side
        ring = [[x, y], [x + 0.9 * side, y], [x + 0.9 * side, y + 0.9 * side], [x, y + 0.9 * side], [x, y]]
        values = {"parcel_id": f"S{number}-{at}", "land_class": "industrial_project", "term_years": 20,
                  "far": round(rng.uniform(1, 2.4), 3), "living_gfa_m2": 100, "above_ground_gfa_m2": 2000}  # fmt: skip
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": values, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def whole_way(address: str, number: int) -> tuple[int, int, set[str]]:
    """The session's number, how many parcels were judged, and the beginnings of their ids."""
    visitor = Visitor(address, "en" if number % 2 else "zh")
    assert visitor.check([("parcels.geojson", plan(number))]).to == "/report"
    found = json.loads(visitor.get("/download/json").body)
    named = {one["subject"]["id"].split("-")[0] for one in found["findings"]}
    assert visitor.get("/report/frame").status == 200
    assert visitor.post("/end").status == 200
    return number, found["summary"]["parcel"], named


def family(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from family(int(child))


def resident(process: int) -> int:
    """The bytes of memory that a server and its children hold: each page of it once (Linux)."""
    total = 0
    for one in family(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:  # which ended meanwhile
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def test_all_sessions_are_answered_at_once(serve: Callable[..., Any], tmp_path: Path) -> None:
    highest, over = 0, Event()

    def watch(process: int) -> None:
        nonlocal highest
        while not over.wait(0.2):
            highest = max(highest, resident(process))

    with serve(tmp_path) as served, ThreadPoolExecutor(COUNT + 1) as crowd:
        if Path("/proc/self/smaps_rollup").exists():
            crowd.submit(watch, served.process.pid)
        begun = time.monotonic()
        came = list(crowd.map(lambda number: whole_way(served.address, number), range(COUNT)))
        took = time.monotonic() - begun
        over.set()
        assert came == [(number, PARCELS, {f"S{number}"}) for number in range(COUNT)]
        assert [path.name for path in served.left()] == []
    assert highest < MOST
    print(f"\n{COUNT} sessions, {PARCELS:,} parcels each: {took:.0f} s, {highest / 1e6:,.0f} MB at most")  # noqa: T201
