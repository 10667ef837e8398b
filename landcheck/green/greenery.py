"""From green rows to the facts a park is judged by: its ledger, and what its reductions are for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landcheck.facts.floor_sums import total
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.green import ledger
from landcheck.measures import LEDGER_FACTS
from landcheck.model import Batch, LedgerRow, Role, Transfer, Tri

Areas = NDArray[np.float64]
Mask = NDArray[np.bool_]
Tris = NDArray[np.int8]

CHANGES = ("reduction", "new_planned", "existing")
BUILDING_WORKS = ("expansion", "renovation")


@dataclass(frozen=True, slots=True)
class GreenRows:
    """Green rows whose park is known: ``park`` indexes the parks, ``area_m2`` NaN where unknown.

    ``astray``: some row, not counted here, adds to the green of a park that nobody can name.
    """

    park: NDArray[np.intp]
    reduces: Mask
    adds: Mask
    stays: Mask
    unclear: Mask
    area_m2: Areas
    completed: Tris
    building_works: Tris
    astray: bool = False


@dataclass(frozen=True, slots=True)
class ParkFacts:
    """What the ledger says of the parks: columns to judge, and the ledger itself."""

    columns: dict[str, NDArray[np.generic]]
    ledger: tuple[LedgerRow, ...]
    transfers: tuple[Transfer, ...]


def green_rows(green: Batch, park: NDArray[np.intp], astray: Mask | None = None) -> GreenRows:
    """The rows of the green layer whose park is known (``park`` >= 0), as the ledger needs them.

    ``astray`` marks rows that may belong to any park.
    """
    kept = np.flatnonzero(park >= 0)
    code = {word: catalogue_field(Role.GREEN, "change").values.index(word) for word in CHANGES}
    lost = astray is not None and bool((astray & (green.columns["change"] != code["reduction"])).any())
    change = green.columns["change"][kept]
    return GreenRows(
        park[kept],
        reduces=change == code["reduction"],
        adds=change == code["new_planned"],
        stays=change == code["existing"],
        unclear=change < 0,
        area_m2=green.columns["area_m2"][kept],
        completed=green.columns["project_completed"][kept],
        building_works=_building_works(green.columns["reason"][kept]),
        astray=lost,
    )


def green_total(rows: GreenRows, n: int) -> Areas:
    """园区绿地总面积 of each park once its plan is carried out, in m²: what stays and what is newly planned.

    A reduction is green that goes: it is not counted, and what stays is told without it (the change of a row is that
    of its whole area). NaN where a row's area or change is unknown, and where no existing green is told of: a layer of
    changes alone is no account of all green (413号(五): 公共绿地;防护绿地;道路绿地;建设项目附属绿地等).
    """
    if rows.astray:
        return np.full(n, np.nan)
    counted = np.where(rows.reduces, 0.0, np.where(rows.unclear, np.nan, rows.area_m2))
    return np.where(_any(rows.park, rows.stays, n), _sum(rows.park, counted, n), np.nan)


def settle(rows: GreenRows | None, parks: Batch, names: list[str]) -> ParkFacts:
    """Work the ledger out. ``rows`` is None where no green layer was read: then no park's reductions are known."""
    districts = parks.texts["district"].dictionary_encode()
    code = districts.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
    if rows is None:
        return _unread(parks.rows)
    limits = _bounds(rows, code, parks.columns["district_balance_approved"])
    balance, uncovered = ledger.settle(limits)
    columns = _facts(rows, parks.rows) | {"uncovered_m2": uncovered} | _ledger_lacks(rows, limits)
    return ParkFacts(
        columns,
        tuple(ledger.rows(limits.known, balance, names, parks.texts["district"].to_pylist())),
        tuple(ledger.transfers(limits.known, balance, names)),
    )


