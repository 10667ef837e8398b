"""Floor areas summed up: buildings over the parcel they stand on, parcels over the pool they share facilities in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.catalogue import titled
from landcheck.fields.normalise import fill, unread, unreadable_rows
from landcheck.model import Batch, DataFinding, Level, Origin, Role
from landcheck.quality.alike import of_each
from landcheck.quality.consistency import apart
from landcheck.quality.ids import present, row_finding

Areas = NDArray[np.float64]

DECIMALS = 6  # a square millimetre: what another order of adding makes of the same numbers is far below it


def total(owner: NDArray[np.integer], area_m2: Areas, owners: int) -> Areas:
    """What each of the owners (numbered from 0) has, in m² and the same for any order of rows; NaN where one is."""
    return np.round(np.bincount(owner, area_m2, owners), DECIMALS)


@dataclass(frozen=True, slots=True)
class FloorSums:
    """Floor areas in m² by field for each id of a parcel or pool; NaN where a fact they are summed from is missing.

    ``key`` is the text of a parcel that holds the id, ``origin`` what values filled in from here are marked with;
    ``spoilt`` tells of the ids some of whose cells cannot be read.
    """

    key: str
    origin: Origin
    ids: pa.Array
    areas: Mapping[str, Areas]
    spoilt: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def forget(self, ids: pa.Array) -> None:
        """Nothing is known of those ids any more."""
        rows = pc.is_in(self.ids, value_set=ids).to_numpy(zero_copy_only=False)
        for area in self.areas.values():
            area[rows] = np.nan

    def fill(self, batch: Batch) -> tuple[NDArray[np.bool_], dict[str, int], list[DataFinding]]:
        """Fill a batch of parcels where it has no value of its own.

        Returns which of ``ids`` its rows have, the number of rows filled by field, and a finding where a
        parcel states another floor area (by over 1 %) than its buildings sum up to.
        """
        place = pc.fill_null(pc.index_in(batch.texts[self.key], value_set=self.ids), -1)
        at = place.to_numpy(zero_copy_only=False)
        counts: dict[str, int] = {}
        findings: list[DataFinding] = []
        for name, areas in self.areas.items():
            own, theirs = batch.columns[name], np.full(batch.rows, np.nan)
            if len(areas):
                theirs = np.where(at >= 0, areas[at], np.nan)
            if self.origin is Origin.BUILDINGS:
                findings += _contradictions(batch, name, own, theirs)
            counts[name] = fill(batch, name, np.isnan(own) & ~np.isnan(theirs), theirs, self.origin)
            if name in self.spoilt:
                unread(
                    batch, name, np.flatnonzero(np.isnan(own) & np.isnan(theirs) & (at >= 0) & self.spoilt[name][at])
                )
        return present(at, len(self.ids)), counts, findings


def _contradictions(batch: Batch, name: str, own: Areas, theirs: Areas) -> Iterator[DataFinding]:

    def tell(row: int) -> DataFinding:
        values = {"field": titled(Role.PARCELS, name), "own": float(own[row]), "buildings": float(theirs[row])}
        return row_finding("data/gfa-consistent", Level.WARNING, batch, row, "gfa-buildings-differ", values)

    return of_each(np.flatnonzero(apart(own, theirs)), tell)


def sum_buildings(buildings: Batch, footprint: Areas | None, *, assume: bool) -> tuple[FloorSums, dict[str, int]]:
    """Sum the buildings of each parcel; ``footprint`` in m². Also the number of rows for each assumption taken."""
    above, below, taken = _above_and_below(buildings, footprint, assume=assume)
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
    spoilt = {name: total(at[placed], rows[placed], size) > 0 for name, rows in _unread(buildings, areas)}
    return FloorSums("parcel_id", Origin.BUILDINGS, encoded.dictionary, totals, spoilt), taken


def _unread(buildings: Batch, areas: Mapping[str, Areas]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """By area the buildings of which it is unknown as a cell cannot be read."""
    floors = [unreadable_rows(buildings, name) for name in ("gfa_m2", "floors_above", "floors_below")]
    use = unreadable_rows(buildings, "use")
    for name, area in areas.items():
        of_use = name in ("other_industry_gfa_m2", "living_gfa_m2")
        rows = np.isnan(area) & np.logical_or.reduce([*floors, use & of_use])
        if rows.any():
            yield name, rows


def _above_and_below(b: Batch, footprint: Areas | None, *, assume: bool) -> tuple[Areas, Areas, dict[str, int]]:
    """Floor area above and below ground. Without a number of basement floors all counts as above ground, if allowed."""
    up, down, gfa = b.columns["floors_above"], b.columns["floors_below"], b.columns["gfa_m2"]
    taken = {"gfa_m2": 0, "floors_below": 0}
    basement_unknown = np.isnan(down)
    if assume:
        counted = basement_unknown & ~unreadable_rows(b, "floors_below")
        taken["floors_below"] = int((counted & ~(np.isnan(gfa) & np.isnan(up))).sum())
        down = np.where(counted, 0.0, down)
    if assume and footprint is not None:
        floors = np.where(up + down > 0, up + down, np.nan)  # a building without any floor is none
        drawn = np.isnan(gfa) & ~unreadable_rows(b, "gfa_m2") & ~np.isnan(footprint * floors)
        taken["gfa_m2"] = int(drawn.sum())
        gfa = np.where(drawn, footprint * floors, gfa)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = gfa * np.where(down == 0, 1.0, up / (up + down))
    return above, np.where(basement_unknown, np.nan, gfa - above), taken


def _of_use(above: Areas, use: NDArray[np.int8], wanted: int) -> Areas:
    return np.where(use < 0, np.nan, np.where(use == wanted, above, 0.0))
