"""A check of a GeoDataFrame at hand beside what the check of its GeoPackage costs after reading."""

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
HEAD = """
import datetime, json, sys, time
import geopandas
import landcheck
from landcheck.read import open_layer
path, sample, day = sys.argv[1], sys.argv[2], datetime.date.fromisoformat(sys.argv[3])
landcheck.check(geopandas.read_file(sample), as_of=day)  # so that everything is imported
landcheck.check(sample, as_of=day)
def timed(call):
    began = time.perf_counter()
    found = call()
    return time.perf_counter() - began, found
"""
FILE = (
    HEAD
    + """
reading, _ = timed(lambda: sum(len(batch.wkb) for batch in open_layer(path, "parcels").batches()))
seconds, report = timed(lambda: landcheck.check(path, as_of=day))
print(json.dumps([seconds - reading, report.summary.verdicts]))
"""
)
FRAME = (
    HEAD
    + """
frame = geopandas.read_file(path, use_arrow=True)
seconds, report = timed(lambda: landcheck.check(frame, as_of=day))
print(json.dumps([seconds, report.summary.verdicts]))
"""
)
NOTES = [
    "Wall seconds of `landcheck.check` in a process that has imported everything, median of "
    f"{ROUNDS} rounds taken in turn. After reading: the check of the path less the time in which landcheck hands on "
    "the batches of the file. The GeoDataFrame is read before the clock starts; its shapes become WKB within it.",
    "Before a time counts, the verdicts by rule are equal.",
]


def main(rows: int, results: Path) -> None:
    """Time both and keep the table."""
    path = city(results.parent, "gpkg", rows)
    told: dict[str, list[float]] = {"after reading the GeoPackage": [], "a GeoDataFrame": []}
    verdicts = set()
    for _ in range(ROUNDS):
        for name, code in zip(told, (FILE, FRAME), strict=True):
            seconds, counts = _told(code, path)
            told[name].append(seconds)
            verdicts.add(json.dumps(counts, sort_keys=True))
    assert len(verdicts) == 1, "the verdicts differ"
    least = statistics.median(told["after reading the GeoPackage"])
    medians = {name: statistics.median(times) for name, times in told.items()}
    lines = [[name, f"{seconds:.2f}", f"{seconds / least:.2f}"] for name, seconds in medians.items()]
    title = f"A GeoDataFrame of {rows:,} parcels"
    save(results, [Table(title, f"{rows:,} 个地块的 GeoDataFrame", NOTES, ["", "s", "ratio"], lines)])


def _told(code: str, path: Path) -> tuple[float, dict[str, list[int]]]:
    ran = subprocess.run(python(code, str(path), str(SAMPLE), AS_OF), check=True, capture_output=True, encoding="utf-8")
    seconds, counts = json.loads(ran.stdout.splitlines()[-1])
    return seconds, counts


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
