"""The numbers on the pages beside this file: ``.venv/bin/python docs/decisions/measure.py``, a minute.

Processor time of fresh processes (user and system, their children included), which a busy machine does not change; the
median of several rounds, taken in turn.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Mapping
from dataclasses import make_dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROUNDS = 9
RUN = "import sys; sys.argv[0] = 'landcheck'; from landcheck.__main__ import main; main()"
WITH_PANDAS = "import landcheck.lean; landcheck.lean.PANDAS = ()\n" + RUN
FIELDS = (
    "name",
    "label",
    "verdict",
    "measured",
    "operator",
    "limit",
    "unit",
    "margin",
    "margin_m2",
    "missing",
    "a",
    "b",
)


def cost(code: str, parcels: str) -> tuple[float, float]:
    """Milliseconds of the processor, and MiB at the most, of one check."""
    command = [sys.executable, "-c", code, "check", parcels, "--as-of", "2026-06-30", "--exit-zero", "--quiet"]
    child = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024


def beside(runs: Mapping[str, tuple[str, str]]) -> None:
    """Print what each run costs."""
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (code, parcels) in runs.items():
            costs[name].append(cost(code, parcels))
    for name, taken in costs.items():
        milliseconds, mebibytes = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"{name:44} {milliseconds:6.0f} ms {mebibytes:6.0f} MiB")


def tuples() -> None:
    """Print what it costs to make an object of twelve fields."""
    kinds = {
        "a NamedTuple": NamedTuple("Tuple", [(name, object) for name in FIELDS]),  # type: ignore[misc]
        "a frozen dataclass with slots": make_dataclass("Frozen", FIELDS, frozen=True, slots=True),
    }
    for name, kind in kinds.items():
        best = min(timeit.repeat(lambda kind=kind: kind(*range(12)), number=100_000, repeat=9)) / 100_000
        print(f"{name:44} {best * 1e6:6.2f} µs")


def main() -> None:
    """All of them."""
    sample = str(ROOT / "sample_parcels/plan.gpkg")
    beside({"without pandas": (RUN, sample), "with pandas": (WITH_PANDAS, sample)})
    tuples()
    with tempfile.TemporaryDirectory() as folder:
        import pyogrio

        table = pyogrio.read_dataframe(ROOT / "sample_parcels/small.geojson")
        here, apart = f"{folder}/here.fgb", f"{folder}/apart.tab"
        pyogrio.write_dataframe(table, here, driver="FlatGeobuf")
        pyogrio.write_dataframe(table, apart, driver="MapInfo File")
        beside({"FlatGeobuf, read here": (RUN, here), "MapInfo, read in a process apart": (RUN, apart)})


if __name__ == "__main__":
    main()
