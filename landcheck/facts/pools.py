"""Plots that share their facilities (统筹平衡): the sums of each pool, and pools that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck.facts.floor_sums import Areas, FloorSums, total
from landcheck.fields.catalogue import titled
from landcheck.fields.normalise import hide
from landcheck.geometry import validity
from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.crs.systems import on_a_plane
from landcheck.geometry.shapes.batch import Objects, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Origin, Role, Subject, Tri
from landcheck.quality.alike import of_each
from landcheck.quality.consistency import APART
from landcheck.quality.ids import idents, row_finding, rows_of

# What is summed up over a pool, and the parcel's own field it is the sum of.
POOLED = {
    "pool_above_ground_gfa_m2": "above_ground_gfa_m2",
    "pool_other_industry_gfa_m2": "other_industry_gfa_m2",
    "pool_living_gfa_m2": "living_gfa_m2",
}
# What may lie between adjacent plots, a small road or river (规模较小的道路、河道, 357号), has no width in any text.
GAP_M = 50.0


@dataclass(frozen=True, slots=True)
class PooledRows:
    """Rows of a batch that name a pool: numbers (from 0), texts, whether recognised (Tri), areas and totals in m².

    ``areas`` and ``totals`` are fields x rows; ``wkb`` is null where there is no sound shape.
    """

    rows: NDArray[np.int64]
    ids: pa.Array
    pools: pa.Array
    owners: pa.Array
    recognised: NDArray[np.int8]
    areas: Areas
    totals: Areas
    wkb: pa.Array

    def take(self, at: NDArray[np.intp]) -> PooledRows:
        """Those rows only."""
        return PooledRows(
            self.rows[at], self.ids.take(at), self.pools.take(at), self.owners.take(at), self.recognised[at],
            self.areas[:, at], self.totals[:, at], self.wkb.take(at),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pools:
    """The sums of each pool, the ids of pools that contradict themselves, and what is wrong with them."""

    sums: FloorSums | None
    contradictory: pa.Array
    findings: Sequence[DataFinding]

    def fill(self, batch: Batch) -> tuple[dict[str, int], list[DataFinding]]:
        """Fill in the sums: rows by field; nothing is known of a pool that contradicts itself or has no number."""
        recognised = batch.columns["pool_recognised"]
        nameless = pc.and_(pa.array(recognised == Tri.TRUE), batch.texts["pool_id"].is_null())
        contradictory = pc.is_in(batch.texts["pool_id"], value_set=self.contradictory)
        wrong = pc.or_(nameless, pc.and_(pa.array(recognised != Tri.FALSE), contradictory))
        if pc.any(wrong).as_py():
            hide(batch, "pool_recognised", wrong.to_numpy(zero_copy_only=False))
        found = of_each(
            rows_of(nameless), lambda row: row_finding("data/pool", Level.ERROR, batch, row, "pool-nameless", {})
        )
        return {} if self.sums is None else self.sums.fill(batch)[1], list(found)


@dataclass(slots=True)
class PoolParts:
    """The pooled parcels of a layer, batch by batch."""

    parts: list[PooledRows] = field(default_factory=list)
    frame: Frame | None = None

    def add(self, batch: Batch, frame: Frame | None) -> None:
        """Keep the rows of a batch that name a pool."""
        self.frame = self.frame or frame
        at = np.flatnonzero(batch.texts["pool_id"].is_valid().to_numpy(zero_copy_only=False))
        if len(at):
            sound = None if batch.wkb is None else validity.examine(shapes(batch.wkb.take(at)), frame)[1].wkb
            areas, totals = (np.array([batch.columns[name][at] for name in names])
                             for names in (POOLED.values(), POOLED))  # fmt: skip
            self.parts.append(PooledRows(
                batch.first_row + at, idents(batch).take(at), batch.texts["pool_id"].take(at),
                batch.texts["owner"].take(at), batch.columns["pool_recognised"][at], areas, totals,
                pa.nulls(len(at), pa.binary()) if sound is None else sound.cast(pa.binary()),
            ))  # fmt: skip

    def merge(self, other: PoolParts) -> None:
        """Take in another part's."""
        self.frame = self.frame or other.frame
        self.parts += other.parts

    def finish(self) -> Pools:
        """The sum of each pool, NaN where a floor area or every other plot is unknown, and what contradicts itself."""
        if not self.parts:
            return Pools(None, pa.array([], pa.string()), ())
        whole = self._whole()
        encoded = whole.pools.dictionary_encode()
        at, names = encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary
        alone = np.bincount(at) == 1  # one plot is no pool: what the others add to it is not known
        sums = [np.where(alone, np.nan, total(at, area, len(names))) for area in whole.areas]
        crs = None if self.frame is None else self.frame.known
        findings, contradictory = [], []
        for number, pool in enumerate(names.to_pylist()):
            members = whole.take(np.flatnonzero(at == number))
            if (members.recognised != Tri.FALSE).any():
                found = list(_wrong(pool, members, [float(area[number]) for area in sums], crs))
                errors = [one for one in found if one.level is Level.ERROR]
                findings += found if (members.recognised == Tri.TRUE).any() else errors
                contradictory += [pool] if errors else []
        summed = FloorSums("pool_id", Origin.POOL, names, dict(zip(POOLED, sums, strict=True)))
        return Pools(summed, pa.array(contradictory, pa.string()), findings)

    def _whole(self) -> PooledRows:
        parts = sorted(self.parts, key=lambda part: int(part.rows[0]))

        def joined(name: str) -> pa.Array:
            return pa.chunked_array([getattr(part, name) for part in parts]).combine_chunks()

        return PooledRows(
            np.concatenate([part.rows for part in parts]), joined("ids"), joined("pools"), joined("owners"),
            np.concatenate([part.recognised for part in parts]),
            np.concatenate([part.areas for part in parts], axis=1),
            np.concatenate([part.totals for part in parts], axis=1), joined("wkb"),
        )  # fmt: skip


