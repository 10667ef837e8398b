"""Areas of drawn polygons.

The reference is the national ellipsoidal area (椭球面积, 国土调查办发〔2008〕32号): lines between the vertices that are
straight in longitude and authalic latitude on GRS80, which is what ``+proj=cea +ellps=GRS80`` draws.
"""

from __future__ import annotations

import numpy as np
import pyproj
from numpy.typing import NDArray

from landcheck.geometry.rings import Rings
from landcheck.geometry.shapes import Shapes

Floats = NDArray[np.float64]

EQUAL_AREA = "+proj=cea +ellps=GRS80"


def ellipsoidal_area_m2(shapes: Shapes, crs: pyproj.CRS | None) -> Floats:
    """Ellipsoidal area of each row on GRS80; NaN without a polygon or without a usable coordinate system."""
    if crs is None:
        return np.full(len(shapes), np.nan)
    return exact_area_m2(shapes, crs)


def exact_area_m2(shapes: Shapes, crs: pyproj.CRS) -> Floats:
    """The same with every vertex transformed."""
    rings = shapes.rings
    to_geographic = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    u, v = pyproj.Proj(EQUAL_AREA)(*to_geographic.transform(rings.x, rings.y))
    return _by_row(_ring_areas(Rings(u, v, rings.start, rings.row, rings.hole)), rings, len(shapes))


def planar_area_m2(shapes: Shapes, crs: pyproj.CRS | None) -> Floats:
    """Area in the plane of the projection, in m² whatever its unit; NaN for degrees and without a coordinate system."""
    if crs is None or crs.is_geographic:
        return np.full(len(shapes), np.nan)
    unit = crs.axis_info[0].unit_conversion_factor
    rings = shapes.rings
    return _by_row(_ring_areas(rings), rings, len(shapes)) * unit**2


def _ring_areas(rings: Rings) -> Floats:
    """The area inside each ring, whatever its direction, in the square of its coordinates' unit."""
    points = np.diff(rings.start)
    x = rings.x - np.repeat(rings.x[rings.start[:-1]], points)
    y = rings.y - np.repeat(rings.y[rings.start[:-1]], points)
    cross = np.zeros_like(x)
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[rings.start[1:] - 1] = 0.0
    return np.abs(rings.sums(cross)) / 2


def _by_row(areas: Floats, rings: Rings, rows: int) -> Floats:
    """Shells less holes for each row; NaN for a row without a ring."""
    total = np.bincount(rings.row, np.where(rings.hole, -areas, areas), rows).astype(np.float64)
    total[np.bincount(rings.row, minlength=rows) == 0] = np.nan
    return total
