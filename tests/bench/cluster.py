"""The whole check on a Dask cluster of two processes beside the local one, a worker lost on the way; and its slopes."""

from __future__ import annotations

import filecmp
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from cities import check, city, summary
from processes import Ran, run
from table import Table, save

HERE = Path(__file__).parent
MANY = 100_000_000
WORKERS = 2
NOTES = [
    "Parcels in files of 100,000, the order of all rows shuffled first, so that neighbours stand in different files; "
    f"{WORKERS} worker processes on this machine. Seconds are of the whole run, JSON report to a file.",
    "Every report of a line had the same bytes, or no line would stand here. The lost worker was killed (SIGKILL) with "
    "half of the parcels judged.",
]
SLOPES = [
    f"From the two sizes above: what each further parcel costs, and {MANY:,} parcels at that rate.",
    "The client holds ids, verdicts and the rows a report shows; the workers hold rings until overlaps are looked for.",
    "Core seconds of the workers are spread over as many as there are; those of the client, JSON included, are not.",
]


def main(most: int, results: Path) -> None:
    """Compare each size and keep the tables."""
    sizes = sorted({most // 4, most})
    told = [_compared(results.parent, rows) for rows in sizes]
    lines = [[f"{rows:,}", *(f"{ran:.1f}" for ran in one["seconds"])] for rows, one in zip(sizes, told, strict=True)]
    heads = ["parcels", "local, s", "cluster, s", "cluster with a worker lost, s"]
    tables = [Table("A cluster", "集群", NOTES, heads, lines)]
    save(results, [*tables, _slopes(sizes, [one["measured"] for one in told])])


def _compared(folder: Path, rows: int) -> dict[str, Any]:
    parts = _parts(folder, rows)
    reports = [folder / f"report-{name}.json" for name in ("local", "cluster", "lost")]
    local = run(check(parts), reports[0])
    ran, measured = _on_cluster(parts, reports[1], lost=False)
    lost, _ = _on_cluster(parts, reports[2], lost=True)
    if summary(reports[0])["parcel"] != rows:
        sys.exit(f"not all of {rows} parcels were checked, so nothing counts")
    for other in reports[1:]:
        if not filecmp.cmp(reports[0], other, shallow=False):
            sys.exit(f"{other.name} differs from {reports[0].name}, so nothing counts")
    print(rows, local, ran, lost, measured, file=sys.stderr)
    return {"seconds": [local.seconds, ran.seconds, lost.seconds], "measured": measured}


def _on_cluster(parts: Path, report: Path, *, lost: bool) -> tuple[Ran, dict[str, float]]:
    told = report.with_suffix(".measured.json")
    command = [sys.executable, str(HERE / "cluster_run.py"), str(parts), str(told), str(WORKERS), str(int(lost))]
    ran = run(command, report)
    measured: dict[str, float] = json.loads(told.read_text(encoding="utf-8"))
    return ran, measured


def _parts(folder: Path, rows: int) -> Path:
    """The city's files, in a folder of their own."""
    whole = city(folder, "parquet", rows)
    parts = whole.parent / "parts"
    if not parts.exists():
        run([sys.executable, str(HERE / "cluster_parts.py"), str(whole), str(parts)], folder / "parts.txt")
    return parts


def _slopes(sizes: list[int], measured: list[dict[str, float]]) -> Table:
    few, many = sizes
    lines = []
    for name, (unit, shown, factor) in QUANTITIES.items():
        slope = (measured[1][name] - measured[0][name]) / (many - few)
        whole = (measured[1][name] + slope * (MANY - many)) * factor
        lines.append([name, f"{slope * 1e6 if unit.startswith('µs') else slope:,.1f} {unit}", f"{whole:,.1f} {shown}"])
    heads = ["", "a parcel", f"{MANY:,} parcels"]
    return Table("What 100 million parcels would need", "一亿个地块需要什么", SLOPES, heads, lines)


GIB, HOUR = 2**-30, 1 / 3600
QUANTITIES = {
    "memory of the client": ("bytes", "GiB", GIB),
    "memory of all workers": ("bytes", "GiB", GIB),
    "core seconds of the workers": ("µs", "hours", HOUR),
    "core seconds of the client": ("µs", "hours", HOUR),
    "JSON report": ("bytes", "GiB", GIB),
}

if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
