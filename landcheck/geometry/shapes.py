"""Polygons of one batch: flat coordinates for what numpy can do, GEOS objects only where asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from landcheck.geometry.rings import Rings, rings_of

Objects = NDArray[np.object_]
Rows = NDArray[np.intp]

POLYGONAL = (3, 6)


class Shapes:
    """The geometries of some rows, as WKB, as flat rings, or as GEOS objects; each form is made when first used.

    ``changed`` holds rows whose geometry is another than the WKB's: repaired, or None for one that is of no use.
    """

    def __init__(self, wkb: pa.Array, changed: Mapping[int, Any] | None = None) -> None:
        self.wkb = wkb
        self.changed = dict(changed or {})

    def __len__(self) -> int:
        return len(self.wkb)

    def geoms(self, rows: Rows | None = None) -> Objects:
        """GEOS objects of those rows (all without ``rows``), two-dimensional; None where there is none to be had."""
        taken = self.wkb if rows is None else self.wkb.take(pa.array(rows))
        made = objects(taken)
        places = range(len(self)) if rows is None else [int(row) for row in rows]
        if self.changed:
            for place, row in enumerate(places):
                if row in self.changed:
                    made[place] = self.changed[row]
        return made

    def with_changed(self, changed: Mapping[int, Any]) -> Shapes:
        """The same rows with those geometries put in."""
        return Shapes(self.wkb, {**self.changed, **changed})

    def take(self, rows: Rows) -> Shapes:
        """Those rows only, in that order."""
        changed = {place: self.changed[int(row)] for place, row in enumerate(rows) if int(row) in self.changed}
        return Shapes(self.wkb.take(pa.array(rows)), changed)

    @cached_property
    def rings(self) -> Rings:
        """The rings of the polygons among the rows; a row without a polygon has none."""
        return rings_of(self.wkb, self.changed, objects)

    def moved(self, change: Callable[[Any, Any], tuple[Any, Any]]) -> Shapes:
        """The same shapes with every vertex taken through ``change`` (see ``transform.transformer``)."""
        geoms = self.geoms()
        x, y = change(*shapely.get_coordinates(geoms).T)
        return of_objects(shapely.set_coordinates(geoms, np.column_stack([x, y])))

    def bounds(self) -> NDArray[np.float64]:
        """(rows, 4): west, south, east, north in the layer's own coordinates, NaN without a polygon."""
        return self.rings.bounds(len(self))


def shapes(wkb: pa.Array | pa.ChunkedArray) -> Shapes:
    """The geometries of a batch. A record that cannot be read counts as none; ``validity.examine`` says so."""
    if isinstance(wkb, pa.ChunkedArray):
        wkb = wkb.combine_chunks()
    return Shapes(wkb)


def of_objects(geoms: Objects) -> Shapes:
    """The same from GEOS objects."""
    return Shapes(pa.array(shapely.to_wkb(geoms), pa.binary()))


def extent(batches: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    """The bounds of all rows together, None where no row has a polygon."""
    if not len(batches) or np.isnan(batches).all():
        return None
    west, south = np.nanmin(batches[:, :2], axis=0)
    east, north = np.nanmax(batches[:, 2:], axis=0)
    return float(west), float(south), float(east), float(north)


def objects(wkb: pa.Array) -> Objects:
    """GEOS objects: curves as lines, Z and M dropped, None for null, unreadable or not finite."""
    made: Objects = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False), on_invalid="ignore")
    made = shapely.force_2d(_straight(made))
    finite = np.isfinite(shapely.bounds(made)).all(axis=1) | shapely.is_empty(made)
    made[~finite] = None
    return made


def _straight(geoms: Objects) -> Objects:
    """Curved kinds (type ids above GEOMETRYCOLLECTION) as their linear counterparts."""
    return geoms
