"""Metres under a label of degrees, in every format that can say so: told, and no area is taken from them."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from landcheck import Request, check
from landcheck.model import Level

SQUARE = shapely.box(650_000, 3_450_000, 650_100, 3_450_100)
DRIVERS = {"shp": None, "gpkg": "GPKG", "fgb": "FlatGeobuf", "geojson": "GeoJSON", "gml": "GML", "gdb": "OpenFileGDB"}


@pytest.mark.parametrize("crs", ["OGC:CRS84", "EPSG:4326", "EPSG:4490"])
@pytest.mark.parametrize("suffix", ["parquet", *DRIVERS])
def test_metres_labelled_as_degrees_are_an_error_and_no_area(tmp_path: Path, suffix: str, crs: str) -> None:
    frame = geopandas.GeoDataFrame({"parcel_id": ["A"], "far_gfa_m2": [30_000.0]}, geometry=[SQUARE], crs=crs)
    path = tmp_path / f"p.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver=DRIVERS[suffix])
    report = check(Request(str(path), show_all=True))
    (told,) = [one for one in report.data if one.rule == "data/crs"]
    assert told.level is Level.ERROR
    assert told.message.code in ("data-crs-metres-as-degrees", "data-crs-geojson-metres")
    areas = [one.areas for one in report.findings if one.areas is not None]
    assert {size for of in areas for size in (of.taken_m2, of.ellipsoidal_m2, of.planar_m2)} <= {None}
