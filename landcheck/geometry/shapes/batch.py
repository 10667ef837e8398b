"""Polygons of one batch: flat coordinates for what numpy can do, GEOS objects only where asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from landcheck.geometry.shapes.curves import straightened
from landcheck.geometry.shapes.rings import FARTHEST, Outlines, Rings, outlines, plain_rings, rings_of_objects
from landcheck.nested import within_depth

Objects = NDArray[np.object_]
Rows = NDArray[np.intp]

POLYGONAL = (3, 6)
# of its box what a ring covers, at least, for its centroid to be told without GEOS as well as with it
THICK = 1e-4


class Shapes:
    """The geometries of some rows, as WKB, as rings with their outlines, or as GEOS objects; each made when first used.

    ``changed`` holds rows whose geometry is another than the WKB's: repaired, or None for one that is of no use.
    """

    def __init__(self, wkb: pa.Array, changed: Mapping[int, Any] | None = None) -> None:
        self.wkb = wkb
        self.changed = dict(changed or {})

    def __len__(self) -> int:
        return len(self.wkb)

    def geoms(self, rows: Rows | None = None) -> Objects:
        """GEOS objects of those rows (all without ``rows``), two-dimensional; None where there is none to be had."""
        made = objects(self.wkb if rows is None else self.wkb.take(pa.array(rows)))
        if self.changed:
            for place, row in enumerate(range(len(self)) if rows is None else rows.tolist()):
                if row in self.changed:
                    made[place] = self.changed[row]
        return made

    def with_changed(self, changed: Mapping[int, Any]) -> Shapes:
        """The same rows with those geometries put in; what was computed of the others is kept."""
        other = Shapes(self.wkb, {**self.changed, **changed})
        rings, facts = self._drawn
        kept = np.flatnonzero(~np.isin(rings.row, list(changed)))
        new = {row: geom for row, geom in changed.items() if geom is not None}
        more = rings_of_objects(_array(list(new.values())), np.array(list(new), np.int64))
        other._drawn = rings.take(kept).joined(more), facts.take(kept).joined(outlines(more))
        return other

    def take(self, rows: Rows) -> Shapes:
        """Those rows only, in that order."""
        changed = {place: self.changed[row] for place, row in enumerate(rows.tolist()) if row in self.changed}
        return Shapes(self.wkb.take(pa.array(rows)), changed)

    def moved(self, change: Callable[[Any, Any], tuple[Any, Any]]) -> Shapes:
        """The same shapes with every vertex taken through ``change`` (see ``transform.transformer``)."""
        geoms = self.geoms()
        x, y = change(*shapely.get_coordinates(geoms).T)
        return of_objects(shapely.set_coordinates(geoms, np.column_stack([x, y])))

    @property
    def rings(self) -> Rings:
        """The rings of the polygons among the rows; a row without a polygon has none."""
        return self._drawn[0]

    @property
    def outlines(self) -> Outlines:
        """What each ring's coordinates tell."""
        return self._drawn[1]

    @cached_property
    def _drawn(self) -> tuple[Rings, Outlines]:
        plain = plain_rings(self.wkb, np.array(list(self.changed), np.intp))
        facts = outlines(plain)
        if not facts.closed.all():
            closed = np.flatnonzero(facts.closed)
            plain, facts = plain.take(closed), facts.take(closed)
        done = np.zeros(len(self), np.bool_)
        done[plain.row] = True
        others = np.flatnonzero(~done)
        if not len(others):
            return plain, facts
        more = rings_of_objects(self.geoms(others), others)
        return plain.joined(more), facts.joined(outlines(more))

    def bounds(self) -> NDArray[np.float64]:
        """(rows, 4): west, south, east, north in the layer's own coordinates, NaN without a polygon."""
        out = np.full((4, len(self)), np.nan)
        row, box = self.rings.row, self.outlines.box
        out[:, row] = box
        if len(row) > np.count_nonzero(~np.isnan(out[0])):
            for side, reduce in zip(range(4), (np.fmin, np.fmin, np.fmax, np.fmax), strict=True):
                reduce.at(out[side], row, box[side])
        return out.T

    def centroids(self, rows: Rows) -> NDArray[np.float64]:
        """(n, 2): the centroid of each of those rows in the layer's own coordinates; NaN without a shape."""
        row, found = self.rings.row, self.outlines
        west, south, east, north = found.box
        of_one_ring = np.bincount(row, minlength=len(self)).take(row) == 1
        sure = np.flatnonzero(of_one_ring & (np.abs(found.area) > THICK * (east - west) * (north - south)))
        middle = np.full((len(self), 2), np.nan)
        middle[row[sure], 0], middle[row[sure], 1] = found.x[sure], found.y[sure]
        middle = middle[rows]
        others = np.flatnonzero(np.isnan(middle[:, 0]))
        points = shapely.centroid(self.geoms(rows[others]))
        middle[others, 0], middle[others, 1] = shapely.get_x(points), shapely.get_y(points)
        return middle

    def extent(self) -> tuple[float, float, float, float] | None:
        """The bounds of them all, None without one."""
        bounds = self.bounds()
        bounds = bounds[np.isfinite(bounds).all(axis=1)]
        return (*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()) if len(bounds) else None

    def typical_bounds(self) -> tuple[float, float, float, float] | None:
        """The bounds of the shape nearest to the middle of them all, None without one.

        One stray shape speaks for no layer, and no coordinate is made up; of two the one with the larger numbers is
        taken, as strays lie at the origin or lack their zone number.
        """
        bounds = self.bounds()
        bounds = bounds[np.isfinite(bounds).all(axis=1)]
        if not len(bounds):
            return None
        middle = np.quantile(bounds, 0.5, axis=0, method="higher")
        west, south, east, north = bounds[np.abs(bounds - middle).sum(axis=1).argmin()].tolist()
        return west, south, east, north


def shapes(wkb: pa.Array | pa.ChunkedArray) -> Shapes:
    """The geometries of a batch. A record that cannot be read counts as none; ``validity.examine`` says so."""
    if isinstance(wkb, pa.ChunkedArray):
        wkb = wkb.combine_chunks()
    return Shapes(wkb)


def of_objects(geoms: Objects) -> Shapes:
    """The same from GEOS objects."""
    return Shapes(pa.array(shapely.to_wkb(geoms), pa.binary()))


def objects(wkb: pa.Array) -> Objects:
    """GEOS objects: curves as lines, Z and M dropped, None for null, unreadable or not finite."""
    raw = wkb.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers, found out below
        made = shapely.force_2d(_read(raw))
    bounds = shapely.bounds(made)
    sound = (np.abs(bounds) < FARTHEST).all(axis=1) & np.isfinite(shapely.area(made)) | shapely.is_empty(made)
    made[~sound] = None
    return _array(made)


def _read(raw: Objects) -> Any:
    raw = within_depth(raw)
    try:
        return shapely.from_wkb(raw, on_invalid="ignore")
    except NotImplementedError:  # a single curve among them stops GEOS for all
        return _array([None if one is None else _straight(one) for one in raw])


def _straight(wkb: bytes) -> Any:
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return straightened(wkb)


def _array(geoms: Any) -> Objects:
    out = np.empty(len(geoms), object)
    out[:] = geoms
    return out
