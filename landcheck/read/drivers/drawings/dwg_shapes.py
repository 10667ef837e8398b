"""The shape of one entity of a DWG, from its attributes as ezdwg gives them: arcs with chords, turned as it is drawn.

Points of flat entities are in the entity's own system (OCS), whose axes follow from its extrusion by the arbitrary axis
algorithm of the DXF reference: a plot that was mirrored in CAD has (0, 0, -1), and x runs the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.read.drivers.drawings.cad_splines import spline_points

Points = NDArray[np.float64]
Dxf = Mapping[str, Any]

STEP = np.radians(0.25)  # of a circle's area 3e-6 lies outside its chords
ALMOST_UP = 1 / 64
CHORDS = 6
FRAME = 16  # of a vertex of an old polyline: it controls a curve and is not on it


def axes(extrusion: Any) -> Points:
    """(2, 3): where the own x and y point, and what lies along the extrusion, on the ground."""
    z = np.asarray(extrusion or (0, 0, 1), float)
    z = z / (np.linalg.norm(z) or 1)
    beside = (0, 1, 0) if max(abs(z[0]), abs(z[1])) < ALMOST_UP else (0, 0, 1)
    x = np.cross(beside, z)
    x /= np.linalg.norm(x)
    return np.column_stack([x, np.cross(z, x), z])[:2]


def shape_of(kind: str, dxf: Dxf) -> Any:
    """A line, an area or the place of a text on the plane; None for an entity that has none of these."""
    points = SHAPES[kind](dxf) if kind in SHAPES else None
    if points is None or not len(points) or not np.isfinite(points).all():
        return None
    if kind in FLAT:
        height = np.full(len(points), float(dxf.get("elevation") or 0))
        points = np.column_stack([points[:, :2], height]) @ axes(dxf.get("extrusion")).T
    if len(points) == 1:
        return shapely.points(points[0, :2])
    return (shapely.polygons if kind in AREAS and len(points) > 3 else shapely.linestrings)(points[:, :2])


def hatched(dxf: Dxf) -> Any:
    """The ground that a hatch fills, islands left out: what lies in an odd number of its outlines."""
    rings = [_closed(_points(path["points"])) for path in dxf.get("paths") or () if len(path["points"]) > 2]
    turned = axes(dxf.get("extrusion"))
    made: list[Any] = [shapely.polygons(np.column_stack([ring, np.zeros(len(ring))]) @ turned.T) for ring in rings]
    whole: Any = made and shapely.is_valid(made).all()
    return shapely.symmetric_difference_all(made) if whole else None


def has_chords(shape: Any) -> bool:
    """Whether equal sides turn by equal angles for a while: ezdwg gives the arcs of a hatch as chords."""
    for ring in shapely.get_rings(shape):
        sides = np.diff(shapely.get_coordinates(ring) @ (1, 1j))
        turn = np.angle(sides[1:] / sides[:-1])
        alike = np.isclose(abs(sides[1:-1]), abs(sides[2:]), rtol=1e-4) & np.isclose(turn[1:], turn[:-1], atol=1e-4)
        if (np.convolve(alike & (abs(turn[1:]) > 1e-3), np.ones(CHORDS), "valid") == CHORDS).any():
            return True
    return False


def _points(given: Any) -> Points:
    return np.asarray([point[:2] for point in given], float).reshape(-1, 2)


def _closed(points: Points) -> Points:
    return points if len(points) and (points[0] == points[-1]).all() else np.concatenate([points, points[:1]])


def _polyline(dxf: Dxf) -> Points:
    points, bulges = _points(dxf["points"]), np.asarray(dxf.get("bulges") or [], float)
    bulges = np.resize(bulges, len(points)) if len(bulges) >= len(points) else np.zeros(len(points))
    if dxf.get("spline_fit"):
        on_curve = [not flags & FRAME for flags in dxf["vertex_flags"]][: len(points)]
        points, bulges = points[on_curve], bulges[on_curve]
    if dxf.get("closed"):
        points, bulges = _closed(points), np.append(bulges, 0)
    if not bulges.any():
        return points
    spans = [_bulged(*span) for span in zip(points[:-1], points[1:], bulges, strict=False)]
    return np.concatenate([points[:1], *spans])


def _bulged(start: Points, end: Points, bulge: float) -> Points:
    """From the start, left out, to the end along an arc; a bulge is the tangent of a quarter of its angle."""
    if bulge == 0:
        return end[None]
    a, b = complex(*start), complex(*end)
    centre = (a + b) / 2 + 1j * (b - a) / 2 * (1 - bulge**2) / (2 * bulge)
    angle = 4 * np.arctan(bulge)
    steps = max(2, int(np.ceil(abs(angle) / STEP)))
    arc = centre + (a - centre) * np.exp(1j * angle * np.arange(1, steps + 1) / steps)
    arc[-1] = b
    return np.column_stack([arc.real, arc.imag])


def _ellipse(dxf: Dxf) -> Points:
    """In the world's own axes; the smaller axis is to the left of the greater as seen along the extrusion."""
    centre, major = (np.asarray(dxf[name], float) for name in ("center", "major_axis"))
    minor = np.cross(np.asarray(dxf.get("extrusion") or (0, 0, 1), float), major) * float(dxf["axis_ratio"])
    at = _turn(float(dxf["start_angle"]), float(dxf["end_angle"]))[:, None]
    return np.asarray((centre + np.cos(at) * major + np.sin(at) * minor)[:, :2])


