"""The same input gives the same bytes, whenever it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from landcheck import Report, Request, check

Write = Callable[..., Path]
PLAN = Path(__file__).parents[2] / "sample_parcels" / "plan.gpkg"
SUFFIXES = ("xlsx", "docx", "pdf")


def test_the_clock_leaves_no_mark(plan: Report, write: Write) -> None:
    first = {suffix: write(plan, suffix, "en").read_bytes() for suffix in SUFFIXES}
    # A zip counts time in steps of two seconds.
    time.sleep(2.1)
    again = check(Request(str(PLAN), as_of=plan.as_of, headroom=True))
    assert {suffix: write(again, suffix, "en").read_bytes() for suffix in SUFFIXES} == first
