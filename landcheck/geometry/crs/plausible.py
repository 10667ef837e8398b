"""Whether the coordinates of a layer can be what its coordinate system says they are."""

from __future__ import annotations

import math

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from landcheck.geometry.crs import systems
from landcheck.geometry.crs.systems import to_degrees
from landcheck.messages import Message

Bounds = tuple[float, float, float, float]
Boxes = NDArray[np.float64]

# west, south, east, north of the municipality, with a margin
SHANGHAI = (120.8, 30.6, 122.3, 31.9)
# a transverse Mercator is of use to some 10 degrees from its meridian
REACH_M = 1.0e6
# the grids of cities count from a place in them
LOCAL_M = 1.5e5
# so many degrees outside the area of its use no system is used
FAR_OFF = 10.0
# from a typical parcel, no other of its layer lies so far off: in degrees, in metres, and to the east or west in the
# zone of a transverse Mercator, where a wrong or missing zone number is off by 1,000 km at least
FAR_OFF_HOME = 45.0
FAR_FROM_HOME_M = 3.0e6
ACROSS_A_ZONE_M = 6.0e5
# no layer of parcels is so small in metres; in degrees it is some 500 km
IN_DEGREES = 5.0


def missing(bounds: Bounds | None) -> Message:
    """A layer without any coordinate system: what its numbers look like, as a hint to the user only."""
    return Message("data-crs-missing", {"hint": Message(_looks_like(bounds), {})})


def contradiction(crs: pyproj.CRS, bounds: Bounds | None, driver: str) -> Message | None:
    """Why the coordinates cannot be in that system, None where they can."""
    values = {"crs": systems.label(crs)}
    inner = _meridian_against_zone(crs)
    if inner is not None:
        return Message(inner.code, {**values, **inner.values})
    if bounds is None or not all(map(math.isfinite, bounds)) or not (crs.is_geographic or crs.is_projected):
        return None
    found = _in_degrees(bounds, driver) if crs.is_geographic else _in_plane(crs, bounds)
    return None if found is None else Message(found.code, {**values, **found.values})


def _in_degrees(bounds: Bounds, driver: str) -> Message | None:
    west, south, east, north = bounds
    on_earth = west >= -180.001 and east <= 360.001 and south >= -90.001 and north <= 90.001
    if on_earth:
        across = max(east - west, north - south)
        return Message("data-crs-too-wide", {"degrees": f"{across:.1f}"}) if across >= IN_DEGREES else None
    if south >= -180 and north <= 180 and west >= -90 and east <= 90:
        return Message("data-crs-swapped-degrees", {})
    return Message("data-crs-geojson-metres" if "GeoJSON" in driver else "data-crs-metres-as-degrees", {})


def _in_plane(crs: pyproj.CRS, bounds: Bounds) -> Message | None:
    if _degrees_in(crs, bounds):
        return Message("data-crs-degrees-as-metres", {})
    tm = systems.transverse_mercator(crs)
    if tm is not None:
        unit = crs.axis_info[0].unit_conversion_factor
        west, south, east, north = (value * unit for value in bounds)
        metres = (west, south, east, north)
        found = _zone(tm, metres) or _swapped(tm, metres) or _of_a_local_grid(crs, tm, metres, bounds)
        if found is not None:
            return found
    return _out_of_area(crs, bounds) if _invertible(crs, bounds) else Message("data-crs-impossible", {})


def _of_a_local_grid(crs: pyproj.CRS, tm: systems.TransverseMercator, metres: Bounds, bounds: Bounds) -> Message | None:
    """Small signed numbers as of 上海平面坐标, which a national grid puts near the equator, far from its meridian."""
    small = tm.false_easting_m >= 1e5 and max(map(abs, metres)) < LOCAL_M
    return Message("data-crs-local-numbers", {}) if small and abs(_middle(crs, bounds)[1]) < 2 else None


def _out_of_area(crs: pyproj.CRS, bounds: Bounds) -> Message | None:
    """Coordinates that as labelled lie far outside the area the system is made for."""
    known = systems.code(crs)
    area = None if known is None else pyproj.CRS.from_user_input(known).area_of_use
    if area is None or area.west > area.east:  # across the antimeridian
        return None
    lon, lat = _middle(crs, bounds)
    off = max(area.west - lon, lon - area.east, area.south - lat, lat - area.north)
    values = {"lon": round(lon, 2), "lat": round(lat, 2)}
    return Message("data-crs-out-of-area", values) if off > FAR_OFF else None


def _middle(crs: pyproj.CRS, bounds: Bounds) -> tuple[float, float]:
    """Longitude and latitude of the middle."""
    west, south, east, north = bounds
    lons, lats = to_degrees(crs)(np.array([(west + east) / 2]), np.array([(south + north) / 2]))
    return float(lons[0]), float(lats[0])


