"""Pairs of parcels that share area."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck.beside import side_by_side
from landcheck.geometry.area import ellipsoidal_area_m2
from landcheck.geometry.crs.systems import DEGREE_M, unfit_for_area
from landcheck.geometry.overlap.kept_rings import LaidTable, Tables
from landcheck.geometry.overlap.ringtable import Piece, objects_of, spread, tabled
from landcheck.geometry.overlap.store import Store
from landcheck.geometry.overlap.tiles import sampled, tiles
from landcheck.geometry.overlap.unmatched import MOST, Stretch, overlapping, overlapping_further
from landcheck.geometry.shapes.batch import POLYGONAL, Objects, Shapes, of_objects
from landcheck.geometry.shapes.rings import Floats

Rows = NDArray[np.int32]

# What is narrower than this on average is noise of digitising, whatever its length: coordinates are given to the
# centimetre at best, and boundary points are surveyed to 5 cm (first class).
WIDTH_M = 0.01
# two shapes are the same if all but this share of the larger is common to both
SAME = 1e-9
# shapes looked at together, and after how many such stretches what they left of memory is given back
STRETCH = 16_384
TIDIED = 64
THREADS = 4
# half a metre across is no parcel, half a degree more than one
SMALL = 0.5
COLLECTION = 7


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows (0-based, the lower first) that share ``area_m2``, and a point of it in the layer's coordinates.

    ``same``: they are one shape drawn twice. ``shape``: what they share, as WKB in the layer's coordinates.
    """

    row_a: int
    row_b: int
    area_m2: float
    x: float
    y: float
    same: bool = False
    shape: bytes = b""


class Overlaps:
    """Collects the shapes of a layer, batch by batch, in any order; keeps some 50 bytes of each in memory.

    ``crs``: the system of the coordinates (``Frame.known``). Without one they count as metres, or as degrees where
    they are too small for that. Shapes must be fit for an area, as ``validity.examine`` returns them. ``least_m2``:
    what two must share more of.
    ``truncated``: after ``finish``, whether there are more overlaps than were looked for.
    """

    def __init__(self, crs: pyproj.CRS | None, least_m2: float) -> None:
        self.crs, self.least_m2 = crs, least_m2
        self.truncated = False
        self._store, self._tables = Store(), Tables()
        self._known: dict[tuple[int, int], Overlap] = {}

    def add(self, first_row: int, shapes: Shapes) -> None:
        """Takes a batch."""
        self._tables.add(tabled(first_row, shapes, self._store))

    def merge(self, other: Overlaps) -> None:
        """Takes over what another part of the same layer collected."""
        first = self._store.append(other._store.whole())
        for table in other._tables:
            self._tables.add(table.moved(table.start + first))

    def given_up(self) -> Piece | None:
        """All that was collected, for other processes to look at; nothing is left here. None where there is nothing."""
        store, tables = self._store, self._tables
        self._store, self._tables = Store(), Tables()
        return Piece(tables.joined(), store.whole()) if tables else None

    def take(self, piece: Piece) -> None:
        """Takes what another process collected; rows of different pieces do not lie between each other."""
        self._tables.add(piece.table.moved(piece.table.start + self._store.append(piece.points)))

    def know(self, found: Iterable[Overlap], *, truncated: bool) -> None:
        """Takes what other processes found, each in its part of the ground."""
        self._known.update({(o.row_a, o.row_b): o for o in found})
        self.truncated |= truncated or len(self._known) > MOST
        self._known = dict(sorted(self._known.items())[:MOST])

    def finish(self) -> list[Overlap]:
        """Every overlap once, sorted by rows: the same for any order of rows within a layer and any size of batch.

        Beyond ``MOST`` no more are looked for, and ``truncated`` says so.
        """
        if not self._tables:
            return list(self._known.values())
        table = self._tables.laid()
        some = sampled(table)
        layer = _RingLayer(table, self._store, self.crs, self.least_m2, _in_degrees(some, self.crs))
        found, threads = self._known, min(THREADS, os.cpu_count() or 1)
        for overlaps in side_by_side(layer.overlaps, tiles(table, some, STRETCH), threads, TIDIED):
            found.update({(o.row_a, o.row_b): o for o in overlaps})
            if len(found) > MOST:
                self.truncated = True
                break
        return [found[pair] for pair in sorted(found)[:MOST]]


