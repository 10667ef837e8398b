"""The decide step: nine rules on a million parcels, landcheck beside its peers; verdicts must agree first."""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import by_hand
from columns import Columns, made_up
from contest import Counts, Entry, broken, head, tally
from table import Table, save

from landcheck.model import Reading
from landcheck.rulebook import load_pack
from landcheck.verdicts.decide import judge

ROUNDS = 7
MILLION = 1_000_000
PATIENCE = 30.0  # seconds; who has used them up takes part in no further round
PEERS = {
    "polars": "polars",
    "duckdb": "duckdb",
    "openfisca": "openfisca-core",
    "pointblank": "pointblank",
    "pandera": "pandera",
    "cel": "common-expression-language",
    "zen": "zen-engine",
}


def main(most: int, results: Path) -> None:
    """Compare and time a million parcels, and the most where that is more; keep a table of each."""
    told = [_compared(rows, results) for rows in sorted({min(most, MILLION), most})]
    save(results, [table for table, _ in told])
    if differing := [name for _, names in told for name in names]:
        sys.exit(f"verdicts differ, so no time counts: {', '.join(differing)}")


def _compared(rows: int, results: Path) -> tuple[Table, list[str]]:
    """The table of that many parcels, and who judged them otherwise than the masks."""
    columns = made_up(rows)
    expected = tally(by_hand.masks(columns, rows))
    entries = {"landcheck": (_ours(columns, rows), rows, "rule cards, one core")}
    entries["numpy by hand"] = (Entry(lambda: by_hand.masks(columns, rows), tally), rows, "masks, one core")
    absent = {}
    for name, package in PEERS.items():
        try:
            peer = importlib.import_module(f"peer_{name}")
        except ImportError as error:
            absent[package] = _reason(package, error, results.parent)
            continue
        count = min(rows, peer.ROWS or rows)
        entries[f"{package} {version(package)}"] = (peer.prepare(head(columns, count)), count, peer.NOTE)
    differing = [name for name, (entry, count, _) in entries.items() if not _agrees(entry, columns, count, expected)]
    times = _times({name: entry for name, (entry, _, _) in entries.items() if name not in differing})
    return _table(rows, entries, times, absent, differing), differing


def _ours(columns: Columns, rows: int) -> Entry:
    pack = load_pack("shanghai-2021-9")
    rules = [rule for rule in pack.rules if rule.per == "parcel"]
    parameters = {parameter.name: parameter.value for parameter in pack.parameters}
    return Entry(lambda: judge(rules, columns, rows, Reading.THRESHOLD, parameters), tally)


def _agrees(entry: Entry, columns: Columns, rows: int, expected: Counts) -> bool:
    counts = entry.counts(entry.work())
    if rows < len(columns["far"]):
        expected = tally(by_hand.masks(head(columns, rows), rows))
    return bool((counts == (expected if counts.shape == expected.shape else broken(expected))).all())


def _times(entries: dict[str, Entry]) -> dict[str, list[float]]:
    """Seconds of each round; the rounds take turns. The comparison of verdicts has warmed everybody up."""
    told: dict[str, list[float]] = {name: [] for name in entries}
    for _ in range(ROUNDS):
        for name, entry in entries.items():
            if sum(told[name]) < PATIENCE:
                start = time.perf_counter()
                entry.work()
                told[name].append(time.perf_counter() - start)
    return told


def _reason(package: str, error: ImportError, folder: Path) -> str:
    kept = folder / "not-installed.json"
    told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return str(told.get(package) or error)


def _table(rows: int, entries: dict, times: dict[str, list[float]], absent: dict[str, str], differing: list) -> Table:
    each = {name: statistics.median(told) / entries[name][1] * 1e6 for name, told in times.items()}
    lines = [
        [name, f"{entries[name][1]:,}", f"{statistics.median(times[name]):.3f}", f"{each[name]:.3f}",
         f"{each[name] / each['numpy by hand']:.2f}", f"{each[name] / each['landcheck']:.2f}", entries[name][2]]
        for name in times
    ]  # fmt: skip
    lines += [[name, "-", "-", "-", "-", "-", "verdicts differ: no time counts"] for name in differing]
    lines += [[name, "-", "-", "-", "-", "-", f"not installed: {reason}"] for name, reason in absent.items()]
    notes = [
        f"The nine parcel rules of shanghai-2021-9 on {rows:,} made-up parcels, a twentieth of the values missing, "
        f"many exactly at a limit; median of {ROUNDS} rounds taken in turn (fewer for who needs over {PATIENCE:.0f} s "
        "in all).",
        "Before a time counts, the verdicts by rule (pass, fail, review, undetermined, not applicable) equal those of "
        "the masks on the same rows. pandera and pointblank have no undetermined: of them the broken rows by rule are "
        "compared, which is less work.",
        "Everybody gets the columns in the form it keeps them in before the clock starts. Row-wise engines judge "
        "the first 10,000 rows; compare the time per parcel.",
    ]  # fmt: skip
    heads = ["", "parcels", "seconds", "µs a parcel", "to numpy", "to landcheck", "how"]
    return Table(f"Deciding {rows:,} parcels", f"判断 {rows:,} 个地块", notes, heads, lines)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
