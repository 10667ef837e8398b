"""What is wrong with a polygon, where, and whether its area can still be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.crs.plausible import astray
from landcheck.geometry.shapes.batch import POLYGONAL, Objects, Shapes
from landcheck.messages import Message, Text, number

# GEOS words its reasons so: "Self-intersection[121.5 31.2]"
PLACE = re.compile(r"^(?P<reason>[^\[]*)\[(?P<x>\S+) (?P<y>\S+)[^\]]*\]$")
CODES = {
    "Self-intersection": "self-intersection",
    "Ring Self-intersection": "ring-self-intersection",
    "Hole lies outside shell": "hole-outside",
    "Holes are nested": "nested-holes",
    "Nested shells": "nested-shells",
    "Interior is disconnected": "interior-disconnected",
    "Duplicate Rings": "duplicate-rings",
    "Too few points in geometry component": "too-few-points",
    "Ring not closed": "ring-not-closed",
}
ASTRAY = "stray"
# three ways of telling the area that agree to this share of it leave no doubt about it
AGREE = 1e-6


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """One row's fault; the place is in the layer's own coordinates, NaN where there is none."""

    row: int
    code: str
    x: float
    y: float
    repaired: bool

    def message(self, **values: Any) -> Message:
        """The sentence, for ``file`` and ``row`` (from 1) in ``values``."""
        ending = "-repaired" if self.repaired else ""
        group = "crs" if self.code == ASTRAY else "geometry"
        place = Text("位置不详", "place unknown") if np.isnan(self.x) else f"x {number(self.x)}, y {number(self.y)}"
        return Message(f"data-{group}-{self.code}{ending}", {"place": place, **values})


def examine(shapes: Shapes, frame: Frame | None) -> tuple[list[ShapeFault], Shapes]:
    """Every fault, by row, and the shapes fit for an area: repaired where that is unambiguous, else None.

    A shape that lies where none of the layer's ``frame`` can is at fault too.
    """
    doubtful = np.flatnonzero(~_proven(shapes))
    geoms = shapes.geoms(doubtful)
    drawn = _drawn(shapes)
    faults, changed = [], {}
    for at in np.flatnonzero(~_sound(geoms)):
        row = int(doubtful[at])
        fault, changed[row] = _fault(row, geoms[at], shapes, float(drawn[row]))
        faults.append(fault)
    if frame is not None and frame.known is not None and frame.home is not None:
        rows = np.flatnonzero(astray(shapes.bounds(), frame.home, frame.known))
        for row, geom in zip(rows.tolist(), shapes.geoms(rows), strict=True):
            x, y = shapely.get_coordinates(geom)[0] if geom is not None else (np.nan, np.nan)
            faults, changed[row] = [fault for fault in faults if fault.row != row], None
            faults.append(ShapeFault(row, ASTRAY, float(x), float(y), repaired=False))
        faults.sort(key=lambda fault: fault.row)
    return faults, shapes.with_changed(changed) if changed else shapes


def _proven(shapes: Shapes) -> Any:
    """Rows of one ring that is simple by its coordinates alone; the others go to GEOS."""
    row = shapes.rings.row
    rings = np.bincount(row, minlength=len(shapes))
    proven = np.zeros(len(shapes), np.bool_)
    proven[row] = shapes.outlines.simple
    return proven & (rings == 1)


def _drawn(shapes: Shapes) -> Any:
    """What the rings of each row enclose, shells less holes, in the square of the coordinates' unit."""
    areas = np.abs(shapes.outlines.area)
    return np.bincount(shapes.rings.row, np.where(shapes.rings.hole, -areas, areas), len(shapes))


def _sound(geoms: Objects) -> Any:
    polygonal = np.isin(shapely.get_type_id(geoms), POLYGONAL)
    return polygonal & ~shapely.is_empty(geoms) & shapely.is_valid(geoms)


def _fault(row: int, geom: Any, shapes: Shapes, drawn: float) -> tuple[ShapeFault, Any]:
    if geom is None:
        code = "unreadable" if shapes.wkb[row].is_valid else "null"
        return ShapeFault(row, code, np.nan, np.nan, repaired=False), None
    if geom.is_empty:
        return ShapeFault(row, "empty", np.nan, np.nan, repaired=False), None
    if shapely.get_type_id(geom) not in POLYGONAL:
        middle = shapely.point_on_surface(geom)
        return ShapeFault(row, "not-a-polygon", middle.x, middle.y, repaired=False), None
    code, x, y = _reason(geom)
    if code == "self-intersection":
        code = _between_rings(geom) or code
    if drawn == 0 and shapely.make_valid(geom).area == 0:
        return ShapeFault(row, "zero-area", x, y, repaired=False), None
    mended = repair(geom, drawn)
    return ShapeFault(row, code, x, y, repaired=mended is not None), mended


def _reason(geom: Any) -> tuple[str, float, float]:
    found = PLACE.match(shapely.is_valid_reason(geom))
    if found is None:
        return "invalid", np.nan, np.nan
    return CODES.get(found["reason"], "invalid"), float(found["x"]), float(found["y"])


def _between_rings(geom: Any) -> str | None:
    """What is wrong where no boundary crosses itself: parts or holes share a side, or parts lie over one another."""
    parts = shapely.get_parts(geom)
    if len(parts) > 1 and shapely.is_valid(parts).all():
        return "parts-adjoin" if _agree(shapely.union_all(parts).area, shapely.area(parts).sum()) else "parts-overlap"
    filled: list[Any] = [shapely.polygons(shapely.get_rings(part)) for part in parts]
    if not all(shapely.is_valid(rings).all() for rings in filled):
        return None
    clear = (_agree(shapely.difference(shell, shapely.union_all(holes)).area, shell.area - shapely.area(holes).sum())
             for shell, *holes in filled)  # fmt: skip
    return "hole-along-side" if all(clear) else None


def repair(geom: Any, drawn: float) -> Any:
    """The valid polygon that an invalid one surely means, else None; ``drawn``: what its rings enclose as drawn.

    Surely: repairing by rings and by lines both give the drawn area. For a bow-tie both keep two triangles, while the
    ring drawn as it is encloses their difference.
    """
    by_rings = shapely.make_valid(geom, method="structure", keep_collapsed=False)
    if shapely.get_type_id(by_rings) not in POLYGONAL or not _agree(by_rings.area, drawn):
        return None
    by_lines = shapely.make_valid(geom, method="linework")
    return by_rings if _agree(by_lines.area, drawn) else None


def _agree(area: float, drawn: float) -> bool:
    return abs(area - drawn) <= AGREE * drawn
