"""Reading the texts of land offices beside geopandas reading the same parcels as GeoJSON."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import city, read
from processes import alternate, python, run
from table import Table, save

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
PARCELS = 100_000
ROUNDS = 5
FILES = {
    "geopandas, GeoJSON of id and area": ".bare.geojson",
    "landcheck, coordinate report": ".txt",
    "geopandas, GeoJSON of every column": ".geojson",
    "landcheck, VCT": ".vct",
}
DRAW = """
import sys, pathlib
sys.path.insert(0, sys.argv[3])
import exchange, geopandas
rows = geopandas.read_file(sys.argv[1], use_arrow=True)
rows.geometry = rows.geometry.set_precision(0.001, mode="pointwise")
rows.to_file(sys.argv[2] + ".geojson")
bare = geopandas.GeoDataFrame({"id": rows[rows.columns[0]], "area": rows.geometry.area}, geometry=rows.geometry)
bare.to_file(sys.argv[2] + ".bare.geojson")
shapes = [{"shape": shape} for shape in rows.geometry]
named = zip(shapes, rows[rows.columns[0]], rows.geometry.area, strict=True)
plots = [{**one, "parcel_id": of, "name": "", "site_area_m2": area} for one, of, area in named]
exchange.write_report(plots, pathlib.Path(sys.argv[2] + ".txt"))
import pyarrow
table = pyarrow.table(rows.drop(columns="geometry").astype(str).assign(geometry=""))
exchange.write_vct({"buildings": shapes}, {"buildings": table}, pathlib.Path(sys.argv[2] + ".vct"))
"""
OURS = """
import sys
from landcheck.read import open_layer
rows = sum(len(batch.wkb) for batch in open_layer(sys.argv[1], "parcels").batches())
assert rows == int(sys.argv[2]), rows
"""
NOTES = [
    f"Wall seconds of fresh processes, imports included, median of {ROUNDS} rounds taken in turn; shapes and "
    "attributes as Arrow batches here, as a GeoDataFrame there (with Arrow).",
    "Each beside the GeoJSON above it, which holds the same: id and area, or every column; VCT has polygons of points.",
]


def main(most: int, results: Path) -> None:
    """Time the readers and keep the table."""
    rows = min(PARCELS, most)
    source = city(results.parent, "fgb", rows)
    stem = source.with_name("exchanged")
    files = {name: stem.with_suffix(suffix) for name, suffix in FILES.items()}
    if not all(path.exists() for path in files.values()):
        run(python(DRAW, str(source), str(stem), str(SAMPLES)), Path(os.devnull))
    ours = {name: python(OURS, str(path), str(rows)) for name, path in files.items()}
    commands = {name: read(files[name]) if "geopandas" in name else ours[name] for name in FILES}
    told = list(alternate(commands, ROUNDS, Path(os.devnull)).items())
    lines = [
        [name, f"{seconds:.2f}", f"{seconds / told[at - at % 2][1]:.2f}"] for at, (name, seconds) in enumerate(told)
    ]
    title = f"Reading {rows:,} parcels of land offices"
    save(results, [Table(title, f"读取 {rows:,} 个报盘地块", NOTES, ["", "s", "ratio"], lines)])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
