"""The facts of a batch of parcels, completed: joined, drawn, placed, filled and, last, assumed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.facts.companions import Around, geometry_findings
from landcheck.facts.layers import Sheetful, idents
from landcheck.fields.normalise import assume
from landcheck.geometry import validity
from landcheck.geometry.area import ellipsoidal_area_m2, planar_area_m2
from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.place import Places
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.measures import ratio
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Origin, Subject
from landcheck.request import Request
from landcheck.verdicts.decide import RECORDED

Areas = NDArray[np.float64]

HALF = 0.5  # CONTRACT section 2: more than half of the parcel inside a polygon
WHOLLY = 0.999  # what lies outside beyond this is told; less is the tolerance of drawing


@dataclass(slots=True)
class Facts:
    """A completed batch; ``drawn``: the ellipsoidal and planar areas in m² where there are shapes, NaN unknown.

    ``zone``: how many parcels meet a polygon that says where the texts apply, and how many meet none.
    """

    batch: Batch
    ids: pa.Array
    shapes: Shapes | None = None
    drawn: dict[str, Areas] = field(default_factory=dict)
    assumed: dict[str, int] = field(default_factory=dict)
    fallbacks: dict[str, int] = field(default_factory=dict)
    zone: dict[str, int] = field(default_factory=dict)
    findings: list[DataFinding] = field(default_factory=list)


@dataclass(slots=True)
class Finder:
    """Looks parcels up in the parks and zones, in the parcels' own frame; None where place cannot be told.

    ``zone`` is the zones layer, or the parks layer where no zones layer is given; ``derives_zone``: either is given.
    ``derives_park``: the parks layer is given and some rule asks whether a parcel lies in a park.
    """

    parks: Places | None
    zone: Places | None
    park_ids: pa.Array | None
    districts: pa.Array | None
    derives_zone: bool
    derives_park: bool

    @classmethod
    def of(cls, around: Around, frame: Frame | None, read: Collection[str]) -> Finder:
        """Set the layers around in the parcels' frame; ``read`` are the columns that some rule reads."""
        parks = around.parks
        placed = None if parks is None else parks.places(frame)
        return cls(
            placed,
            placed if around.zones is None else around.zones.places(frame),
            None if parks is None else parks.batch.texts["park_id"],
            None if parks is None else parks.batch.texts["district"],
            parks is not None or around.zones is not None,
            parks is not None and "in_industrial_park" in read,
        )


def complete(batch: Batch, sheet: Sheetful, around: Around, finder: Finder, request: Request) -> Facts:
    """All that can be known of a batch before it is judged."""
    facts = Facts(batch, idents(batch))
    if around.attributes is not None:
        facts.findings += around.attributes.join(batch)
    if batch.wkb is not None:
        _draw(facts, sheet)
    _place(facts, finder)
    if around.sums is not None:
        filled, contradictions = around.sums.fill(batch)
        facts.fallbacks |= {f"buildings:{name}": rows for name, rows in filled.items()}
        facts.findings += contradictions
    if around.pools is not None:
        facts.fallbacks |= {f"pool:{name}": rows for name, rows in around.pools.fill(batch).items()}
    batch.columns[RECORDED] = batch.columns["approval_date"]
    if request.assume:
        # 在高新区内: where a layer of zones or parks is given, the place is the evidence, and without it there is none
        by_place = ("in_high_tech_zone",) if finder.derives_zone else ()
        facts.assumed |= _assume_area(facts, request.area_basis) | assume(batch, request.as_of, by_place)
    facts.fallbacks["far"] = _far_as_declared(batch)
    return facts


def _draw(facts: Facts, sheet: Sheetful) -> None:
    """Shapes, their faults, and both areas."""
    faults, facts.shapes = validity.examine(shapes(facts.batch.wkb))
    facts.findings += geometry_findings(facts.batch, faults, sheet)
    crs, plane = (sheet.frame.crs, sheet.frame.plane) if sheet.frame else (None, None)
    facts.drawn = {
        "ellipsoidal": ellipsoidal_area_m2(facts.shapes, crs),
        "planar": planar_area_m2(facts.shapes, plane),
    }


def _assume_area(facts: Facts, basis: str) -> dict[str, int]:
    """用地面积 from the drawing where none is declared; rows so filled."""
    if basis not in facts.drawn:
        return {}
    declared, drawn = facts.batch.columns["site_area_m2"], facts.drawn[basis]
    taken = np.isnan(declared) & (drawn > 0)
    facts.batch.columns["site_area_m2"] = np.where(taken, drawn, declared)
    _mark(facts.batch, "site_area_m2", taken, Origin.ASSUMED)
    return {"site_area_m2": int(taken.sum())}


def _place(facts: Facts, finder: Finder) -> None:
    """Park, district and zone from the place of the parcel."""
    batch, drawn = facts.batch, facts.shapes
    if finder.derives_zone:
        _derive_zone(facts, finder)
    if drawn is None or finder.parks is None or finder.park_ids is None:
        _derive_park(facts, finder, np.full(batch.rows, np.nan), None)
        return
    index, share = finder.parks.most(drawn)
    _derive_park(facts, finder, share, finder.parks)
    park = finder.park_ids.take(pa.array(index, mask=index < 0))
    facts.findings += _outside_declared(facts, finder, park)
    facts.findings += _across_border(facts, park, share)
    _fill_text(batch, "park_id", park)
    if finder.districts is not None:
        _fill_text(batch, "district", finder.districts.take(pa.array(index, mask=index < 0)))