def _bounds(rows: GreenRows, district: NDArray[np.intp], approved: Tris) -> ledger.Bounds:
    n = len(district)
    area = np.nan_to_num(rows.area_m2, nan=0.0)
    loose = np.where(np.isnan(rows.area_m2), ledger.UNBOUNDED, np.where(rows.unclear, area, 0.0))
    known = ledger.Claims(
        need=_sum(rows.park, np.where(rows.reduces, area, 0.0), n),
        have=_sum(rows.park, np.where(rows.adds, area, 0.0), n),
        district=district,
        approved=approved,
    )
    may_need = _sum(rows.park, np.where(rows.reduces | rows.unclear, loose, 0.0), n)
    may_have = _sum(rows.park, np.where(rows.adds | rows.unclear, loose, 0.0), n)
    return ledger.bounds(known, may_need, may_have)


def _facts(rows: GreenRows, n: int) -> dict[str, NDArray[np.generic]]:
    """Per park, Tri: has it a reduction, is each at a completed project, is each for expansion or renovation."""
    some = np.full(n, Tri.FALSE, np.int8)
    np.maximum.at(some, rows.park, np.where(rows.reduces, 1, np.where(rows.unclear, 0, -1)).astype(np.int8))
    asked = rows.reduces | rows.unclear
    return {
        "has_reduction": some,
        "reductions_completed": _each(rows, rows.completed, n),
        "reductions_for_building_works": _each(rows, rows.building_works, n),
        "lacks_change": _any(rows.park, rows.unclear, n),
        "lacks_project_completed": _any(rows.park, asked & (rows.completed == 0), n),
        "lacks_reason": _any(rows.park, asked & (rows.building_works == 0), n),
    }


def _each(rows: GreenRows, holds: Tris, n: int) -> Tris:
    """Kleene *and* over the reductions; a row that may be one counts as unknown unless the fact holds."""
    every = np.full(n, Tri.TRUE, np.int8)
    asked = np.where(rows.reduces, holds, np.where(rows.unclear, np.maximum(holds, 0), 1)).astype(np.int8)
    np.minimum.at(every, rows.park, asked)
    return every


def _ledger_lacks(rows: GreenRows, limits: ledger.Bounds) -> dict[str, NDArray[np.generic]]:
    """Which facts stand between a park and a certain balance: its own, and those of the parks it balances with."""
    claims, n = limits.known, len(limits.known.district)
    unsure = rows.reduces | rows.adds | rows.unclear
    stray = claims.district < 0
    short_or_more = (limits.worst.need > limits.worst.have) | (limits.best.have > limits.best.need)
    masks = {
        "change": _around(claims.district, _any(rows.park, rows.unclear, n)),
        "area_m2": _around(claims.district, _any(rows.park, unsure & np.isnan(rows.area_m2), n)),
        "district": np.full(n, bool((stray & short_or_more).any())),
        "district_balance_approved": (claims.approved == 0) & (limits.worst.need > limits.worst.have),
    }
    return {f"ledger_lacks_{name}": masks[name] for name in LEDGER_FACTS}


def _around(district: NDArray[np.intp], flagged: Mask) -> Mask:
    """Flagged itself, or in a district with a flagged park, or anywhere if a flagged park has no known district."""
    stray = bool((flagged & (district < 0)).any())
    same = np.isin(district, district[flagged & (district >= 0)])
    return flagged | same | stray


def _unread(n: int) -> ParkFacts:
    unknown = np.zeros(n, np.int8)
    yes, no = np.ones(n, np.bool_), np.zeros(n, np.bool_)
    columns: dict[str, NDArray[np.generic]] = {
        "has_reduction": unknown,
        "reductions_completed": unknown,
        "reductions_for_building_works": unknown,
        "uncovered_m2": np.full(n, np.nan),
        "lacks_change": yes,
        "lacks_project_completed": no,
        "lacks_reason": no,
    }
    columns |= {f"ledger_lacks_{name}": yes if name == "change" else no for name in LEDGER_FACTS}
    return ParkFacts(columns, (), ())


def _building_works(reason: NDArray[np.int8]) -> Tris:
    values = catalogue_field(Role.GREEN, "reason").values
    table = np.array([*(1 if value in BUILDING_WORKS else -1 for value in values), 0], np.int8)
    return table[reason]


def _sum(park: NDArray[np.intp], area: Areas, n: int) -> Areas:
    return total(park, area, n)


def _any(park: NDArray[np.intp], flag: Mask, n: int) -> Mask:
    return np.bincount(park, flag, n) > 0
