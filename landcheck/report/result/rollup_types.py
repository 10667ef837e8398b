"""Roll-ups and headroom, as JSON: what parcels come to together, and what may still be built on each."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from landcheck.report.result.finding_types import Count, Nonnegative, Number, Record

States = Annotated[str, Meta(pattern="^[kfup]*$")]


class CountsRecord(Record, rename={"passed": "pass"}):
    """How often a rule gave each verdict; in a roll-up, how many parcels had it as their gravest."""

    passed: Count
    fail: Count
    review: Count
    undetermined: Count
    not_applicable: Count


class LandRecord(Record, rename={"passed": "pass"}):
    """The land of the parcels by their gravest verdict, in m²."""

    passed: Nonnegative
    fail: Nonnegative
    review: Nonnegative
    undetermined: Nonnegative
    not_applicable: Nonnegative


class SumRecord(Record):
    """The sum of an area in m², and how many parcels are not in it because theirs is unknown."""

    m2: Nonnegative
    unknown: Count


class FarRecord(Record):
    """FAR of the parcels: mean weighted by land, least and greatest; null where none is known."""

    mean: Number | None
    lowest: Number | None
    highest: Number | None
    unknown: Count


class RoomRecord(Record):
    """Headroom of the parcels for one use in m², each parcel by itself: what may still be added (may), is too much
    (over) and must be built (short).

    Parcels counted: known have an upper limit and stand in the sums, free have none in these packs, of unknown ones a
    fact is missing, of pooled ones the limit is their pool's; short_unknown could not be held against a lower limit.
    """

    may_m2: Nonnegative
    over_m2: Nonnegative
    short_m2: Nonnegative
    known: Count
    free: Count
    unknown: Count
    pooled: Count
    short_unknown: Count


class RollupRecord(Record):
    """The parcels of one park, district or land class, or those that a rule speaks of.

    Key is null for those of which it is not known. Passing share: pass over all but not_applicable, of verdicts or of
    land. Open counts undetermined verdicts. Rooms by use (floor, other_use, living), none for a rule.
    Name: of a park, where its layer says it.
    """

    by: Literal["park", "district", "land_class", "rule"]
    key: str | None
    parcels: Count
    verdicts: CountsRecord
    verdict_land_m2: LandRecord
    open: Count
    land: SumRecord
    above_ground: SumRecord
    far_gfa: SumRecord
    far: FarRecord
    rooms: dict[str, RoomRecord]
    name: str | UnsetType = UNSET


class UseRoomRecord(Record):
    """Headroom for one use, a parcel an entry: room_m2 may be added, or must go where it is negative; short_m2 must be
    built.

    State, a letter a parcel: k, the limit is known; f, free, no rule of these packs sets a limit; u, unknown; p, the
    limit is the pool's. Where a number is null and the state is not f or p, missing names the fields that are wanted.
    """

    state: States
    room_m2: list[Number | None]
    short_m2: list[Number | None]
    missing: list[list[str]]


class HeadroomRecord(Record):
    """With --headroom only: what may still be built on every parcel, in the order of the rows."""

    id: list[str]
    row: list[Count]
    floor: UseRoomRecord
    other_use: UseRoomRecord
    living: UseRoomRecord
