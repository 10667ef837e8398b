"""Parcels counted by the days of the texts: two halves merged are the whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from landcheck.model import NO_DATE, Batch, Role
from landcheck.rulebook import load_packs
from landcheck.verdicts.totals import BatchResult, ForceWindows

PACKS = load_packs(["auto"])
RECORDED = ["2013-05-01", "2021-09-20", "2026-09-19", "2026-09-20", None, "2027-01-01"]
IDS = ["A", "B", "C", "F", "E", "D"]
AS_OF = "2026-11-22"


def counted(rows: slice) -> ForceWindows:
    def days(dates: list[str | None], missing: str | None) -> np.ndarray:
        known = [date or missing for date in dates]
        return np.array([NO_DATE if d is None else np.datetime64(d, "D").astype(int) for d in known], np.int32)

    windows = ForceWindows(PACKS)
    columns = {"approval_date": days(RECORDED[rows], AS_OF), "recorded_date": days(RECORDED[rows], None)}
    batch = Batch(Role.PARCELS, len(RECORDED[rows]), columns=columns)
    windows.add(BatchResult(batch, pa.array(IDS[rows])))
    return windows


def test_two_halves_merged_are_the_whole() -> None:
    merged = counted(slice(3, None))
    merged.merge(counted(slice(0, 3)))
    whole = counted(slice(None))
    assert merged.within == whole.within
    assert merged.ended == whole.ended


def test_counts_by_hand() -> None:
    whole = counted(slice(None))
    # stated until 2026-09-19: B and C by their dates, E by the assumed one; F and D come after it
    assert whole.within["shanghai-2021-6"] == 3
    assert whole.within["china-terms"] == 6
    by_number = {text.number: count for text, count in whole.ended.items()}
    stated = by_number["沪规划资源规〔2021〕6号"]
    assert (stated.recorded_after, stated.assumed_after, stated.first) == (2, 1, ["D", "F"])
    # presumed until 2026-08-31: C as well
    assert by_number["沪府规〔2021〕9号"].recorded_after == 3
