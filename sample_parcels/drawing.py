"""From lots in the frame of a park to polygons in EPSG:4549 (CGCS2000, central meridian 120° E, metres)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon

CRS = "EPSG:4549"
SPLAY_M = 12.0  # 道路切角: corners at a street junction are cut off
TO_PLANE = Transformer.from_crs("EPSG:4490", CRS, always_xy=True)
TO_LONLAT = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
# The ellipsoidal area of the national formula, see CONTRACT section 5
TO_EQUAL_AREA = Transformer.from_crs(CRS, "+proj=cea +ellps=GRS80", always_xy=True)

Points = list[tuple[float, float]]


class Frame:
    """The local metres of one park: a point of the map and a turn against north."""

    def __init__(self, lon: float, lat: float, turn: float) -> None:
        self.x, self.y = (round(value) for value in TO_PLANE.transform(lon, lat))
        self.cos, self.sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def ring(self, points: Points) -> Points:
        """Local points on the map, to the millimetre."""
        return [
            (round(self.x + u * self.cos - v * self.sin, 3), round(self.y + u * self.sin + v * self.cos, 3))
            for u, v in points
        ]

    def lot(self, row: dict[str, Any]) -> Polygon | MultiPolygon:
        """The polygon of a row with ``lot`` and, where it has them, ``cut``, ``north``, ``hole`` and ``second``."""
        holes = [self.ring(rectangle(row["hole"]))] if "hole" in row else []
        outline = Polygon(self.ring(edge(row["lot"], row.get("cut", "ew"), row.get("north", ""))), holes)
        if "second" not in row:
            return outline
        return MultiPolygon([outline, Polygon(self.ring(edge(row["second"], "ew", "")))])


def rectangle(lot: Sequence[float]) -> Points:
    """The four corners from the south-west, anticlockwise."""
    west, south, east, north = lot
    return [(west, south), (east, south), (east, north), (west, north)]


def edge(lot: Sequence[float], cut: str, north: str) -> Points:
    """A lot between streets: splayed corners on the sides named in ``cut``, a river bank in the north if so said."""
    west, south, east, top = lot
    w, e = (SPLAY_M if side in cut else 0.0 for side in "we")
    points = [(west + w, south), (east - e, south), (east, south + e)]
    points += bank(west, east, top) if north == "river" else [(east, top - e), (east - e, top), (west + w, top)]
    points += [(west, south + w)] if north == "river" else [(west, top - w), (west, south + w)]
    return list(dict.fromkeys(points))


def bank(west: float, east: float, top: float) -> Points:
    """The river bank from east to west; lots side by side meet it in the same point."""
    steps = max(4, round((east - west) / 20))
    along = [east + (west - east) * step / steps for step in range(steps + 1)]
    return [(u, top - 20 + 12 * math.sin(u / 70)) for u in along]


def footprints(lot: Sequence[float], areas: Sequence[float]) -> list[Points]:
    """Buildings of these footprints, in m², in a row from the far end of the lot along its longer side."""
    west, south, east, north = lot
    turned = east - west > north - south
    depth = min(east - west, north - south) - 24
    end = (east if turned else north) - 12
    boxes = []
    for area in areas:
        start = end - area / depth
        box = (start, south + 12, end, south + 12 + depth) if turned else (west + 12, start, west + 12 + depth, end)
        boxes.append(rectangle(box))
        end = start - 8
    return boxes


def area_m2(shape: shapely.Geometry) -> float:
    """Ellipsoidal area on GRS80."""
    return float(shapely.transform(shape, TO_EQUAL_AREA.transform, interleaved=False).area)


def lonlat(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape in degrees, to 9 decimals (a tenth of a millimetre)."""
    degrees = shapely.transform(shape, TO_LONLAT.transform, interleaved=False)
    return shapely.transform(degrees, lambda points: points.round(9))
