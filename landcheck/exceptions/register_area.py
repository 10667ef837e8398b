"""The place a waiver is granted for: a polygon as WKT, or all polygons of a file, with their coordinate system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from landcheck.bounded import is_inside
from landcheck.errors import InputError, UsageError
from landcheck.geometry.crs.frame import Frame, frame, transformer
from landcheck.geometry.shapes.batch import Shapes, of_objects, shapes
from landcheck.messages import Message
from landcheck.model import InputInfo, Level, Subject
from landcheck.nested import written_within_depth
from landcheck.read import open_layer

WKT = re.compile(r"\s*(MULTI)?POLYGON\b", re.IGNORECASE)
# Straight lines of one system bend in another: of pieces this long none leaves its place by a tenth of a millimetre.
PIECE_M, PIECE_DEGREES = 50.0, 0.0005
# What two programs make of the same boundary: a centimetre.
SLACK_M, SLACK_DEGREES = 0.01, 1e-7


@dataclass(frozen=True, slots=True)
class WaiverArea:
    """A polygon in its own frame; ``info`` tells of the file it came from."""

    polygon: Any
    frame: Frame
    info: InputInfo | None = None

    def within(self, other: Frame) -> Any | None:
        """The polygon in another frame, a centimetre wider than drawn; None where no sound way leads there."""
        change = transformer(self.frame, other)
        if change is None or other.known is None or self.frame.known is None:
            return None
        fine = shapely.segmentize(self.polygon, PIECE_DEGREES if self.frame.known.is_geographic else PIECE_M)
        x, y = change(*shapely.get_coordinates(fine).T)
        moved = shapely.set_coordinates(fine, np.column_stack([x, y]))
        return shapely.buffer(moved, SLACK_DEGREES if other.known.is_geographic else SLACK_M)


def read_area(held: Mapping[str, Any], register: str) -> WaiverArea | None:
    """The polygon of an entry; a file is looked for beside the register. UsageError for one that cannot be used."""
    text, crs = str(held.get("polygon") or ""), held.get("crs")
    if not text:
        return None
    if WKT.match(text):
        if crs is None:
            raise UsageError("waiver-polygon-without-crs")
        if not written_within_depth(pa.array([text]))[0].as_py():
            raise UsageError("waiver-polygon-unreadable", reason=Message("waiver-polygon-wkt", {"text": text[:60]}))
        try:
            drawn = of_objects(np.array([shapely.from_wkt(text)], object))
        except shapely.GEOSException as error:
            raise UsageError(
                "waiver-polygon-unreadable", reason=Message("waiver-polygon-wkt", {"text": str(error)})
            ) from error
        return WaiverArea(_polygon(drawn), _frame(drawn, None, str(crs), "WKT", "polygon"))
    return _of_file(str(area_file(text, register)), None if crs is None else str(crs), Path(register).parent)


def area_file(polygon: str, register: str) -> str | None:
    """The file that a polygon is read from, beside the register; None for WKT."""
    return None if not polygon or WKT.match(polygon) else (Path(register).parent / polygon).as_posix()


def _of_file(path: str, crs: str | None, folder: Path) -> WaiverArea:
    if not is_inside(Path(path), folder):
        raise UsageError("waiver-polygon-unreadable", reason=Message("waiver-polygon-outside", {"path": path}))
    try:
        layer = open_layer(path, "waivers")
        wkb = [rows.wkb for rows in layer.batches() if rows.wkb is not None]
    except (InputError, UsageError) as error:
        raise UsageError("waiver-polygon-unreadable", reason=error.message) from error
    if crs is not None and layer.wkt:
        raise UsageError("waiver-polygon-has-crs", path=layer.info.path)
    if not wkb:
        raise UsageError("waiver-polygon-unreadable", reason=Message("waiver-polygon-none"))
    drawn = shapes(pa.chunked_array(wkb))
    settled = _frame(drawn, layer.wkt, crs, layer.driver, layer.info.path)
    return WaiverArea(_polygon(drawn), settled, replace(layer.info, crs=settled.label))


def _polygon(drawn: Shapes) -> Any:
    """All polygons as one."""
    geoms = drawn.geoms()
    sound = shapely.is_valid(geoms) & (shapely.area(geoms) > 0)
    if not len(geoms) or not sound.all():
        said = [Message("waiver-polygon-unsound", {"text": text}) for text in shapely.is_valid_reason(geoms[~sound])]
        raise UsageError("waiver-polygon-unreadable", reason=said[0] if said else Message("waiver-polygon-none"))
    return shapely.union_all(geoms)


def _frame(drawn: Shapes, wkt: str | None, crs: str | None, driver: str, file: str) -> Frame:
    try:
        settled = frame(wkt, crs, tuple(shapely.total_bounds(drawn.geoms())), driver, Subject("layer", "waivers"), file)
    except UsageError as error:
        raise UsageError("waiver-polygon-unreadable", reason=error.message) from error
    wrong = [finding.message for finding in settled.findings if finding.level is Level.ERROR or settled.known is None]
    if wrong or settled.known is None:
        reason = wrong[0] if wrong else Message("waiver-polygon-without-crs")
        raise UsageError("waiver-polygon-unreadable", reason=reason)
    return settled
