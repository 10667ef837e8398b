"""Cases judged: their facts as columns, and what a rule says of them.

Facts go through the same fields, assumptions and ledger as a layer from a file.
"""

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
from landcheck.green.greenery import green_rows, park_facts
from landcheck.messages import Message
from landcheck.model import Batch, Case, Finding, Pack, Reading, Role, Rule, Tri, Verdict, day_number
from landcheck.quality.consistency import mixed_by_m0
from landcheck.verdicts.decide import RECORDED, Evaluation, judge
from landcheck.verdicts.gather import FindingContext, Findings, RuleVerdicts
from landcheck.verdicts.totals import ReportRows

Facts = tuple[dict[str, NDArray[Any]], list[ValueFault]]


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """Cases of one rule that are judged together: one row of the columns for each of them."""

    cases: tuple[Case, ...]
    columns: dict[str, NDArray[Any]]
    reading: Reading
    parameters: Mapping[str, Decimal]
    faults: tuple[list[ValueFault], ...]

    def judge(self, rules: Sequence[Rule]) -> NDArray[np.int8]:
        """Those rules on the cases (rules x cases)."""
        return judge(rules, self.columns, len(self.cases), self.reading, self.parameters)


def case_groups(rule: Rule, pack: Pack) -> list[CaseGroup]:
    """The cases of a rule, those of one reading and one set of parameters together."""
    defaults = {parameter.name: parameter.value for parameter in pack.parameters}
    groups: dict[tuple[Reading, tuple[tuple[str, Decimal], ...]], list[Case]] = {}
    for case in pack.cases:
        if case.rule == rule.id:
            key = (case.reading, tuple(sorted({**defaults, **case.parameters}.items())))
            groups.setdefault(key, []).append(case)
    return [_group(rule, cases, reading, dict(values)) for (reading, values), cases in groups.items()]


def _group(rule: Rule, cases: list[Case], reading: Reading, parameters: Mapping[str, Decimal]) -> CaseGroup:
    facts = [(_park if rule.per == "park" else _parcel)(case, case.as_of or rule.in_force_from) for case in cases]
    columns = {name: np.concatenate([held[name] for held, _ in facts]) for name in facts[0][0]}
    return CaseGroup(tuple(cases), columns, reading, parameters, tuple(faults for _, faults in facts))


def _parcel(case: Case, day: dt.date) -> Facts:
    batch, faults = _batch(Role.PARCELS, [case.given])
    batch.columns[RECORDED] = batch.columns["approval_date"]
    mixed_by_m0(batch, "cases")
    if case.assume:
        assume(batch, day)
    return batch.columns, faults


def _park(case: Case, day: dt.date) -> Facts:
    """The first park of the case, in the zone and judged at the date of the check like every park of a layer."""
    parks, faults = _batch(Role.PARKS, case.parks)
    green, more = _batch(Role.GREEN, case.green)
    if case.assume:
        assume(parks, day)
    ids = parks.texts["park_id"]
    at = pc.fill_null(pc.index_in(green.texts["park_id"], value_set=ids), -1).to_numpy(zero_copy_only=False)
    rows = green_rows(green, at.astype(np.intp), parks.rows) if case.green else None
    settled = park_facts(rows, parks, ids.to_pylist())
    columns = parks.columns | settled.columns
    columns["in_high_tech_zone"] = np.full(parks.rows, Tri.TRUE, np.int8)
    columns["approval_date"] = np.full(parks.rows, day_number(day), np.int32)
    return {name: column[:1] for name, column in columns.items()}, [*faults, *more]


def _batch(role: Role, rows: Sequence[Mapping[str, Any]]) -> tuple[Batch, list[ValueFault]]:
    """The rows as text, as a sheet would hold them, and from there as every layer is read."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    arrays = [pa.array([_written(row.get(name)) for row in rows], pa.string()) for name in names]
    table = pa.RecordBatch.from_arrays(arrays or [pa.nulls(len(rows))], names=names or [""])
    return normalise(role, table, map_columns(role, names, {}, "cases"), 0)


def _written(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case came out. ``applies`` is what the rule's ``[applies]`` said; ``fault`` a fact that cannot be read."""

    case: Case
    finding: Finding
    applies: Tri
    fault: Message | None = None

    @property
    def got(self) -> Verdict:
        """What the rule says."""
        return self.finding.verdict

    @property
    def ok(self) -> bool:
        """Whether it says what the case expects, and names the fields it names."""
        named = self.case.missing is None or set(self.case.missing) == set(self.finding.missing)
        return self.got is self.case.expect and named and self.fault is None


def run_cases(pack: Pack) -> tuple[CaseResult, ...]:
    """Every case of a pack, in the order of its rules and of their files."""
    return tuple(result for rule in pack.rules for result in run_rule(rule, pack))


def run_rule(rule: Rule, pack: Pack) -> list[CaseResult]:
    """The cases of one rule, in the order of their file."""
    results = {id(one.case): one for group in case_groups(rule, pack) for one in _results(rule, group)}
    return [results[id(case)] for case in pack.cases if id(case) in results]


def _results(rule: Rule, group: CaseGroup) -> list[CaseResult]:
    count = len(group.cases)
    ids = pa.array([str(number) for number in range(count)])
    parks, places = pa.nulls(count, pa.string()), np.full((count, 2), np.nan)
    kept = ReportRows(ids, parks, np.arange(count), group.judge([rule]), group.columns, places)
    context = FindingContext(group.reading, group.parameters, everything=True)
    applies = Evaluation(group.columns, group.parameters).applies(rule).tolist()
    found = zip(group.cases, Findings([RuleVerdicts(rule, 0, kept)], context), applies, group.faults, strict=True)
    return [CaseResult(case, finding, Tri(tri), faults[0].message("cases") if faults else None)
            for case, finding, tri, faults in found]  # fmt: skip
