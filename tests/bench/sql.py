"""The whole job, rules to findings, beside the scripts that an analyst would write; each is a fresh process."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import check, city
from install import SCRIPTS, absent, interpreter, versions
from processes import Ran, within
from sql_told import Told, differences, of_landcheck, of_script
from table import Table, save

HERE = Path(__file__).parent
SIZES = (10_000, 100_000, 1_000_000)
FORMATS = {"GeoParquet": "parquet", "GeoPackage": "gpkg"}
ROUNDS = 3
LIMIT = 600.0  # seconds of one run
PATIENCE = 120.0  # seconds; who has used them up takes part in no further round
OURS = "landcheck"
TITLE = ("The whole job beside scripts by hand", "整个检查与手写脚本")
PLAIN = ("The scripts without overlaps", "不查重叠的脚本")
HEADS = ["", "parcels", "of", "wall s", "CPU s", "peak MiB", "wall to landcheck", "CPU to landcheck", "said"]
PLACES = (2, 2, 0, 2, 2)
NOTES = [
    "The job: read the layer, give every parcel the nine parcel rules of shanghai-2021-9 with what is missing as "
    "unknown, find invalid shapes and overlapping pairs, write every finding as a line of JSON. The scripts stand in "
    "tests/bench (sql_geopandas.py, sql_sedonadb.py, sql_duckdb.py); they give rule, parcel, verdict and number. "
    "landcheck does all of its checks besides (areas, ids, units, systems) and says reasons, clauses and remedies.",
    "Before a time counts, the verdicts by rule, the invalid shapes and the overlapping pairs, parcel by parcel, equal "
    "landcheck's; a difference ends the measuring.",
    "Fresh processes, start and imports included; CPU: processor seconds of all threads; peak: the most memory held at "
    f"a time (ru_maxrss). Medians of {ROUNDS} rounds taken in turn after one that warms the disk's cache (fewer for "
    f"who needs over {PATIENCE:.0f} s in all); a run of over {LIMIT:.0f} s is stopped.",
]
WITHOUT = [
    "The scripts without their search for overlaps; landcheck with it, the run of the table above: it has no way to "
    "leave that out.",
    "Rounds, checks and columns as above.",
]


@dataclass(slots=True)
class Contestant:
    """One command, what its runs took, and why there is no more of it; ``told``: where a script puts its findings."""

    command: list[str]
    told: Path | None = None
    ran: list[Ran] = field(default_factory=list)
    said: str = ""

    def take(self, ran: Ran | str) -> None:
        """A run's times, or why there are none; without landcheck's there is nothing to compare with."""
        if isinstance(ran, Ran):
            self.ran.append(ran)
        elif self.told is None:
            sys.exit(f"{' '.join(self.command)} {ran}")
        else:
            self.said = ran.strip().splitlines()[-1].replace("|", "/")

    def done(self) -> bool:
        """Whether it takes part in no further round."""
        return bool(self.said) or sum(one.seconds for one in self.ran) > PATIENCE

    def median(self) -> Ran:
        """Of each number by itself."""
        return Ran(*(statistics.median(getattr(one, name) for one in self.ran) for name in ("seconds", "cpu", "peak")))


def main(most: int, results: Path) -> None:
    """Measure each size and format and keep both tables."""
    with_overlaps, without = list[list[str]](), list[list[str]]()
    for rows in [size for size in SIZES if size <= most] or [most]:
        for name, suffix in FORMATS.items():
            entries = contest(city(results.parent, suffix, rows), results.parent)
            lines = [list(_lines(entries, part, f"{rows:,}", name)) for part in ("overlaps", "")]
            print(*lines[0], *lines[1], sep="\n", file=sys.stderr)
            with_overlaps, without = with_overlaps + lines[0], without + lines[1]
    missing = [[peer, *["-"] * (len(HEADS) - 2), f"not installed: {why}"] for peer, why in absent(results.parent)]
    notes = [*NOTES, f"The scripts ran with {versions(results.parent)}."]
    save(results, [Table(*TITLE, notes, HEADS, [*with_overlaps, *missing]), Table(*PLAIN, WITHOUT, HEADS, without)])


def contest(path: Path, folder: Path) -> dict[tuple[str, str], Contestant]:
    """All who can judge that layer, by name and part, after their rounds. SystemExit where one says something else."""
    entries = {(OURS, "overlaps"): Contestant(check(path))}
    missing = {peer for peer, _ in absent(folder)}
    for peer in (peer for peer in SCRIPTS if peer not in missing):
        for part in ("overlaps", ""):
            told = folder / f"sql-{peer}.jsonl"
            command = [str(interpreter(folder)), str(HERE / f"sql_{peer}.py"), str(path), str(told), *part.split()]
            entries[peer, part] = Contestant(command, told)
    judge(entries, path, folder)
    for _ in range(ROUNDS):
        for entry in (entry for entry in entries.values() if not entry.done()):
            entry.take(within(LIMIT, entry.command, folder / "report.json"))
    return entries


def judge(entries: dict[tuple[str, str], Contestant], path: Path, folder: Path) -> None:
    """Everybody once: what was said is compared, and no time counts."""
    report, expected = folder / "report.json", Told({}, set())
    for (name, part), entry in entries.items():
        ran = within(LIMIT, entry.command, report)
        if not isinstance(ran, Ran):
            entry.take(ran)
        elif entry.told is None:
            expected = of_landcheck(report)
        elif differing := differences(expected, of_script(report, entry.told), overlaps=bool(part)):
            sys.exit(f"{name} says otherwise than landcheck of {path}, so no time counts: {differing}")


def _lines(entries: dict[tuple[str, str], Contestant], part: str, rows: str, layer: str) -> Iterator[list[str]]:
    ours = entries[OURS, "overlaps"].median()
    for (name, of), entry in entries.items():
        if of != part and name != OURS:
            continue
        if not entry.ran:
            yield [name, rows, layer, *["-"] * 5, entry.said]
            continue
        one = entry.median()
        numbers = one.seconds, one.cpu, one.peak, one.seconds / ours.seconds, one.cpu / ours.cpu
        yield [name, rows, layer, *(f"{number:,.{places}f}" for number, places in zip(numbers, PLACES, strict=True)),
               entry.said or "-"]  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
