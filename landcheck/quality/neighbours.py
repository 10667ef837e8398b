"""Findings about where parcels lie: faults of shapes, ground that two share, plots pooled although they lie apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.geometry.crs.frame import Frame, lonlat
from landcheck.geometry.overlap.pairs import Overlaps
from landcheck.geometry.validity import ASTRAY, ShapeFault
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Subject, Tri
from landcheck.quality.ids import Ids, location, row_finding
from landcheck.verdicts.totals import BatchResult, DataCheck


def shape_findings(batch: Batch, faults: Sequence[ShapeFault], frame: Frame | None, file: str) -> list[DataFinding]:
    """Faults of a batch's shapes: which row, what, and where; a repaired one is a warning."""
    if not faults:
        return []
    points = np.array([(np.nan, np.nan) if f.code == ASTRAY else (f.x, f.y) for f in faults])
    places = lonlat(points[:, 0], points[:, 1], frame)
    found = []
    for fault, place in zip(faults, places, strict=True):
        message = fault.message(file=file)
        level = Level.WARNING if fault.repaired else Level.ERROR
        rule = "data/crs" if fault.code == ASTRAY else "data/geometry"
        found.append(row_finding(rule, level, batch, fault.row, message.code, message.values, place))
    return found


class SharedGround(DataCheck):
    """Pairs of parcels that overlap. ``ids`` are those of all rows, by which the findings name the parcels.

    A surplus part lies in the parent it was split from, and is no overlap with it (CONTRACT section 9); ``parents``
    holds the parent's id by the row (from 0) of the part. What they share is an error above ``tolerance_m2``, a warning
    down to a tenth of it (``least_m2``), and below that the noise of drawing.
    """

    def __init__(self, ids: Ids, tolerance_m2: float) -> None:
        self.ids, self.tolerance_m2, self.least_m2 = ids, tolerance_m2, tolerance_m2 / 10
        self.frame: Frame | None = None
        self.overlaps: Overlaps | None = None
        self.parents: dict[int, str] = {}

    def add(self, result: BatchResult) -> None:
        """Take in the shapes of a batch."""
        if result.shapes is not None:
            self.frame = result.frame
            self.overlaps = self.overlaps or Overlaps(None if self.frame is None else self.frame.known, self.least_m2)
            self.overlaps.add(result.batch.first_row, result.shapes)
            rows, parents = surplus_parts(result.batch)
            self.parents |= zip((result.batch.first_row + rows).tolist(), parents.to_pylist(), strict=True)

    def merge(self, other: SharedGround) -> None:
        """Take in another part's."""
        self.frame = self.frame or other.frame
        self.parents |= other.parents
        if self.overlaps is None:
            self.overlaps = other.overlaps
        elif other.overlaps is not None:
            self.overlaps.merge(other.overlaps)

    def finish(self) -> list[DataFinding]:
        """A finding for each pair, and an error that says so where there are more than are looked for.

        Without a system to measure in, no area is stated.
        """
        found = [] if self.overlaps is None else self.overlaps.finish()
        if not found:
            return []
        named = self.ids.named([row for o in found for row in (o.row_a, o.row_b)])
        places = lonlat(np.array([o.x for o in found]), np.array([o.y for o in found]), self.frame)
        measured = self.frame is not None and (self.frame.usable or self.frame.plane is not None)
        findings = []
        for o, place in zip(found, places, strict=True):
            a, b, row, other = named[o.row_a], named[o.row_b], o.row_a + 1, o.row_b + 1
            if self.parents.get(o.row_a) == b or self.parents.get(o.row_b) == a:
                continue
            values = {"a": a, "b": b, "row_a": row, "row_b": other}
            message = Message("overlap", values | {"area": round(o.area_m2, 2)}) if measured else Message(
                "overlap-unmeasured", values)  # fmt: skip
            level = Level.ERROR if o.area_m2 > self.tolerance_m2 or o.same else Level.WARNING
            about = Subject("parcel", a), message, row, location(place), other, o.shape
            findings.append(DataFinding("data/overlap", level, *about))
        if self.overlaps is not None and self.overlaps.truncated:
            message = Message("overlaps-cut", {"file": self.ids.file, "count": len(found)})
            findings.append(DataFinding("data/overlap", Level.ERROR, Subject("layer", "parcels"), message))
        return findings


def surplus_parts(batch: Batch) -> tuple[NDArray[np.intp], pa.Array]:
    """The rows (from 0, of the batch) of surplus parts that name a parent, and the ids of these parents."""
    parents = batch.texts["parent_id"]
    surplus = pc.and_(parents.is_valid(), pa.array(batch.columns["is_surplus_part"] == Tri.TRUE))
    rows = np.flatnonzero(surplus.to_numpy(zero_copy_only=False))
    return rows, parents.take(rows)
