"""GeoJSON after RFC 7946: the parcels in longitude and latitude, verdicts as properties, the run beside them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck.errors import UsageError
from landcheck.geometry.crs.frame import Frame, lonlat
from landcheck.model import Report
from landcheck.report import json as plain_json
from landcheck.report.gis.layers import drawn, subjects
from landcheck.report.options import Options


def write(report: Report, options: Options, path: Path) -> None:
    """A feature a line."""
    layer = subjects(report, drawn(report, path.name), "parcel", options)
    if layer is None:
        raise UsageError("ci-no-shapes", file=path.name)
    shapes = _in_degrees(layer.shapes, layer.wkt, path.name)
    outlines = shapely.to_geojson(shapes)
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        head = plain_json.header(report, options)
        file.write(f'{{"type": "FeatureCollection",\n"landcheck": {plain_json.line(head)},\n"features": [')
        before = "\n"
        for row, outline in zip(layer.table.to_pylist(), outlines.tolist(), strict=True):
            properties = json.dumps(row, ensure_ascii=False)
            file.write(f'{before}{{"type": "Feature", "properties": {properties}, "geometry": {outline or "null"}}}')
            before = ",\n"
        file.write("\n]}\n")


def _in_degrees(shapes: NDArray[np.object_], wkt: str | None, file: str) -> NDArray[np.object_]:
    """WGS 84 to a centimetre, shells anticlockwise. UsageError where there is no sound way there."""
    if wkt is None:
        raise UsageError("ci-geojson-no-crs", file=file)
    crs = pyproj.CRS.from_wkt(wkt)
    points = shapely.get_coordinates(shapes)
    moved = lonlat(points[:, 0].copy(), points[:, 1].copy(), Frame(None, None, known=crs))
    if not np.isfinite(moved).all():
        raise UsageError("ci-geojson-no-way", file=file, crs=crs.name)
    placed: NDArray[np.object_] = shapely.orient_polygons(shapely.set_coordinates(shapes.copy(), moved))
    return placed
