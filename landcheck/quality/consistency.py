"""Where the facts of a parcel contradict each other: data findings of one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.measures import TOLERANCE, Columns, ratio
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Rule, Subject, Verdict

Areas = NDArray[np.float64]
Verdicts = NDArray[np.int8]

APART = 0.01  # CONTRACT section 6: over 1 % apart


def apart(a: Areas, b: Areas) -> NDArray[np.bool_]:
    """Where two figures for one thing differ by over 1 % of the greater."""
    return np.asarray(np.abs(a - b) > APART * np.maximum(np.abs(a), np.abs(b)))


def far_consistent(batch: Batch, ids: pa.Array) -> Iterator[DataFinding]:
    """Declared and computed FAR differ by over 1 %."""
    c = batch.columns
    computed, declared = ratio(c["far_gfa_m2"], c["site_area_m2"]), c["far"]
    for row in np.flatnonzero(apart(computed, declared)):
        values = {"declared": float(declared[row]), "computed": float(computed[row])}
        yield _finding("data/far-consistent", Level.WARNING, batch, ids, row, "far-differs", values)


def gfa_consistent(batch: Batch, ids: pa.Array) -> Iterator[DataFinding]:
    """The floor areas of other uses and living facilities exceed the whole above-ground floor area."""
    c = batch.columns
    whole = c["above_ground_gfa_m2"]
    parts = np.nan_to_num(c["other_industry_gfa_m2"]) + np.nan_to_num(c["living_gfa_m2"])
    for row in np.flatnonzero(parts > whole * (1 + TOLERANCE)):
        values = {"parts": float(parts[row]), "whole": float(whole[row])}
        yield _finding("data/gfa-consistent", Level.ERROR, batch, ids, row, "gfa-parts-exceed", values)


def drawn_verdicts(
    batch: Batch, drawn: dict[str, Areas], verdicts: Verdicts, judge: Callable[[Columns], Verdicts]
) -> dict[str, Verdicts]:
    """By area basis, the verdicts (rules x rows) if the site area were the drawn one, where both are known; what is
    open or would be stays as it is."""
    return {basis: _by_area(batch, area, verdicts, judge) for basis, area in drawn.items()}


def area_consistent(
    batch: Batch, ids: pa.Array, drawn: dict[str, Areas], flips: dict[str, NDArray[np.bool_]], rules: Sequence[Rule]
) -> Iterator[DataFinding]:
    """Declared and drawn area differ by over 1 %; the finding names the verdicts that flip between them."""
    declared = batch.columns["site_area_m2"]
    for row in np.flatnonzero(apart(declared, drawn["ellipsoidal"])):
        told = [
            f"{rules[r].id} ({basis})" for basis, flip in flips.items() for r in np.flatnonzero(flip[:, row]).tolist()
        ]
        values = {
            "declared": float(declared[row]),
            "drawn": _drawn(float(drawn["ellipsoidal"][row]), float(drawn["planar"][row])),
            "percent": round(100 * abs(float(drawn["ellipsoidal"][row] / declared[row]) - 1), 2),
            "flips": Message("area-flips", {"verdicts": told}) if told else Message("area-no-flip"),
        }
        yield _finding("data/area-consistent", Level.WARNING, batch, ids, row, "area-differs", values)


def _drawn(ellipsoidal: float, planar: float) -> Message:
    """In degrees there is no plane to measure on."""
    areas = {"ellipsoidal": round(ellipsoidal, 2)}
    return (
        Message("area-drawn-both", {**areas, "planar": round(planar, 2)})
        if isfinite(planar)
        else Message("area-drawn", areas)
    )


def _by_area(batch: Batch, area: Areas, verdicts: Verdicts, judge: Callable[[Columns], Verdicts]) -> Verdicts:
    known = ~np.isnan(area) & ~np.isnan(batch.columns["site_area_m2"])
    site = np.where(known, area, batch.columns["site_area_m2"])
    other = judge({**batch.columns, "site_area_m2": site})
    settled = (verdicts != Verdict.UNDETERMINED) & (other != Verdict.UNDETERMINED)
    return np.where(settled & known, other, verdicts)


def _finding(
    rule: str, level: Level, batch: Batch, ids: pa.Array, row: np.intp, code: str, values: dict[str, Any]
) -> DataFinding:
    ident = ids[int(row)].as_py()
    number = batch.first_row + int(row) + 1
    message = Message(code, {"parcel": ident, "row": number, **values})
    return DataFinding(rule, level, Subject("parcel", ident), message, number)
