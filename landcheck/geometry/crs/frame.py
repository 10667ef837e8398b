"""Which coordinate system a layer is in, from evidence only, and the way from one to another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from landcheck.errors import UsageError
from landcheck.geometry.crs import plausible, systems
from landcheck.geometry.crs.systems import Floats, Transform, from_degrees, to_degrees
from landcheck.messages import Message
from landcheck.model import DataFinding, Level, Subject

Bounds = tuple[float, float, float, float]

UNREADABLE = (CRSError, RecursionError)
"""What pyproj raises of what names no system: the second, of JSON nested without end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The coordinate system of a layer.

    ``crs`` is the system in which ellipsoidal areas may be taken, None where there is none; ``known`` is the system the
    coordinates are in even if there is no way from it to CGCS2000 (Beijing 54); ``label`` names it in reports;
    ``home`` is where a shape of the layer lies, by which others may be found to have gone astray.
    """

    crs: pyproj.CRS | None
    label: str | None
    findings: tuple[DataFinding, ...] = ()
    known: pyproj.CRS | None = None
    home: Bounds | None = None

    @property
    def plane(self) -> pyproj.CRS | None:
        """The system in which planar areas may be taken: on another ellipsoid or without a tie to the earth as well."""
        if self.known is None or self.home is None or self.known.is_geographic:
            return self.known
        west, south, east, north = self.home
        return self.known if systems.flat(self.known, (west + east) / 2, (south + north) / 2) else None

    @property
    def usable(self) -> bool:
        """Whether ellipsoidal areas may be taken from the geometry."""
        return self.crs is not None


@dataclass(frozen=True, slots=True)
class _Layer:
    """What findings speak of: the layer, called by its own name where it has one, and where it lies as a whole."""

    subject: Subject
    file: str
    name: str | None
    extent: str

    def finding(self, level: Level, message: Message) -> DataFinding:
        values = {"source": of_source(self.file, self.name), "extent": self.extent, **message.values}
        return DataFinding("data/crs", level, self.subject, Message(message.code, values))


def of_source(file: str, layer: str | None) -> str | Message:
    """How to call a layer: by its file alone where it has no name of its own."""
    return file if layer is None else Message("layer-of-file", {"file": file, "layer": layer})


def frame(
    wkt: str | None, declared: str | None, bounds: Bounds | None, driver: str, subject: Subject, file: str,
    whole: tuple[str | None, Bounds | None] | None = None,
) -> Frame:  # fmt: skip
    """The coordinate system of a layer by the evidence there is, the user's word first.

    ``wkt`` is the file's own statement, ``declared`` the user's (EPSG code, WKT or PROJ string; UsageError if it is
    none of these), ``bounds`` the extent of a typical shape; ``whole`` the layer's own name and extent, for the words.
    """
    name, extent = whole or (None, bounds)
    layer = _Layer(subject, file, name, plausible.extent_text(extent))
    told = None if declared is None else declared_crs(declared)
    own, findings = _own(wkt, layer)
    crs = own if told is None else told
    if told is not None and own is not None and not (systems.same(told, own) or systems.alike(told, own)):
        values = {"declared": systems.label(told), "found": systems.label(own)}
        findings.append(layer.finding(Level.WARNING, Message("data-crs-declared-wins", values)))
    if crs is None:
        if not findings:
            findings.append(layer.finding(Level.WARNING, plausible.missing(bounds)))
        return Frame(None, None, tuple(findings))
    if told is None:
        findings += [layer.finding(Level.WARNING, note) for note in (systems.unnamed(crs),) if note is not None]
    return replace(_judged(crs, bounds, driver, layer, findings, sure=told is not None), home=bounds)


def declared_crs(text: str) -> pyproj.CRS:
    """The system a user names; UsageError where the text names none."""
    try:
        told = pyproj.CRS.from_user_input(f"EPSG:{text.strip()}" if text.strip().isdigit() else text)
    except UNREADABLE as error:
        raise UsageError("crs-unreadable", text=systems.brief(text, systems.LONGEST_NAME)) from error
    if (refused := systems.no_map(systems.plain(told))) is not None:
        derived = refused.code == "data-crs-derived"
        raise UsageError("crs-derived" if derived else "crs-not-horizontal", **refused.values)
    return systems.with_own_way(told)


def _own(wkt: str | None, layer: _Layer) -> tuple[pyproj.CRS | None, list[DataFinding]]:
    if not wkt or not wkt.strip():
        return None, []
    try:
        return systems.with_own_way(pyproj.CRS.from_user_input(wkt)), []
    except UNREADABLE:
        return None, [layer.finding(Level.ERROR, Message("data-crs-unreadable", {}))]


def _judged(
    crs: pyproj.CRS, bounds: Bounds | None, driver: str, layer: _Layer, findings: list[DataFinding], *, sure: bool
) -> Frame:
    name = systems.label(crs)
    if (refused := systems.no_map(crs)) is not None:
        return Frame(None, name, (*findings, layer.finding(Level.WARNING, refused)))
    contradiction = plausible.contradiction(crs, bounds, driver)
    if contradiction is not None:
        return Frame(None, name, (*findings, layer.finding(Level.ERROR, contradiction)))
    unfit = systems.unfit_for_area(crs)
    if unfit is not None:
        return Frame(None, name, (*findings, layer.finding(Level.WARNING, unfit)), crs)
    far = plausible.elsewhere(crs, bounds)
    if far is not None and not sure:
        return Frame(None, name, (*findings, layer.finding(Level.ERROR, far)))
    if far is not None:
        findings.append(layer.finding(Level.WARNING, far))
    return Frame(crs, name, tuple(findings), crs)


__all__ = ["Transform", "from_degrees", "lonlat", "to_degrees", "transformer"]

# 1e-7 degrees is a centimetre
DECIMALS = 7


def transformer(a: Frame, b: Frame) -> Transform | None:
    """From the coordinates of ``a`` to those of ``b``; None where no sound way is known.

    WGS 84, CGCS2000 and others on their ellipsoid coincide to about a metre and count as one datum, which PROJ, asked
    to take no ballpark, would refuse.
    """
    if a.known is None or b.known is None:
        return None
    if systems.same(a.known, b.known):
        return lambda x, y: (x, y)
    if systems.on_grs80(a.known) and systems.on_grs80(b.known):
        out, back = to_degrees(a.known), from_degrees(b.known)
        return lambda x, y: back(*out(x, y))
    try:
        change = pyproj.Transformer.from_crs(a.known, b.known, always_xy=True, allow_ballpark=False)
    except (ProjError, CRSError):
        return None
    return change.transform


def lonlat(x: Floats, y: Floats, frame: Frame | None) -> Floats:
    """(n, 2): longitude and latitude to 7 decimals (a centimetre).

    NaN where the coordinate system is not known or has another datum.
    """
    if frame is None or frame.known is None or not systems.on_grs80(frame.known):
        return np.full((len(x), 2), np.nan)
    lon, lat = to_degrees(frame.known)(np.asarray(x, float), np.asarray(y, float))
    return np.column_stack([np.round(lon, DECIMALS), np.round(lat, DECIMALS)])
