"""The nine rules as checks of a pandera schema on polars: a check says of a row whether it breaks the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandera.polars as pa
import polars as pl
from columns import Columns, arrow
from contest import Counts, Entry
from peer_polars import rules, verdict

NOTE = "says broken or not; unknown is not told apart"
ROWS = None


def prepare(columns: Columns) -> Entry:
    """A schema with a check a rule, validated lazily so that every check runs."""
    frame = pl.from_arrow(arrow(columns))
    schema = pa.DataFrameSchema(checks=[pa.Check(_check(*rule), name=name) for name, rule in rules().items()])
    return Entry(lambda: _errors(schema, frame), _counts)


def _check(applies: pl.Expr, holds: pl.Expr, broken: int) -> Callable[[Any], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(verdict(applies, holds, broken) != broken)


def _errors(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> Any:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return errors
    return None


def _counts(errors: Any) -> Counts:
    told = {} if errors is None else dict(errors.failure_cases["check"].value_counts().iter_rows())
    return np.array([[told.get(name, 0)] for name in rules()])
