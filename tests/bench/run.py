"""`make bench`: what deciding and a whole check cost, side by side; verdicts must agree before a time counts."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import city
from by_hand import masks
from columns import made_up

from landcheck import Request, check, render
from landcheck.decide import judge
from landcheck.model import Reading
from landcheck.report import Options
from landcheck.rulebook import load_pack

ROWS = 1_000_000
PARCELS = 100_000
ROUNDS = 7


def seconds(work: Callable[[], object], times: int = ROUNDS) -> float:
    """The median of several rounds, after one to warm up."""
    work()
    rounds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - start)
    return statistics.median(rounds)


def main() -> int:
    """Print both tables; 1 where verdicts disagree."""
    return decide() or whole_check()


def whole_check() -> int:
    """The whole check with JSON output beside merely reading the file."""
    import geopandas

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.gpkg"
        city.write(path, PARCELS)
        checked = seconds(lambda: sum(map(len, render(check(Request(str(path))), "json", Options("en")))), 3)
        read = seconds(lambda: geopandas.read_file(path, use_arrow=True), 3)
    print(f"check {PARCELS:,} parcels of a GeoPackage, every rule and data check, JSON; median of 3 rounds")
    print(f"  landcheck check   {checked:.2f} s")
    print(f"  geopandas reads   {read:.2f} s")
    print(f"  ratio             {checked / read:.2f}")
    return 0


def decide() -> int:
    """The decide step beside hand-written numpy."""
    pack = load_pack("shanghai-2021-9")
    rules = [rule for rule in pack.rules if rule.per == "parcel"]
    parameters = {parameter.name: parameter.value for parameter in pack.parameters}
    columns = made_up(ROWS)
    differing = int((judge(rules, columns, ROWS, Reading.THRESHOLD, parameters) != masks(columns, ROWS)).sum())
    if differing:
        print(f"{differing} verdicts differ: no time counts")
        return 1
    engine = seconds(lambda: judge(rules, columns, ROWS, Reading.THRESHOLD, parameters))
    by_hand = seconds(lambda: masks(columns, ROWS))
    print(f"decide {len(rules)} rules on {ROWS:,} parcels, median of {ROUNDS} rounds, numpy {np.__version__}")
    print(f"  landcheck         {engine:.3f} s")
    print(f"  numpy by hand     {by_hand:.3f} s")
    print(f"  ratio             {engine / by_hand:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
