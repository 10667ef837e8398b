"""`make bench`: what deciding costs, side by side in one run. Counts must be equal before a time counts."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from by_hand import masks
from columns import made_up

from landcheck.decide import judge
from landcheck.model import Reading
from landcheck.rulebook import load_pack

ROWS = 1_000_000
ROUNDS = 7


def seconds(work: Callable[[], object]) -> float:
    """The median of several rounds, after one to warm up."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - start)
    return statistics.median(rounds)


def main() -> int:
    """Print the table; 1 where the two disagree."""
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
