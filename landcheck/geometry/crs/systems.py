"""What a coordinate system is: its name, its parameters, whether an area may be taken in it; and the way to degrees."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from landcheck.alone import with_warnings_apart
from landcheck.messages import Message, Text

# WGS 84 and CGCS2000 (GRS80) differ by 0.1 mm in the polar radius
SEMI_MAJOR_M = 6378137.0
INVERSE_FLATTENING = 298.257222101
# the share by which areas on a plane may differ from those on the ground
DISTORTED = 0.01
# systems a planner at Shanghai may hold a file of, to name what unnamed parameters resemble
KNOWN = (4549, 4550, 4528, 4529, 4510, 4499, 4490, 4326, 32651, 2385, 2437)
UNITS = {"kilometre": Text("千米", "kilometres")}
NAMELESS = ("unknown", "unnamed", "undefined", "")
# so much of a name, and of what a user or a file calls a system, is shown
LONGEST_NAME, LONGEST_LABEL = 60, 240


@dataclass(frozen=True, slots=True)
class TransverseMercator:
    """The parameters of a transverse Mercator projection, lengths in metres, the meridian in degrees."""

    central_meridian: float
    false_easting_m: float
    false_northing_m: float
    scale: float
    latitude: float


def plain(crs: pyproj.CRS) -> pyproj.CRS:
    """The horizontal part of a compound or three-dimensional system, without a transformation bound to it."""
    if crs.is_compound:
        crs = next((part for part in crs.sub_crs_list if part.is_projected or part.is_geographic), crs)
    crs = drawn_in(crs)
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


def drawn_in(crs: pyproj.CRS) -> pyproj.CRS:
    """The system itself of one that a transformation to WGS 84 is bound to (``+towgs84``)."""
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def with_own_way(crs: pyproj.CRS) -> pyproj.CRS:
    """The horizontal part; with the transformation to WGS 84 bound to it where it is on another ellipsoid."""
    flat = plain(crs)
    return crs if crs.is_bound and not on_grs80(flat) else flat


@lru_cache(maxsize=32)
def code(crs: pyproj.CRS) -> int | None:
    """The EPSG code where PROJ is sure of it; its confidence is never lowered."""
    return crs.to_epsg()


def label(crs: pyproj.CRS) -> str:
    """``EPSG:4549`` where there is a code, else the name, of a projection with its parameters as PROJ writes them.

    A definition without a name is not called by the code of a system that it equals.
    """
    nameless = crs.name.casefold() in NAMELESS
    number = None if nameless else code(crs)
    if number:
        return f"EPSG:{number}"
    given = crs.srs if crs.srs.lstrip().startswith("+") else _proj_string(crs)
    parameters = brief(given.replace(" +no_defs", "").removesuffix(" +type=crs"), LONGEST_LABEL)
    if nameless:
        return parameters or crs.type_name
    name = brief(crs.name, LONGEST_NAME)
    return f"{name} ({parameters})" if parameters and drawn_in(crs).is_projected else name


def brief(text: str, most: int) -> str:
    """The text, its end left out where it is long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _proj_string(crs: pyproj.CRS) -> str:
    """Empty for a system that PROJ has no string for."""
    with with_warnings_apart():
        warnings.simplefilter("ignore")  # that a PROJ string may say less
        try:
            return crs.to_proj4()
        except CRSError:
            return ""


def coded(crs: pyproj.CRS) -> pyproj.CRS:
    """The same as EPSG has it where it is called by its code, so that what is written in it carries the code."""
    return crs if crs.is_bound or not label(crs).startswith("EPSG:") else pyproj.CRS.from_user_input(label(crs))


