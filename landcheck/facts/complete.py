"""The facts of a batch of parcels, completed: joined, drawn, placed, filled and, last, assumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.facts.companions import Companions, park_numbers
from landcheck.facts.mapped import MappedLayer
from landcheck.fields.normalise import assume, fill, fill_text
from landcheck.geometry import validity
from landcheck.geometry.area import area_m2
from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.place import Places
from landcheck.geometry.shapes.batch import shapes
from landcheck.measures import ratio
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Origin, Subject
from landcheck.quality.consistency import (
    hide_impossible,
    hide_late_dates,
    hide_recognised_as_none,
    mixed_by_m0,
    settle_months,
)
from landcheck.quality.ids import idents, row_finding
from landcheck.quality.land_codes import other_by_code
from landcheck.quality.neighbours import shape_findings
from landcheck.request import INTERPRETATIONS, Request
from landcheck.verdicts.decide import RECORDED
from landcheck.verdicts.reliance import FALLBACK
from landcheck.verdicts.totals import BatchResult, Counts

Areas = NDArray[np.float64]

HALF = 0.5  # CONTRACT section 2: more than half of the parcel inside a polygon
MORE_THAN_HALF = HALF + 1e-9  # by less a share differs with the system that the polygons are stored in
NEAR = 0.001  # a share so near one half is told
WHOLLY = 0.999  # what lies outside beyond this is told; less is the tolerance of drawing


class Locator:
    """Looks parcels up in the parks and zones, in the parcels' own frame; None where place cannot be told.

    ``zone`` is the ground that the zones cover together, or the parks where no zones layer is given; ``derives_zone``:
    either is given.
    ``derives_park``: the parks layer is given and some rule asks whether a parcel lies in a park (``read`` are the
    columns that some rule reads).
    """

    def __init__(self, companions: Companions, frame: Frame | None, read: Collection[str]) -> None:
        parks, zones = companions.parks, companions.zones
        self.parks: Places | None = None if parks is None else parks.places(frame)
        zone = self.parks if zones is None else zones.places(frame)
        self.zone: Places | None = None if zone is None else zone.union()
        self.park_ids: pa.Array | None = None if parks is None else parks.batch.texts["park_id"]
        self.districts: pa.Array | None = None if parks is None else parks.batch.texts["district"]
        self.derives_zone = parks is not None or zones is not None
        self.derives_park = parks is not None and "in_industrial_park" in read


def complete(
    batch: Batch, layer: MappedLayer, companions: Companions, locator: Locator, request: Request,
    bounds: Collection[dt.date],
) -> BatchResult:  # fmt: skip
    """All that can be known of a batch before it is judged; ``bounds`` are the days from which texts bind or do not."""
    done = BatchResult(batch, idents(batch), layer.frame)
    if companions.attributes is not None:
        done.matched["attributes"], done.findings = companions.attributes.join(batch)
    if companions.parks is not None:
        batch.texts["park_id"] = park_numbers(batch.texts["park_id"], companions.parks.batch)
    if batch.wkb is not None:
        faults, done.shapes = validity.examine(shapes(batch.wkb), layer.frame)
        done.findings += shape_findings(batch, faults, layer.frame, layer.file)
        done.drawn = {basis: area_m2(done.shapes, layer.frame, basis) for basis in INTERPRETATIONS["area_basis"]}
    fallbacks = _place(done, locator)
    if companions.floor_sums is not None:
        done.matched["buildings"], filled, contradictions = companions.floor_sums.fill(batch)
        fallbacks |= {f"buildings:{name}": rows for name, rows in filled.items()}
        done.findings += contradictions
    if companions.pools is not None:
        filled, contradictions = companions.pools.fill(batch)
        fallbacks |= {f"pool:{name}": rows for name, rows in filled.items()}
        done.findings += contradictions
    fallbacks["plan:single_use"], contradictions = mixed_by_m0(batch, layer.file)
    done.findings += contradictions
    beside = companions.attributes.layer.uses if companions.attributes else ()
    fallbacks["code:land_class"], contradictions = other_by_code(batch, layer.file, (*layer.uses, *beside))
    done.findings += contradictions
    done.findings += hide_recognised_as_none(batch, layer.file)
    done.findings += settle_months(batch, bounds, layer.file)
    done.findings += hide_late_dates(batch, request.as_of, layer.file)
    batch.columns[RECORDED] = batch.columns["approval_date"]
    if request.assume:
        # 在高新区内: where a layer of zones or parks is given, the place is the evidence, and without it there is none
        by_place = ("in_high_tech_zone",) if locator.derives_zone else ()
        done.counts.count("parcels", _assume_area(done, request.area_basis))
        done.counts.count("parcels", assume(batch, request.as_of, by_place))
    done.findings += hide_impossible(batch, layer.file, layer.uses)
    # where the FAR cannot be worked out the declared one counts
    computed = ratio(batch.columns["far_gfa_m2"], batch.columns["site_area_m2"])
    fallbacks["far"] = int((np.isnan(computed) & ~np.isnan(batch.columns["far"])).sum())
    done.counts.count(FALLBACK, fallbacks)
    return done


def _assume_area(done: BatchResult, basis: str) -> dict[str, int]:
    """用地面积 from the drawing where none is declared; rows so filled."""
    if not done.drawn:
        return {}
    taken = np.isnan(done.batch.columns["site_area_m2"]) & (done.drawn[basis] > 0)
    return {"site_area_m2": fill(done.batch, "site_area_m2", taken, done.drawn[basis], Origin.ASSUMED)}


def _place(done: BatchResult, locator: Locator) -> dict[str, int]:
    """Zone, park and district from the place of the parcel; the number of rows filled, by ``place:`` and field."""
    filled: dict[str, int] = {}
    if locator.derives_zone:
        share = _share_in_zone(done, locator)
        done.findings += _about_half(done.batch, share)
        there = np.zeros(len(share), np.int8) if locator.zone is None else mostly_inside(share, locator.zone)
        filled |= _by_place(done.batch, "in_high_tech_zone", there)
    if done.shapes is None or locator.parks is None or locator.park_ids is None:
        return filled | _derive_park(done.batch, locator, np.full(done.batch.rows, np.nan), None)
    index, share = locator.parks.most(done.shapes)
    filled |= _derive_park(done.batch, locator, share, locator.parks)
    at = pa.array(index, mask=index < 0)
    park = locator.park_ids.take(at)
    done.findings += _outside_declared(done, locator, park)
    done.findings += _across_border(done.batch, park, share)
    fill_text(done.batch, "park_id", park)
    if locator.districts is not None:
        fill_text(done.batch, "district", locator.districts.take(at))
    return filled


def _share_in_zone(done: BatchResult, locator: Locator) -> Areas:
    """How much of each parcel lies in the zones together; NaN without a shape."""
    if done.shapes is None or locator.zone is None:
        return np.full(done.batch.rows, np.nan)
    share = locator.zone.most(done.shapes)[1]
    unmet = int((share == 0).sum()) if locator.zone.whole else 0  # it may lie in the one that has no sound shape
    done.counts.count("zone", {"met": int((share > 0).sum()), "unmet": unmet})
    return share


def _about_half(batch: Batch, share: Areas) -> Iterator[DataFinding]:
    """The parcels whose share turns 在高新区内 by a little, where they do not state it themselves."""
    doubtful = (np.abs(share - HALF) <= NEAR) & (batch.columns["in_high_tech_zone"] == 0)
    for row in np.flatnonzero(doubtful).tolist():
        code = "parcel-half-inside" if share[row] > MORE_THAN_HALF else "parcel-half-outside"
        yield row_finding("data/location", Level.WARNING, batch, row, code, {"percent": round(100 * share[row], 4)})


def mostly_inside(share: Areas, places: Places) -> NDArray[np.int8]:
    """Tri: more than half of each parcel in one of the polygons; it may also be in one that has no sound shape."""
    outside = (share <= MORE_THAN_HALF).view(np.int8) if places.whole else np.int8(0)
    return np.asarray((share > MORE_THAN_HALF).view(np.int8) - outside, np.int8)


def _derive_park(batch: Batch, locator: Locator, share: Areas, places: Places | None) -> dict[str, int]:
    """位于工业园区: more than half of the parcel inside a park; without a shape (``share`` NaN) the park it names."""
    if not locator.derives_park:
        return {}
    named = pc.is_in(batch.texts["park_id"], value_set=locator.park_ids, skip_nulls=True)
    named = named.to_numpy(zero_copy_only=False)
    there = named.astype(np.int8) if places is None else np.where(np.isnan(share), named, mostly_inside(share, places))
    return _by_place(batch, "in_industrial_park", there)


def _by_place(batch: Batch, name: str, there: NDArray[np.int8]) -> dict[str, int]:
    """Fill a truth value where the parcel has none of its own and its place tells (Tri)."""
    taken = (batch.columns[name] == 0) & (there != 0)
    return {f"place:{name}": fill(batch, name, taken, there, Origin.PLACE)}


def _outside_declared(done: BatchResult, locator: Locator, found: pa.Array) -> Iterator[DataFinding]:
    """The parcel names a park and does not lie in it."""
    own = done.batch.texts["park_id"]
    differ = pc.fill_null(pc.and_(own.is_valid(), pc.fill_null(pc.not_equal(own, found), True)), False)
    for row in np.flatnonzero(differ.to_numpy(zero_copy_only=False)).tolist():
        park = own[row].as_py()
        share = _share_in_named(done, locator, park, row)
        if share is not None and (share > MORE_THAN_HALF or np.isnan(share)):
            continue
        code = "parcel-park-unknown" if share is None else "parcel-outside-park"
        place = found[row].as_py() or Message("location-no-park")
        values = {"park": park, "percent": round(100 * (share or 0.0), 1), "found": place}
        yield row_finding("data/location", Level.WARNING, done.batch, row, code, values)


def _share_in_named(done: BatchResult, locator: Locator, name: str, row: int) -> float | None:
    """How much of the parcel lies in the park it names; NaN without a shape, None where there is no such park."""
    assert locator.park_ids is not None
    assert locator.parks is not None
    assert done.shapes is not None
    at = pc.index(locator.park_ids, name).as_py()
    if at < 0:
        return None
    parcel = done.shapes.geoms(np.array([row]))
    share = shapely.area(shapely.intersection(parcel, locator.parks.polygons[at])) / shapely.area(parcel)
    return float(share[0])


def _across_border(batch: Batch, park: pa.Array, share: Areas) -> Iterator[DataFinding]:
    for row in np.flatnonzero((share > 0) & (share < WHOLLY)).tolist():
        values = {"park": park[row].as_py(), "percent": round(100 * float(share[row]), 1)}
        yield row_finding("data/location", Level.WARNING, batch, row, "parcel-across-border", values)


def zones_unmet(companions: Companions, counts: Counts) -> Iterator[DataFinding]:
    """A warning where the layer that says where the texts apply lies away from every parcel."""
    zones, counted = companions.zones or companions.parks, counts.of("zone")
    if zones is not None and counted.get("unmet") and not counted.get("met"):
        called = Message(f"report-layer-{zones.layer.name}")
        message = Message("zones-unmet", {"file": zones.layer.file, "layer": called})
        yield DataFinding("data/location", Level.WARNING, Subject("layer", zones.layer.name), message)
