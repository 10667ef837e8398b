"""What relates a parcel to others: buildings that stand on it, its pool, and the parent it was split from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.facts.companions import Around
from landcheck.facts.complete import WHOLLY
from landcheck.facts.layers import Sheetful, idents
from landcheck.facts.pools import POOLED, Pools
from landcheck.geometry import validity
from landcheck.geometry.place import Places, share_inside
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Subject, Tri
from landcheck.request import Request

TIE = 1 + 1e-12


@dataclass(slots=True)
class Homes:
    """For each building the parcel that holds most of it; of equals the one whose id comes first."""

    area: NDArray[np.float64]
    parcel: NDArray[np.object_]

    def add(self, buildings: Places, drawn: Shapes, ids: pa.Array) -> None:
        """Look at a batch of parcels."""
        geoms = drawn.geoms()
        row, building = buildings.tree.query(geoms, predicate="intersects")
        area = shapely.area(shapely.intersection(geoms[row], buildings.polygons[building]))
        for r, b, m2 in zip(row.tolist(), building.tolist(), area.tolist(), strict=True):
            self._claim(b, m2, ids[r].as_py())

    def merge(self, other: Homes) -> None:
        """Take in another partition's."""
        for b in np.flatnonzero(other.area > 0).tolist():
            self._claim(b, other.area[b], other.parcel[b])

    def finish(self) -> pa.Array:
        """The parcel ids, null for a building that stands on none."""
        return pa.array(self.parcel.tolist(), pa.string())

    def _claim(self, building: int, m2: float, ident: str) -> None:
        nearer = m2 > self.area[building] * TIE
        if nearer or (m2 * TIE >= self.area[building] and ident < (self.parcel[building] or ident)):
            self.area[building], self.parcel[building] = m2, ident


def homes_of(around: Around) -> Homes | None:
    """Nobody's home yet, for a buildings layer in which some building names no parcel; None where none is needed."""
    ground = around.buildings
    if ground is None or ground.drawn is None or not ground.batch.texts["parcel_id"].null_count:
        return None
    return Homes(np.zeros(ground.batch.rows), np.full(ground.batch.rows, None, object))


def locate_buildings(around: Around, parcels: Sheetful, request: Request) -> Homes | None:
    """The parcels that buildings without a parcel's name stand on; None where there are no such buildings."""
    homes, ground = homes_of(around), around.buildings
    if homes is None or ground is None:
        return None
    places: Places | None = None
    for batch in parcels.again(request):
        if batch.wkb is None:
            continue
        places = places or ground.places(parcels.frame)
        if places is not None:
            homes.add(places, validity.examine(shapes(batch.wkb))[1], idents(batch))
    return homes


def has_pools(parcels: Sheetful, around: Around, read: Collection[str]) -> bool:
    """Whether a column names pools and some rule reads their sums."""
    sheets = [parcels, *([around.table] if around.table is not None else [])]
    named = any(use.field.name == "pool_id" for sheet in sheets for use in sheet.uses)
    return named and bool(POOLED.keys() & set(read))


def pools_of(parcels: Sheetful, around: Around, request: Request) -> Pools:
    """Every pool of the layer, read before the first parcel is judged.

    Attributes and buildings count as they do for a parcel itself.
    """
    pools = Pools()
    for batch in parcels.again(request):
        if around.attributes is not None:
            around.attributes.join(batch)
        if around.sums is not None:
            around.sums.fill(batch)
        pools.add(batch)
    return pools


@dataclass(slots=True)
class Splits:
    """Surplus parts that name a parent, kept with their shapes until the parents are looked up.

    ``parents``: the parents' shapes by their ids, once they are looked up.
    """

    parts: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    parents: dict[str, bytes] | None = None

    def add(self, batch: Batch, drawn: Shapes) -> None:
        """Keep the surplus parts of a batch."""
        parents = batch.texts["parent_id"]
        surplus = pc.and_(parents.is_valid(), pa.array(batch.columns["is_surplus_part"] == Tri.TRUE))
        names = idents(batch)
        for row in np.flatnonzero(surplus.to_numpy(zero_copy_only=False)):
            i = int(row)
            wkb = drawn.wkb[i].as_py()
            if wkb is not None:
                self.parts.append((batch.first_row + i, names[i].as_py(), parents[i].as_py(), wkb))

    def merge(self, other: Splits) -> None:
        """Take in another partition's parts."""
        self.parts += other.parts

    def finish(self, parcels: Sheetful, request: Request) -> list[DataFinding]:
        """A warning for each part whose parent is not in the layer or does not contain it."""
        if not self.parts:
            return []
        parents = shapes_of(self.wanted(), parcels, request) if self.parents is None else self.parents
        found = [self._finding(part, parents.get(part[2])) for part in self.parts]
        return [finding for finding in found if finding is not None]

    def wanted(self) -> list[str]:
        """The ids of all parents."""
        return sorted({parent for _, _, parent, _ in self.parts})

    def _finding(self, part: tuple[int, str, str, bytes], parent_wkb: bytes | None) -> DataFinding | None:
        row, ident, parent, wkb = part
        values = {"parcel": ident, "parent": parent}
        if parent_wkb is None:
            return _warning(ident, row, Message("parent-unknown", values))
        both = shapes(pa.array([wkb, parent_wkb], pa.binary()))
        share = float(np.nan_to_num(share_inside(both.take(np.array([0])), both.take(np.array([1])))[0]))
        if share >= WHOLLY:
            return None
        return _warning(ident, row, Message("part-outside-parent", values | {"percent": round(100 * share, 1)}))


def shapes_of(wanted: Sequence[str], parcels: Sheetful, request: Request) -> dict[str, bytes]:
    """The shapes of the parcels with those ids, as WKB; of an id that stands several times the last."""
    found: dict[str, bytes] = {}
    for batch in parcels.again(request):
        if batch.wkb is None:
            continue
        ids = batch.texts["parcel_id"]
        meant = pc.is_in(ids, value_set=pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(meant):
            found[ids[int(row)].as_py()] = batch.wkb[int(row)].as_py()
    return found


def _warning(ident: str, row: int, message: Message) -> DataFinding:
    return DataFinding("data/location", Level.WARNING, Subject("parcel", ident), message, row + 1)
