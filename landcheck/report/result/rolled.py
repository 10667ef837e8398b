"""Roll-ups and headroom as records, and read back from them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pyarrow as pa
from msgspec import UNSET
from msgspec.structs import astuple
from numpy.typing import NDArray

from landcheck.model import USES, GroupRoom, Headroom, Rollup, UseRoom, Verdict
from landcheck.report.content.labels import VERDICTS
from landcheck.report.result import rollup_types as types

C = TypeVar("C", types.CountsRecord, types.LandRecord)
KNOWN, FREE, UNKNOWN, POOLED = b"kfup"


def by_verdict(kind: type[C], held: Sequence[float]) -> C:
    """What is held by ``Verdict`` as a record."""
    return kind(*(held[verdict] for verdict in VERDICTS))  # type: ignore[arg-type]  # counts are whole


def rollup_record(one: Rollup) -> types.RollupRecord:
    """One roll-up."""
    return types.RollupRecord(
        one.by, one.key, one.parcels,  # type: ignore[arg-type]  # one of GROUPINGS
        by_verdict(types.CountsRecord, one.verdicts), by_verdict(types.LandRecord, one.verdict_land_m2), one.open,
        types.SumRecord(one.land_m2, one.land_unknown), types.SumRecord(one.above_ground_m2, one.above_ground_unknown),
        types.SumRecord(one.far_gfa_m2, one.far_gfa_unknown),
        types.FarRecord(one.far_mean, one.far_lowest, one.far_highest, one.far_unknown),
        {use: types.RoomRecord(*(getattr(room, name) for name in types.RoomRecord.__struct_fields__))
         for use, room in one.rooms.items()}, one.name or UNSET,
    )  # fmt: skip


def rollup_of(saved: types.RollupRecord) -> Rollup:
    """The roll-up again."""
    rooms = {use: GroupRoom(*astuple(room)) for use, room in saved.rooms.items()}
    parts = (saved.land, saved.above_ground, saved.far_gfa, saved.far)
    areas = itertools.chain.from_iterable(map(astuple, parts))
    verdicts, land = _of_verdicts(saved.verdicts), _of_verdicts(saved.verdict_land_m2)
    return Rollup(*(saved.by, saved.key, saved.parcels, verdicts, land, saved.open, *areas, rooms, saved.name or None))


def _of_verdicts(saved: types.CountsRecord | types.LandRecord) -> tuple[int, ...]:
    held = dict(zip(VERDICTS, astuple(saved), strict=True))
    return tuple(held[verdict] for verdict in Verdict)


def headroom_record(headroom: Headroom) -> types.HeadroomRecord:
    """The headroom of every parcel, column by column."""
    rows = (headroom.rows + 1).tolist()
    return types.HeadroomRecord(headroom.ids.to_pylist(), rows, *(_use_record(headroom.uses[use]) for use in USES))


def _use_record(one: UseRoom) -> types.UseRoomRecord:
    names = np.fromiter(map(list, one.names), object, len(one.names))
    return types.UseRoomRecord(
        states(one).tobytes().decode(), _nulls(one.room_m2), _nulls(one.short_m2), names[one.missing].tolist()
    )


def states(one: UseRoom) -> NDArray[np.uint8]:
    """The letter of each parcel: known, free, unknown, pooled."""
    unknown = np.where(one.pooled, POOLED, UNKNOWN)
    found = np.where(np.isinf(one.room_m2), FREE, np.where(np.isnan(one.room_m2), unknown, KNOWN))
    return found.astype(np.uint8)


def _nulls(column: NDArray[np.float64]) -> list[float | None]:
    held = column.astype(object)
    held[~np.isfinite(column)] = None
    return list(held)


def headroom_of(saved: types.HeadroomRecord) -> Headroom:
    """The headroom again. ValueError where the columns are not of one length."""
    uses = {use: _use_of(getattr(saved, use), len(saved.id)) for use in USES}
    rows = np.array(saved.row, np.int64) - 1
    if len(rows) != len(saved.id):
        raise ValueError("headroom.row")
    return Headroom(pa.array(saved.id, pa.string()), rows, uses)


def _use_of(saved: types.UseRoomRecord, rows: int) -> UseRoom:
    room, short = (np.array(column, np.float64) for column in (saved.room_m2, saved.short_m2))
    letters = np.frombuffer(saved.state.encode(), np.uint8)
    if {len(room), len(short), len(letters), len(saved.missing)} != {rows}:
        raise ValueError("headroom")
    numbers: dict[tuple[str, ...], int] = {}
    missing = np.array([numbers.setdefault(tuple(names), len(numbers)) for names in saved.missing], np.intp)
    return UseRoom(np.where(letters == FREE, np.inf, room), short, letters == POOLED, missing, tuple(numbers))
