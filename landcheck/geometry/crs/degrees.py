"""From a coordinate system to degrees on its own datum, and back: pure arithmetic, no change of datum."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DEGREE_M = 111_320.0
Transform = Callable[[Floats, Floats], tuple[Floats, Floats]]


@lru_cache(maxsize=32)
def to_degrees(crs: pyproj.CRS) -> Transform:
    """To degrees; with a transformation bound to the system, on the datum that it leads to."""
    change = pyproj.Transformer.from_crs(crs, _degrees(crs), always_xy=True)
    return change.transform


@lru_cache(maxsize=32)
def from_degrees(crs: pyproj.CRS) -> Transform:
    """From such degrees."""
    change = pyproj.Transformer.from_crs(_degrees(crs), crs, always_xy=True)
    return change.transform


def on_a_plane(geoms: NDArray[np.object_], crs: pyproj.CRS) -> NDArray[np.object_]:
    """The shapes in metres on a plane about their middle, near enough (0.5 %) for distances of some kilometres.

    A local system without a tie to the earth is such a plane itself.
    """
    moved = geoms.copy()
    if crs.is_engineering:
        unit = crs.axis_info[0].unit_conversion_factor
        local: NDArray[np.object_] = shapely.set_coordinates(moved, shapely.get_coordinates(geoms) * unit)
        return local
    lon, lat = to_degrees(crs)(*shapely.get_coordinates(geoms).T)
    x = (lon - np.mean(lon)) * DEGREE_M * np.cos(np.radians(np.mean(lat)))
    plane: NDArray[np.object_] = shapely.set_coordinates(moved, np.column_stack([x, (lat - np.mean(lat)) * DEGREE_M]))
    return plane


def _degrees(crs: pyproj.CRS) -> pyproj.CRS | None:
    return crs.target_crs if crs.is_bound else crs.geodetic_crs
