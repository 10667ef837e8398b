"""The literal values that stand in for missing ones (CONTRACT section 2, column "assumed")."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landcheck.fields.catalogue import fields
from landcheck.model import NO_DATE, Batch, Field, Kind, Origin, Tri, day_number


def assume(batch: Batch, as_of: dt.date, but: Collection[str] = ()) -> dict[str, int]:
    """Fills what is missing and may be assumed, marks it in ``batch.origins``; the number of rows for each field.

    ``as_of`` is the date of the check, taken for a missing approval date. Areas from the drawing, footprint x
    floors and place are evidence and not filled here; call this after them, and name the fields in ``but`` that
    evidence alone may fill. Fields with nothing to fill are left out.
    """
    counts: dict[str, int] = {}
    for a_field in fields(batch.role):
        value = _assumed(a_field, as_of)
        if value is None or a_field.name in but:
            continue
        column = batch.columns[a_field.name]
        gaps = column == (NO_DATE if a_field.kind is Kind.DATE else Tri.UNKNOWN)
        if rows := int(np.count_nonzero(gaps)):
            batch.columns[a_field.name] = np.where(gaps, column.dtype.type(value), column)
            batch.origins[a_field.name] = np.where(gaps, np.int8(Origin.ASSUMED), _origins(batch, a_field.name))
            counts[a_field.name] = rows
    return counts


def _assumed(a_field: Field, as_of: dt.date) -> int | None:
    if a_field.kind is Kind.BOOL and a_field.assumed is not None:
        return Tri.TRUE if a_field.assumed else Tri.FALSE
    if a_field.assumed == "as_of":
        return day_number(as_of)
    return None


def _origins(batch: Batch, name: str) -> NDArray[np.int8]:
    if name in batch.origins:
        return batch.origins[name]
    return np.zeros(batch.rows, dtype=np.int8)  # Origin.LAYER


@dataclass(slots=True)
class Counts:
    """How many rows took an assumption, a declared fallback or evidence from elsewhere; by (role, name)."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, role: str, counts: dict[str, int]) -> None:
        """Count a batch; zeros leave no trace."""
        self.rows.update({(role, name): number for name, number in counts.items() if number})

    def merge(self, other: Counts) -> None:
        """Take in another partition's counts."""
        self.rows.update(other.rows)

    def of(self, role: str) -> dict[str, int]:
        """The counts of one role."""
        return {name: number for (r, name), number in sorted(self.rows.items()) if r == role}
