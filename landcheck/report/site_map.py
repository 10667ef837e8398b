"""Parcels and parks as outlines in one plane, in whole decimetres, with every verdict: what maps are drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyproj
from numpy.typing import NDArray
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

from landcheck.geometry.crs import systems
from landcheck.geometry.crs.frame import Frame, Transform, from_degrees, to_degrees, transformer
from landcheck.geometry.shapes.batch import shapes
from landcheck.messages import Lang, say
from landcheck.model import Drawing, DrawnRows, Report, Verdict
from landcheck.report.options import NOTEWORTHY

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Beyond, the difference of two coordinates would not fit the 32 bits in which browsers shift.
FARTHEST_DM = 2**29
# Measured: a page of 100,000 outlines is 7 MB and slow on an office computer.
ALL_UP_TO = 20_000


@dataclass(frozen=True, slots=True)
class PlaneRings:
    """Rings in decimetres, of all subjects one after the other.

    ``rings``: how many each subject has; ``points``: how many each ring has, the first one once; ``x``, ``y``: theirs.
    """

    rings: Ints
    points: Ints
    x: Ints
    y: Ints

    def octets(self) -> bytes:
        """Counts, then x and y in turn as steps from the point before, as variable-length integers."""
        turns = np.column_stack([self.x, self.y])
        steps = np.diff(turns, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
        return varints(np.concatenate([self.rings, self.points, zigzag(steps)]))


def zigzag(values: Ints) -> Ints:
    """Small numbers of either sign as small numbers without one: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return np.asarray((values << 1) ^ (values >> 63), np.int64)


def varints(values: Ints) -> bytes:
    """Seven bits a byte, the lowest first; the eighth bit says that more follow. Values below 2**35."""
    lengths = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28):
        lengths += values >= 1 << bits
    start = np.cumsum(lengths) - lengths
    out = np.zeros(int(lengths.sum()), np.uint8)
    for place in range(5):
        some = lengths > place
        more = (lengths[some] > place + 1).astype(np.int64) << 7
        out[start[some] + place] = (values[some] >> 7 * place) & 0x7F | more
    return out.tobytes()


@dataclass(frozen=True, slots=True)
class MapPlane:
    """``crs`` in metres; ``own``: it is the parcels' own system."""

    crs: pyproj.CRS
    own: bool

    def from_layer(self, wkt: str) -> Transform | None:
        """From a layer's coordinates into the plane; None where no sound way is known."""
        crs = systems.plain(pyproj.CRS.from_wkt(wkt))
        if crs.geodetic_crs is not None and crs.geodetic_crs == self.crs.geodetic_crs and crs != self.crs:
            out, back = to_degrees(crs), from_degrees(self.crs)
            return lambda x, y: back(*out(x, y))
        return transformer(Frame(None, None, (), crs), Frame(None, None, (), self.crs))

    def from_lonlat(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """From the places that findings tell; NaN where the plane is on another datum than those."""
        if not systems.on_grs80(self.crs):
            return np.full(len(lon), np.nan), np.full(len(lat), np.nan)
        return from_degrees(self.crs)(lon, lat)


def plane(wkt: str, x: Floats, y: Floats) -> MapPlane:
    """The plane for a layer with those coordinates: its own system where a length in it is one on the ground, near
    enough for a scale bar, else a Transverse Mercator projection about the middle of the coordinates.
    """
    crs = systems.plain(pyproj.CRS.from_wkt(wkt))
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info[:2])
    if metres and not crs.is_geographic and systems.flat(crs, float(np.median(x)), float(np.median(y))):
        return MapPlane(crs, own=True)
    lon, lat = to_degrees(crs)(np.array([float(np.median(x))]), np.array([float(np.median(y))]))
    middle = TransverseMercatorConversion(float(np.round(lat[0], 4)), float(np.round(lon[0], 4)))
    return MapPlane(ProjectedCRS(middle, name="local", geodetic_crs=crs.geodetic_crs), own=False)


@dataclass(slots=True)
class MappedKind:
    """The drawn subjects of one kind: ``verdicts`` (rules x subjects); ``rows`` count from 1."""

    ids: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    rules: tuple[str, ...] = ()
    verdicts: list[NDArray[np.int8]] = field(default_factory=list)
    parts: list[PlaneRings] = field(default_factory=list)
    unshaped: int = 0

    def add(self, batch: DrawnRows, rings: PlaneRings) -> None:
        """Some more subjects with their rings."""
        self.ids += batch.ids
        self.rows += (batch.rows + 1).tolist()
        self.rules = batch.rules
        self.verdicts.append(batch.verdicts)
        self.parts.append(rings)
        self.unshaped += int((rings.rings == 0).sum())

    @property
    def rings(self) -> PlaneRings:
        """The rings of all subjects."""
        nothing = np.empty(0, np.int64)
        columns = [(part.rings, part.points, part.x, part.y) for part in self.parts] or [(nothing,) * 4]
        return PlaneRings(*(np.concatenate(column) for column in zip(*columns, strict=True)))

    def octets(self) -> bytes:
        """Verdicts, a byte each, rule by rule; then the rings."""
        return np.concatenate(self.verdicts, axis=1).tobytes() + self.rings.octets() if self.ids else b""


