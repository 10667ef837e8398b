"""What the rules measure: pure functions of a batch's columns, each registered below its function."""

from landcheck.measures import floor_area, grants, green_shares  # noqa: F401 - they fill the registry
from landcheck.measures.floor_area import far
from landcheck.measures.grants import use_of_class
from landcheck.measures.green_shares import LEDGER_FACTS
from landcheck.measures.registry import (
    LAYER_OF,
    MEASURES,
    TOLERANCE,
    Columns,
    Masks,
    Measure,
    Tris,
    kept_as,
    measure,
    missing,
    nameable,
    ratio,
    subject_field,
    unread_as,
)

__all__ = [
    "LAYER_OF",
    "LEDGER_FACTS",
    "MEASURES",
    "TOLERANCE",
    "Columns",
    "Masks",
    "Measure",
    "Tris",
    "far",
    "kept_as",
    "measure",
    "missing",
    "nameable",
    "ratio",
    "subject_field",
    "unread_as",
    "use_of_class",
]
