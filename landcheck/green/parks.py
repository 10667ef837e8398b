"""Parks as subjects: which green is theirs, the ledger, and the facts they are judged by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.companions import Companion, Companions, park_numbers
from landcheck.facts.complete import HALF, mostly_inside
from landcheck.fields.normalise import assume, fill, normalise, unread, unreadable_rows
from landcheck.green.greenery import GreenRows, green_rows, green_total, park_facts
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, LedgerRow, Level, Origin, Role, Transfer, day_number
from landcheck.quality.ids import idents, row_finding, subject_of
from landcheck.request import Request
from landcheck.verdicts.totals import BatchResult


@dataclass(frozen=True, slots=True)
class Parks:
    """The parks of a run, ready to be judged: the columns of ``result`` hold what the ledger says."""

    result: BatchResult
    ledger: tuple[LedgerRow, ...] = ()
    transfers: tuple[Transfer, ...] = ()


def parks_of(companions: Companions, request: Request, read: Collection[str] = ()) -> Parks | None:
    """The parks of the parks layer, else those the green rows name; None where there are neither.

    ``read`` are the columns that some rule reads: what the drawing and the green rows tell is filled in for those.
    """
    layer = companions.parks
    batch = _from_green(companions, request) if layer is None else layer.batch
    if batch is None:
        return None
    result = BatchResult(batch, idents(batch))
    if layer is not None:
        result.frame, result.shapes = layer.layer.frame, layer.shapes
        if "park_area_m2" in read:
            _draw_area(layer, "park_area_m2", companions, request)
    rows = _green(companions, result, request)
    if "park_green_m2" in read and rows is not None:
        companions.counts.count("summed", {"park_green_m2": _fill(batch, "park_green_m2", green_total(rows))})
    known = park_facts(rows, batch, result.ids.to_pylist())
    # a park is judged at the date of the check
    date = np.full(batch.rows, day_number(request.as_of), np.int32)
    batch.columns |= known.columns
    batch.columns |= {"in_high_tech_zone": _in_zone(companions, batch, request), "approval_date": date}
    return Parks(result, known.ledger, known.transfers)


def _from_green(companions: Companions, request: Request) -> Batch | None:
    """One park for each park the green rows name, where no parks layer is given."""
    if companions.green is None:
        return None
    named = pc.unique(companions.green.batch.texts["park_id"].drop_null())
    ids = named.take(pc.sort_indices(named))
    batch, _ = normalise(Role.PARKS, pa.RecordBatch.from_arrays([ids], ["park_id"]), (), 0)
    batch.texts["park_id"] = ids
    if request.assume:
        companions.counts.count("parks", assume(batch, request.as_of))
    return batch


def _green(companions: Companions, parks: BatchResult, request: Request) -> GreenRows | None:
    """The green rows with their parks; None where no green was read, which is not the same as no reduction."""
    green = companions.green
    if green is None or not green.batch.rows:
        return None
    _draw_area(green, "area_m2", companions, request)
    green.batch.texts["park_id"] = park_numbers(green.batch.texts["park_id"], parks.batch)
    park, nowhere = _park_of_rows(green, companions, parks.ids)
    for row in np.flatnonzero(park < 0).tolist():
        name = green.batch.texts["park_id"][row].as_py()
        code = "green-park-unknown" if name else "green-without-park"
        values = {"file": green.layer.file, "park": name}
        parks.findings.append(row_finding("data/location", Level.ERROR, green.batch, row, code, values))
    parks.findings += _districts_from_green(green.batch, parks.batch, park)
    _mark_unread(green.batch, parks.batch, park)
    return green_rows(green.batch, park, parks.batch.rows, (park < 0) & ~nowhere)


def _mark_unread(green: Batch, parks: Batch, park: NDArray[np.intp]) -> None:
    """Mark the parks of rows with a cell that cannot be read."""
    for name in green.origins:
        if len(rows := np.flatnonzero(unreadable_rows(green, name) & (park >= 0))):
            unread(parks, name, park[rows])


def _draw_area(companion: Companion, name: str, companions: Companions, request: Request) -> None:
    """The area of a park or green (m²) from the drawing where none is declared."""
    drawn = companion.drawn_area(request.area_basis) if request.assume else None
    if drawn is not None:
        companions.counts.count(companion.layer.name, {name: _fill(companion.batch, name, drawn)})


def _fill(batch: Batch, name: str, values: NDArray[np.float64]) -> int:
    """Fill a column where it has no value; the number of rows filled."""
    return fill(batch, name, np.isnan(batch.columns[name]) & ~np.isnan(values), values, Origin.ASSUMED)


def _park_of_rows(
    green: Companion, companions: Companions, park_ids: pa.Array
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The park of each row (-1 where it is unknown), and which rows surely lie in no park."""
    named = green.batch.texts["park_id"]
    found = pc.fill_null(pc.index_in(named, value_set=park_ids), -1)
    at: NDArray[np.intp] = found.to_numpy(zero_copy_only=False).astype(np.intp)
    unnamed = named.is_null().to_numpy(zero_copy_only=False)
    places = None if companions.parks is None else companions.parks.places(green.layer.frame)
    if places is None or green.shapes is None or not unnamed.any():
        return at, np.zeros(len(at), np.bool_)
    index, share = places.most(green.shapes)
    return np.where(unnamed & (share > HALF), index, at).astype(np.intp), unnamed & (share <= HALF)


def _districts_from_green(green: Batch, parks: Batch, park: NDArray[np.intp]) -> list[DataFinding]:
    """A park without a district takes the one its green rows agree on; a warning where rows and park differ."""
    named, own = green.texts["district"], parks.texts["district"].to_pylist()
    stated: list[set[str]] = [set() for _ in own]
    for row in np.flatnonzero((park >= 0) & named.is_valid().to_numpy(zero_copy_only=False)).tolist():
        stated[park[row]].add(named[row].as_py())
    found = []
    for number, districts in enumerate(stated):
        if own[number] is None and len(districts) == 1:
            own[number] = districts.pop()
        elif districts - {own[number]}:
            subject = subject_of(parks, number)
            values = {"park": subject.id, "own": own[number], "told": sorted(districts)}
            message = Message("green-district-differs", values)
            found.append(DataFinding("data/location", Level.WARNING, subject, message))
    parks.texts["district"] = pa.array(own, pa.string())
    return found


def _in_zone(companions: Companions, batch: Batch, request: Request) -> NDArray[np.int8]:
    """Tri: in the zone by the zones layer, else as a park of the parks layer."""
    zones, parks = companions.zones, companions.parks
    if zones is None:
        value = 1 if parks is not None or request.assume else 0
        return np.full(batch.rows, value, np.int8)
    places = zones.places(parks.layer.frame) if parks is not None else None
    if parks is None or parks.shapes is None or places is None:
        return np.zeros(batch.rows, np.int8)
    return mostly_inside(places.union().most(parks.shapes)[1], places)
