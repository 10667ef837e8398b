"""The green ledger of 五(四): each park covers itself first, then parks of one district help each other, pro rata.

All areas are in m². Where facts of green rows are missing, the ledger is worked out three times: with the known rows
alone (what the report shows), in the worst and in the best case for the parks; a park is judged only where the cases
agree. Every quantity is monotone in the facts, so the two ends bound whatever the missing facts may turn out to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import TOLERANCE
from landcheck.model import LedgerRow, Transfer
from landcheck.verdicts.exact import settled

Areas = NDArray[np.float64]
Tris = NDArray[np.int8]

# Stands for "any amount": far above all the land there is (5.1e14 m²), and small enough to be added exactly enough.
UNBOUNDED = 1e18


@dataclass(frozen=True, slots=True)
class Claims:
    """The parks of one run: ``district`` codes with -1 unknown, ``approved`` Tri (区政府平衡补足)."""

    need: Areas
    have: Areas
    district: NDArray[np.intp]
    approved: Tris


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of the claims, park by park."""

    short: Areas
    surplus: Areas
    drawn: Areas
    given: Areas
    uncovered: Areas


@dataclass(frozen=True, slots=True)
class Bounds:
    """The claims as known, and at both ends of what missing facts allow."""

    known: Claims
    worst: Claims
    best: Claims


def balance(claims: Claims, stray_need: float = 0.0, stray_surplus: float = 0.0) -> Balance:
    """Share out the green: first within each park, then in its district pro rata to the shortfalls.

    A park whose approval is false draws nothing. ``stray_need`` and ``stray_surplus`` are asked for and offered in
    every district besides: the parks whose district is unknown, at the two ends of what it may be.
    """
    own = np.minimum(claims.need, claims.have)
    short = _trim(claims.need - own, claims.need)
    surplus = claims.have - own
    asks = _asks(claims, short)
    pool = _by_district(claims, surplus) + stray_surplus
    asked = _by_district(claims, asks) + stray_need
    drawn = asks * _share(pool, asked)[claims.district]
    given = np.where(claims.district >= 0, surplus * _share(asked, pool)[claims.district], 0.0)
    return Balance(short, surplus, drawn, given, _trim(short - drawn, claims.need))


def settle(bounds: Bounds) -> tuple[Balance, Areas]:
    """The ledger of the known facts, and per park the uncovered area to judge: NaN where missing facts decide it.

    An unknown approval draws its share in every case (CONTRACT section 4); the park itself is then covered only if
    it needs no help.
    """
    ledger = balance(bounds.known)
    worst = balance(bounds.worst, *_strays(bounds.worst, need=True))
    best = balance(bounds.best, *_strays(bounds.best, need=False))
    certain = np.where(_anywhere(bounds.best, best) > 0, ledger.uncovered, np.nan)
    helped = (worst.uncovered <= 0) & (bounds.worst.approved > 0) & (bounds.worst.district >= 0)
    return ledger, np.where((worst.short <= 0) | helped, 0.0, certain)


def to_add(claims: Claims) -> Areas:
    """The least new green of its own (m²) with which each park is surely covered; NaN where no amount surely is.

    ``claims`` at worst. With all that its district asks for beyond what there is, every draw is met in full; what a
    park adds it no longer draws. Where its draw counts for nothing it makes up for all of its own shortfall.
    """
    stray, _ = _strays(claims, need=True)
    found = balance(claims, stray)
    asked, pool = _by_district(claims, _asks(claims, found.short)) + stray, _by_district(claims, found.surplus)
    beyond = settled(asked - pool, asked + pool)[claims.district]
    short = settled(found.short, claims.need)
    helped = (claims.approved > 0) & (claims.district >= 0)
    return np.where(short < UNBOUNDED / 2, np.where(helped, np.clip(beyond, 0, short), short), np.nan)


def _asks(claims: Claims, short: Areas) -> Areas:
    """What each park asks of its district."""
    return np.where((claims.approved >= 0) & (claims.district >= 0), short, 0.0)


def _anywhere(claims: Claims, best: Balance) -> Areas:
    """Uncovered at best: a park whose district is unknown may lie in that which helps it most, or in one of its own."""
    lost, short = np.flatnonzero((claims.district < 0) & (claims.approved >= 0)), best.short
    pool = _by_district(claims, best.surplus) + _strays(claims, need=False)[1]
    asked = _by_district(claims, np.where(claims.approved >= 0, short, 0.0)) + short[lost, None]
    uncovered = best.uncovered.copy()
    uncovered[lost] = _trim(short[lost] * (1 - _share(pool, asked).max(axis=1)), claims.need[lost])
    return uncovered


def _strays(claims: Claims, *, need: bool) -> tuple[float, float]:
    """What parks of unknown district might ask for (at worst) or offer (at best) in any district."""
    own = np.minimum(claims.need, claims.have)
    lost = claims.district < 0
    if need:
        return float((claims.need - own)[lost & (claims.approved >= 0)].sum()), 0.0
    return 0.0, float((claims.have - own)[lost].sum())


def _by_district(claims: Claims, areas: Areas) -> Areas:
    """Sums by district, with one entry more for -1 that holds nothing."""
    known = claims.district >= 0
    size = int(claims.district.max(initial=-1)) + 2
    return np.bincount(claims.district[known], areas[known], size).astype(np.float64)


def _share(of: Areas, among: Areas) -> Areas:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(among > 0, np.minimum(of / among, 1.0), 0.0)


def _trim(areas: Areas, scale: Areas) -> Areas:
    """Rounding of binary floating point is no green area: what is under 1e-9 of the need is nought."""
    return np.where(areas <= TOLERANCE * scale, 0.0, areas)


def ledger_rows(claims: Claims, result: Balance, parks: list[str], districts: list[str | None]) -> list[LedgerRow]:
    """The ledger as the report shows it, sorted by park."""
    left = result.surplus - result.given
    areas = (claims.need, claims.have, result.drawn, result.uncovered, result.given, left)
    table = [LedgerRow(*line) for line in zip(parks, districts, *(area.tolist() for area in areas), strict=True)]
    return sorted(table, key=lambda row: row.park_id)


def transfers_of(claims: Claims, result: Balance, parks: Sequence[str]) -> list[Transfer]:
    """Who gave how much to whom: each gift is split like the draws of its district."""
    gifts = []
    for district in np.unique(claims.district[(claims.district >= 0) & (result.drawn > 0)]):
        here = claims.district == district
        takers = np.flatnonzero(here & (result.drawn > 0))
        parts = result.drawn[takers] / result.drawn[takers].sum()
        for giver in np.flatnonzero(here & (result.given > 0)):
            amounts = result.given[giver] * parts
            gifts += [
                Transfer(parks[int(giver)], parks[t], m2)
                for t, m2 in zip(takers.tolist(), amounts.tolist(), strict=True)
            ]
    return sorted(gifts, key=lambda gift: (gift.giver, gift.taker))


def bounds(known: Claims, loose_need: Areas, loose_have: Areas) -> Bounds:
    """``known`` widened by what rows with missing facts may add to the need and to the cover of each park."""
    return Bounds(
        known,
        worst=replace(known, need=known.need + loose_need),
        best=replace(known, have=known.have + loose_have),
    )