def _derive_zone(facts: Facts, finder: Finder) -> None:
    """在高新区内: more than half of the parcel inside a polygon; without a shape the value stays missing."""
    batch, places = facts.batch, finder.zone
    there = np.zeros(batch.rows, np.int8)
    if facts.shapes is not None and places is not None:
        share = places.most(facts.shapes)[1]
        there = inside(share, places)
        facts.zone = {"met": int((share > 0).sum()), "unmet": int((share == 0).sum())}
    _by_place(facts, "in_high_tech_zone", there)


def inside(share: Areas, places: Places) -> NDArray[np.int8]:
    """Tri: more than half of each parcel in one of the polygons; it may also be in one that has no sound shape."""
    outside = (share <= HALF).view(np.int8) if places.whole else np.int8(0)
    return np.asarray((share > HALF).view(np.int8) - outside, np.int8)


def _derive_park(facts: Facts, finder: Finder, share: Areas, places: Places | None) -> None:
    """位于工业园区: more than half of the parcel inside a park; without a shape (``share`` NaN) the park it names."""
    if not finder.derives_park:
        return
    named = pc.is_in(facts.batch.texts["park_id"], value_set=finder.park_ids, skip_nulls=True)
    named = named.to_numpy(zero_copy_only=False)
    there = named.astype(np.int8) if places is None else np.where(np.isnan(share), named, inside(share, places))
    _by_place(facts, "in_industrial_park", there)


def _by_place(facts: Facts, name: str, inside: NDArray[np.int8]) -> None:
    """Fill a truth value where the parcel has none of its own and its place tells (Tri)."""
    own = facts.batch.columns[name]
    taken = (own == 0) & (inside != 0)
    facts.batch.columns[name] = np.where(taken, inside, own)
    _mark(facts.batch, name, taken, Origin.PLACE)
    facts.fallbacks[f"place:{name}"] = int(taken.sum())


def _outside_declared(facts: Facts, finder: Finder, found: pa.Array) -> Iterator[DataFinding]:
    """The parcel names a park and does not lie in it."""
    own = facts.batch.texts["park_id"]
    differ = pc.fill_null(pc.and_(own.is_valid(), pc.fill_null(pc.not_equal(own, found), True)), False)
    for row in np.flatnonzero(differ.to_numpy(zero_copy_only=False)):
        share = _share_in_named(facts, finder, own[int(row)].as_py(), int(row))
        if share is not None and (share > HALF or np.isnan(share)):
            continue
        code = "parcel-park-unknown" if share is None else "parcel-outside-park"
        values = {"park": own[int(row)].as_py(), "percent": round(100 * (share or 0.0), 1),
                  "found": found[int(row)].as_py() or "-"}  # fmt: skip
        yield _location(facts, int(row), code, values)


def _share_in_named(facts: Facts, finder: Finder, name: str, row: int) -> float | None:
    """How much of the parcel lies in the park it names; NaN without a shape, None where there is no such park."""
    assert finder.park_ids is not None
    assert finder.parks is not None
    assert facts.shapes is not None
    at = pc.index(finder.park_ids, name).as_py()
    if at < 0:
        return None
    parcel = facts.shapes.geoms(np.array([row]))
    share = shapely.area(shapely.intersection(parcel, finder.parks.polygons[at])) / shapely.area(parcel)
    return float(share[0])


def _across_border(facts: Facts, park: pa.Array, share: Areas) -> Iterator[DataFinding]:
    for row in np.flatnonzero((share > 0) & (share < WHOLLY)):
        values = {"park": park[int(row)].as_py() or "-", "percent": round(100 * float(share[row]), 1)}
        yield _location(facts, int(row), "parcel-across-border", values)


def _location(facts: Facts, row: int, code: str, values: dict[str, object]) -> DataFinding:
    ident = facts.ids[row].as_py()
    message = Message(code, {"parcel": ident, **values})
    return DataFinding(
        "data/location", Level.WARNING, Subject("parcel", ident), message, facts.batch.first_row + row + 1
    )


def _far_as_declared(batch: Batch) -> int:
    """Rows whose FAR is the declared one because it cannot be worked out."""
    c = batch.columns
    return int((np.isnan(ratio(c["far_gfa_m2"], c["site_area_m2"])) & ~np.isnan(c["far"])).sum())


def _fill_text(batch: Batch, name: str, values: pa.Array) -> None:
    batch.texts[name] = pc.coalesce(batch.texts[name], values)


def _mark(batch: Batch, name: str, taken: NDArray[np.bool_], origin: Origin) -> None:
    before = batch.origins.get(name, np.int8(Origin.LAYER))
    batch.origins[name] = np.where(taken, np.int8(origin), before).astype(np.int8)


def centres(drawn: Shapes, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """(n, 2): a place for each row in the layer's own coordinates; NaN without a shape."""
    middle = shapely.centroid(drawn.geoms(rows))
    return np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])
