"""Which polygon holds a parcel, and how much of it."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.geometry.cover import Cover
from landcheck.geometry.shapes.batch import Objects, Shapes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# fewer rows than this are not worth a map of cells
MANY = 1024


class Places:
    """Polygons to look others up in, such as parks; all shapes in one coordinate system.

    ``polygons``: GEOS objects, None for a row without a valid one; ``whole``: no row lacks one; ``tree``: their index.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.polygons = _usable(shapes.geoms())
        self.whole = not shapely.is_missing(self.polygons).any()
        self.tree = shapely.STRtree(self.polygons)
        self._cover: Cover | None = None
        shapely.prepare(self.polygons)

    def most(self, shapes: Shapes) -> tuple[Ints, Floats]:
        """For each row the polygon that holds most of it (-1: none; of equals the lower number) and the share held.

        The share is 0..1 of the row's planar area, NaN for a row without an area.
        """
        box = shapes.bounds().T
        there = ~np.isnan(box[0])
        index = np.full(len(shapes), -1, np.int64)
        if np.count_nonzero(there) >= MANY and not shapely.is_missing(self.polygons).all():
            self._cover = self._cover or Cover.of(self.polygons, self.tree, _size(box[:, there]))
            index[there] = self._cover.at(box[:, there])
            doubtful = np.flatnonzero(index == Cover.MIXED)
        else:
            doubtful = np.flatnonzero(there)
        share = np.where(there, (index >= 0).astype(float), np.nan)
        if len(doubtful):
            index[doubtful], share[doubtful] = self._most(_usable(shapes.geoms(doubtful)))
        return index, share

    def _most(self, geoms: Objects) -> tuple[Ints, Floats]:
        row, polygon = self.tree.query(geoms)
        part = np.zeros(len(row))
        whole = shapely.covers(self.polygons[polygon], geoms[row])
        part[whole] = 1.0
        rest = np.flatnonzero(~whole)
        rest = rest[shapely.intersects(self.polygons[polygon[rest]], geoms[row[rest]])]
        part[rest] = _share(geoms[row[rest]], self.polygons[polygon[rest]])
        index, share = np.full(len(geoms), -1, np.int64), np.zeros(len(geoms))
        order = np.lexsort((-polygon, part))
        index[row[order]], share[row[order]] = polygon[order], part[order]
        index[share == 0] = -1
        share[shapely.is_missing(geoms)] = np.nan
        return index, share


def share_inside(shapes: Shapes, of: Shapes) -> Floats:
    """For each pair of rows the share (0..1) of the first that lies in the second, NaN without a polygon in either."""
    return _share(_usable(shapes.geoms()), _usable(of.geoms()))


def _share(geoms: Objects, of: Objects) -> Floats:
    return np.asarray(shapely.area(shapely.intersection(geoms, of)) / shapely.area(geoms))


def _size(box: Floats) -> float:
    """How wide nearly every shape is at most."""
    return float(np.quantile(np.maximum(box[2] - box[0], box[3] - box[1]), 0.95))


def _usable(geoms: Objects) -> Objects:
    """Invalid, empty or other than polygonal shapes as None."""
    usable = geoms.copy()
    usable[~(shapely.is_valid(geoms) & (shapely.area(geoms) > 0))] = None
    return usable
