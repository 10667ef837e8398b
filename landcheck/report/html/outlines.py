"""The map's part of the page: parcels and parks as outlines in one plane, in whole decimetres, with every verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyproj
from numpy.typing import NDArray
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

from landcheck.geometry.crs import systems
from landcheck.geometry.crs.frame import Frame, from_degrees, to_degrees, transformer
from landcheck.geometry.shapes.batch import shapes
from landcheck.messages import Lang, say
from landcheck.model import Drawing, DrawnRows, Report
from landcheck.report.options import NOTEWORTHY

Ints = NDArray[np.int64]

# beyond, the difference of two coordinates would not fit the 32 bits in which browsers shift
FARTHEST_DM = 2**29


@dataclass(frozen=True, slots=True)
class Outlines:
    """Rings in decimetres, of all subjects one after the other.

    ``rings``: how many each subject has; ``points``: how many each ring has, the first one once; ``x``, ``y``: theirs.
    """

    rings: Ints
    points: Ints
    x: Ints
    y: Ints

    def packed(self) -> bytes:
        """Counts, then x and y in turn, as variable-length integers."""
        turns = np.column_stack([self.x, self.y])
        steps = np.diff(turns, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
        return varints(np.concatenate([self.rings, self.points, zigzag(steps)]))


def joined(parts: list[Outlines]) -> Outlines:
    """All of them, one after the other."""
    nothing = np.empty(0, np.int64)
    columns = [(part.rings, part.points, part.x, part.y) for part in parts] or [(nothing,) * 4]
    return Outlines(*(np.concatenate(column) for column in zip(*columns, strict=True)))


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


Floats = NDArray[np.float64]
Change = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Plane:
    """``crs`` in metres; ``own``: it is the parcels' own system."""

    crs: pyproj.CRS
    own: bool

    def from_layer(self, wkt: str) -> Change | None:
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


def plane(wkt: str, x: Floats, y: Floats) -> Plane:
    """The plane for a layer with those coordinates."""
    crs = systems.plain(pyproj.CRS.from_wkt(wkt))
    if not _true_to_scale(crs):
        return Plane(_local(crs, float(np.median(x)), float(np.median(y))), own=False)
    return Plane(crs, own=True)


def _true_to_scale(crs: pyproj.CRS) -> bool:
    """Whether a length in it is one on the ground, near enough for a scale bar."""
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info[:2])
    return metres and not crs.is_geographic and not systems.is_web_mercator(crs)


def _local(crs: pyproj.CRS, x: float, y: float) -> pyproj.CRS:
    lon, lat = to_degrees(crs)(np.array([x]), np.array([y]))
    middle = TransverseMercatorConversion(float(np.round(lat[0], 4)), float(np.round(lon[0], 4)))
    return ProjectedCRS(middle, name="local", geodetic_crs=crs.geodetic_crs)


# Decided with measurements: a page of 100,000 outlines is 7 MB and slow on an office computer.
ALL_UP_TO = 20_000
KINDS = ("parcel", "park")


@dataclass(slots=True)
class Kind:
    """The drawn subjects of one kind: ``verdicts`` (rules x subjects); ``rows`` count from 1."""

    ids: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    rules: tuple[str, ...] = ()
    verdicts: list[NDArray[np.int8]] = field(default_factory=list)
    outlines: list[Outlines] = field(default_factory=list)
    unshaped: int = 0

    def packed(self) -> bytes:
        """Verdicts, a byte each, rule by rule; then the outlines."""
        if not self.ids:
            return b""
        return np.concatenate(self.verdicts, axis=1).tobytes() + joined(self.outlines).packed()


@dataclass(slots=True)
class Map:
    """What is drawn, by kind; ``origin`` (m) is where the outlines count from. ``untold``: kinds with no way here."""

    plane: Plane
    origin: tuple[float, float]
    kinds: dict[str, Kind]
    only_findings: bool
    label: str
    untold: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """Kind after kind."""
        return b"".join(self.kinds[name].packed() for name in KINDS)

    def spots(self, places: Sequence[tuple[float, float] | None]) -> list[list[float] | None]:
        """Places in degrees as metres from the origin, to 0.1 m."""
        known = [(i, place) for i, place in enumerate(places) if place is not None]
        lon, lat = np.array([place for _, place in known], np.float64).reshape(-1, 2).T
        x, y = self.plane.from_lonlat(lon, lat)
        made = np.round(np.column_stack([x - self.origin[0], y - self.origin[1]]), 1)
        spots: list[list[float] | None] = [None] * len(places)
        for (i, _), spot in zip(known, made.tolist(), strict=True):
            spots[i] = spot if np.isfinite(spot).all() else None
        return spots


def drawn(report: Report, lang: Lang) -> Map | None:
    """The map of a report; None where no shapes or no coordinate system are known."""
    drawing = report.drawing
    wkt = None if drawing is None else drawing.crs("parcel")
    if drawing is None or wkt is None:
        return None
    found = _started(drawing, wkt)
    if found is None:
        return None
    only_findings = report.summary.subjects.get("parcel", 0) > ALL_UP_TO
    code = "html-map-own-plane" if found[0].own else "html-map-local-plane"
    label = say(code, lang, crs=systems.label(systems.plain(pyproj.CRS.from_wkt(wkt))))
    made = Map(*found, {name: Kind() for name in KINDS}, only_findings, label)
    made.untold = tuple(name for name in KINDS if not _draw(made, name, drawing))
    return made


def _started(drawing: Drawing, wkt: str) -> tuple[Plane, tuple[float, float]] | None:
    """The plane and its origin, from the first coordinates there are."""
    for batch in drawing.of("parcel"):
        points = shapes(batch.wkb).rings.points
        points = points[np.isfinite(points)]
        if len(points):
            on = plane(wkt, points.real, points.imag)
            change = on.from_layer(wkt)
            assert change is not None  # the plane is the layer's own or on its datum
            x, y = change(np.array([np.median(points.real)]), np.array([np.median(points.imag)]))
            return on, (float(np.floor(x[0])), float(np.floor(y[0])))
    return None


def _draw(made: Map, name: str, drawing: Drawing) -> bool:
    """Add all subjects of a kind; False where they are there but cannot be brought into the plane."""
    wkt = drawing.crs(name)
    change = None if wkt is None else made.plane.from_layer(wkt)
    if change is None:
        return next(iter(drawing.of(name)), None) is None
    kind = made.kinds[name]
    for batch in _wanted(drawing.of(name), everything=name != "parcel" or not made.only_findings):
        outlines = _outlines(batch.wkb, change, made.origin)
        kind.ids += batch.ids
        kind.rows += (batch.rows + 1).tolist()
        kind.rules = batch.rules
        kind.verdicts.append(batch.verdicts)
        kind.outlines.append(outlines)
        kind.unshaped += int((outlines.rings == 0).sum())
    return True


def _wanted(batches: Iterator[DrawnRows], *, everything: bool) -> Iterator[DrawnRows]:
    for batch in batches:
        if everything:
            yield batch
            continue
        some = np.flatnonzero(np.isin(batch.verdicts, [int(verdict) for verdict in NOTEWORTHY]).any(axis=0))
        ids = tuple(batch.ids[row] for row in some)
        yield DrawnRows(ids, batch.rows[some], batch.wkb.take(pa.array(some)), batch.rules, batch.verdicts[:, some])


def _outlines(wkb: pa.Array, change: Change, origin: tuple[float, float]) -> Outlines:
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
    return Outlines(np.bincount(row[kept], minlength=len(wkb)), count[kept], dm[0], dm[1])
