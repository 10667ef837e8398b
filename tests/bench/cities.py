"""The files of the made-up city, each drawn once and kept: in a process of their own, so that the bench stays small."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from processes import run

HERE = Path(__file__).parent
FORMATS = {"GeoPackage": "gpkg", "FlatGeobuf": "fgb", "GeoParquet": "parquet", "shapefile": "shp"}
AS_OF = "2026-06-30"


def city(folder: Path, suffix: str, rows: int, kind: str = "city") -> Path:
    """The file with that many parcels, drawn where it is not there yet; of a city, all failing, or bare of values."""
    path = folder / f"{kind}-{rows}" / f"parcels.{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        run([sys.executable, str(HERE / "city.py"), str(path), str(rows), kind], Path(os.devnull))
    return path


def check(path: Path) -> list[str]:
    """The whole check with every rule and data check and JSON output."""
    options = ["--as-of", AS_OF, "--output-format", "json", "--lang", "en", "--exit-zero", "--quiet"]
    return [sys.executable, "-m", "landcheck", "check", str(path), *options]


def read(path: Path) -> list[str]:
    """Merely reading the file with geopandas."""
    call = "read_parquet(path)" if path.suffix == ".parquet" else "read_file(path, use_arrow=True)"
    return [sys.executable, "-c", f"import sys, geopandas; path = sys.argv[1]; geopandas.{call}", str(path)]


def summary(report: Path) -> dict[str, Any]:
    """The object ``summary`` of a JSON report; it stands before the findings, so only the head is read."""
    with report.open(encoding="utf-8") as file:
        text = file.read(1_000_000)
    start = text.index('"summary":') + len('"summary":')
    told: dict[str, Any] = json.JSONDecoder().raw_decode(text[start:].lstrip())[0]
    return told


def data_findings(report: Path) -> Counter[str]:
    """How many data findings of each kind a JSON report has."""
    return Counter(json.loads(line)["rule"] for line in data_lines(report))


def data_lines(report: Path, kinds: tuple[str, ...] = ("data/",)) -> Iterator[str]:
    """The data findings of a JSON report whose kind begins so: each stands on a line of its own."""
    with report.open(encoding="utf-8") as file:
        for line in file:
            found = re.match(r'\{"rule": ?"(data/[\w-]+)"', line)
            if found and found[1].startswith(kinds):
                yield line.rstrip().rstrip(",]")
