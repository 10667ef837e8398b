"""Areas of drawn polygons, ellipsoidal and on the plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pyproj
from numpy.polynomial import chebyshev, polynomial
from numpy.typing import NDArray

from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.crs.systems import Transform, to_degrees
from landcheck.geometry.shapes.batch import Shapes
from landcheck.geometry.shapes.rings import Outlines, Rings, outlines

Floats = NDArray[np.float64]

EQUAL_AREA = "+proj=cea +ellps=GRS80"
DEGREE_M = 111_320.0
# half the distance over which derivatives are taken; PROJ returns places to some nanometres
STEP_M = 200.0
# the side of a cell with polynomials of its own, and their degrees in each direction
CELL_M = 200_000.0
DEGREE = 4
BEND_DEGREE = 2
# the share of an area that the scale may be off, and the share of the largest bend that a bend may be
CLOSE = 1e-9
BENT = 0.03
# degrees of latitude beyond which the equal-area plane bends too much
POLAR = 70.0


@lru_cache(maxsize=32)
def equal_area(crs: pyproj.CRS) -> Transform:
    """From a coordinate system to the plane in which areas are those of the ellipsoid, in metres."""
    degrees, draw = to_degrees(crs), pyproj.Proj(EQUAL_AREA)
    return lambda x, y: draw(*degrees(x, y))


def scales(crs: pyproj.CRS, x: Floats, y: Floats) -> Iterator[tuple[Scale, NDArray[np.intp]]]:
    """Scales with the numbers of the places they hold at; a place where none is close enough is left out.

    Each cell of a fixed lattice has its own, so that an area does not depend on what else is in its batch.
    """
    unit = DEGREE_M if crs.is_geographic else float(crs.axis_info[0].unit_conversion_factor)
    side = CELL_M / unit
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    column, row = np.floor(x[there] / side), np.floor(y[there] / side)
    order = np.lexsort((row, column))
    column, row = column[order], row[order]
    borders = np.flatnonzero((np.diff(column) != 0) | (np.diff(row) != 0)) + 1
    for first, last in pairwise([0, *borders.tolist(), len(there)]):
        if first < last:
            scale = _scale(crs, float(column[first]), float(row[first]), side, unit)
            if scale is not None:
                yield scale, there[order[first:last]]


@lru_cache(maxsize=4096)
def _scale(crs: pyproj.CRS, column: float, row: float, side: float, unit_m: float) -> Scale | None:
    middle, half = ((column + 0.5) * side, (row + 0.5) * side), (side / 2, side / 2)
    if not _latitude(crs, middle, half) < POLAR:
        return None
    scale = Scale.fitted(crs, middle, half, unit_m)
    return scale if scale.follows(crs) else None


@dataclass(frozen=True, slots=True)
class Scale:
    """The areal scale and the curvature of straight lines over a stretch of a plane, as polynomials of the place.

    An area in the plane, times the scale at its centroid, is that on the ellipsoid between the *images* of its edges.
    The reference joins the vertices by straight lines of the equal-area plane instead; with the edge s, the Jacobian
    J and the second derivative H of the way from plane to plane, the two differ by Σ (Js × H(s, s)) / 12, a cubic in s
    whose four coefficients (``bends``) change slowly.
    """

    middle: tuple[float, float]
    half: tuple[float, float]
    unit_m: float
    jacobian: Floats
    bends: Floats

    @classmethod
    def fitted(cls, crs: pyproj.CRS, middle: tuple[float, float], half: tuple[float, float], unit_m: float) -> Scale:
        """Over all places no further from the middle than that in either direction."""
        nodes = chebyshev.chebpts1(DEGREE + 1)
        s, t = (grid.ravel() for grid in np.meshgrid(nodes, nodes, indexing="ij"))
        values = _derivatives(crs, middle[0] + half[0] * s, middle[1] + half[1] * t, STEP_M / unit_m)
        basis = np.linalg.inv(polynomial.polyvander2d(s, t, [DEGREE, DEGREE]))
        fitted = (basis @ values.T).T.reshape(-1, DEGREE + 1, DEGREE + 1)
        return cls(middle, half, unit_m, fitted[0], fitted[1:, :BEND_DEGREE, :BEND_DEGREE])

    def follows(self, crs: pyproj.CRS) -> bool:
        """Whether the polynomials are right between their nodes, the corners included."""
        side = np.linspace(-1, 1, 5)
        s, t = (grid.ravel() for grid in np.meshgrid(side, side))
        x, y = self.middle[0] + self.half[0] * s, self.middle[1] + self.half[1] * t
        true = _derivatives(crs, x, y, STEP_M / self.unit_m)
        jacobian, bends = self._at(x, y)
        close = np.abs(jacobian / true[0] - 1) < CLOSE
        # a bend is itself some 1e-6 of an area, so that a small part of it is of no account
        bent = np.abs(bends - true[1:]) < BENT * np.abs(true[1:]).max()
        return bool(close.all() and bent.all())

    def area(self, drawn: Outlines) -> Floats:
        """The area of rings on the ellipsoid in m², with the sign of their direction."""
        jacobian, bends = self._at(drawn.x, drawn.y)
        return np.asarray(jacobian * drawn.area - (bends * drawn.cubes).sum(axis=0) / 12)

    def _at(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The Jacobian (n) and the bends (4, n) at places."""
        s, t = (x - self.middle[0]) / self.half[0], (y - self.middle[1]) / self.half[1]
        bends = np.stack([polynomial.polyval2d(s, t, bend) for bend in self.bends])
        return np.asarray(polynomial.polyval2d(s, t, self.jacobian)), bends


