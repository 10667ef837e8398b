"""What a peer brings to the decide step, and how its verdicts are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from by_hand import FAIL, NOT_APPLICABLE, PASS, REVIEW, UNDETERMINED
from columns import Columns
from numpy.typing import NDArray

Counts = NDArray[np.int64]

__all__ = ["FAIL", "NOT_APPLICABLE", "PASS", "REVIEW", "UNDETERMINED", "Counts", "Entry", "broken", "head", "tally"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to judge: ``work`` is timed, ``counts`` turns what it returned into verdicts by rule, untimed."""

    work: Callable[[], Any]
    counts: Callable[[Any], Counts]


def tally(verdicts: NDArray[np.integer[Any]]) -> Counts:
    """Rules x the five verdicts, from verdicts (rules x rows)."""
    return np.stack([np.bincount(line, minlength=5) for line in verdicts])


def broken(counts: Counts) -> Counts:
    """Rules x 1: how many rows break the rule, for those that can say no more."""
    return counts[:, [FAIL]] + counts[:, [REVIEW]]


def head(columns: Columns, rows: int) -> Columns:
    """The first rows."""
    return {name: column[:rows] for name, column in columns.items()}
