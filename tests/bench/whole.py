"""The whole check beside merely reading the file with geopandas, each in a fresh process, by format and size."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import FORMATS, check, city, data_findings, read, summary
from processes import alternate, run
from table import Table, save

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
VERDICTS = ("pass", "fail", "review", "undetermined", "not_applicable")
NOTES = [
    f"Wall seconds of fresh processes, their start included; median of {ROUNDS} rounds taken in turn after one that "
    "warms the disk's cache. `landcheck check FILE --output-format json`: every rule, "
    "every data check, every finding written to a file. "
    "geopandas: `read_file(use_arrow=True)`, or `read_parquet`.",
    "µs a parcel is the slope from the size before: what a further parcel costs once the program has started.",
    "Before a time counts, the verdicts by rule of the four formats of one size are equal.",
]


def main(most: int, results: Path) -> None:
    """Compare the formats, time, and keep both tables."""
    lines: list[list[str]] = []
    made: list[Table] = []
    before: dict[str, tuple[int, float]] = {}
    report = results.parent / "report.json"
    for rows in [size for size in SIZES if size <= most] or [most]:
        files = {name: city(results.parent, suffix, rows) for name, suffix in FORMATS.items()}
        made = [_makeup(files, report)]
        for name, path in files.items():
            told = alternate({"check": check(path), "read": read(path)}, ROUNDS, report)
            lines.append(_line(name, rows, told, before.get(name, (0, 0.0))))
            before[name] = rows, told["check"]
            print(*lines[-1], file=sys.stderr)
    heads = ["", "parcels", "landcheck check, s", "geopandas reads, s", "ratio", "µs a parcel"]
    whole = Table("The whole check", "整个检查", NOTES, heads, lines)
    save(results, [whole, *made])


def _line(name: str, rows: int, told: dict[str, float], before: tuple[int, float]) -> list[str]:
    slope = (told["check"] - before[1]) / (rows - before[0]) * 1e6
    ratio = told["check"] / told["read"]
    shown = f"{slope:.2f}" if before[0] else "-"
    return [name, f"{rows:,}", f"{told['check']:.2f}", f"{told['read']:.2f}", f"{ratio:.2f}", shown]


def _makeup(files: dict[str, Path], report: Path) -> Table:
    """The verdicts by rule in percent; SystemExit where two formats differ."""
    told = {}
    for name, path in files.items():
        run(check(path), report)
        told[name] = summary(report)
    first = next(iter(told.values()))
    if differing := [name for name, found in told.items() if found != first]:
        sys.exit(f"the verdicts of these formats differ from the first one's, so no time counts: {differing}")
    rules = {rule: counts for rule, counts in first["verdicts"].items() if sum(counts.values())}
    lines = [[rule, *(f"{counts[v] / first['parcel']:.2%}" for v in VERDICTS)] for rule, counts in rules.items()]
    found = ", ".join(f"{kind} {n:,}" for kind, n in sorted(data_findings(report).items()))
    return _city(lines, f"{first['parcel']:,} parcels; data findings: {found}.")


def _city(made: list[list[str]], told: str) -> Table:
    notes = [
        told,
        "The verdicts of the largest city above: what the generator (tests/bench/city.py, tests/bench/cadastre.py) "
        "makes. Parcels of 5 to 29 points in blocks between streets, edges shared to the last digit, 1 to 4 of a "
        "hundred values missing, one parcel in a thousand drawn into its neighbour, one in a thousand a bow-tie.",
    ]
    return Table("The city that is checked", "受检的虚构城市", notes, ["", *VERDICTS], made)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