def same(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    """Whether two systems are one, the order of axes aside."""
    number = code(a)
    return (number is not None and number == code(b)) or a.equals(b, ignore_axis_order=True)


def transverse_mercator(crs: pyproj.CRS) -> TransverseMercator | None:
    """Its parameters, None for another projection."""
    crs = drawn_in(crs)
    operation = crs.coordinate_operation
    if not crs.is_projected or operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    given = {
        p.name: float(p.value) * (p.unit_conversion_factor if "False" in p.name else 1.0) for p in operation.params
    }
    return TransverseMercator(
        given.get("Longitude of natural origin", 0.0),
        given.get("False easting", 0.0),
        given.get("False northing", 0.0),
        given.get("Scale factor at natural origin", 1.0),
        given.get("Latitude of natural origin", 0.0),
    )


@lru_cache(maxsize=32)
def flat(crs: pyproj.CRS, x: float, y: float) -> bool:
    """Whether an area on its plane is one on the ground at that place, to 1 %: in no Mercator at Shanghai.

    True of a local system, whose plane is the ground.
    """
    if not crs.is_projected:
        return True
    plane = pyproj.Proj(drawn_in(crs))
    scale = plane.get_factors(*plane(x, y, inverse=True)).areal_scale
    return bool(abs(scale - 1) < DISTORTED)


def on_grs80(crs: pyproj.CRS) -> bool:
    """Whether its latitudes and longitudes are those of GRS80 (CGCS2000, WGS 84 and others of the same figure).

    Also those of a system that the user bound a transformation to WGS 84 to.
    """
    figure = crs.ellipsoid
    return crs.is_bound or (
        figure is not None
        and abs(figure.semi_major_metre - SEMI_MAJOR_M) < 0.001
        and abs(figure.inverse_flattening - INVERSE_FLATTENING) < 1e-4
    )


def no_map(crs: pyproj.CRS) -> Message | None:
    """Why its coordinates are none that anything can be worked out in, None where they are.

    One derived from a projection by a further step (DERIVEDPROJCRS) is none that its readers agree on.
    """
    own = drawn_in(crs)
    if own.type_name.startswith("Derived") and own.source_crs is not None:
        return Message("data-crs-derived", {"crs": label(crs), "base": label(own.source_crs)})
    if own.is_projected or own.is_geographic or own.is_engineering:
        return None
    return Message("data-crs-no-map", {"crs": label(crs), "kind": own.type_name})


def unfit_for_area(crs: pyproj.CRS) -> Message | None:
    """Why no ellipsoidal area may be taken in it, None where one may."""
    values = {"crs": label(crs)}
    if crs.is_engineering:
        return Message("data-crs-local", values)
    if not on_grs80(crs):
        return Message("data-crs-other-datum", {**values, "datum": crs.datum.name if crs.datum else crs.name})
    return None


def alike(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    """Whether two transverse Mercators have the same parameters and the same unit, whatever their names."""
    return _but_for_the_unit(a, b) and unit_m(a) == unit_m(b)


def unit_m(crs: pyproj.CRS) -> float:
    """How many metres (or radians) its unit is."""
    return float(crs.axis_info[0].unit_conversion_factor) if crs.axis_info else 1.0


def _but_for_the_unit(a: pyproj.CRS, b: pyproj.CRS) -> bool:
    first, second = transverse_mercator(a), transverse_mercator(b)
    return first is not None and first == second and _figure(a) == _figure(b)


def _figure(crs: pyproj.CRS) -> tuple[bool, float, float]:
    """The ellipsoid, WGS 84's and CGCS2000's the same, and whether a transformation is bound to the system."""
    figure = drawn_in(crs).ellipsoid
    size = (0.0, 0.0) if figure is None else (figure.semi_major_metre, figure.inverse_flattening)
    return crs.is_bound, round(size[0], 2), round(size[1], 3)


def unnamed(crs: pyproj.CRS) -> Message | None:
    """A note on a system whose datum has no known name: what its parameters resemble."""
    if (
        (crs.name.casefold() not in NAMELESS and code(crs) is not None)
        or crs.is_bound
        or crs.datum is None
        or "unknown" not in crs.datum.name.lower()
    ):
        return None
    like = [f"EPSG:{number}" for number in KNOWN if _but_for_the_unit(crs, pyproj.CRS.from_epsg(number))]
    values = {"crs": label(crs), "datum": crs.datum.name, "alike": like}
    if not like or unit_m(crs) == 1:
        return Message("data-crs-resembles", values) if like else None
    unit = crs.axis_info[0].unit_name
    return Message("data-crs-unit", {**values, "unit": UNITS.get(unit, unit), "metres": unit_m(crs)})


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