def _wrong(pool: str, members: PooledRows, sums: Sequence[float], crs: pyproj.CRS | None) -> Iterator[DataFinding]:
    """What contradicts itself in one pool, and what is not known of it."""
    yield from _totals(pool, members, sums)
    if (members.recognised == Tri.FALSE).any():
        yield _finding(pool, members, "pool-recognised-apart", Level.ERROR)
    owners = sorted(set(members.owners.drop_null().to_pylist()))
    if len(owners) > 1 or (owners and members.owners.null_count):
        yield _finding(pool, members, "pool-owners", Level.ERROR, owners=owners, unknown=members.owners.null_count)
    if len(members.rows) == 1:
        yield _finding(pool, members, "pool-single", Level.WARNING)
    elif not owners or members.wkb.null_count:
        proofs = (("pool-lacks-owner", not owners), ("pool-lacks-shape", members.wkb.null_count))
        lacks = [Message(code) for code, lacking in proofs if lacking]
        yield _finding(pool, members, "pool-unproven", Level.WARNING, lacks=lacks)
    if crs is not None:
        yield from _apart(pool, members, crs)


def _totals(pool: str, members: PooledRows, sums: Sequence[float]) -> Iterator[DataFinding]:
    """Totals stated differently, below what the plots add up to, or above it where the plots are all there."""
    stated = [column[~np.isnan(column)] for column in members.totals]
    for name, values, own, whole in zip(POOLED, stated, members.areas, sums, strict=True):
        least, most = (float(values.min()), float(values.max())) if len(values) else (whole, whole)
        known = float(np.nansum(own))
        if most - least > APART * most:
            yield _finding(
                pool,
                members,
                "pool-totals-differ",
                Level.ERROR,
                field=titled(Role.PARCELS, name),
                least=least,
                most=most,
            )
        elif known - least > APART * known or (len(members.rows) > 1 and least - whole > APART * least):
            yield _finding(
                pool,
                members,
                "pool-total-wrong",
                Level.ERROR,
                field=titled(Role.PARCELS, name),
                stated=least,
                sum=known,
            )
    whole, *parts = (float(values.max()) if len(values) else np.nan for values in stated)
    if np.nansum(parts) > whole * (1 + APART):
        yield _finding(pool, members, "pool-parts-exceed", Level.ERROR, parts=float(np.nansum(parts)), whole=whole)


def _finding(pool: str, members: PooledRows, code: str, level: Level, at: int = 0, **values: object) -> DataFinding:
    """A finding about a pool, at one of its plots."""
    plot, row = members.ids[at].as_py(), int(members.rows[at]) + 1
    message = Message(code, {"parcel": plot, "pool": pool, "row": row, "plots": len(members.rows), **values})
    return DataFinding("data/pool", level, Subject("parcel", plot), message, row)


def _apart(pool: str, members: PooledRows, crs: pyproj.CRS) -> Iterator[DataFinding]:
    """The plots that are not connected with most of the others."""
    drawn = np.flatnonzero(members.wkb.is_valid().to_numpy(zero_copy_only=False))
    if len(drawn) < 2:
        return
    placed = on_a_plane(shapes(members.wkb.take(drawn)).geoms(), crs)
    groups = _together(placed)
    main = np.bincount(groups).argmax()
    rest = shapely.union_all(placed[groups == main])
    for i in np.flatnonzero(groups != main).tolist():
        metres = round(float(shapely.distance(placed[i], rest)))
        yield _finding(pool, members, "pool-apart", Level.ERROR, int(drawn[i]), metres=metres, gap=GAP_M)


def _together(geoms: Objects) -> NDArray[np.intp]:
    """For each shape the number of the group that is connected over gaps of ``GAP_M``."""
    near, other = shapely.STRtree(geoms).query(geoms, predicate="dwithin", distance=GAP_M)
    group, before = np.arange(len(geoms)), np.empty(0, np.intp)
    while not np.array_equal(group, before):
        before = group.copy()
        np.minimum.at(group, near, before[other])
        group = group[group]
    return group
