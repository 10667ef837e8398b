"""What stands beside the parcels: parks, zones, green, buildings and attributes, read whole before the first parcel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.errors import nearest
from landcheck.facts.attributes import NAMED, Attributes, ids_finding, read_attributes
from landcheck.facts.floor_sums import FloorSums, sum_buildings
from landcheck.facts.mapped import COMPANIONS, MappedLayer, without_rows
from landcheck.facts.pools import Pools
from landcheck.fields.normalise import assume
from landcheck.geometry import validity
from landcheck.geometry.area import area_m2
from landcheck.geometry.crs.frame import Frame, transformer
from landcheck.geometry.place import Places
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Role, Subject
from landcheck.quality.alike import SUBJECTS
from landcheck.quality.ids import (
    IDS,
    Ids,
    idents,
    no_rows_of_their_own,
    repeated,
    row_finding,
    rows_of,
)
from landcheck.quality.neighbours import shape_findings
from landcheck.request import Request
from landcheck.verdicts.totals import BatchResult, Counts

MATCHED = 50_000  # how many ids are looked through for one like another


@dataclass(slots=True)
class Companion:
    """A layer of polygons read whole: its rows, and the sound ones of its shapes in its own frame."""

    layer: MappedLayer
    batch: Batch
    shapes: Shapes | None

    def places(self, frame: Frame | None) -> Places | None:
        """The polygons in another layer's frame; None where either frame is unknown or the layer has no shapes."""
        if self.shapes is None or frame is None or self.layer.frame is None:
            return None
        change = transformer(self.layer.frame, frame)
        return None if change is None else Places(self.shapes.moved(change))

    def drawn_area(self, basis: str) -> NDArray[np.float64] | None:
        """The area of each row in m² by that basis, NaN unknown; None for a layer without shapes."""
        return None if self.shapes is None else area_m2(self.shapes, self.layer.frame, basis)


def park_numbers(named: pa.Array, parks: Batch) -> pa.Array:
    """The ids of parks that rows name: a name that one park alone has stands for its id."""
    ids, names = parks.texts["park_id"], parks.texts["name"]
    alone = pc.invert(pc.is_in(names, value_set=repeated(names)))
    meant = ids.filter(alone).take(pc.index_in(named, value_set=names.filter(alone), skip_nulls=True))
    return pc.if_else(pc.is_in(named, value_set=ids), named, pc.coalesce(meant, named))


@dataclass(slots=True)
class Companions:
    """The layers beside the parcels, what is summed up from them, what is wrong with them and what was assumed.

    ``floor_sums`` are those of the buildings by parcel; ``pools`` share facilities among parcels.
    """

    parks: Companion | None = None
    zones: Companion | None = None
    green: Companion | None = None
    buildings: Companion | None = None
    attributes: Attributes | None = None
    floor_sums: FloorSums | None = None
    pools: Pools | None = None
    findings: list[DataFinding] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


def read_companions(layers: dict[str, MappedLayer], request: Request) -> Companions:
    """Read every layer but the parcels. InputError for parks or zones without a row."""
    companions = Companions()
    for name in COMPANIONS:
        if name in layers:
            setattr(companions, name, _companion(layers[name], request, companions.findings))
    if "attributes" in layers:
        companions.attributes = read_attributes(layers["attributes"], request, companions.findings)
    if companions.parks is not None and request.assume:
        companions.counts.count("parks", assume(companions.parks.batch, request.as_of))
    return companions


def _companion(layer: MappedLayer, request: Request, findings: list[DataFinding]) -> Companion:
    batch = layer.whole(request)
    if not batch.rows and layer.name in ("parks", "zones"):
        raise without_rows(layer.name, layer.source)
    if layer.role in (Role.PARKS, Role.GREEN):
        ids = Ids(SUBJECTS[layer.role], layer.file)
        ids.add(BatchResult(batch, idents(batch)))
        findings += ids.finish()
    if layer.role in IDS:
        findings += no_rows_of_their_own(batch, layer.file)
    if batch.wkb is None:
        return Companion(layer, batch, None)
    faults, sound = validity.examine(shapes(batch.wkb), layer.frame)
    if layer.role is Role.GREEN:  # green may come as rows of a ledger: CONTRACT section 2, polygons or rows
        faults = [fault for fault in faults if fault.code != "null"]
    findings += shape_findings(batch, faults, layer.frame, layer.file)
    return Companion(layer, batch, sound)


