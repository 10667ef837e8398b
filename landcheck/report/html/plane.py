"""The plane a map is drawn in: the parcels' own projected metres, else a local transverse Mercator on their datum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

from landcheck.geometry.crs import systems
from landcheck.geometry.crs.frame import Frame, from_degrees, to_degrees, transformer

Floats = NDArray[np.float64]
Change = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Plane:
    """``crs`` in metres; ``own``: it is the parcels' own system."""

    crs: pyproj.CRS
    own: bool

    def from_layer(self, wkt: str) -> Change | None:
        """From a layer's coordinates into the plane; None where no sound way is known."""
        crs = systems.plain(pyproj.CRS.from_wkt(wkt))
        if crs.geodetic_crs is not None and crs.geodetic_crs == self.crs.geodetic_crs and crs != self.crs:
            out, back = to_degrees(crs), from_degrees(self.crs)
            return lambda x, y: back(*out(x, y))
        return transformer(Frame(None, None, (), crs), Frame(None, None, (), self.crs))

    def from_lonlat(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """From the places that findings tell; NaN where the plane is on another datum than those."""
        if not systems.on_grs80(self.crs):
            return np.full(len(lon), np.nan), np.full(len(lat), np.nan)
        return from_degrees(self.crs)(lon, lat)


def plane(wkt: str, x: Floats, y: Floats) -> Plane:
    """The plane for a layer with those coordinates."""
    crs = systems.plain(pyproj.CRS.from_wkt(wkt))
    if not _true_to_scale(crs):
        return Plane(_local(crs, float(np.median(x)), float(np.median(y))), own=False)
    return Plane(crs, own=True)


def _true_to_scale(crs: pyproj.CRS) -> bool:
    """Whether a length in it is one on the ground, near enough for a scale bar."""
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info[:2])
    return metres and not crs.is_geographic and not systems.is_web_mercator(crs)


def _local(crs: pyproj.CRS, x: float, y: float) -> pyproj.CRS:
    lon, lat = to_degrees(crs)(np.array([x]), np.array([y]))
    middle = TransverseMercatorConversion(float(np.round(lat[0], 4)), float(np.round(lon[0], 4)))
    return ProjectedCRS(middle, name="local", geodetic_crs=crs.geodetic_crs)
