"""The fingerprint of a parcel's drawing: the same for the same outline, however the file writes it down.

It is taken of the numbers of the layer's own coordinate system: rounded to a centimetre (to 1e-7 degrees where all of
them could be degrees), each ring from its least point on and in the direction that sorts first, holes and parts sorted.
So it holds through another format, another start or direction of a ring, another order of parts, and Z values; it
breaks with a vertex moved by more than the rounding, added, or taken away, and in another coordinate system.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import numpy as np
import shapely

FORM = re.compile(r"g1-[0-9a-f]{12}")
DEGREES = 360.0
PER_METRE, PER_DEGREE = 100, 10**7

Point = tuple[int, ...]
Ring = list[Point]


def fingerprint(geom: Any) -> str | None:
    """``g1-`` and 12 hexadecimal digits; None where there is no polygon."""
    parts = [part for part in shapely.get_parts(geom).tolist() if part.geom_type == "Polygon" and not part.is_empty]
    if not parts:
        return None
    steps = PER_DEGREE if np.abs(shapely.bounds(geom)).max() <= DEGREES else PER_METRE
    drawn = sorted(_part(part, steps) for part in parts)
    digest = hashlib.sha256(json.dumps(drawn, separators=(",", ":")).encode())
    return f"g1-{digest.hexdigest()[:12]}"


def _part(polygon: Any, steps: int) -> list[Ring]:
    """The outer ring, then the holes."""
    return [_ring(polygon.exterior, steps), *sorted(_ring(hole, steps) for hole in polygon.interiors)]


def _ring(ring: Any, steps: int) -> Ring:
    rounded = np.rint(shapely.get_coordinates(ring) * steps).astype(np.int64).tolist()
    points = [tuple(point) for place, point in enumerate(rounded) if place == 0 or point != rounded[place - 1]]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    least = min(points)
    starts = [place for place, point in enumerate(points) if point == least]
    turned = [points[start:] + points[:start] for start in starts]
    return min([*turned, *([way[0], *reversed(way[1:])] for way in turned)])