def _latitude(crs: pyproj.CRS, middle: tuple[float, float], half: tuple[float, float]) -> float:
    """The greatest latitude, north or south, of the corners; NaN or infinite off the map."""
    x = np.array([middle[0] + i * half[0] for i in (-1, 1) for _ in (-1, 1)])
    y = np.array([middle[1] + j * half[1] for _ in (-1, 1) for j in (-1, 1)])
    return float(np.abs(to_degrees(crs)(x, y)[1]).max())


def _derivatives(crs: pyproj.CRS, x: Floats, y: Floats, step: float) -> Floats:
    """The Jacobian's determinant and the coefficients of dx³, dx²dy, dxdy², dy³ of Js × H(s, s), by differences."""
    way = equal_area(crs)

    def at(i: int, j: int) -> tuple[Floats, Floats]:
        return way(x + i * step, y + j * step)

    (u0, v0), (ue, ve), (uw, vw), (un, vn), (us, vs) = at(0, 0), at(1, 0), at(-1, 0), at(0, 1), at(0, -1)
    corners = [(at(i, j), i * j) for i in (-1, 1) for j in (-1, 1)]
    ux, vx, uy, vy = ((a - b) / (2 * step) for a, b in ((ue, uw), (ve, vw), (un, us), (vn, vs)))
    uxx, vxx = (ue - 2 * u0 + uw) / step**2, (ve - 2 * v0 + vw) / step**2
    uyy, vyy = (un - 2 * u0 + us) / step**2, (vn - 2 * v0 + vs) / step**2
    uxy, vxy = (sum(point[k] * sign for point, sign in corners) / (4 * step**2) for k in (0, 1))
    return np.array(
        [
            ux * vy - uy * vx,
            ux * vxx - vx * uxx,
            2 * (ux * vxy - vx * uxy) + uy * vxx - vy * uxx,
            2 * (uy * vxy - vy * uxy) + ux * vyy - vx * uyy,
            uy * vyy - vy * uyy,
        ]
    )


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


def area_m2(shapes: Shapes, frame: Frame | None, basis: str) -> Floats:
    """The area of each row by ``basis``, ``ellipsoidal`` or ``planar``; NaN without a usable coordinate system."""
    if basis == "planar":
        return planar_area_m2(shapes, None if frame is None else frame.plane)
    return ellipsoidal_area_m2(shapes, None if frame is None else frame.crs)


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
    there_points = np.empty(len(points), complex)
    there_points.real, there_points.imag = equal_area(crs)(points.real, points.imag)
    there = Rings(there_points, np.cumsum(rings.count) - rings.count, rings.count, rings.row, rings.hole)
    return np.abs(outlines(there).area)


def _by_row(areas: Floats, rings: Rings, rows: int) -> Floats:
    """Shells less holes for each row; NaN for a row without a ring."""
    total = np.bincount(rings.row, np.where(rings.hole, -areas, areas), rows).astype(np.float64)
    total[np.bincount(rings.row, minlength=rows) == 0] = np.nan
    return total
