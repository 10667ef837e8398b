"""Values that contradict each other, that no building plot has, and rows of a table that are no parcels at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.measures import TOLERANCE, far, ratio
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Subject
from landcheck.quality.ids import row_finding, rows_of
from landcheck.verdicts.totals import BatchResult, DataCheck

Areas = NDArray[np.float64]

APART = 0.01  # CONTRACT section 6: over 1 % apart
# The densest plots of a city come to half of it; a site in hectares beside floors in m² comes to thousands.
FAR_AT_MOST = 30.0
TOTALS = ("合计", "总计", "小计", "共计", "累计", "汇总", "total", "totals", "subtotal", "sum", "grand total")
NOTE = r"^\s*(合\s*计|总\s*计|小\s*计|共\s*计|注|备注|附注|说明|填表|制表|审核|单位|数据来源)\s*([:：]|人|说明|日期|$)"


def apart(a: Areas, b: Areas) -> NDArray[np.bool_]:
    """Where two figures for one thing differ by over 1 % of the greater."""
    return np.asarray(np.abs(a - b) > APART * np.maximum(np.abs(a), np.abs(b)))


def inconsistent(result: BatchResult, file: str) -> Iterator[DataFinding]:
    """What is wrong with the values of a judged batch, row by row."""
    yield from _far(result.batch)
    yield from _floor_areas(result.batch)
    yield from _no_parcels(result.batch, file)
    if result.drawn:
        yield from _site_area(result)


def _far(batch: Batch) -> Iterator[DataFinding]:
    """Declared and computed FAR differ by over 1 %."""
    computed, declared = ratio(batch.columns["far_gfa_m2"], batch.columns["site_area_m2"]), batch.columns["far"]
    for row in np.flatnonzero(apart(computed, declared)).tolist():
        values = {"declared": float(declared[row]), "computed": float(computed[row])}
        yield row_finding("data/far-consistent", Level.WARNING, batch, row, "far-differs", values)


def _floor_areas(batch: Batch) -> Iterator[DataFinding]:
    """The floor areas of other uses and living facilities exceed the whole above-ground floor area."""
    c, whole = batch.columns, batch.columns["above_ground_gfa_m2"]
    parts = np.nan_to_num(c["other_industry_gfa_m2"]) + np.nan_to_num(c["living_gfa_m2"])
    for row in np.flatnonzero(parts > whole * (1 + TOLERANCE)).tolist():
        values = {"parts": float(parts[row]), "whole": float(whole[row])}
        yield row_finding("data/gfa-consistent", Level.ERROR, batch, row, "gfa-parts-exceed", values)


def _no_parcels(batch: Batch, file: str) -> Iterator[DataFinding]:
    """Rows that hold a table's totals, or what people write below it, by what stands in the place of the id."""
    ids = batch.texts["parcel_id"]
    spelt = [spelling for word in TOTALS for spelling in (word, word.title(), word.upper())]
    stray = pc.is_in(ids, value_set=pa.array(spelt))
    if not pc.all(pc.string_is_ascii(ids)).as_py():
        stray = pc.or_(stray, pc.fill_null(pc.match_substring_regex(ids, NOTE), False))
    for row in rows_of(stray):
        values = {"file": file, "id": ids[row].as_py()}
        yield row_finding("data/id", Level.ERROR, batch, row, "row-no-parcel", values)


def _site_area(result: BatchResult) -> Iterator[DataFinding]:
    """Declared and drawn area differ by over 1 %; the finding names the verdicts that flip between them."""
    declared, ellipsoidal, planar = result.batch.columns["site_area_m2"], *result.drawn.values()
    for row in np.flatnonzero(apart(declared, ellipsoidal)).tolist():
        flips = [verdict for verdict, flip in result.flips if flip[row]]
        areas = {"ellipsoidal": round(float(ellipsoidal[row]), 2)}
        code = "area-drawn"
        if isfinite(planar[row]):  # in degrees there is no plane to measure on
            areas, code = areas | {"planar": round(float(planar[row]), 2)}, "area-drawn-both"
        values = {
            "declared": float(declared[row]),
            "drawn": Message(code, areas),
            "percent": round(100 * abs(float(ellipsoidal[row] / declared[row]) - 1), 2),
            "flips": Message("area-flips", {"verdicts": flips}) if flips else Message("area-no-flip"),
        }
        yield row_finding("data/area-consistent", Level.WARNING, result.batch, row, "area-differs", values)


@dataclass(slots=True)
class ImplausibleFar(DataCheck):
    """Parcels with a FAR that no building plot has: units or columns are mixed up, and the verdicts rest on that.

    ``first``: the first of the layer, as row (from 0), id and FAR.
    """

    file: str
    parcels: int = 0
    first: tuple[int, str, float] | None = None

    def add(self, result: BatchResult) -> None:
        """Count those of a batch."""
        ratios = far(result.batch.columns)
        rows = np.flatnonzero(ratios > FAR_AT_MOST)
        if len(rows):
            row = int(rows[0])
            here = result.batch.first_row + row, result.ids[row].as_py(), float(ratios[row])
            self.merge(ImplausibleFar(self.file, len(rows), here))

    def merge(self, other: ImplausibleFar) -> None:
        """Take in another part's."""
        self.parcels += other.parcels
        self.first = min(filter(None, (self.first, other.first)), default=None)

    def finish(self) -> list[DataFinding]:
        """One warning, whatever their number: it is the layer that is to be looked at."""
        if self.first is None:
            return []
        row, ident, ratio_found = self.first
        values = {"file": self.file, "count": self.parcels, "limit": FAR_AT_MOST, "row": row + 1, "parcel": ident,
                  "far": round(ratio_found, 2)}  # fmt: skip
        message = Message("far-implausible", values)
        return [DataFinding("data/value", Level.WARNING, Subject("layer", "parcels"), message, row + 1)]
