"""Areas of drawn polygons.

The reference is the national ellipsoidal area (椭球面积, 国土调查办发〔2008〕32号): lines between the vertices that are
straight in longitude and authalic latitude on GRS80, which is what ``+proj=cea +ellps=GRS80`` draws.
"""

from __future__ import annotations

import numpy as np
import pyproj
from numpy.typing import NDArray

from landcheck.geometry.crs.equalarea import equal_area, scales
from landcheck.geometry.shapes.batch import Shapes
from landcheck.geometry.shapes.outline import Outlines, outlines
from landcheck.geometry.shapes.rings import Rings

Floats = NDArray[np.float64]

# Of the fourth power of a ring's diagonal over its area. The terms that the scale leaves out are at most 0.13 of that
# over the square of the earth's radius (measured on triangles up to 70 degrees north), so below this they are below
# 1e-7 of the area: 2.2 km for a compact parcel, 270 m for a strip of a metre's width.
COMPACT_M2 = 1e-7 / 0.2 * 6.371e6**2


def ellipsoidal_area_m2(shapes: Shapes, crs: pyproj.CRS | None) -> Floats:
    """Ellipsoidal area of each row on GRS80; NaN without a polygon or without a usable coordinate system.

    To 1e-7 of what transforming every vertex would give, which is what is done for all that is too large or too
    slender for the projection's scale at its centroid.
    """
    if crs is None or not len(shapes.rings.row):
        return np.full(len(shapes), np.nan)
    rings, drawn = shapes.rings, shapes.outlines
    areas, sure = _by_scale(drawn, crs)
    rest = np.flatnonzero(~sure)
    if len(rest):
        areas[rest] = _exact(rings.take(rest), crs)
    return _by_row(areas, rings, len(shapes))


def exact_area_m2(shapes: Shapes, crs: pyproj.CRS) -> Floats:
    """The same with every vertex transformed."""
    return _by_row(_exact(shapes.rings, crs), shapes.rings, len(shapes))


def planar_area_m2(shapes: Shapes, crs: pyproj.CRS | None) -> Floats:
    """Area in the plane of the projection, in m² whatever its unit; NaN for degrees and without a coordinate system."""
    if crs is None or crs.is_geographic:
        return np.full(len(shapes), np.nan)
    unit = crs.axis_info[0].unit_conversion_factor
    return _by_row(np.abs(shapes.outlines.area), shapes.rings, len(shapes)) * unit**2


def _by_scale(drawn: Outlines, crs: pyproj.CRS) -> tuple[Floats, NDArray[np.bool_]]:
    """Ring areas by the scale at their centroids, and for which of them that is right."""
    areas, sure = np.zeros(len(drawn.area)), np.zeros(len(drawn.area), np.bool_)
    for scale, which in scales(crs, drawn.x, drawn.y):
        part = drawn.take(which) if len(which) < len(areas) else drawn
        areas[which] = np.abs(scale.area(part))
        wide, high = (part.box[2:] - part.box[:2]) * scale.unit_m
        sure[which] = (wide**2 + high**2) ** 2 < COMPACT_M2 * areas[which]
    return areas, sure


def _exact(rings: Rings, crs: pyproj.CRS) -> Floats:
    """Ring areas of transformed vertices."""
    index = np.repeat(rings.start - (np.cumsum(rings.count) - rings.count), rings.count)
    points = rings.points[index + np.arange(len(index))]
    u, v = equal_area(crs)(points.real, points.imag)
    there = Rings(u + 1j * v, np.cumsum(rings.count) - rings.count, rings.count, rings.row, rings.hole)
    return np.abs(outlines(there).area)


def _by_row(areas: Floats, rings: Rings, rows: int) -> Floats:
    """Shells less holes for each row; NaN for a row without a ring."""
    total = np.bincount(rings.row, np.where(rings.hole, -areas, areas), rows).astype(np.float64)
    total[np.bincount(rings.row, minlength=rows) == 0] = np.nan
    return total
