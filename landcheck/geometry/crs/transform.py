"""From one coordinate system into another, never by a ballpark transformation."""

from __future__ import annotations

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from landcheck.geometry.crs import systems
from landcheck.geometry.crs.degrees import Floats, Transform, from_degrees, to_degrees
from landcheck.geometry.crs.frame import Frame

__all__ = ["Transform", "from_degrees", "lonlat", "to_degrees", "transformer"]

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
    except (ProjError, CRSError):
        return None
    return change.transform


def lonlat(x: Floats, y: Floats, frame: Frame) -> tuple[Floats, Floats]:
    """Longitude and latitude to 7 decimals (a centimetre); NaN where the system is not known or has another datum."""
    nowhere = np.full(len(x), np.nan)
    if frame.known is None or not systems.on_grs80(frame.known):
        return nowhere, nowhere
    lon, lat = to_degrees(frame.known)(np.asarray(x, float), np.asarray(y, float))
    return np.round(lon, DECIMALS), np.round(lat, DECIMALS)
