"""What the columns of a layer were taken for, and those whose unit is probably another than the one read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.fields.catalogue import field, line_name, qualified
from landcheck.fields.mapping import ColumnUse, Together, map_columns
from landcheck.fields.overlooked import require
from landcheck.fields.units import UNITS
from landcheck.messages import Message
from landcheck.model import Batch, Field, InputInfo, Role
from landcheck.request import ColumnRef

ENOUGH = 3
"""Values below which nothing is suspected."""

AREAS = ("m2", "ha", "mu", "wan_m2", "ft2", "acre", "km2")
NEAR = 0.1
"""How far, relatively, a ratio may be from a unit's: measured areas differ by some per cent, units by 600 and more."""


def unit_candidates(
    batch: Batch, uses: Sequence[ColumnUse], file: str, drawn_area_m2: NDArray[np.float64] | None = None
) -> tuple[Message, ...]:
    """What looks wrong with the units of a sample of rows, one message a column at most.

    ``drawn_area_m2`` (float64, rows of the batch, NaN without geometry) is the strongest witness for an area.
    """
    by_field = {use.field.name: use for use in uses}
    found = (
        _area_against_drawing(batch, by_field, file, drawn_area_m2),
        *_floor_against_site(batch, by_field, file),
        *_by_size(batch, by_field.values(), file),
        _years(batch, by_field.get("term_years"), file),
    )
    first: dict[str, Message] = {}
    for message in found:
        if message is not None:
            first.setdefault(message.values["column"], message)
    return tuple(first.values())


def _area_against_drawing(
    batch: Batch, uses: Mapping[str, ColumnUse], file: str, drawn: NDArray[np.float64] | None
) -> Message | None:
    use = uses.get("site_area_m2") or uses.get("area_m2")
    if use is None or drawn is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, rows = _median(drawn / batch.columns[use.field.name])
    unit = _unit_of(ratio, use, AREAS)
    return _said(use, unit, file, Message("fields-evidence-drawn", {"ratio": _round(ratio), "rows": rows}))


def _floor_against_site(batch: Batch, uses: Mapping[str, ColumnUse], file: str) -> Iterable[Message | None]:
    """Floor area / site area / FAR is 1: about 10,000 speaks for a site in ha, about 1/10,000 for floors in 万m²."""
    floor, site, far = (uses.get(name) for name in ("far_gfa_m2", "site_area_m2", "far"))
    if floor is None or site is None or far is None:
        return
    columns = batch.columns
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, rows = _median(columns["far_gfa_m2"] / columns["site_area_m2"] / columns["far"])
    evidence = Message("fields-evidence-far", {"ratio": _round(ratio), "rows": rows})
    yield _said(site, _unit_of(ratio, site, AREAS), file, evidence)
    yield _said(floor, _unit_of(1 / ratio if ratio else np.nan, floor, ("m2", "wan_m2", "ft2")), file, evidence)
    yield _said(far, _unit_of(ratio, far, ("1", "percent")), file, evidence)


def _by_size(batch: Batch, uses: Iterable[ColumnUse], file: str) -> Iterable[Message | None]:
    """By the size of the numbers alone, where no parcel could be like that: no FAR of 30, no site of 30 m²."""
    for use in uses:
        own = use.unit == use.field.unit
        rule = _SIZES.get(use.field.name) if own else _GIVEN.get(use.field.name)
        if rule is None:
            continue
        low, high, unit = rule
        values = np.abs(batch.columns[use.field.name])
        median, rows = _median(np.where(values == 0, np.nan, values))
        if low <= median <= high:
            yield _said(use, unit, file, Message("fields-evidence-median", {"rows": rows, "median": _round(median)}))


_SIZES: dict[str, tuple[float, float, str]] = {
    "far": (30, 1_000, "percent"),
    "far_before": (30, 1_000, "percent"),
    "term_years": (100, 840, "months"),
    "site_area_m2": (0, 50, "ha"),
    "far_gfa_m2": (0, 50, "wan_m2"),
    "above_ground_gfa_m2": (0, 50, "wan_m2"),
    "extra_land_price_cny": (0, 50_000, "wan_CNY"),
    "transferred_share": (1.5, 100, "percent"),
}
_GIVEN: dict[str, tuple[float, float, str]] = {
    "far": (0, 0.1, "1"),
    "far_before": (0, 0.1, "1"),
    "term_years": (0, 5, "years"),
    "site_area_m2": (1e6, np.inf, "m2"),
    "far_gfa_m2": (3e6, np.inf, "m2"),
    "above_ground_gfa_m2": (3e6, np.inf, "m2"),
    "transferred_share": (0, 0.01, "1"),
}
"""The same where another unit than the field's was named, by the heading or with ``--map``."""


def _years(batch: Batch, use: ColumnUse | None, file: str) -> Message | None:
    if use is None:
        return None
    median, rows = _median(batch.columns["term_years"])
    if not 1949 <= median <= 2100:
        return None
    return Message("fields-suspect-years", {**_of(use.field, use, file), "rows": rows, "median": _round(median)})


def _median(values: NDArray[np.float64]) -> tuple[float, int]:
    known = values[np.isfinite(values)]
    return (float(np.median(known)), len(known)) if len(known) >= ENOUGH else (float("nan"), len(known))


