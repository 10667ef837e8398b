"""A check of a GeoDataFrame at hand beside that of the rows of its GeoPackage after reading, and reading included."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import AS_OF, city
from processes import python
from table import Table, save

SAMPLE = Path(__file__).parents[2] / "sample_parcels" / "small.geojson"
ROUNDS = 3
CODE = """
import datetime, json, sys, time
import geopandas, pyarrow, pyogrio
import landcheck
path, sample, day = sys.argv[1], sys.argv[2], datetime.date.fromisoformat(sys.argv[3])
sources = {"path": lambda: path, "arrow": lambda: pyarrow.table(pyogrio.read_arrow(path)[1]),
           "frame": lambda: geopandas.read_file(path, use_arrow=True)}
landcheck.check(geopandas.read_file(sample), as_of=day)  # so that everything is imported
landcheck.check(sample, as_of=day)
source = sources[sys.argv[4]]()
began, used = time.perf_counter(), time.process_time()
report = landcheck.check(source, as_of=day)
print(json.dumps([time.perf_counter() - began, time.process_time() - used, report.summary.verdicts]))
"""
SOURCES = {
    "after reading: the rows of the GeoPackage at hand as Arrow": "arrow",
    "a GeoDataFrame": "frame",
    "the GeoPackage, reading it included": "path",
}
NOTES = [
    "Seconds of `landcheck.check` in a process that has imported everything, median of "
    f"{ROUNDS} rounds taken in turn. The Arrow table and the GeoDataFrame are read before the clock starts; the shapes "
    "of the GeoDataFrame become WKB within it, those of the table are WKB.",
    "Before a time counts, the verdicts by rule are equal.",
]


def main(rows: int, results: Path) -> None:
    """Time each and keep the table."""
    path = city(results.parent, "gpkg", rows)
    told: dict[str, list[tuple[float, float]]] = {name: [] for name in SOURCES}
    verdicts = set()
    for _ in range(ROUNDS):
        for name, source in SOURCES.items():
            wall, cpu, counts = _told(path, source)
            told[name].append((wall, cpu))
            verdicts.add(json.dumps(counts, sort_keys=True))
    assert len(verdicts) == 1, "the verdicts differ"
    medians = {name: [statistics.median(one) for one in zip(*times, strict=True)] for name, times in told.items()}
    least = next(iter(medians.values()))
    lines = [[name, *(f"{one:.2f}" for one in (wall, cpu, wall / least[0], cpu / least[1]))]
             for name, (wall, cpu) in medians.items()]  # fmt: skip
    title, head = f"A GeoDataFrame of {rows:,} parcels", ["", "wall s", "CPU s", "wall ratio", "CPU ratio"]
    save(results, [Table(title, f"{rows:,} 个地块的 GeoDataFrame", NOTES, head, lines)])


def _told(path: Path, source: str) -> tuple[float, float, dict[str, list[int]]]:
    call = python(CODE, str(path), str(SAMPLE), AS_OF, source)
    ran = subprocess.run(call, check=True, capture_output=True, encoding="utf-8")
    wall, cpu, counts = json.loads(ran.stdout.splitlines()[-1])
    return wall, cpu, counts


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