def _arc(dxf: Dxf, start: float, end: float) -> Points:
    at = _turn(start, end)
    around = np.column_stack([np.cos(at), np.sin(at)]) * float(dxf["radius"])
    return np.asarray(around + np.asarray(dxf["center"][:2], float))


def _turn(start: float, end: float) -> Points:
    """The angles from one to the other, counterclockwise; the whole way round comes back to the very angle."""
    sweep = (end - start) % (2 * np.pi) or 2 * np.pi
    at = start + np.linspace(0, sweep, int(np.ceil(sweep / STEP)) + 1)
    at[-1] = start if np.isclose(sweep, 2 * np.pi) else end
    return at


def _text(dxf: Dxf) -> Points:
    aligned = dxf.get("align_point") if dxf.get("halign") or dxf.get("valign") else None
    return _points([aligned or dxf["insert"]])


def _solid(dxf: Dxf) -> Points:
    return _closed(_points(dxf["points"])[[0, 1, 3, 2]])


SHAPES: dict[str, Callable[[Dxf], Points | None]] = {
    "LWPOLYLINE": _polyline,
    "POLYLINE_2D": _polyline,
    "POLYLINE_3D": lambda dxf: _closed(_points(dxf["points"])) if dxf.get("closed") else _points(dxf["points"]),
    "LINE": lambda dxf: _points([dxf["start"], dxf["end"]]),
    "CIRCLE": lambda dxf: _arc(dxf, 0, 2 * np.pi),
    "ARC": lambda dxf: _arc(dxf, *np.radians([dxf["start_angle"], dxf["end_angle"]])),
    "ELLIPSE": _ellipse,
    "SPLINE": lambda dxf: spline_points(*(dxf[name] for name in ("degree", "knots", "control_points", "weights"))),
    "TEXT": _text,
    "ATTRIB": _text,
    "MTEXT": lambda dxf: _points([dxf["insert"]]),
    "POINT": lambda dxf: _points([dxf["location"]]),
    "SOLID": _solid,
    "TRACE": _solid,
    "3DFACE": lambda dxf: _closed(_points(dxf["points"])),
}
FLAT = frozenset(("LWPOLYLINE", "POLYLINE_2D", "CIRCLE", "ARC", "TEXT", "ATTRIB", "SOLID", "TRACE"))
AREAS = frozenset(("SOLID", "TRACE", "3DFACE"))