@dataclass(frozen=True, slots=True)
class _RingLayer:
    """All rings of a layer, and how to look at some of them."""

    table: LaidTable
    store: Store
    crs: pyproj.CRS | None
    least_m2: float
    degrees: bool

    def overlaps(self, rings: NDArray[np.int32]) -> list[Overlap]:
        """The overlaps among those rings' rows."""
        stretch = self._stretch(rings)
        if not len(stretch.shells):
            return []
        found: list[Overlap] = []
        seen: set[tuple[int, int]] = set()
        looked_at: set[int] = set()
        first, second = overlapping(stretch)
        while len(first) and len(found) <= MOST:
            seen.update(zip(first.tolist(), second.tolist(), strict=True))
            new = self._measured(first, second)
            found += new
            rows = {row for pair in new for row in (pair.row_a, pair.row_b)} - looked_at
            looked_at |= rows
            first, second = _unseen(overlapping_further(stretch, np.array(sorted(rows), np.int32)), seen)
        return found

    def _stretch(self, rings: NDArray[np.int32]) -> Stretch:
        table = self.table.take(rings)
        metres = self._metres(np.median(table.box[1], keepdims=True))[0]
        points = self.store.take(spread(table.start, table.count)).view(np.float64).reshape(-1, 2) * metres
        return Stretch(table, points.view(np.complex128).ravel(), table.box * np.tile(metres, 2)[:, None])

    def _metres(self, south: Floats) -> Floats:
        """(n, 2): what a unit of x and of y is at those places, near enough to tell noise."""
        if self.degrees:
            return np.column_stack([DEGREE_M * np.cos(np.radians(south)), np.full(len(south), DEGREE_M)])
        unit = 1.0 if self.crs is None else float(self.crs.axis_info[0].unit_conversion_factor)
        return np.full((len(south), 2), unit)

    def _measured(self, first: Rows, second: Rows) -> list[Overlap]:
        """Those pairs that share more than noise."""
        rows = np.unique(np.concatenate([first, second]))
        table = self.table.take(self.table.of_rows(rows))
        geoms = objects_of(table, self.store)
        a, b = _ordered(geoms[np.searchsorted(rows, first)], geoms[np.searchsorted(rows, second)])
        common = _polygons(shapely.intersection(a, b))
        points, which = shapely.get_coordinates(common, return_index=True)
        metres = shapely.set_coordinates(common.copy(), points * self._metres(shapely.bounds(common)[:, 1])[which])
        area = shapely.area(metres)
        wide = 2 * area > WIDTH_M * shapely.length(metres)
        kept = np.flatnonzero((area > self.least_m2) & wide)
        same = shapely.area(common) >= (1 - SAME) * np.maximum(shapely.area(a), shapely.area(b))
        places = shapely.get_coordinates(shapely.point_on_surface(common[kept]))
        areas, shared = self._areas(common[kept], area[kept]), shapely.to_wkb(common[kept])
        return [
            Overlap(int(first[i]), int(second[i]), float(m2), float(x), float(y), bool(same[i]), shape)
            for i, m2, (x, y), shape in zip(kept, areas, places, shared, strict=True)
        ]

    def _areas(self, common: Objects, planar: Floats) -> Floats:
        if self.crs is None or unfit_for_area(self.crs) is not None:
            return planar
        return ellipsoidal_area_m2(of_objects(common), self.crs)


def _in_degrees(box: Floats, crs: pyproj.CRS | None) -> bool:
    """By the system; without one, whether the numbers can be degrees and are too small for parcels in metres."""
    if crs is not None:
        return bool(crs.is_geographic)
    on_earth = np.abs(box[::2]).max() <= 180 and np.abs(box[1::2]).max() <= 90
    return bool(on_earth and np.median(box[2:] - box[:2]) < SMALL)


def _unseen(pairs: tuple[Rows, Rows], seen: set[tuple[int, int]]) -> tuple[Rows, Rows]:
    new = [pair for pair in zip(*(rows.tolist() for rows in pairs), strict=True) if pair not in seen]
    first, second = np.array(new, np.int32).reshape(-1, 2).T
    return first, second


def _ordered(first: Objects, second: Objects) -> tuple[Objects, Objects]:
    """Each pair in an order of its own, so that GEOS is asked the same whichever row comes first."""
    swap = shapely.to_wkb(first) > shapely.to_wkb(second)
    return np.where(swap, second, first), np.where(swap, first, second)


def _polygons(geoms: Objects) -> Objects:
    """Without the points and lines in which two shapes also touch."""
    for i in np.flatnonzero(shapely.get_type_id(geoms) == COLLECTION):
        parts = shapely.get_parts(geoms[i])
        geoms[i] = shapely.union_all(parts[np.isin(shapely.get_type_id(parts), POLYGONAL)])
    return geoms
