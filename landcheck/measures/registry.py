"""The registry of measures, and the arithmetic they share.

Columns are as :class:`landcheck.model.Batch` says (numbers float64 with NaN missing, booleans int8 ``Tri``,
enumerations int8 codes with -1 missing, dates int32 with ``NO_DATE`` missing). Every function keeps the rows and their
order; an unknown result is NaN or ``Tri.UNKNOWN``, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.catalogue import fields
from landcheck.messages import Text
from landcheck.model import NO_DATE, Field, Kind, Role

Columns = Mapping[str, NDArray[Any]]
Masks = dict[str, NDArray[np.bool_]]
Numbers = NDArray[np.float64]
Tris = NDArray[np.int8]

# 数值比较用全数值比较法 (GB/T 8170); the tolerance is for binary floating point alone.
TOLERANCE = 1e-9
UNREAD = "unread"  # a column of bits, of the cells that cannot be read
LAYER_OF: Mapping[str, Role] = {"parcel": Role.PARCELS, "park": Role.PARKS}


def nothing_lacks(_c: Columns) -> Masks:
    """What a measure wants for that is known in every row."""
    return {}


@dataclass(frozen=True, slots=True)
class Measure:
    """A named quantity or truth of a subject (``per``), as the engine, the cards, the gate and the reports know it.

    ``value`` works it out, ``lacks`` names the fields it wants for in each row. ``area`` is the column (m²) that turns
    a distance in the measure's unit into floor area (``area_told``: where that hangs on the value), ``lowest`` the
    least value there can be; ``sum`` gives for a single row the formula with the inputs in braces, to be shown with
    numbers. ``parts`` and ``whole`` are there where the value is some areas added up, the one that gives way first in
    front, over another (over none: an area itself).
    ``either`` is what the value can be where it is not known which: what holds of each of them holds of it.
    """

    name: str
    label: Text
    kind: Kind
    unit: str
    formula: Text
    inputs: tuple[str, ...]
    value: Callable[[Columns], NDArray[Any]]
    lacks: Callable[[Columns], Masks] = nothing_lacks
    per: str = "parcel"
    values: tuple[str, ...] = ()
    lowest: float | None = None
    area: str = ""
    parts: tuple[str, ...] = ()
    whole: str = ""
    sum: Callable[[Columns], str] | None = None
    either: tuple[Callable[[Columns], Numbers], ...] = ()
    area_told: Callable[[Columns, Numbers], Numbers] | None = None

    @property
    def in_m2(self) -> bool:
        """Whether the distance to a limit can be given in m² too."""
        return bool(self.area or self.area_told) or self.unit == "m2"


MEASURES: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    """Add a measure to the registry; it stands below the function that works it out. ValueError for a name twice."""
    if measure.name in MEASURES:
        raise ValueError(f"the measure {measure.name} stands in the registry twice")
    MEASURES[measure.name] = measure


@cache
def measure(name: str, per: str) -> Measure:
    """The measure of that name; a field of the subject's layer is a measure of itself. KeyError for neither."""
    return MEASURES.get(name) or _of_field(name, per)


def subject_field(name: str, per: str) -> Field:
    """The catalogue's field; a park takes zone and date fields it has none of its own from the parcels' list."""
    if per == "park":
        try:
            return catalogue_field(Role.PARKS, name)
        except KeyError:
            pass
    return catalogue_field(Role.PARCELS, name)


def nameable(per: str, measures: Mapping[str, Measure] = MEASURES) -> dict[str, Measure]:
    """Everything a card per ``parcel`` or ``park`` may name: the fields of its layer, and the measures of it."""
    known = {field.name: _of_field(field.name, per) for field in fields(LAYER_OF[per])}
    return known | {name: measure for name, measure in measures.items() if measure.per == per}


@cache
def _of_field(name: str, per: str) -> Measure:
    f = subject_field(name, per)

    def lacks(c: Columns) -> Masks:
        return {f.name: missing(c[f.name], f.kind)}

    lowest = f.at_least if f.at_least is not None else f.more_than
    return Measure(f.name, f.label, f.kind, f.unit, Text(f.label.zh, f.name), (f.name,), given(f.name), lacks, per,
                   f.values, lowest, parts=(f.name,) if f.unit == "m2" else ())  # fmt: skip


def kept_as(name: str) -> str:
    """The column under which a measure worked out before may stand among those it was worked out from."""
    return f"{name}()"


@cache
def cells_of(per: str) -> tuple[str, ...]:
    """The fields whose cells speak of a subject: the number of each is its bit in the column ``UNREAD``."""
    roles = (LAYER_OF[per], *((Role.GREEN,) if per == "park" else ()))
    return tuple(dict.fromkeys(f.name for role in roles for f in fields(role)))


def unread(c: Columns, name: str, per: str) -> NDArray[np.bool_] | np.bool_:
    """In which rows a field's cell holds something that cannot be read."""
    if UNREAD not in c or name not in cells_of(per):
        return np.False_
    return (c[UNREAD] >> cells_of(per).index(name) & 1).astype(np.bool_)


def once(name: str, work: Callable[[Columns], NDArray[Any]], c: Columns) -> NDArray[Any]:
    """A measure that another is made of, worked out where it does not stand among the columns already."""
    found = c.get(kept_as(name))
    return work(c) if found is None else found


def ratio(part: Numbers, whole: Numbers) -> Numbers:
    """``part / whole``; unknown where either is, and where the whole is zero and no share can be formed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Numbers = part / whole
    share[whole <= 0] = np.nan
    return share


def more(a: Numbers, b: Numbers) -> Tris:
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


def unknown_numbers(*names: str) -> Callable[[Columns], Masks]:
    """What a measure wants for that takes every one of some numbers."""
    return lambda c: {name: np.isnan(c[name]) for name in names}


def shares_lack(*parts: str, whole: str) -> Callable[[Columns], Masks]:
    """What a share wants for: the parts that are unknown, and a whole that is unknown or nought."""
    return lambda c: {**{name: np.isnan(c[name]) for name in parts}, whole: ~(c[whole] > 0)}
