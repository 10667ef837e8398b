"""From green rows to the facts a park is judged by: its ledger, and what its reductions are for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landcheck.facts.floor_sums import total
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.green.ledger import UNBOUNDED, Bounds, Claims, bounds, ledger_rows, settle, to_add, transfers_of
from landcheck.measures import GREEN_TO_ADD, LEDGER_FACTS
from landcheck.model import Batch, LedgerRow, Role, Transfer, Tri

Areas = NDArray[np.float64]
Mask = NDArray[np.bool_]
Tris = NDArray[np.int8]
Columns = dict[str, NDArray[np.generic]]

CHANGES = ("reduction", "new_planned", "existing")
BUILDING_WORKS = ("expansion", "renovation")


@dataclass(frozen=True, slots=True)
class GreenRows:
    """Green rows whose park is known: ``park`` numbers the ``parks`` from 0, ``area_m2`` is NaN where unknown.

    ``astray``: some row, not counted here, adds to the green of a park that nobody can name.
    """

    parks: int
    park: NDArray[np.intp]
    reduces: Mask
    adds: Mask
    stays: Mask
    unclear: Mask
    area_m2: Areas
    completed: Tris
    building_works: Tris
    astray: bool = False

    def sums(self, area_m2: Areas) -> Areas:
        """An area of each row (m²) summed up by park."""
        return total(self.park, area_m2, self.parks)

    def any(self, flag: Mask) -> Mask:
        """The parks of which some row is flagged."""
        return np.bincount(self.park, flag, self.parks) > 0

    def each(self, holds: Tris) -> Tris:
        """Kleene *and* over a park's reductions; a row that may be one counts as unknown unless the fact holds."""
        every = np.full(self.parks, Tri.TRUE, np.int8)
        asked = np.where(self.reduces, holds, np.where(self.unclear, np.maximum(holds, 0), 1)).astype(np.int8)
        np.minimum.at(every, self.park, asked)
        return every


@dataclass(frozen=True, slots=True)
class ParkFacts:
    """What the ledger says of the parks: columns to judge, and the ledger itself."""

    columns: Columns
    ledger: tuple[LedgerRow, ...] = ()
    transfers: tuple[Transfer, ...] = ()


def green_rows(green: Batch, park: NDArray[np.intp], parks: int, astray: Mask | None = None) -> GreenRows:
    """The rows of the green layer whose park (of so many ``parks``) is known (>= 0), as the ledger needs them.

    ``astray`` marks rows that may belong to any park.
    """
    kept = np.flatnonzero(park >= 0)
    reduction, planned, existing = (catalogue_field(Role.GREEN, "change").values.index(word) for word in CHANGES)
    lost = astray is not None and bool((astray & (green.columns["change"] != reduction)).any())
    change, reason = green.columns["change"][kept], green.columns["reason"][kept]
    words = catalogue_field(Role.GREEN, "reason").values
    works = np.array([*(1 if word in BUILDING_WORKS else -1 for word in words), 0], np.int8)  # the last for code -1
    return GreenRows(
        parks,
        park[kept],
        reduces=change == reduction,
        adds=change == planned,
        stays=change == existing,
        unclear=change < 0,
        area_m2=green.columns["area_m2"][kept],
        completed=green.columns["project_completed"][kept],
        building_works=works[reason],
        astray=lost,
    )


def green_total(rows: GreenRows) -> Areas:
    """园区绿地总面积 of each park once its plan is carried out, in m²: what stays and what is newly planned.

    A reduction is green that goes: it is not counted, and what stays is told without it (the change of a row is that
    of its whole area). NaN where a row's area or change is unknown, and where no existing green is told of: a layer of
    changes alone is no account of all green (413号(五): 公共绿地;防护绿地;道路绿地;建设项目附属绿地等).
    """
    if rows.astray:
        return np.full(rows.parks, np.nan)
    counted = np.where(rows.reduces, 0.0, np.where(rows.unclear, np.nan, rows.area_m2))
    return np.where(rows.any(rows.stays), rows.sums(counted), np.nan)


