"""The nine rules as steps of a pointblank validation on polars: a step says of a row whether it breaks the rule."""

from __future__ import annotations

import numpy as np
import pointblank as pb
import polars as pl
from columns import Columns, arrow
from contest import Entry
from peer_polars import rules, verdict

NOTE = "says broken or not; unknown is not told apart"
ROWS = None


def prepare(columns: Columns) -> Entry:
    """A validation with a step a rule."""
    frame = pl.from_arrow(arrow(columns))
    return Entry(lambda: _interrogated(frame), lambda done: np.array([[n] for n in done.n_failed().values()]))


def _interrogated(frame: pl.DataFrame) -> pb.Validate:
    plan = pb.Validate(frame)
    for applies, holds, broken in rules().values():
        plan = plan.col_vals_expr(expr=verdict(applies, holds, broken) != broken)
    return plan.interrogate(collect_extracts=False)
