"""Buildings summed up per parcel: the floor areas a parcel has where its own row names none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.sums import total
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Origin, Role, Subject

Areas = NDArray[np.float64]

FILLED = ("above_ground_gfa_m2", "other_industry_gfa_m2", "living_gfa_m2", "underground_gfa_m2")
APART = 0.01  # CONTRACT section 2: where both exist and differ by over 1 %
NAMED = 10


@dataclass(slots=True)
class Sums:
    """Floor area by use for every parcel that has buildings; NaN where a building's facts are missing."""

    ids: pa.Array
    areas: dict[str, Areas]
    met: NDArray[np.bool_]

    def fill(self, batch: Batch) -> tuple[dict[str, int], list[DataFinding]]:
        """Fill the batch where it has no value of its own; rows filled per field, and what contradicts."""
        at = pc.fill_null(pc.index_in(batch.texts["parcel_id"], value_set=self.ids), -1).to_numpy(zero_copy_only=False)
        self.met[at[at >= 0]] = True
        counts, findings = {}, []
        for name in FILLED:
            theirs = np.where(at >= 0, self.areas[name][at], np.nan) if len(self.ids) else np.full(batch.rows, np.nan)
            own = batch.columns[name]
            findings += _contradictions(batch, name, own, theirs)
            taken = np.isnan(own) & ~np.isnan(theirs)
            batch.columns[name] = np.where(taken, theirs, own)
            origin = batch.origins.get(name, np.int8(Origin.LAYER))
            batch.origins[name] = np.where(taken, np.int8(Origin.BUILDINGS), origin).astype(np.int8)
            counts[name] = int(taken.sum())
        return counts, findings

    def unmet(self, file: str) -> list[DataFinding]:
        """An error that counts the buildings' parcels which are not in the layer: their area is nobody's."""
        lost = self.ids.filter(pa.array(~self.met)).to_pylist()
        if not lost:
            return []
        message = Message("buildings-without-parcel", {"file": file, "count": len(lost), "ids": lost[:NAMED]})
        return [DataFinding("data/location", Level.ERROR, Subject("layer", "buildings"), message)]


def sum_up(buildings: Batch, footprint: Areas | None, *, assume: bool) -> tuple[Sums, dict[str, int]]:
    """Sum the buildings of each parcel; ``footprint`` in m². Also the rows per assumption taken."""
    above, below, taken = _floor_areas(buildings, footprint, assume=assume)
    encoded = buildings.texts["parcel_id"].dictionary_encode()
    at = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    use = buildings.columns["use"]
    uses = catalogue_field(Role.BUILDINGS, "use").values
    areas = {
        "above_ground_gfa_m2": above,
        "other_industry_gfa_m2": _of_use(above, use, uses.index("other_industry")),
        "living_gfa_m2": _of_use(above, use, uses.index("living")),
        "underground_gfa_m2": below,
    }
    placed, size = at >= 0, len(encoded.dictionary)
    totals = {name: total(at[placed], area[placed], size) for name, area in areas.items()}
    return Sums(encoded.dictionary, totals, np.zeros(size, np.bool_)), taken


def _floor_areas(b: Batch, footprint: Areas | None, *, assume: bool) -> tuple[Areas, Areas, dict[str, int]]:
    """Floor area above and below ground. Without a number of basement floors all counts as above ground, if allowed."""
    up, down, gfa = b.columns["floors_above"], b.columns["floors_below"], b.columns["gfa_m2"]
    taken = {"gfa_m2": 0, "floors_below": 0}
    basement_unknown = np.isnan(down)
    if assume:
        taken["floors_below"] = int((basement_unknown & ~(np.isnan(gfa) & np.isnan(up))).sum())
        down = np.where(basement_unknown, 0.0, down)
    if assume and footprint is not None:
        drawn = np.isnan(gfa) & ~np.isnan(footprint * (up + down))
        taken["gfa_m2"] = int(drawn.sum())
        gfa = np.where(drawn, footprint * (up + down), gfa)
    above = gfa * _share_above(up, down)
    return above, np.where(basement_unknown, np.nan, gfa - above), taken


def _share_above(up: Areas, down: Areas) -> Areas:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(down == 0, 1.0, up / (up + down))


def _of_use(above: Areas, use: NDArray[np.int8], wanted: int) -> Areas:
    return np.where(use < 0, np.nan, np.where(use == wanted, above, 0.0))


def _contradictions(batch: Batch, name: str, own: Areas, theirs: Areas) -> list[DataFinding]:
    apart = np.abs(own - theirs) > APART * np.maximum(np.abs(own), np.abs(theirs))
    return [_contradiction(batch, name, int(row), own, theirs) for row in np.flatnonzero(apart)]


def _contradiction(batch: Batch, name: str, row: int, own: Areas, theirs: Areas) -> DataFinding:
    ident = batch.texts["parcel_id"][row].as_py()
    values = {"field": name, "parcel": ident, "own": float(own[row]), "buildings": float(theirs[row])}
    message = Message("gfa-buildings-differ", values)
    number = batch.first_row + row + 1
    return DataFinding("data/gfa-consistent", Level.WARNING, Subject("parcel", ident), message, number)
