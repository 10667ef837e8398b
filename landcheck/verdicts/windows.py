"""Which parcels each text binds by its dates: counted batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.measures import Columns
from landcheck.model import NO_DATE, Pack, Standing, Validity, day_number
from landcheck.verdicts.decide import RECORDED

NAMED = 10  # parcels a notice names before it only counts


@dataclass(slots=True)
class EndedCount:
    """Parcels of one text: dated by a record of their own after its end, and judged by a date assumed after it."""

    recorded_after: int = 0
    assumed_after: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, after: NDArray[np.bool_], ids: pa.Array, assumed: int) -> None:
        """Count a batch; of the ids the first few in their order stay."""
        self.recorded_after += int(after.sum())
        self.assumed_after += assumed
        if after.any():
            named = pc.array_sort_indices(found := ids.filter(pa.array(after)))
            self.first = sorted({*self.first, *found.take(named[:NAMED]).to_pylist()})[:NAMED]

    def merge(self, other: EndedCount) -> None:
        """Take in another partition's."""
        self.recorded_after += other.recorded_after
        self.assumed_after += other.assumed_after
        self.first = sorted({*self.first, *other.first})[:NAMED]


@dataclass(slots=True)
class ForceWindows:
    """For each pack how many parcels lie within the days of any of its texts; for each text that ends, its count."""

    packs: Sequence[Pack]
    within: dict[str, int] = field(init=False)
    ended: dict[Standing, EndedCount] = field(init=False)

    def __post_init__(self) -> None:
        self.within = {pack.id: 0 for pack in self.packs}
        self.ended = {text: EndedCount() for pack in self.packs for text in pack.standings if text.in_force_until}

    def add(self, columns: Columns, ids: pa.Array) -> None:
        """Count a batch."""
        for pack in self.packs:
            masks = [_binds(text, columns) for text in pack.standings]
            self.within[pack.id] += int(np.count_nonzero(np.logical_or.reduce(masks)))
        for text, count in self.ended.items():
            assert text.in_force_until is not None
            date, recorded, end = columns["approval_date"], columns[RECORDED], day_number(text.in_force_until)
            count.add(recorded > end, ids, int(np.count_nonzero((date > end) & (recorded == NO_DATE))))

    def merge(self, other: ForceWindows) -> None:
        """Take in another partition's."""
        for pack, rows in other.within.items():
            self.within[pack] += rows
        for text, count in other.ended.items():
            self.ended[text].merge(count)


def _binds(text: Standing, columns: Columns) -> NDArray[np.bool_]:
    since = columns["approval_date"] >= day_number(text.in_force_from)
    if text.validity is not Validity.STATED or text.in_force_until is None:
        return np.asarray(since)
    return np.asarray(since & (columns[RECORDED] <= day_number(text.in_force_until)))