def _unit_of(ratio: float, use: ColumnUse, units: Sequence[str]) -> str | None:
    """The other unit in which the column would fit."""
    sizes = {unit: float(UNITS[use.unit].size / UNITS[unit].size) for unit in units}
    return next((unit for unit, size in sizes.items() if size != 1 and abs(ratio * size - 1) < NEAR), None)


def _said(use: ColumnUse, unit: str | None, file: str, evidence: Message) -> Message | None:
    if unit is None:
        return None
    return Message("fields-suspect-unit", {
        **_of(use.field, use, file), "unit": UNITS[use.unit].label, "likely": UNITS[unit].label,
        "evidence": evidence, "map": f"{qualified(use.field)}={use.column}:{unit}",
    })  # fmt: skip


def _of(a_field: Field, use: ColumnUse, file: str) -> dict[str, Any]:
    return {"file": file, "column": use.column, "field": a_field.name, "label": a_field.label}


def _round(value: float) -> float:
    return float(f"{value:.3g}")


@dataclass(frozen=True, slots=True)
class SurveyedColumn:
    """A column as it stands in the file: how many of the rows looked at hold something, and some of it.

    ``use`` is None where the column holds no field; ``unread`` counts the values that cannot be used, ``first_unread``
    tells of the first.
    """

    name: str
    filled: int
    samples: tuple[str, ...]
    use: ColumnUse | None = None
    unread: int = 0
    first_unread: Message | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What ends a check until someone decides: ``choices`` are the ways out as ``--map`` takes them."""

    field: Field
    columns: tuple[str, ...]
    message: Message
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayerMapping:
    """The columns that hold fields, what a check would stop at, and a mapping under which it would not."""

    uses: tuple[ColumnUse, ...]
    problems: tuple[Problem, ...]
    settled: Mapping[str, ColumnRef]


class ColumnValues(NamedTuple):
    """What is asked of the values of a layer: whether columns may be read together, and which might be its id."""

    together: Together
    distinct: Callable[[], Sequence[str]]


def map_with_problems(
    role: Role,
    columns: Sequence[str],
    given: Mapping[str, ColumnRef],
    file: str,
    elsewhere: Collection[str],
    layer: str,
    values: ColumnValues,
) -> LayerMapping:
    """As ``map_columns`` and ``require``, but a field in doubt has no column, and a problem instead of an error."""
    settled, problems = dict(given), list[Problem]()
    while True:
        try:
            uses = map_columns(role, columns, settled, file, elsewhere=elsewhere, together=values.together)
            break
        except InputError as error:
            problem = _problem(role, columns, error, layer)
            if problem is None or any(problem.field == other.field for other in problems):
                raise
            problems.append(problem)
            settled[line_name(problem.field, layer)] = ColumnRef(problem.columns[0], problem.field.unit)
    doubtful = {problem.field for problem in problems}
    uses = tuple(use for use in uses if use.field not in doubtful)
    held = [*uses, *(ColumnUse(problem.field, problem.columns[0], 1.0, "", "") for problem in problems)]
    try:
        require(role, columns, held, file, layer, values.distinct)
    except InputError as error:
        a_field = field(role, error.message.values["field"])
        near = error.message.values["columns"] if error.message.code == "fields-required-distinct" else ("…",)
        lines = tuple(f"{line_name(a_field, layer)}={name}" for name in near)
        problems.append(Problem(a_field, (), error.message, lines))
    return LayerMapping(uses, tuple(problems), settled)


def _problem(role: Role, columns: Sequence[str], error: InputError, layer: str) -> Problem | None:
    """Two columns for one field, or a heading whose unit does not fit; None for any other error."""
    values = error.message.values
    if error.message.code not in ("fields-two-columns", "fields-heading-unit") or not columns:
        return None
    a_field = field(role, values["field"])
    named = tuple(values["columns"]) if "columns" in values else (values["column"],)
    unit = f":{a_field.unit}" if "unit" in values and a_field.unit else ""
    return Problem(a_field, named, error.message, tuple(f"{line_name(a_field, layer)}={name}{unit}" for name in named))


@dataclass(frozen=True, slots=True)
class Gap:
    """A field without a column that some rule needs; ``instead`` says what is taken in its place, None: nothing."""

    field: Field
    rules: tuple[str, ...]
    instead: Message | None


@dataclass(frozen=True, slots=True)
class LayerSurvey:
    """One layer: ``name`` is its role in the run (``attributes`` holds parcels' fields), ``looked_at`` counts rows."""

    name: str
    role: Role
    info: InputInfo
    looked_at: int
    columns: tuple[SurveyedColumn, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    suspicions: tuple[Message, ...]

    @property
    def used(self) -> tuple[SurveyedColumn, ...]:
        """The columns that hold fields."""
        return tuple(column for column in self.columns if column.use is not None)

    @property
    def unused(self) -> tuple[SurveyedColumn, ...]:
        """The columns that do not."""
        return tuple(column for column in self.columns if column.use is None)


@dataclass(frozen=True, slots=True)
class MapLine:
    """A line of ``[map]`` for a layer, in ``landcheck.toml``; ``column`` stands right of the field, unit included."""

    layer: str
    field: Field
    column: str


@dataclass(frozen=True, slots=True)
class Survey:
    """All layers, the fields that rules miss (of layers that are not there, too), and the mapping written down."""

    layers: tuple[LayerSurvey, ...]
    gaps: tuple[Gap, ...]
    lines: tuple[MapLine, ...]
