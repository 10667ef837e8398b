"""Columns that are kept to the end of a run: one that holds the same in every row takes the memory of one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def held_once(column: NDArray[Any]) -> NDArray[Any]:
    """The column, in the memory of one row where all are the same: of most fields a layer tells nothing."""
    if not len(column) or _one_row(column):
        return column
    octets = np.ascontiguousarray(column).view(np.uint8).reshape(len(column), -1)
    return np.broadcast_to(column[0], column.shape) if (octets == octets[0]).all() else column


def _one_row(column: NDArray[Any]) -> bool:
    return not column.strides[0]


def in_that_order(parts: Sequence[NDArray[Any]], order: NDArray[np.intp]) -> NDArray[Any]:
    """Parts of a column put together in that order; nothing is to be done where all their rows are the same."""
    firsts = np.array([part[0] for part in parts])
    if all(map(_one_row, parts)) and _one_row(same := held_once(firsts)):
        return np.broadcast_to(same[0], (len(order), *parts[0].shape[1:]))
    return np.asarray(np.concatenate(parts)[order])
