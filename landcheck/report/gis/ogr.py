"""Layers handed to GDAL, which writes them the same on every day."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely

from landcheck.report.gis.layers import Layer


def write(layer: Layer, path: Path, driver: str, encoding: str = "UTF-8", **options: str) -> None:
    """Write a layer to a file, added to what stands there; ``options`` are GDAL's own, of data set and layer."""
    geometry = pa.array(shapely.to_wkb(layer.shapes), pa.binary())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")  # unknown stays unknown
        pyogrio.write_arrow(
            layer.table.append_column("geom", geometry),
            path,
            layer=layer.name,
            driver=driver,
            geometry_name="geom",
            geometry_type=layer.geometry_type,
            crs=layer.wkt,
            encoding=encoding,
            append=path.exists(),
            **options,
        )


@contextmanager
def dated(day: dt.date) -> Iterator[str]:
    """That day is today for GDAL, which else writes the time of the clock; gives the moment as GDAL writes it."""
    moment = f"{day.isoformat()}T00:00:00.000Z"
    _configure({"OGR_CURRENT_DATE": moment})
    try:
        yield moment
    finally:
        _configure({"OGR_CURRENT_DATE": None})


def _configure(options: Mapping[str, str | None]) -> None:
    pyogrio.set_gdal_config_options(dict(options))
