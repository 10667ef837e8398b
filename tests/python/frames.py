"""The sample plan in memory, in every kind of table that is taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import geopandas
import pandas
import polars
import pyarrow as pa

from landcheck import Options, Report, render

LAYERS = ("parcels", "parks", "green", "buildings")
AS_OF = "2026-06-30"
SYSTEM = 4549


def sample(path: str, layer: str) -> geopandas.GeoDataFrame:
    return geopandas.read_file(path, layer=layer)


def with_wkb(frame: geopandas.GeoDataFrame) -> pandas.DataFrame:
    return pandas.DataFrame(frame.drop(columns="geometry")).assign(geometry=frame.geometry.to_wkb())


def arrow(frame: geopandas.GeoDataFrame, encoding: str = "WKB") -> pa.Table:
    return pa.table(frame.to_arrow(index=False, geometry_encoding=encoding))


def relation(frame: geopandas.GeoDataFrame) -> duckdb.DuckDBPyRelation:
    return duckdb.connect().from_arrow(pa.Table.from_pandas(with_wkb(frame)))


# by name: what is made of a GeoDataFrame, and whether it tells its coordinate system
KINDS: dict[str, tuple[Callable[[geopandas.GeoDataFrame], Any], bool]] = {
    "GeoDataFrame": (lambda frame: frame, True),
    "DataFrame of GeoPandas's column": (pandas.DataFrame, True),
    "DataFrame of shapes": (lambda frame: pandas.DataFrame(frame).astype({"geometry": object}), False),
    "DataFrame of WKB": (with_wkb, False),
    "DataFrame of WKT": (lambda frame: with_wkb(frame).assign(geometry=frame.geometry.to_wkt()), False),
    "pyarrow, GeoArrow WKB": (arrow, True),
    "pyarrow, GeoArrow": (lambda frame: arrow(frame, "geoarrow"), True),
    "a stream that flows once": (lambda frame: arrow(frame).to_reader(max_chunksize=5), True),
    "polars": (lambda frame: polars.from_pandas(with_wkb(frame)), False),
    "DuckDB": (relation, False),
}


def result(report: Report) -> tuple[list[dict[str, Any]], str]:
    """The list of inputs, and the rest of the JSON as bytes would show it."""
    held = json.loads("".join(render(report, "json", Options("en"))))
    return held.pop("inputs"), json.dumps(held, ensure_ascii=False)


def codes(report: Report) -> list[tuple[str, int | None]]:
    return [(fault.message.code, fault.row) for fault in report.data]


def plots(count: int = 3) -> Iterator[str]:
    """Squares of 100 m side by side, 120 m apart, as WKT in EPSG:4549."""
    for at in range(count):
        x, y = 500_000 + 120 * at, 3_450_000
        yield f"POLYGON(({x} {y},{x + 100} {y},{x + 100} {y + 100},{x} {y + 100},{x} {y}))"


def small(**columns: Any) -> geopandas.GeoDataFrame:
    """Three parcels A, B and C of a hectare each with 21,000 m² of floor area: FAR 2.1."""
    held = {"parcel_id": ["A", "B", "C"], "land_class": ["industrial_project"] * 3, "far_gfa_m2": [21_000.0] * 3}
    shapes = geopandas.GeoSeries.from_wkt(list(plots()), crs=SYSTEM)
    return geopandas.GeoDataFrame(held | columns, geometry=shapes)
