"""What relates a parcel to others: buildings that stand on it, its pool, and the parent it was split from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.facts.companions import Companions
from landcheck.facts.complete import WHOLLY
from landcheck.facts.mapped import MappedLayer
from landcheck.facts.pools import POOLED, PoolParts
from landcheck.geometry import validity
from landcheck.geometry.place import Places, share_inside
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.messages import Message
from landcheck.model import DataFinding, Level, Subject
from landcheck.quality.ids import idents, rows_of
from landcheck.quality.neighbours import surplus_parts
from landcheck.request import Request
from landcheck.verdicts.totals import BatchResult, DataCheck

TIE = 1 + 1e-12


class FoundParcels(NamedTuple):
    """For each building the parcel it stands on: where it names none, and where it names one that is not there."""

    nameless: pa.Array
    astray: pa.Array


@dataclass(slots=True)
class BuildingParcels:
    """For each building the parcel that holds most of it, and how much (m²); of equals the one whose id comes first.

    ``known``: the parcel that it ``names`` is in the layer; where it lies is not looked at then.
    """

    names: pa.Array
    area: NDArray[np.float64]
    parcel: NDArray[np.object_]
    known: NDArray[np.bool_]

    def add(self, buildings: Places, drawn: Shapes, ids: pa.Array) -> None:
        """Look at a batch of parcels."""
        geoms, named = drawn.geoms(), pc.is_in(self.names, value_set=ids, skip_nulls=True)
        self.known |= named.to_numpy(zero_copy_only=False)
        row, building = buildings.tree.query(geoms, predicate="intersects")
        row, building = row[~self.known[building]], building[~self.known[building]]
        area = shapely.area(shapely.intersection(geoms[row], buildings.polygons[building]))
        for r, b, m2 in zip(row.tolist(), building.tolist(), area.tolist(), strict=True):
            self._claim(b, m2, ids[r].as_py())

    def merge(self, other: BuildingParcels) -> None:
        """Take in another part's."""
        self.known |= other.known
        for b in np.flatnonzero(other.area > 0).tolist():
            self._claim(b, other.area[b], other.parcel[b])

    def finish(self) -> FoundParcels:
        """The parcel ids, null for a building that stands on none."""
        found, nameless = pa.array(self.parcel.tolist(), pa.string()), self.names.is_null()
        astray = pc.and_(pc.invert(nameless), pa.array(~self.known))
        return FoundParcels(*(pc.if_else(where, found, pa.scalar(None, pa.string())) for where in (nameless, astray)))

    def _claim(self, building: int, m2: float, ident: str) -> None:
        nearer = m2 > self.area[building] * TIE
        if nearer or (m2 * TIE >= self.area[building] and ident < (self.parcel[building] or ident)):
            self.area[building], self.parcel[building] = m2, ident


def building_parcels(companions: Companions) -> BuildingParcels | None:
    """To be filled where buildings have shapes; else None."""
    buildings = companions.buildings
    if buildings is None or buildings.shapes is None:
        return None
    rows = buildings.batch.rows
    return BuildingParcels(buildings.batch.texts["parcel_id"], np.zeros(rows), np.full(rows, None, object),
                           np.zeros(rows, np.bool_))  # fmt: skip


def locate_buildings(companions: Companions, parcels: MappedLayer, request: Request) -> BuildingParcels | None:
    """The parcels that buildings stand on which name none, or an unknown one; None where no building has a shape."""
    located, buildings, places = building_parcels(companions), companions.buildings, None
    if located is None or buildings is None:
        return None
    for batch in (batch for batch in parcels.batches(request, again=True) if batch.wkb is not None):
        places = places or buildings.places(parcels.frame)
        if places is not None:
            located.add(places, validity.examine(shapes(batch.wkb), parcels.frame)[1], idents(batch))
    return located


def has_pools(parcels: MappedLayer, companions: Companions, read: Collection[str]) -> bool:
    """Whether a column tells of pools and some rule reads their sums; ``read`` are the columns that rules read."""
    layers = [parcels, *([] if companions.attributes is None else [companions.attributes.layer])]
    named = any(use.field.name in ("pool_id", "pool_recognised") for layer in layers for use in layer.uses)
    return named and bool(POOLED.keys() & set(read))


def pools_of(parcels: MappedLayer, companions: Companions, request: Request) -> PoolParts:
    """Every pool of the layer, read before the first parcel is judged.

    Attributes and buildings count as they do for a parcel itself.
    """
    pools = PoolParts()
    for batch in parcels.batches(request, again=True):
        if companions.attributes is not None:
            companions.attributes.join(batch)
        if companions.floor_sums is not None:
            companions.floor_sums.fill(batch)
        pools.add(batch, parcels.frame)
    return pools


class SurplusPart(NamedTuple):
    """A surplus part of a plot: its row (from 0), the ids of it and of the parent it names, and its shape as WKB."""

    row: int
    ident: str
    parent: str
    wkb: bytes


@dataclass(slots=True)
class Splits(DataCheck):
    """Surplus parts that name a parent, kept with their shapes until the parents are looked up.

    ``parents``: the parents' shapes as WKB by their ids, once they are looked up.
    """

    parts: list[SurplusPart] = field(default_factory=list)
    parents: dict[str, bytes] = field(default_factory=dict)

    def add(self, result: BatchResult) -> None:
        """Keep the surplus parts of a batch."""
        if result.shapes is None:
            return
        rows, parents = surplus_parts(result.batch)
        for row, parent in zip(rows.tolist(), parents.to_pylist(), strict=True):
            wkb = result.shapes.wkb[row].as_py()
            if wkb is not None:
                self.parts.append(SurplusPart(result.batch.first_row + row, result.ids[row].as_py(), parent, wkb))

    def merge(self, other: Splits) -> None:
        """Take in another part's."""
        self.parts += other.parts

    def finish(self) -> list[DataFinding]:
        """A warning for each part whose parent is not in the layer or does not contain it."""
        found = [_outside(part, self.parents.get(part.parent)) for part in self.parts]
        return [
            DataFinding("data/location", Level.WARNING, Subject("parcel", part.ident), message, part.row + 1)
            for part, message in zip(self.parts, found, strict=True)
            if message is not None
        ]

    def wanted(self) -> list[str]:
        """The ids of all parents."""
        return sorted({part.parent for part in self.parts})


def _outside(part: SurplusPart, parent: bytes | None) -> Message | None:
    values = {"parcel": part.ident, "parent": part.parent}
    if parent is None:
        return Message("parent-unknown", values)
    both = shapes(pa.array([part.wkb, parent], pa.binary()))
    share = float(np.nan_to_num(share_inside(both.take(np.array([0])), both.take(np.array([1])))[0]))
    if share >= WHOLLY:
        return None
    return Message("part-outside-parent", values | {"percent": round(100 * share, 1)})


def shapes_of(wanted: Sequence[str], parcels: MappedLayer, request: Request) -> dict[str, bytes]:
    """The shapes of the parcels with those ids, as WKB; of an id that stands several times the last."""
    found: dict[str, bytes] = {}
    for batch in parcels.batches(request, again=True) if wanted else ():
        if batch.wkb is None:
            continue
        ids = batch.texts["parcel_id"]
        for row in rows_of(pc.is_in(ids, value_set=pa.array(wanted, pa.string()))):
            found[ids[row].as_py()] = batch.wkb[row].as_py()
    return found
