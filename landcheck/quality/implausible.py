"""Numbers that no building plot has: units or columns are mixed up, and the verdicts rest on that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from landcheck.measures import far
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Subject

# The densest plots of a city come to half of it; a site in hectares beside floors in m² comes to thousands.
FAR_AT_MOST = 30.0


@dataclass(slots=True)
class Implausible:
    """The parcels with such a FAR, as an accumulator: how many, and the first of them (row from 0, id, FAR)."""

    parcels: int = 0
    first: tuple[int, str, float] | None = None

    @classmethod
    def of(cls, batch: Batch, ids: pa.Array) -> Implausible:
        """Those of a batch."""
        ratio = far(batch.columns)
        rows = np.flatnonzero(ratio > FAR_AT_MOST)
        if not len(rows):
            return cls()
        row = int(rows[0])
        return cls(len(rows), (batch.first_row + row, ids[row].as_py(), float(ratio[row])))

    def merge(self, other: Implausible) -> None:
        """Take in another part's."""
        self.parcels += other.parcels
        self.first = min(filter(None, (self.first, other.first)), default=None)

    def finish(self, file: str) -> list[DataFinding]:
        """One warning, whatever their number: it is the layer that is to be looked at."""
        if self.first is None:
            return []
        row, ident, ratio = self.first
        values = {"file": file, "count": self.parcels, "limit": FAR_AT_MOST, "row": row + 1, "parcel": ident,
                  "far": round(ratio, 2)}  # fmt: skip
        message = Message("far-implausible", values)
        return [DataFinding("data/value", Level.WARNING, Subject("layer", "parcels"), message, row + 1)]
