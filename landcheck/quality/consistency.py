"""Values that contradict each other, that no building plot has, and rows of a table that are no parcels at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.dates import MONTH_ONLY
from landcheck.fields.mapping import ColumnUse
from landcheck.fields.normalise import fill, forget, hide, unreadable_rows
from landcheck.fields.units import UNITS
from landcheck.measures import TOLERANCE, ratio, recognised_as_none, use_of_class
from landcheck.messages import Message
from landcheck.model import EPOCH, Batch, DataFinding, Level, Origin, Role, Subject, Tri, day_number
from landcheck.quality.alike import of_each
from landcheck.quality.ids import no_rows_of_their_own, row_finding
from landcheck.verdicts.totals import BatchResult, DataCheck

Areas = NDArray[np.float64]

APART = 0.01  # CONTRACT section 6: over 1 % apart
# The densest plots of a city come to half of it; a site in hectares beside floors in m² comes to thousands.
FAR_AT_LEAST, FAR_AT_MOST = 0.01, 30.0
SITE_AREA_M2 = (10.0, 1e8)
OTHER_UNITS = (("site_area_m2", "ha"), ("site_area_m2", "mu"), ("far_gfa_m2", "wan_m2"), ("site_area_m2", "m2"),
               ("far_gfa_m2", "m2"))  # fmt: skip
YEARS_AHEAD = 5
M0, NOT_M0 = r"(?i)(^|[^0-9a-z])M0($|[^0-9a-z])", r"[非不未无否没拟待?]|(?i)\b(no|not)\b"


def apart(a: Areas, b: Areas) -> NDArray[np.bool_]:
    """Where two figures for one thing differ by over 1 % of the greater."""
    return np.asarray(np.abs(a - b) > APART * np.maximum(np.abs(a), np.abs(b)))


def hide_impossible(batch: Batch, file: str, uses: Sequence[ColumnUse]) -> Iterator[DataFinding]:
    """Values that no plot has, worked out from others: told, and unknown from here on (CONTRACT section 9).

    A FAR above 30 or below 0.01, parts of the floor area that exceed the whole, and a drawn site of no possible size.
    """
    yield from _impossible_far(batch, file, {use.field.name: use for use in uses})
    # the declared FAR takes no unreadable area's place
    areas = unreadable_rows(batch, "far_gfa_m2") | unreadable_rows(batch, "site_area_m2")
    if areas.any():
        forget(batch, "far", areas)
    yield from _impossible_site(batch, file)
    yield from _floor_areas(batch)


def _impossible_far(batch: Batch, file: str, uses: Mapping[str, ColumnUse]) -> Iterator[DataFinding]:
    c = batch.columns
    computed = ratio(c["far_gfa_m2"], c["site_area_m2"])
    wrong = (computed > FAR_AT_MOST) | ((computed < FAR_AT_LEAST) & (computed != 0))
    if wrong.any():

        def tell(row: int) -> DataFinding:
            values = {"file": file, "far": float(computed[row]), "floor": float(c["far_gfa_m2"][row]),
                      "site": float(c["site_area_m2"][row]), "least": FAR_AT_LEAST, "most": FAR_AT_MOST,
                      "map": _likely(float(computed[row]), uses)}  # fmt: skip
            return row_finding("data/value", Level.ERROR, batch, row, "far-impossible", values)

        yield from of_each(np.flatnonzero(wrong), tell)
        for name in ("far_gfa_m2", "site_area_m2", "far"):
            hide(batch, name, wrong)


def _likely(far: float, uses: Mapping[str, ColumnUse]) -> str:
    """The line that names another unit, with which a FAR comes nearest to what plots have."""
    lines = []
    for name, unit in OTHER_UNITS:
        use = uses.get(name)
        larger = float(UNITS[unit].size / UNITS[use.unit if use else "m2"].size)
        if larger != 1:
            would_be = far * larger if name == "far_gfa_m2" else far / larger
            lines.append((abs(log(would_be / 2)), f"{name}={use.column if use else '…'}:{unit}"))
    return min(lines)[1]


def _impossible_site(batch: Batch, file: str) -> Iterator[DataFinding]:
    """A site area from the drawing, which no reader of cells has looked at."""
    least, most = SITE_AREA_M2
    site = batch.columns["site_area_m2"]
    wrong = (site < least) | (site > most)
    if wrong.any():

        def tell(row: int) -> DataFinding:
            values = {"file": file, "area": float(site[row]), "least": least, "most": most}
            return row_finding("data/value", Level.ERROR, batch, row, "site-impossible", values)

        yield from of_each(np.flatnonzero(wrong), tell)
        hide(batch, "site_area_m2", wrong)


def mixed_by_m0(batch: Batch, file: str) -> tuple[int, list[DataFinding]]:
    """单一用途 is false where the plan, the land code or the remarks say M0: rows so derived, and findings.

    Where it is stated to be true all the same the two contradict, and where the overlay cannot be read nobody knows.
    """
    overlay, stated = batch.columns["overlay_m0"], batch.columns["single_use"]
    said = np.logical_or.reduce([says_m0(batch.texts[name]) for name in ("land_code", "remarks")])
    m0 = (overlay == Tri.TRUE) | (said & (overlay != Tri.FALSE))
    against = (m0 & (stated == Tri.TRUE)) | (said & (overlay == Tri.FALSE) & (stated != Tri.FALSE))
    lost = unreadable_rows(batch, "land_code") | unreadable_rows(batch, "remarks")
    unclear = against | (unreadable_rows(batch, "overlay_m0") & (stated != Tri.FALSE))
    unclear |= lost & ~m0 & (overlay == Tri.UNKNOWN) & (stated == Tri.UNKNOWN)  # it may have said so: none is assumed
    if unclear.any():
        hide(batch, "single_use", unclear)
    found = of_each(
        np.flatnonzero(against),
        lambda row: row_finding("data/value", Level.ERROR, batch, row, "m0-contradicts", {"file": file}),
    )
    return fill(batch, "single_use", m0 & (stated == Tri.UNKNOWN), np.int8(Tri.FALSE), Origin.PLAN), list(found)


def says_m0(texts: pa.Array) -> NDArray[np.bool_]:
    """Where a code or a remark says M0, and not that there is none."""
    named = pc.or_(pc.match_substring(texts, "M0"), pc.match_substring(texts, "m0"))
    if not pc.any(named).as_py():
        return np.zeros(len(texts), np.bool_)
    says = pc.and_not(pc.match_substring_regex(texts, M0), pc.match_substring_regex(texts, NOT_M0))
    return np.asarray(pc.fill_null(says, False).to_numpy(zero_copy_only=False), np.bool_)


def hide_recognised_as_none(batch: Batch, file: str) -> Iterator[DataFinding]:
    """A recognition that only a major project has, of a project stated to be none: which is wrong nobody knows."""
    wrong, names = recognised_as_none(batch.columns), ("major_project", "recognition")
    if not wrong.any():
        return
    fields = {name: catalogue_field(Role.PARCELS, name) for name in names}
    stated = {name: batch.columns[name] for name in names}

    def tell(row: int) -> DataFinding:
        said = {name: fields[name].choices[stated[name][row]].label for name in names}
        return row_finding("data/value", Level.ERROR, batch, row, "project-contradicts", {"file": file, **said})

    yield from of_each(np.flatnonzero(wrong), tell)
    for name in names:
        hide(batch, name, wrong)


def settle_months(batch: Batch, bounds: Collection[dt.date], file: str) -> Iterator[DataFinding]:
    """A month without its day counts as its first one, but where a text begins within it: there it is unknown.

    ``bounds`` are the first days on which a text binds, or no longer does.
    """
    dates = batch.columns["approval_date"]
    months = dates >= MONTH_ONLY
    if not months.any():
        return
    first = np.where(months, dates - MONTH_ONLY, dates)
    ends = (first.astype("datetime64[D]").astype("datetime64[M]") + 1).astype("datetime64[D]").astype(np.int64)
    days = np.array([day_number(bound) for bound in bounds])
    split = months & ((first[:, None] < days) & (days < ends[:, None])).any(axis=1)
    batch.columns["approval_date"] = first.astype(np.int32)

    def tell(row: int) -> DataFinding:
        values = {"file": file, "month": str(first[row].astype("datetime64[D]"))[:7]}
        return row_finding("data/value", Level.ERROR, batch, row, "date-month", values)

    yield from of_each(np.flatnonzero(split), tell)
    if split.any():
        hide(batch, "approval_date", split)


def hide_late_dates(batch: Batch, as_of: dt.date, file: str) -> Iterator[DataFinding]:
    """An approval more than five years after the date of the check is unknown; one after that date is a warning."""
    dates = batch.columns["approval_date"]
    late = dates > day_number(as_of)
    if not late.any():
        return
    last = as_of + dt.timedelta(days=1) if (as_of.month, as_of.day) == (2, 29) else as_of
    far_off = late & (dates > day_number(last.replace(year=as_of.year + YEARS_AHEAD)))

    def tell(row: int) -> DataFinding:
        date = (EPOCH + dt.timedelta(days=int(dates[row]))).isoformat()
        code, level = ("date-impossible", Level.ERROR) if far_off[row] else ("date-after-check", Level.WARNING)
        return row_finding("data/value", level, batch, row, code, {"file": file, "date": date, "as_of": str(as_of)})

    yield from of_each(np.flatnonzero(far_off), tell)
    yield from of_each(np.flatnonzero(late & ~far_off), tell)
    if far_off.any():
        hide(batch, "approval_date", far_off)


def inconsistent(result: BatchResult, file: str) -> Iterator[DataFinding]:
    """What is wrong with the values of a judged batch, row by row."""
    yield from _far(result.batch)
    yield from _use(result.batch, file)
    yield from no_rows_of_their_own(result.batch, file)
    if result.drawn:
        yield from _site_area(result)


def _far(batch: Batch) -> Iterator[DataFinding]:
    """Declared and computed FAR differ by over 1 %."""
    computed, declared = ratio(batch.columns["far_gfa_m2"], batch.columns["site_area_m2"]), batch.columns["far"]

    def tell(row: int) -> DataFinding:
        values = {"declared": float(declared[row]), "computed": float(computed[row])}
        return row_finding("data/far-consistent", Level.WARNING, batch, row, "far-differs", values)

    return of_each(np.flatnonzero(apart(computed, declared)), tell)


def _use(batch: Batch, file: str) -> Iterator[DataFinding]:
    """The statutory use is stated as another than the class of the land goes with."""
    stated, by_class = batch.columns["statutory_use"], use_of_class(batch.columns)
    use, land_class = (catalogue_field(Role.PARCELS, name) for name in ("statutory_use", "land_class"))

    def tell(row: int) -> DataFinding:
        values = {"file": file, "use": use.choices[stated[row]].label,
                  "land_class": land_class.choices[batch.columns["land_class"][row]].label}  # fmt: skip
        return row_finding("data/value", Level.ERROR, batch, row, "use-differs", values)

    return of_each(np.flatnonzero((stated >= 0) & (by_class >= 0) & (stated != by_class)), tell)


def _floor_areas(batch: Batch) -> Iterator[DataFinding]:
    """The floor areas of other uses and living facilities exceed the whole above-ground floor area."""
    c, whole = batch.columns, batch.columns["above_ground_gfa_m2"]
    parts = np.nan_to_num(c["other_industry_gfa_m2"]) + np.nan_to_num(c["living_gfa_m2"])
    wrong = parts > whole * (1 + TOLERANCE)

    def tell(row: int) -> DataFinding:
        values = {"parts": float(parts[row]), "whole": float(whole[row])}
        return row_finding("data/gfa-consistent", Level.ERROR, batch, row, "gfa-parts-exceed", values)

    yield from of_each(np.flatnonzero(wrong), tell)
    if wrong.any():
        for name in ("other_industry_gfa_m2", "living_gfa_m2", "above_ground_gfa_m2"):
            hide(batch, name, wrong)


def _site_area(result: BatchResult) -> Iterator[DataFinding]:
    """Declared and drawn area differ by over 1 %; the finding names the verdicts that flip between them."""
    declared, ellipsoidal, planar = result.batch.columns["site_area_m2"], *result.drawn.values()

    def tell(row: int) -> DataFinding:
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
        return row_finding("data/area-consistent", Level.WARNING, result.batch, row, "area-differs", values)

    return of_each(np.flatnonzero(apart(declared, ellipsoidal)), tell)


@dataclass(slots=True)
class UnsetFar(DataCheck):
    """Parcels whose declared FAR is nought: no figure was set.

    ``name`` is the layer's part in the run, ``first`` the first one's row (from 0) and id.
    """

    file: str
    name: str = "parcels"
    parcels: int = 0
    first: tuple[int, str] | None = None

    def add(self, result: BatchResult) -> None:
        """Count those of a batch."""
        rows = result.batch.unset
        if rows is not None and len(rows):
            here = result.batch.first_row + int(rows[0]), result.ids[int(rows[0])].as_py()
            self.merge(UnsetFar(self.file, self.name, len(rows), here))

    def merge(self, other: UnsetFar) -> None:
        """Take in another part's."""
        self.parcels += other.parcels
        self.first = min(filter(None, (self.first, other.first)), default=None)

    def finish(self) -> list[DataFinding]:
        """One warning, whatever their number."""
        if self.first is None:
            return []
        row, ident = self.first
        values = {"file": self.file, "count": self.parcels, "row": row + 1, "parcel": ident}
        message = Message("far-unset", values)
        return [DataFinding("data/value", Level.WARNING, Subject("layer", self.name), message, row + 1)]
