"""What a measure is, and the arithmetic measures share.

Columns are as :class:`landcheck.model.Batch` says (numbers float64 with NaN missing, booleans int8 ``Tri``,
enumerations int8 codes with -1 missing, dates int32 with ``NO_DATE`` missing). Every function keeps the rows and their
order; an unknown result is NaN or ``Tri.UNKNOWN``, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Text
from landcheck.model import NO_DATE, Kind

Columns = Mapping[str, NDArray[Any]]
Masks = dict[str, NDArray[np.bool_]]

# 数值比较用全数值比较法 (GB/T 8170); the tolerance is for binary floating point alone.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Measure:
    """A named quantity or truth: ``value`` works it out, ``lacks`` names the fields it wants for in each row.

    ``area`` is the column (m²) that turns a distance in the measure's unit into floor area; ``sum`` gives for a single
    row the formula with the inputs in braces, to be shown with numbers.
    """

    name: str
    label: Text
    kind: Kind
    unit: str
    formula: Text
    inputs: tuple[str, ...]
    value: Callable[[Columns], NDArray[Any]]
    lacks: Callable[[Columns], Masks]
    values: tuple[str, ...] = ()
    area: str = ""
    sum: Callable[[Columns], str] | None = None


def kept_as(name: str) -> str:
    """The column under which a measure worked out before may stand among those it was worked out from."""
    return f"{name}()"


def once(name: str, work: Callable[[Columns], NDArray[Any]], c: Columns) -> NDArray[Any]:
    """A measure that another is made of, worked out where it does not stand among the columns already."""
    found = c.get(kept_as(name))
    return work(c) if found is None else found


def ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """``part / whole``; unknown where either is, and where the whole is zero and no share can be formed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share: NDArray[np.float64] = part / whole
    share[whole <= 0] = np.nan
    return share


def more(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.int8]:
    """Tri: is ``a`` greater than ``b`` (not negative), beyond the tolerance?"""
    limit = b * (1 + TOLERANCE)
    return (a > limit).view(np.int8) - (a <= limit).view(np.int8)


def missing(column: NDArray[Any], kind: Kind) -> NDArray[np.bool_]:
    """Where a column of that kind has no value."""
    if kind is Kind.NUMBER:
        return np.asarray(np.isnan(column), np.bool_)
    gap = {Kind.BOOL: 0, Kind.ENUM: -1, Kind.DATE: NO_DATE}[kind]
    return np.asarray(column == gap, np.bool_)


def given(name: str) -> Callable[[Columns], NDArray[Any]]:
    """The column itself."""
    return lambda c: c[name]


def shares_lack(*parts: str, whole: str = "above_ground_gfa_m2") -> Callable[[Columns], Masks]:
    """What a share wants for: the parts that are unknown, and a whole that is unknown or nought."""

    def lacks(c: Columns) -> Masks:
        masks = {name: np.isnan(c[name]) for name in parts}
        return masks | {whole: ~(c[whole] > 0)}

    return lacks