@dataclass(slots=True)
class SiteMap:
    """What is drawn, by kind; ``origin`` (m) is where the rings count from. ``untold``: kinds with no way here."""

    plane: MapPlane
    origin: tuple[float, float]
    kinds: dict[str, MappedKind]
    only_findings: bool
    label: str
    untold: tuple[str, ...] = ()

    def octets(self) -> bytes:
        """Kind after kind."""
        return b"".join(kind.octets() for kind in self.kinds.values())

    def spots(self, places: Sequence[tuple[float, float] | None]) -> list[list[float] | None]:
        """Places in degrees as metres from the origin, to 0.1 m; None where that is not known."""
        lon, lat = np.array([place or (np.nan, np.nan) for place in places], np.float64).reshape(-1, 2).T
        x, y = self.plane.from_lonlat(lon, lat)
        made = np.round(np.column_stack([x - self.origin[0], y - self.origin[1]]), 1)
        return [spot if np.isfinite(spot).all() else None for spot in made.tolist()]

    def draw(self, name: str, drawing: Drawing) -> bool:
        """Add the subjects of a kind; False where they are there but cannot be brought into the plane."""
        wkt = drawing.crs(name)
        change = None if wkt is None else self.plane.from_layer(wkt)
        if change is None:
            return next(iter(drawing.of(name)), None) is None
        batches = drawing.of(name)
        for batch in map(noteworthy, batches) if self.only_findings and name == "parcel" else batches:
            self.kinds[name].add(batch, plane_rings(batch.wkb, change, self.origin))
        return True


def site_map(report: Report, lang: Lang) -> SiteMap | None:
    """The map of a report; None where no shapes or no coordinate system are known."""
    drawing = report.drawing
    wkt = None if drawing is None else drawing.crs("parcel")
    if drawing is None or wkt is None:
        return None
    points = next(_points(drawing), None)
    if points is None:
        return None
    on = plane(wkt, points.real, points.imag)
    change = on.from_layer(wkt)
    assert change is not None  # the plane is the layer's own or on its datum
    x, y = change(np.array([np.median(points.real)]), np.array([np.median(points.imag)]))
    crs = systems.label(systems.plain(pyproj.CRS.from_wkt(wkt)))
    label = say("html-map-own-plane" if on.own else "html-map-local-plane", lang, crs=crs)
    only_findings = report.summary.subjects.get("parcel", 0) > ALL_UP_TO
    kinds = {"parcel": MappedKind(), "park": MappedKind()}
    made = SiteMap(on, (float(np.floor(x[0])), float(np.floor(y[0]))), kinds, only_findings, label)
    made.untold = tuple(name for name in kinds if not made.draw(name, drawing))
    return made


def _points(drawing: Drawing) -> Iterator[NDArray[np.complex128]]:
    """The coordinates of the parcels, batch by batch, where there are any."""
    for batch in drawing.of("parcel"):
        points = shapes(batch.wkb).rings.points
        points = points[np.isfinite(points)]
        if len(points):
            yield points


def noteworthy(batch: DrawnRows) -> DrawnRows:
    """The subjects of a batch that some rule does not simply pass."""
    some = np.flatnonzero(np.isin(batch.verdicts, [int(verdict) for verdict in NOTEWORTHY]).any(axis=0))
    ids = tuple(batch.ids[row] for row in some)
    return DrawnRows(ids, batch.rows[some], batch.wkb.take(pa.array(some)), batch.rules, batch.verdicts[:, some])


def gravest(verdicts: NDArray[np.int8]) -> NDArray[np.int8]:
    """The gravest verdict of each subject (rules x subjects); not applicable only where every rule says so."""
    worst = np.where(verdicts == Verdict.NOT_APPLICABLE, -1, verdicts).max(axis=0, initial=-1)
    return np.where(worst < 0, Verdict.NOT_APPLICABLE, worst).astype(np.int8)


def plane_rings(wkb: pa.Array, change: Transform, origin: tuple[float, float]) -> PlaneRings:
    """The rings in decimetres from the origin; those with a coordinate out of reach stay out."""
    rings = shapes(wkb).rings
    order = np.argsort(rings.row, kind="stable")
    row, count, start = rings.row[order], rings.count[order] - 1, rings.start[order]
    ring = np.repeat(np.arange(len(row)), count)
    index = np.repeat(start - np.cumsum(count) + count, count) + np.arange(len(ring))
    points = rings.points[index]
    x, y = change(np.ascontiguousarray(points.real), np.ascontiguousarray(points.imag))
    dm = np.stack([(np.asarray(x) - origin[0]) * 10, (np.asarray(y) - origin[1]) * 10])
    far = ~(np.abs(dm) < FARTHEST_DM).all(axis=0)
    kept = np.bincount(ring[far], minlength=len(row)) == 0
    dm = np.rint(dm[:, kept[ring]]).astype(np.int64)
    return PlaneRings(np.bincount(row[kept], minlength=len(wkb)), count[kept], dm[0], dm[1])
