"""From a coordinate system to degrees on its own datum, and back: pure arithmetic, no change of datum."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pyproj
from numpy.typing import NDArray

Floats = NDArray[np.float64]
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


def _degrees(crs: pyproj.CRS) -> pyproj.CRS | None:
    return crs.target_crs if crs.is_bound else crs.geodetic_crs
