"""Peak memory of the whole check by the number of parcels."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import check, city, read, summary
from processes import run
from table import Table, save

SIZES = (100_000, 1_000_000, 4_000_000)
FORMATS = {"GeoPackage": "gpkg", "GeoParquet": "parquet"}
NOTES = [
    "The most memory that the process held at a time (ru_maxrss of a fresh child), in MiB; one run each, "
    "JSON report to a file. A size beyond BENCH_ROWS is left out.",
    "µs a parcel is the whole run's wall time over its parcels.",
]


def main(most: int, results: Path) -> None:
    """Weigh each size in turn and keep the table."""
    lines = []
    report = results.parent / "report.json"
    for name, suffix in FORMATS.items():
        for rows in [size for size in SIZES if size <= most] or [most]:
            path = city(results.parent, suffix, rows)
            ours = run(check(path), report)
            if (seen := summary(report)["parcel"]) != rows:
                sys.exit(f"{seen} parcels of {rows} were checked, so nothing counts")
            theirs = run(read(path), report)
            each = ours.seconds / rows * 1e6
            lines.append([name, f"{rows:,}", f"{ours.peak:,.0f}", f"{theirs.peak:,.0f}", f"{each:.2f}"])
            print(*lines[-1], file=sys.stderr)
    heads = ["", "parcels", "landcheck check, MiB", "geopandas reads, MiB", "µs a parcel"]
    save(results, [Table("Memory", "内存", NOTES, heads, lines)])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
