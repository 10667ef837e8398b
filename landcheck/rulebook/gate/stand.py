"""The facts of cases as columns: through the same fields, assumptions and ledger as a layer from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import ValueFault, assume, normalise
from landcheck.green.greenery import green_rows, settle
from landcheck.model import Batch, Case, Reading, Role, Rule, Tri, day_number
from landcheck.verdicts.decide import RECORDED

Columns = dict[str, NDArray[Any]]
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stand:
    """Cases of one rule that are judged together: one row of the columns for each of them."""

    cases: tuple[Case, ...]
    columns: Columns
    reading: Reading
    parameters: Mapping[str, Decimal]
    faults: tuple[tuple[ValueFault, ...], ...]

    @property
    def rows(self) -> int:
        """How many cases there are."""
        return len(self.cases)


def stands(rule: Rule, cases: Sequence[Case], defaults: Mapping[str, Decimal]) -> list[Stand]:
    """The cases of a rule, those of one reading and one set of parameters together."""
    groups: dict[tuple[Reading, tuple[tuple[str, Decimal], ...]], list[Case]] = {}
    for case in cases:
        key = (case.reading, tuple(sorted({**defaults, **case.parameters}.items())))
        groups.setdefault(key, []).append(case)
    return [_stand(rule, group, reading, dict(values)) for (reading, values), group in groups.items()]


def _stand(rule: Rule, cases: list[Case], reading: Reading, parameters: Mapping[str, Decimal]) -> Stand:
    facts = [_park(case, rule.in_force_from) if rule.per == "park" else _parcel(case, rule) for case in cases]
    columns = {name: np.concatenate([columns[name] for columns, _ in facts]) for name in facts[0][0]}
    return Stand(tuple(cases), columns, reading, parameters, tuple(tuple(faults) for _, faults in facts))


def _parcel(case: Case, rule: Rule) -> tuple[Columns, list[ValueFault]]:
    batch, faults = _batch(Role.PARCELS, [case.given])
    batch.columns[RECORDED] = batch.columns["approval_date"]
    if case.assume:
        assume(batch, case.as_of or rule.in_force_from)
    return batch.columns, faults


def _park(case: Case, default: dt.date) -> tuple[Columns, list[ValueFault]]:
    """The first park of the case, in the zone and judged at the date of the check like every park of a layer."""
    parks, faults = _batch(Role.PARKS, case.parks)
    green, more = _batch(Role.GREEN, case.green)
    day = case.as_of or default
    if case.assume:
        assume(parks, day)
    ids = parks.texts["park_id"]
    at = pc.fill_null(pc.index_in(green.texts["park_id"], value_set=ids), -1).to_numpy(zero_copy_only=False)
    settled = settle(green_rows(green, at.astype(np.intp)) if case.green else None, parks, ids.to_pylist())
    columns = parks.columns | settled.columns
    columns["in_high_tech_zone"] = np.full(parks.rows, Tri.TRUE, np.int8)
    columns["approval_date"] = np.full(parks.rows, day_number(day), np.int32)
    return {name: column[:1] for name, column in columns.items()}, [*faults, *more]


def _batch(role: Role, rows: Sequence[Facts]) -> tuple[Batch, list[ValueFault]]:
    """The rows as text, as a sheet would hold them, and from there as every layer is read."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    arrays = [pa.array([_written(row.get(name)) for row in rows], pa.string()) for name in names]
    table = pa.RecordBatch.from_arrays(arrays, names=names) if names else _nothing(len(rows))
    return normalise(role, table, map_columns(role, names, {}, "cases"), 0)


def _nothing(rows: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(rows)], names=[""])


def _written(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
