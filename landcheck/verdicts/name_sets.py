"""Which of some names stand for each row: a code a row, and the names behind each code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 62


class NameSets:
    """Sets of names, row by row, in the order in which they were added; a name counts once."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._masks: list[tuple[str, NDArray[np.bool_]]] = []
        self._found: tuple[NDArray[np.intp], list[tuple[str, ...]]] | None = None

    def add(self, masks: Mapping[str, NDArray[np.bool_]]) -> None:
        """Add each name in the rows of its mask, before the first row is asked for."""
        self._masks += [(name, mask) for name, mask in masks.items() if mask.any()]

    def join(self, other: NameSets, where: NDArray[np.bool_] | np.bool_ = np.True_) -> None:
        """Add what another holds, in some rows."""
        for name, mask in other._masks:
            self.add({name: mask & where})

    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """By name the rows in which it stands."""
        found: dict[str, NDArray[np.bool_]] = {}
        for name, mask in self._masks:
            found[name] = found[name] | mask if name in found else mask
        return found

    @property
    def codes(self) -> NDArray[np.intp]:
        """The same number where the same names stand."""
        return self._coded()[0]

    @property
    def named(self) -> tuple[tuple[str, ...], ...]:
        """The names behind each code."""
        return tuple(self._coded()[1])

    def of(self, row: int) -> tuple[str, ...]:
        """The names of a row."""
        codes, named = self._coded()
        return named[int(codes[row])]

    def _coded(self) -> tuple[NDArray[np.intp], list[tuple[str, ...]]]:
        if self._found is None:
            kind: Any = np.int64 if len(self._masks) <= BITS else object
            codes = np.zeros(self.rows, kind)
            for bit, (_, mask) in enumerate(self._masks):
                codes += mask.astype(kind) << bit
            several, of_row = np.unique(codes, return_inverse=True)
            self._found = of_row, [self._named(code) for code in several.tolist()]
        return self._found

    def _named(self, code: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for bit, (name, _) in enumerate(self._masks) if code >> bit & 1))
