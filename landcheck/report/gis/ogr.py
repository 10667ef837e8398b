"""Layers handed to GDAL, which writes them the same on every day."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely

from landcheck.report.gis.layers import Layer

REFUSALS = (sqlite3.OperationalError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)
LITTLE_ROOM = 1 << 20
"""Bytes free on a disk below which a file that could not be written was refused for want of room: SQLite gives back
what it had written, and its own text speaks of the statement that failed."""


def write(layer: Layer, path: Path, driver: str, encoding: str = "UTF-8", **options: str) -> None:
    """Write a layer to a file, added to what stands there; ``options`` are GDAL's own, of data set and layer."""
    geometry = pa.array(shapely.to_wkb(layer.shapes), pa.binary())
    with disk_refusals(path), warnings.catch_warnings():
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
def disk_refusals(path: Path) -> Iterator[None]:
    """What GDAL and SQLite raise where a file cannot be written becomes an OSError without their own words and SQL."""
    try:
        yield
    except (pyogrio.errors.CRSError, pyogrio.errors.GeometryError):
        raise
    except REFUSALS as error:
        raise refusal(path, "full" in str(error)) from error


def refusal(path: Path, full: bool = False) -> OSError:  # noqa: FBT001 - the one thing known of a disk
    """The error of a file that did not get to the disk whole."""
    full = full or shutil.disk_usage(path.parent).free < LITTLE_ROOM
    number = errno.ENOSPC if full else errno.EIO
    return OSError(number, os.strerror(number), str(path))


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
