"""Where the facts of a parcel contradict each other: data findings of one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.measures import TOLERANCE, ratio
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Rule, Subject, Verdict

Areas = NDArray[np.float64]
Judge = Callable[[dict[str, NDArray[Any]]], NDArray[np.int8]]

Flips = NDArray[np.bool_]

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


def basis_flips(batch: Batch, drawn: dict[str, Areas], verdicts: NDArray[np.int8], judge: Judge) -> dict[str, Flips]:
    """By area basis, which verdicts (rules x rows) would be others if the site area were the drawn one."""
    return {basis: _flips(batch, area, verdicts, judge) for basis, area in drawn.items()}


def area_consistent(
    batch: Batch, ids: pa.Array, drawn: dict[str, Areas], flips: dict[str, Flips], rules: Sequence[Rule]
) -> Iterator[DataFinding]:
    """Declared and drawn area differ by over 1 %; the finding names the verdicts that flip between them."""
    declared = batch.columns["site_area_m2"]
    for row in np.flatnonzero(apart(declared, drawn["ellipsoidal"])):
        told = [
            f"{rules[r].id} ({basis})" for basis, flip in flips.items() for r in np.flatnonzero(flip[:, row]).tolist()
        ]
        values = {
            "declared": float(declared[row]),
            "ellipsoidal": round(float(drawn["ellipsoidal"][row]), 2),
            "planar": round(float(drawn["planar"][row]), 2) if np.isfinite(drawn["planar"][row]) else "-",
            "percent": round(100 * abs(float(drawn["ellipsoidal"][row] / declared[row]) - 1), 2),
            "flips": Message("area-flips", {"verdicts": told}) if told else Message("area-no-flip"),
        }
        yield _finding("data/area-consistent", Level.WARNING, batch, ids, row, "area-differs", values)


def hanging(ids: pa.Array, flips: dict[str, Flips], rules: Sequence[Rule]) -> list[tuple[str, str, str]]:
    """The verdicts that hang on the area taken: (rule, parcel, basis that would change it)."""
    return [
        (rules[r].id, ids[row].as_py(), basis)
        for basis, flip in flips.items()
        for r, row in zip(*(index.tolist() for index in np.nonzero(flip)), strict=True)
    ]


def _flips(batch: Batch, area: Areas, verdicts: NDArray[np.int8], judge: Judge) -> Flips:
    """Which verdicts (rules x rows) would be others if the site area were ``area``, where both are known."""
    known = ~np.isnan(area) & ~np.isnan(batch.columns["site_area_m2"])
    site = np.where(known, area, batch.columns["site_area_m2"])
    other = judge({**batch.columns, "site_area_m2": site})
    settled = (verdicts != Verdict.UNDETERMINED) & (other != Verdict.UNDETERMINED)
    return np.asarray((other != verdicts) & settled & known)


def _finding(
    rule: str, level: Level, batch: Batch, ids: pa.Array, row: np.intp, code: str, values: dict[str, Any]
) -> DataFinding:
    ident = ids[int(row)].as_py()
    number = batch.first_row + int(row) + 1
    message = Message(code, {"parcel": ident, "row": number, **values})
    return DataFinding(rule, level, Subject("parcel", ident), message, number)
