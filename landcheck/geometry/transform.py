"""From one coordinate system into another, never by a ballpark transformation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from landcheck.geometry import systems
from landcheck.geometry.crs import Frame

Floats = NDArray[np.float64]
Transform = Callable[[Floats, Floats], tuple[Floats, Floats]]

# 1e-7 degrees is a centimetre
DECIMALS = 7


def transformer(a: Frame, b: Frame) -> Transform | None:
    """From the coordinates of ``a`` to those of ``b``; None where no sound way is known.

    WGS 84, CGCS2000 and others on their ellipsoid coincide to about a metre and count as one datum, which PROJ, asked
    to take no ballpark, would refuse.
    """
    if a.known is None or b.known is None:
        return None
    if systems.same(a.known, b.known):
        return lambda x, y: (x, y)
    if systems.on_grs80(a.known) and systems.on_grs80(b.known):
        out, back = to_degrees(a.known), from_degrees(b.known)
        return lambda x, y: back(*out(x, y))
    try:
        change = pyproj.Transformer.from_crs(a.known, b.known, always_xy=True, allow_ballpark=False)
    except ProjError:
        return None
    return change.transform


def to_degrees(crs: pyproj.CRS) -> Transform:
    """From a system to longitude and latitude on its own datum, or on that which a transformation is bound to."""
    change = pyproj.Transformer.from_crs(crs, _degrees(crs), always_xy=True)
    return change.transform


def from_degrees(crs: pyproj.CRS) -> Transform:
    """From longitude and latitude on its own datum to a system."""
    change = pyproj.Transformer.from_crs(_degrees(crs), crs, always_xy=True)
    return change.transform


def _degrees(crs: pyproj.CRS) -> pyproj.CRS | None:
    return crs.target_crs if crs.is_bound else crs.geodetic_crs


def lonlat(x: Floats, y: Floats, frame: Frame) -> tuple[Floats, Floats]:
    """Longitude and latitude to 7 decimals (a centimetre); NaN where the system is not known or has another datum."""
    nowhere = np.full(len(x), np.nan)
    if frame.known is None or not systems.on_grs80(frame.known):
        return nowhere, nowhere
    lon, lat = to_degrees(frame.known)(np.asarray(x, float), np.asarray(y, float))
    return np.round(lon, DECIMALS), np.round(lat, DECIMALS)
