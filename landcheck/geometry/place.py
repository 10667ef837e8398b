"""Which polygon holds a parcel, and how much of it."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.shapes import Objects, Shapes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Places:
    """Polygons to look others up in, such as parks; all shapes in one coordinate system."""

    def __init__(self, shapes: Shapes) -> None:
        self.polygons = _usable(shapes.geoms())
        self.tree = shapely.STRtree(self.polygons)

    def most(self, shapes: Shapes) -> tuple[Ints, Floats]:
        """For each row the polygon that holds most of it (-1: none; of equals the lower number) and the share held.

        The share is 0..1 of the row's planar area, NaN for a row without an area.
        """
        geoms = _usable(shapes.geoms())
        index, share = np.full(len(geoms), -1, np.int64), np.zeros(len(geoms))
        share[shapely.is_missing(geoms)] = np.nan
        inside, polygon = self.tree.query(geoms, predicate="within")
        index[inside[::-1]] = polygon[::-1]
        _lowest(index, inside, polygon)
        share[inside] = 1.0
        rest = np.flatnonzero((index < 0) & ~np.isnan(share))
        at, polygon = self.tree.query(geoms[rest], predicate="intersects")
        row = rest[at]
        part = shapely.area(shapely.intersection(geoms[row], self.polygons[polygon])) / shapely.area(geoms[row])
        order = np.lexsort((-polygon, part))
        index[row[order]], share[row[order]] = polygon[order], part[order]
        index[share == 0] = -1
        return index, share


def share_inside(shapes: Shapes, of: Shapes) -> Floats:
    """For each pair of rows the share (0..1) of the first that lies in the second, NaN without a polygon in either."""
    first, second = _usable(shapes.geoms()), _usable(of.geoms())
    return np.asarray(shapely.area(shapely.intersection(first, second)) / shapely.area(first))


def _lowest(index: Ints, row: Ints, polygon: Ints) -> None:
    order = np.argsort(-polygon, kind="stable")
    index[row[order]] = polygon[order]


def _usable(geoms: Objects) -> Objects:
    """Invalid, empty or other than polygonal shapes as None."""
    area = shapely.area(geoms)
    usable = geoms.copy()
    usable[~(shapely.is_valid(geoms) & (area > 0))] = None
    return usable