def _degrees_in(crs: pyproj.CRS, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return False
    tm = systems.transverse_mercator(crs)
    far_from_origin = tm is not None and abs(tm.false_easting_m) >= 1e5
    return far_from_origin or max(east - west, north - south) < IN_DEGREES


def astray(bounds: Boxes, home: Bounds, crs: pyproj.CRS) -> NDArray[np.bool_]:
    """Which rows of ``bounds`` (n, 4) cannot belong to a layer that lies at ``home``; NaN can."""
    east, north = np.abs((bounds[:, :2] + bounds[:, 2:] - np.add(home[:2], home[2:])) / 2).T
    if crs.is_geographic:
        off_earth = (bounds < np.array((-180.001, -90.001) * 2)) | (bounds > np.array((360.001, 90.001) * 2))
        return np.asarray((np.maximum(east, north) > FAR_OFF_HOME) | off_earth.any(axis=1))
    unit = crs.axis_info[0].unit_conversion_factor
    wide = ACROSS_A_ZONE_M if systems.transverse_mercator(crs) is not None else FAR_FROM_HOME_M
    return np.asarray((east * unit > wide) | (north * unit > FAR_FROM_HOME_M))


def zone_prefix(easting_m: float) -> int | None:
    """40 for 40 500 000: the zone number that Chinese grids may write before the easting."""
    zone, rest = divmod(easting_m, 1e6)
    return int(zone) if 13 <= zone <= 45 and 1e5 <= rest <= 9e5 else None


def meridians(zone: int) -> tuple[float, ...]:
    """The central meridians a zone number may stand for: three-degree zones 25 to 45, six-degree zones 13 to 23."""
    return (3.0 * zone,) if zone >= 24 else (6.0 * zone - 3.0,)


def _meridian_against_zone(crs: pyproj.CRS) -> Message | None:
    tm = systems.transverse_mercator(crs)
    zone = None if tm is None else zone_prefix(tm.false_easting_m)
    if tm is None or zone is None or any(abs(tm.central_meridian - m) < 1e-6 for m in meridians(zone)):
        return None
    return Message("data-crs-zone-meridian", {"zone": zone, "meridian": tm.central_meridian})


def _zone(tm: systems.TransverseMercator, bounds: Bounds) -> Message | None:
    found, own = zone_prefix(bounds[0]), zone_prefix(tm.false_easting_m)
    if found == own or (found is not None and found != zone_prefix(bounds[2])):
        return None
    if found is None:
        within = bounds[0] > 0 and bounds[2] < 1e6
        return Message("data-crs-zone-absent", {"zone": own}) if within else None
    meridian = meridians(found)[0]
    code = "data-crs-zone-present" if own is None else "data-crs-zone-other"
    return Message(code, {"zone": found, "meridian": meridian, "stated": tm.central_meridian})


def _swapped(tm: systems.TransverseMercator, bounds: Bounds) -> Message | None:
    west, south, east, north = bounds
    off = max(abs(west - tm.false_easting_m), abs(east - tm.false_easting_m)) > REACH_M
    fits = max(abs(south - tm.false_easting_m), abs(north - tm.false_easting_m)) < REACH_M
    return Message("data-crs-swapped-plane", {}) if off and fits and abs(east - tm.false_northing_m) < 1e7 else None


def _invertible(crs: pyproj.CRS, bounds: Bounds) -> bool:
    """Whether the corners lie on the earth, and for a transverse Mercator within its reach."""
    west, south, east, north = bounds
    x, y = np.array([west, east, west, east]), np.array([south, south, north, north])
    tm = systems.transverse_mercator(crs)
    unit = crs.axis_info[0].unit_conversion_factor
    if tm is not None and max(abs(v * unit - tm.false_easting_m) for v in (west, east)) > 4 * REACH_M:
        return False
    try:
        lon, lat = to_degrees(crs)(x, y)
    except ProjError:  # a system that PROJ reads, and of which it knows no way to degrees
        return False
    return bool(np.isfinite(lon).all() and (np.abs(lat) <= 90).all())


def elsewhere(crs: pyproj.CRS, bounds: Bounds | None) -> Message | None:
    """Coordinates that lie far from Shanghai as labelled, but in it under a neighbouring meridian."""
    tm = systems.transverse_mercator(crs)
    if bounds is None or tm is None or not all(map(math.isfinite, bounds)):
        return None
    lon, lat = _middle(crs, bounds)
    if _in_shanghai(lon, lat) or abs(tm.false_easting_m % 1e6 - 5e5) > 1:
        return None
    others = [m for m in (117.0, 120.0, 123.0) if _in_shanghai(lon + m - tm.central_meridian, lat)]
    if not others or zone_prefix(tm.false_easting_m) is not None:
        return None
    values = {"crs": systems.label(crs), "lon": round(lon, 2), "lat": round(lat, 2), "meridians": others}
    return Message("data-crs-elsewhere", values)


def _in_shanghai(lon: float, lat: float) -> bool:
    west, south, east, north = SHANGHAI
    return west <= lon <= east and south <= lat <= north


def _looks_like(bounds: Bounds | None) -> str:
    if bounds is None:
        return "data-crs-hint-none"
    west, south, east, north = bounds
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return "data-crs-hint-degrees"
    if zone_prefix(west) is not None:
        return "data-crs-hint-zone"
    if max(map(abs, bounds)) < LOCAL_M:
        return "data-crs-hint-local"
    return "data-crs-hint-metres"


def extent_text(bounds: Bounds | None) -> str:
    """The extent as people read it."""
    if bounds is None:
        return "?"
    west, south, east, north = bounds
    return f"x {west:.10g} .. {east:.10g}, y {south:.10g} .. {north:.10g}"
