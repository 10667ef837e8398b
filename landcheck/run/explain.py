"""The sum behind the verdicts of one parcel: each value, where it stands, and the arithmetic to redo by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.errors import InputError, UsageError
from landcheck.measures import MEASURES, Measure, far, measure, ratio, subject_field
from landcheck.messages import Text, number
from landcheck.model import NO_DATE, Batch, Explanation, Fact, Field, Finding, Kind, Origin, Report, Rule
from landcheck.request import Request
from landcheck.run.batches import Run
from landcheck.run.check import run_check


def explain(request: Request, parcel: str, rules: Sequence[str] = ()) -> tuple[Report, list[Explanation]]:
    """Check the whole layer and explain one parcel. UsageError for an unknown rule, InputError for no such parcel."""
    run, report = run_check(replace(request, only=parcel, show_all=True, baseline=None))
    _refuse_others(rules, run, [rule.id for pack in report.packs for rule in pack.rules])
    asked = run.collected.asked
    if asked is None or asked.batch is None:
        raise InputError("no-such-parcel", file=run.parcels.file, parcel=parcel)
    chosen = [f for f in report.findings if f.subject.type == "parcel" and (not rules or f.rule.id in rules)]
    return report, [_explanation(finding, run, asked.batch, asked.rows) for finding in chosen]


def _refuse_others(rules: Sequence[str], run: Run, of_packs: Sequence[str]) -> None:
    known = [rule.id for rule in run.rules.rules]
    for rule in rules:
        if rule not in known:
            code = "rule-of-parks" if rule in of_packs else "no-such-rule"
            raise UsageError(code, rule=rule, known=known)


def _explanation(finding: Finding, run: Run, asked: Batch, rows: NDArray[np.int64]) -> Explanation:
    """``asked`` holds the rows (from 0) of the parcel asked for."""
    row = int(np.flatnonzero(rows + 1 == finding.row)[0])
    names = list(dict.fromkeys(name for m in _measures(finding.rule) for name in m.inputs))
    facts = tuple(_fact(subject_field(name, "parcel"), run, asked, row, int(rows[row]) + 1) for name in names)
    sums = tuple(step for m in _measures(finding.rule) for step in _sum(m, asked, row))
    return Explanation(finding, facts, sums)


def _measures(rule: Rule) -> list[Measure]:
    subjects = ["approval_date", *(c.subject for c in rule.applies)]
    subjects += [test.measure for requirement in rule.requires for test in requirement.any]
    return [measure(subject, rule.per) for subject in dict.fromkeys(subjects)]


def _fact(field: Field, run: Run, asked: Batch, row: int, number: int) -> Fact:
    """A field's value in a row of ``asked``, which is the row ``number`` (from 1) of the layer, and where it stands."""
    origins, attributes = asked.origins.get(field.name), run.companions.attributes
    origin = Origin.LAYER if origins is None else Origin(int(origins[row]))
    value = _value(field, asked.columns[field.name][row])
    layer = run.parcels if origin is Origin.LAYER else None
    if origin is Origin.ATTRIBUTES and attributes is not None:
        layer, number = attributes.layer, attributes.row_of(asked.texts["parcel_id"][row].as_py())
    use = next((use for use in layer.uses if use.field == field), None) if layer else None
    if layer is None or use is None:
        return Fact(field.name, value, field.unit, origin)
    return Fact(field.name, value, field.unit, origin, layer.file, use.column, number)


def _value(field: Field, held: Any) -> float | bool | str | None:
    if field.kind is Kind.NUMBER:
        return None if np.isnan(held) else float(held)
    if field.kind is Kind.BOOL:
        return None if held == 0 else bool(held > 0)
    if field.kind is Kind.DATE:
        return None if held == NO_DATE else str(np.datetime64(int(held), "D"))
    return None if held < 0 else field.values[int(held)]


def _sum(m: Measure, asked: Batch, row: int) -> Iterator[Text]:
    """The formula, and the formula with this parcel's numbers and its result."""
    if m.name not in MEASURES or m.kind is not Kind.NUMBER:
        return
    yield m.formula
    columns = {name: asked.columns[name][row : row + 1] for name in m.inputs}
    result = float(m.value(columns)[0])
    if np.isnan(result) or m.sum is None:
        return
    if m.name == "far" and np.isnan(ratio(columns["far_gfa_m2"], columns["site_area_m2"])[0]):
        declared = number(float(far(columns)[0]))
        yield Text(f"容积率按申报值 = {declared}", f"FAR as declared = {declared}")
        return
    numbers = m.sum(columns).format_map({name: number(float(column[0])) for name, column in columns.items()})
    yield Text(f"{numbers} = {number(result)}", f"{numbers} = {number(result)}")
