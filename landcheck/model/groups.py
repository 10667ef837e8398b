"""What parcels come to together, by park, district, land class or rule, and what may still be built on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

# Of what there may be headroom, and the field of a parcel that is larger by what is added.
USES = {"floor": "far_gfa_m2", "other_use": "other_industry_gfa_m2", "living": "living_gfa_m2"}


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """The headroom of some parcels for one use, in m², each parcel by itself.

    ``may_m2`` may still be added, ``over_m2`` must go, ``short_m2`` must be built. Parcels counted: ``known`` have an
    upper limit and stand in the sums, of ``free`` ones no rule sets one, of ``unknown`` ones a fact is missing, and of
    ``pooled`` ones the limit is their pool's; ``short_unknown`` could not be held against a lower limit.
    """

    may_m2: float
    over_m2: float
    short_m2: float
    known: int
    free: int
    unknown: int
    pooled: int
    short_unknown: int


@dataclass(frozen=True, slots=True)
class Rollup:
    """The parcels of one park, district or land class, or those that a rule speaks of; areas are sums in m².

    ``key`` is None for those of which it is not known. ``verdicts`` and ``verdict_land_m2`` (by ``Verdict``) take each
    parcel by the gravest of its verdicts, of a rule by that rule's; ``open`` counts undetermined verdicts. The mean FAR
    is weighted by land. What is ``_unknown`` is in no sum. ``rooms`` by use; none for a rule. ``name``: what the parks'
    layer calls the park, where it says so.
    """

    by: str
    key: str | None
    parcels: int
    verdicts: tuple[int, ...]
    verdict_land_m2: tuple[float, ...]
    open: int
    land_m2: float
    land_unknown: int
    above_ground_m2: float
    above_ground_unknown: int
    far_gfa_m2: float
    far_gfa_unknown: int
    far_mean: float | None
    far_lowest: float | None
    far_highest: float | None
    far_unknown: int
    rooms: Mapping[str, GroupRoom]
    name: str | None = None


class UseRoom(NamedTuple):
    """The headroom of parcels for one use, a row each, in m².

    ``room_m2`` may be added, or must go where it is negative; infinite where no rule sets a limit, NaN where it is
    unknown or the pool's. ``short_m2`` must be built, NaN unknown. ``missing``: by row the number of ``names``, the
    fields that are wanted.
    """

    room_m2: NDArray[np.float64]
    short_m2: NDArray[np.float64]
    pooled: NDArray[np.bool_]
    missing: NDArray[np.intp]
    names: tuple[tuple[str, ...], ...]


class Headroom(NamedTuple):
    """The headroom of every parcel, by use, in the order of the rows (from 0)."""

    ids: pa.Array
    rows: NDArray[np.int64]
    uses: Mapping[str, UseRoom]
