"""Parks as subjects: which green is theirs, the ledger, and their verdicts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.companions import Around, Ground, drawn_area, lonlat
from landcheck.facts.complete import HALF, centres, inside
from landcheck.facts.layers import idents, subject_of
from landcheck.fields.normalise import assume, normalise
from landcheck.green.greenery import Rows, green_rows, green_total, settle
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, LedgerRow, Level, Role, Transfer, day_number
from landcheck.request import Request


@dataclass(slots=True)
class Parks:
    """The parks of a run, ready to be judged: the batch's columns hold what the ledger says."""

    batch: Batch
    ids: pa.Array
    places: NDArray[np.float64]
    ledger: tuple[LedgerRow, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    findings: list[DataFinding] = field(default_factory=list)


def parks_of(around: Around, request: Request, read: Collection[str] = ()) -> Parks | None:
    """The parks of the parks layer, else those the green rows name; None where there are neither.

    ``read`` are the columns that some rule reads: what the drawing and the green rows tell is filled in for those.
    """
    batch = around.parks.batch if around.parks is not None else _from_green(around, request)
    if batch is None:
        return None
    parks = Parks(batch, idents(batch), _places(around, batch))
    if "park_area_m2" in read and around.parks is not None:
        _draw_area(around.parks, "park_area_m2", around, request)
    rows = _green(around, parks, request)
    if "park_green_m2" in read and rows is not None:
        _sum_green(rows, parks, around)
    settled = settle(rows, batch, parks.ids.to_pylist())
    parks.batch = replace(batch, columns=batch.columns | settled.columns | _zone_and_date(around, batch, request))
    parks.ledger, parks.transfers = settled.ledger, settled.transfers
    return parks


def _from_green(around: Around, request: Request) -> Batch | None:
    """One park for each park the green rows name, where no parks layer is given."""
    if around.green is None:
        return None
    green = around.green.batch
    names = pc.sort_indices(pc.unique(green.texts["park_id"].drop_null()))
    ids = pc.unique(green.texts["park_id"].drop_null()).take(names)
    batch, _ = normalise(Role.PARKS, pa.RecordBatch.from_arrays([ids], ["park_id"]), (), 0)
    batch.texts["park_id"] = ids
    if request.assume:
        around.counts.add("parks", assume(batch, request.as_of))
    return batch


def _green(around: Around, parks: Parks, request: Request) -> Rows | None:
    """The green rows with their parks; None where no green was read, which is not the same as no reduction."""
    ground = around.green
    if ground is None or not ground.batch.rows:
        return None
    _draw_area(ground, "area_m2", around, request)
    park, nowhere = _park_of_rows(ground, around, parks)
    parks.findings += [_homeless(ground, int(row)) for row in np.flatnonzero(park < 0)]
    _districts_from_green(ground, parks, park)
    return green_rows(ground.batch, park, (park < 0) & ~nowhere)


def _draw_area(ground: Ground, name: str, around: Around, request: Request) -> None:
    """The area of a park or green (m²) from the drawing where none is declared."""
    drawn = drawn_area(ground, request) if request.assume else None
    if drawn is None:
        return
    declared = ground.batch.columns[name]
    taken = np.isnan(declared) & ~np.isnan(drawn)
    ground.batch.columns[name] = np.where(taken, drawn, declared)
    around.counts.add(ground.sheet.name, {name: int(taken.sum())})


def _sum_green(rows: Rows, parks: Parks, around: Around) -> None:
    """园区绿地总面积 from the green rows where none is declared."""
    declared = parks.batch.columns["park_green_m2"]
    summed = green_total(rows, parks.batch.rows)
    taken = np.isnan(declared) & ~np.isnan(summed)
    parks.batch.columns["park_green_m2"] = np.where(taken, summed, declared)
    around.counts.add("summed", {"park_green_m2": int(taken.sum())})


def _park_of_rows(ground: Ground, around: Around, parks: Parks) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The park of each row (-1 where it is unknown), and which rows surely lie in no park."""
    named = ground.batch.texts["park_id"]
    found = pc.fill_null(pc.index_in(named, value_set=parks.ids), -1)
    at: NDArray[np.intp] = found.to_numpy(zero_copy_only=False).astype(np.intp)
    unnamed = named.is_null().to_numpy(zero_copy_only=False)
    places = None if around.parks is None else around.parks.places(ground.sheet.frame)
    if places is None or ground.drawn is None or not unnamed.any():
        return at, np.zeros(len(at), np.bool_)
    index, share = places.most(ground.drawn)
    return np.where(unnamed & (share > HALF), index, at).astype(np.intp), unnamed & (share <= HALF)


def _homeless(ground: Ground, row: int) -> DataFinding:
    name = ground.batch.texts["park_id"][row].as_py()
    code = "green-park-unknown" if name else "green-without-park"
    message = Message(code, {"file": ground.sheet.file, "row": row + 1, "park": name or "-"})
    return DataFinding("data/location", Level.ERROR, subject_of(ground.batch, row), message, row + 1)


def _districts_from_green(ground: Ground, parks: Parks, park: NDArray[np.intp]) -> None:
    """A park without a district takes the one its green rows agree on; where rows and park differ it is told."""
    named = ground.batch.texts["district"]
    own = parks.batch.texts["district"].to_pylist()
    told: list[set[str]] = [set() for _ in own]
    for row in np.flatnonzero((park >= 0) & named.is_valid().to_numpy(zero_copy_only=False)):
        told[park[row]].add(named[int(row)].as_py())
    for number, districts in enumerate(told):
        if own[number] is None and len(districts) == 1:
            own[number] = districts.pop()
        elif districts - {own[number]}:
            parks.findings.append(_districts_differ(parks, number, own[number], districts))
    parks.batch.texts["district"] = pa.array(own, pa.string())


def _districts_differ(parks: Parks, number: int, own: str | None, told: set[str]) -> DataFinding:
    values = {"park": parks.ids[number].as_py(), "own": own or "-", "told": sorted(told)}
    subject = subject_of(parks.batch, number)
    return DataFinding("data/location", Level.WARNING, subject, Message("green-district-differs", values))


def _zone_and_date(around: Around, batch: Batch, request: Request) -> dict[str, NDArray[np.generic]]:
    """In the zone by the zones layer, else as a park of the parks layer; a park is judged at the date of the check."""
    day = day_number(request.as_of)
    return {
        "in_high_tech_zone": _in_zone(around, batch, request),
        "approval_date": np.full(batch.rows, day, np.int32),
    }


def _in_zone(around: Around, batch: Batch, request: Request) -> NDArray[np.int8]:
    if around.zones is None and around.parks is not None:
        return np.ones(batch.rows, np.int8)
    if around.zones is None:
        return np.full(batch.rows, 1 if request.assume else 0, np.int8)
    ground = around.parks
    places = around.zones.places(ground.sheet.frame) if ground is not None else None
    if ground is None or ground.drawn is None or places is None:
        return np.zeros(batch.rows, np.int8)
    return inside(places.most(ground.drawn)[1], places)


def _places(around: Around, batch: Batch) -> NDArray[np.float64]:
    ground = around.parks
    if ground is None or ground.drawn is None:
        return np.full((batch.rows, 2), np.nan)
    x, y = centres(ground.drawn, np.arange(batch.rows)).T
    return lonlat(x, y, ground.sheet.frame)
