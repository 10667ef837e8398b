"""What stands around the parcels: parks, zones, buildings, green and attributes, read whole before the first parcel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.facts.attributes import Attributes
from landcheck.facts.attributes import load as load_attributes
from landcheck.facts.buildings import Sums, sum_up
from landcheck.facts.layers import IDS, SUBJECTS, Sheetful, subject_of
from landcheck.facts.pools import PoolSums
from landcheck.fields.normalise import Counts, assume
from landcheck.geometry import validity
from landcheck.geometry.area import ellipsoidal_area_m2, planar_area_m2
from landcheck.geometry.crs.frame import Frame, transformer
from landcheck.geometry.crs.frame import lonlat as to_lonlat
from landcheck.geometry.place import Places
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Role, Subject
from landcheck.quality.ids import Ids
from landcheck.request import Request

Areas = NDArray[np.float64]


@dataclass(slots=True)
class Ground:
    """A layer of polygons read whole: its rows, and its shapes in its own frame."""

    sheet: Sheetful
    batch: Batch
    drawn: Shapes | None

    def places(self, frame: Frame | None) -> Places | None:
        """The polygons in another layer's frame; None where either frame is unknown or the layer has no shapes."""
        if self.drawn is None or frame is None or self.sheet.frame is None:
            return None
        change = transformer(self.sheet.frame, frame)
        return None if change is None else Places(self.drawn.moved(change))


@dataclass(slots=True)
class Around:
    """Everything but the parcels."""

    parks: Ground | None = None
    zones: Ground | None = None
    green: Ground | None = None
    buildings: Ground | None = None
    attributes: Attributes | None = None
    table: Sheetful | None = None
    sums: Sums | None = None
    pools: PoolSums | None = None
    findings: list[DataFinding] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    def met(self) -> list[NDArray[np.bool_]]:
        """What the parcels seen so far have met: rows of the attributes, parcels that buildings stand on."""
        return [part.met for part in (self.attributes, self.sums) if part is not None]

    def meet(self, met: Sequence[NDArray[np.bool_]]) -> None:
        """Take in what another partition's parcels met."""
        for mine, theirs in zip(self.met(), met, strict=True):
            np.logical_or(mine, theirs, out=mine)


def survey(sheets: dict[str, Sheetful], request: Request) -> Around:
    """Read every layer but the parcels, and what is wrong with them."""
    around = Around()
    for name in ("parks", "zones", "green", "buildings"):
        if name in sheets:
            setattr(around, name, _ground(sheets[name], request, around))
    if "attributes" in sheets:
        around.table = sheets["attributes"]
        around.attributes = load_attributes(around.table, request)
        around.findings += around.attributes.findings
    if around.parks is not None and request.assume:
        around.counts.add("parks", assume(around.parks.batch, request.as_of))
    return around


def _ground(sheet: Sheetful, request: Request, around: Around) -> Ground:
    batch = sheet.whole(request)
    if not batch.rows and sheet.name in ("parks", "zones"):
        raise InputError("layer-empty", file=sheet.file, layer=sheet.layer.info.layer or sheet.name)
    around.findings += _ids(sheet, batch)
    if batch.wkb is None:
        return Ground(sheet, batch, None)
    faults, sound = validity.examine(shapes(batch.wkb))
    if sheet.role is Role.GREEN:  # green may come as rows of a ledger: CONTRACT section 2, polygons or rows
        faults = [fault for fault in faults if fault.code != "null"]
    around.findings += geometry_findings(batch, faults, sheet)
    return Ground(sheet, batch, sound)


def _ids(sheet: Sheetful, batch: Batch) -> list[DataFinding]:
    if sheet.role not in (Role.PARKS, Role.GREEN):
        return []
    ids = Ids(SUBJECTS[sheet.role], sheet.file)
    ids.add(0, batch.texts[IDS[sheet.role]])
    return ids.finish()