def park_facts(rows: GreenRows | None, parks: Batch, names: list[str]) -> ParkFacts:
    """Work the ledger out. ``rows`` is None where no green layer was read: then no park's reductions are known."""
    if rows is None:
        return _unread(parks.rows)
    districts = parks.texts["district"]
    code = districts.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
    limits = _bounds(rows, code, parks.columns["district_balance_approved"])
    balance, uncovered = settle(limits)
    columns = (
        _reductions(rows)
        | {"uncovered_m2": uncovered, GREEN_TO_ADD: to_add(limits.worst)}
        | _ledger_lacks(rows, limits)
    )
    return ParkFacts(
        columns,
        tuple(ledger_rows(limits.known, balance, names, districts.to_pylist())),
        tuple(transfers_of(limits.known, balance, names)),
    )


def _bounds(rows: GreenRows, district: NDArray[np.intp], approved: Tris) -> Bounds:
    area = np.nan_to_num(rows.area_m2, nan=0.0)
    loose = np.where(np.isnan(rows.area_m2), UNBOUNDED, np.where(rows.unclear, area, 0.0))
    need, have = (rows.sums(np.where(which, area, 0.0)) for which in (rows.reduces, rows.adds))
    more = [rows.sums(np.where(which | rows.unclear, loose, 0.0)) for which in (rows.reduces, rows.adds)]
    return bounds(Claims(need, have, district, approved), *more)


def _reductions(rows: GreenRows) -> Columns:
    """Per park, Tri: has it a reduction, is each at a completed project, is each for expansion or renovation."""
    some = np.full(rows.parks, Tri.FALSE, np.int8)
    np.maximum.at(some, rows.park, np.where(rows.reduces, 1, np.where(rows.unclear, 0, -1)).astype(np.int8))
    asked = rows.reduces | rows.unclear
    return {
        "has_reduction": some,
        "reductions_completed": rows.each(rows.completed),
        "reductions_for_building_works": rows.each(rows.building_works),
        "lacks_change": rows.any(rows.unclear),
        "lacks_project_completed": rows.any(asked & (rows.completed == 0)),
        "lacks_reason": rows.any(asked & (rows.building_works == 0)),
    }


def _ledger_lacks(rows: GreenRows, limits: Bounds) -> Columns:
    """Which facts stand between a park and a certain balance: its own, and those of the parks it balances with."""
    claims = limits.known
    unsure = rows.reduces | rows.adds | rows.unclear
    short_or_more = (limits.worst.need > limits.worst.have) | (limits.best.have > limits.best.need)
    masks = {
        "change": _in_district(claims.district, rows.any(rows.unclear)),
        "area_m2": _in_district(claims.district, rows.any(unsure & np.isnan(rows.area_m2))),
        "district": np.full(rows.parks, bool(((claims.district < 0) & short_or_more).any())),
        "district_balance_approved": (claims.approved == 0) & (limits.worst.need > limits.worst.have),
    }
    return {f"ledger_lacks_{name}": masks[name] for name in LEDGER_FACTS}


def _in_district(district: NDArray[np.intp], flagged: Mask) -> Mask:
    """Flagged itself, or in a district with a flagged park, or anywhere if a flagged park has no known district."""
    stray = bool((flagged & (district < 0)).any())
    return flagged | np.isin(district, district[flagged & (district >= 0)]) | stray


def _unread(parks: int) -> ParkFacts:
    tris = ("has_reduction", "reductions_completed", "reductions_for_building_works")
    lacks = ("lacks_change", "lacks_project_completed", "lacks_reason", *(f"ledger_lacks_{n}" for n in LEDGER_FACTS))
    columns: Columns = {name: np.zeros(parks, np.int8) for name in tris}
    columns |= {name: np.full(parks, name.endswith("_change")) for name in lacks}
    return ParkFacts(columns | dict.fromkeys(("uncovered_m2", GREEN_TO_ADD), np.full(parks, np.nan)))