def sum_floor_areas(
    companions: Companions, request: Request, nameless: pa.Array | None = None, astray: pa.Array | None = None
) -> None:
    """Sum the buildings up by parcel.

    ``nameless`` and ``astray`` hold for each building the id of the parcel that it stands on, where it names none and
    where it names one that is not there: the floor area of that parcel is unknown.
    """
    buildings = companions.buildings
    if buildings is None:
        return
    batch = buildings.batch
    if nameless is not None:
        batch.texts["parcel_id"] = pc.coalesce(batch.texts["parcel_id"], nameless)
    footprint = buildings.drawn_area(request.area_basis)
    companions.floor_sums, taken = sum_buildings(batch, footprint, assume=request.assume)
    if astray is not None:
        companions.floor_sums.forget(astray.drop_null())
    companions.counts.count("buildings", taken)
    companions.findings += [
        row_finding("data/location", Level.ERROR, batch, row, "building-without-parcel", {"file": buildings.layer.file})
        for row in rows_of(batch.texts["parcel_id"].is_null())
    ]
    companions.findings += _repeated(batch, buildings.layer.file)


def _repeated(buildings: Batch, file: str) -> list[DataFinding]:
    """An error for each building that stands twice on one parcel, where its floor area counts twice.

    Two parcels may each have a building number 1.
    """
    rows = defaultdict[tuple[str, str], list[int]](list)
    columns = (buildings.texts[name].to_pylist() for name in ("parcel_id", "building_id"))
    for row, key in enumerate(zip(*columns, strict=True)):
        if None not in key:
            rows[key].append(row + 1)
    return [
        DataFinding("data/id", Level.ERROR, Subject("building", building), Message("building-repeated", {
            "file": file, "building": building, "parcel": parcel, "rows": again}), again[0])
        for (parcel, building), again in rows.items() if len(again) > 1
    ]  # fmt: skip


@dataclass(slots=True)
class MatchedIds:
    """Which ids of the attributes and of the buildings some parcel has, by companion."""

    found: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def add(self, result: BatchResult) -> None:
        """Mark the ids that a batch has."""
        self.merge(MatchedIds(result.matched))

    def merge(self, other: MatchedIds) -> None:
        """Take in another part's."""
        for name, has in other.found.items():
            self.found[name] = self.found.get(name, np.False_) | has

    def finish(self, companions: Companions, parcels: Callable[[], pa.Array]) -> list[DataFinding]:
        """A finding for each companion that holds ids no parcel has, with the parcels' ids that are nearly the same.

        The floor area of such buildings is nobody's.
        """
        found = []
        if companions.attributes is not None:
            lost = companions.attributes.ids.filter(pa.array(~self.found["attributes"])).to_pylist()
            found.append(("data/id", Level.WARNING, companions.attributes.layer, "attributes-without-parcel", lost))
        if companions.floor_sums is not None and companions.buildings is not None:
            lost = companions.floor_sums.ids.filter(pa.array(~self.found["buildings"])).to_pylist()
            found.append(("data/location", Level.ERROR, companions.buildings.layer, "buildings-without-parcel", lost))
        return [ids_finding(*one, near=near_ids(one[-1][:NAMED], parcels())) for one in found if one[-1]]


def near_ids(lost: list[str], known: pa.Array) -> list[str]:
    """Each lost id with the known one that differs from it by dashes, case, zeros in front or O for 0 alone."""
    among = dict(zip(_skeletons(known).to_pylist(), known.to_pylist(), strict=True))
    near = [among.get(key) for key in _skeletons(pa.array(lost, pa.string())).to_pylist()]
    return [f"{ident} ≈ {other}" for ident, other in zip(lost, near, strict=True) if other is not None]


def nearest_ids(wrong: str, known: pa.Array) -> list[str]:
    """The ids that a wrong one is likely to mean, those that differ in writing alone first; all where none is near."""
    ids = known.drop_null().unique()
    alike = pc.equal(_skeletons(ids), _skeletons(pa.array([wrong], pa.string()))[0])
    return ids.filter(alike).to_pylist() or nearest(wrong, ids[:MATCHED].to_pylist())


def _skeletons(ids: pa.Array) -> pa.Array:
    """What ids have in common that are written in several ways."""
    keys = pc.utf8_upper(ids)
    for pattern, by in ((r"[-\s_.·/‐‑‒–—―]+", "-"), ("O", "0"), ("[IL]", "1"), (r"(^|[^0-9])0+([0-9])", r"\1\2")):
        keys = pc.replace_substring_regex(keys, pattern, by)
    return keys