def drawn_area(ground: Ground, request: Request) -> Areas | None:
    """The area of each row by the basis asked for, in m²; None for a layer without usable shapes."""
    return area_by_basis(ground.drawn, ground.sheet.frame, request.area_basis)


def area_by_basis(drawn: Shapes | None, frame: Frame | None, basis: str) -> Areas | None:
    """Ellipsoidal or planar area in m²."""
    crs = None if frame is None else frame.plane if basis == "planar" else frame.crs
    if drawn is None or crs is None:
        return None
    return planar_area_m2(drawn, crs) if basis == "planar" else ellipsoidal_area_m2(drawn, crs)


def geometry_findings(batch: Batch, faults: Sequence[validity.ShapeFault], sheet: Sheetful) -> list[DataFinding]:
    """Faults of shapes as findings: which row, what, and where; a repaired one is a warning."""
    if not faults:
        return []
    x, y = np.array([f.x for f in faults]), np.array([f.y for f in faults])
    places = lonlat(x, y, sheet.frame)
    return [_geometry_finding(batch, fault, sheet, place) for fault, place in zip(faults, places, strict=True)]


def _geometry_finding(
    batch: Batch, fault: validity.ShapeFault, sheet: Sheetful, place: NDArray[np.float64]
) -> DataFinding:
    row = batch.first_row + fault.row + 1
    level = Level.WARNING if fault.repaired else Level.ERROR
    message = fault.message(file=sheet.file, row=row)
    return DataFinding("data/geometry", level, subject_of(batch, fault.row), message, row, spot(place))


def spot(place: NDArray[np.float64]) -> tuple[float, float] | None:
    """A place of the report, or None where it is unknown."""
    return None if np.isnan(place).any() else (float(place[0]), float(place[1]))


def lonlat(x: Areas, y: Areas, frame: Frame | None) -> NDArray[np.float64]:
    """(n, 2): longitude and latitude, NaN where the frame is unknown."""
    if frame is None:
        return np.full((len(x), 2), np.nan)
    return np.column_stack(to_lonlat(x, y, frame))


def with_buildings(around: Around, request: Request, by_location: pa.Array | None) -> None:
    """Sum the buildings up; ``by_location`` holds parcel ids for buildings that name none."""
    ground = around.buildings
    if ground is None:
        return
    if by_location is not None:
        own = ground.batch.texts["parcel_id"]
        ground.batch.texts["parcel_id"] = pc.coalesce(own, by_location)
    around.sums, taken = sum_up(ground.batch, drawn_area(ground, request), assume=request.assume)
    around.counts.add("buildings", taken)
    lost = np.flatnonzero(ground.batch.texts["parcel_id"].is_null().to_numpy(zero_copy_only=False))
    around.findings += [_homeless(ground, int(row)) for row in lost]
    around.findings += _repeated(ground)


def _repeated(ground: Ground) -> list[DataFinding]:
    """An error for each building that stands twice on one parcel, where its floor area counts twice.

    Two parcels may each have a building number 1.
    """
    rows = defaultdict[tuple[str, str], list[int]](list)
    texts = ground.batch.texts
    for row, key in enumerate(zip(texts["parcel_id"].to_pylist(), texts["building_id"].to_pylist(), strict=True)):
        if None not in key:
            rows[key].append(row + 1)
    return [
        DataFinding("data/id", Level.ERROR, Subject("building", building), Message("building-repeated", {
            "file": ground.sheet.file, "building": building, "parcel": parcel, "rows": again}), again[0])
        for (parcel, building), again in rows.items() if len(again) > 1
    ]  # fmt: skip


def _homeless(ground: Ground, row: int) -> DataFinding:
    message = Message("building-without-parcel", {"file": ground.sheet.file, "row": row + 1})
    subject: Subject = subject_of(ground.batch, row)
    return DataFinding("data/location", Level.ERROR, subject, message, row + 1)
