"""What the rules measure: pure functions of a batch's columns, each registered below its function."""

from landcheck.measures import floor_area, grants, green_shares  # noqa: F401 - they fill the registry
from landcheck.measures.floor_area import far
from landcheck.measures.grants import recognised_as_none, use_of_class
from landcheck.measures.green_shares import GREEN_TO_ADD, LEDGER_FACTS
from landcheck.measures.registry import (
    LAYER_OF,
    MEASURES,
    TOLERANCE,
    UNREAD,
    Columns,
    Masks,
    Measure,
    Tris,
    cells_of,
    kept_as,
    measure,
    missing,
    nameable,
    ratio,
    subject_field,
    unread,
)

__all__ = [
    "GREEN_TO_ADD",
    "LAYER_OF",
    "LEDGER_FACTS",
    "MEASURES",
    "TOLERANCE",
    "UNREAD",
    "Columns",
    "Masks",
    "Measure",
    "Tris",
    "cells_of",
    "far",
    "kept_as",
    "measure",
    "missing",
    "nameable",
    "ratio",
    "recognised_as_none",
    "subject_field",
    "unread",
    "use_of_class",
]
