"""Adjacent plots of one owner that share their facilities (统筹平衡): floor areas summed up over each pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.facts.sums import total
from landcheck.model import Batch, Origin

# What is summed up, and the parcel's own field it is the sum of.
POOLED = {
    "pool_above_ground_gfa_m2": "above_ground_gfa_m2",
    "pool_other_industry_gfa_m2": "other_industry_gfa_m2",
    "pool_living_gfa_m2": "living_gfa_m2",
}


@dataclass(slots=True)
class Pools:
    """The pooled parcels of a layer, as an accumulator: the pool of each, and its floor areas in m²."""

    parts: list[tuple[pa.Array, NDArray[np.float64]]] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Keep the rows of a batch that name a pool."""
        ids = batch.texts["pool_id"]
        rows = np.flatnonzero(ids.is_valid().to_numpy(zero_copy_only=False))
        if len(rows):
            self.parts.append((ids.take(rows), np.array([batch.columns[name][rows] for name in POOLED.values()])))

    def merge(self, other: Pools) -> None:
        """Take in another partition's."""
        self.parts += other.parts

    def finish(self) -> PoolSums | None:
        """The sum of each pool, NaN where a plot's floor area is unknown; None without a pool."""
        if not self.parts:
            return None
        encoded = pa.chunked_array([ids for ids, _ in self.parts]).combine_chunks().dictionary_encode()
        at = encoded.indices.to_numpy(zero_copy_only=False)
        areas = np.concatenate([part for _, part in self.parts], axis=1)
        sums = [total(at, area, len(encoded.dictionary)) for area in areas]
        return PoolSums(encoded.dictionary, dict(zip(POOLED, sums, strict=True)))


@dataclass(frozen=True, slots=True)
class PoolSums:
    """Floor areas in m² by pool."""

    ids: pa.Array
    sums: Mapping[str, NDArray[np.float64]]

    def fill(self, batch: Batch) -> dict[str, int]:
        """Fill the batch where it has no sum of its own; rows filled per field."""
        place = pc.fill_null(pc.index_in(batch.texts["pool_id"], value_set=self.ids), -1)
        at = place.to_numpy(zero_copy_only=False)
        counts = {}
        for name, sums in self.sums.items():
            own, theirs = batch.columns[name], np.where(at >= 0, sums[at], np.nan)
            taken = np.isnan(own) & ~np.isnan(theirs)
            batch.columns[name] = np.where(taken, theirs, own)
            origin = batch.origins.get(name, np.int8(Origin.LAYER))
            batch.origins[name] = np.where(taken, np.int8(Origin.POOL), origin).astype(np.int8)
            counts[name] = int(taken.sum())
        return counts
