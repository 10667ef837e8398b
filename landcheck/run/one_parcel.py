"""One parcel: the sum behind its verdicts to redo by hand, and what they would be if its row held other values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.errors import InputError, UsageError, nearest
from landcheck.facts.companions import nearest_ids
from landcheck.fields.catalogue import fields, titled
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise, unreadable_rows
from landcheck.fields.units import UNITS
from landcheck.measures import MEASURES, Measure, far, measure, ratio, subject_field
from landcheck.messages import Message, Text, number
from landcheck.model import NO_DATE, Batch, Explanation, Fact, Field, Finding, Kind, Origin, Report, Role
from landcheck.request import Request
from landcheck.run.batches import Run
from landcheck.run.check import run_check


def explain(request: Request, parcel: str, rules: Sequence[str] = ()) -> tuple[Report, list[Explanation]]:
    """Check the whole layer and explain one parcel. UsageError for an unknown rule, InputError for no such parcel."""
    run, report = run_check(replace(request, only=parcel, show_all=True, baseline=None))
    known = [rule.id for rule in run.rules.rules]
    for name in (name for name in rules if name not in known):
        of_parks = any(name == rule.id for pack in report.packs for rule in pack.rules)
        raise UsageError("rule-of-parks" if of_parks else "no-such-rule", rule=name, known=nearest(name, known))
    asked = run.collected.asked
    if asked is None or asked.batch is None:
        raise _no_parcel(run, parcel)
    places = {row + 1: place for place, row in enumerate(asked.rows.tolist())}
    return report, [
        _explanation(finding, run, asked.batch.take(np.array([places[finding.row or 0]])))
        for finding in _of_parcel(report)
        if not rules or finding.rule.id in rules
    ]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Every rule on the parcel, as it is and as it would be."""

    report: Report
    pairs: tuple[tuple[Finding, Finding], ...]
    changes: Mapping[str, str]


def whatif(request: Request, parcel: str, changes: Mapping[str, str]) -> WhatIf:
    """Judge one parcel again with ``changes`` (field to written value, empty for missing); the file is not touched.

    UsageError for a field or value that cannot be, InputError where there is no such parcel, or more than one.
    """
    new, named = _as_written(changes)
    request = replace(request, only=parcel, show_all=True, waivers=None, baseline=None)
    judged, report = run_check(request)
    rows = 0 if judged.collected.asked is None else len(judged.collected.asked.rows)
    if rows > 1:
        raise InputError("parcel-not-unique", file=judged.parcels.file, parcel=parcel)
    if not rows:
        raise _no_parcel(judged, parcel)
    judged, supposed = run_check(replace(request, supposed={name: new.columns[name][0] for name in named}))
    pairs = tuple(zip(_of_parcel(report), _of_parcel(supposed), strict=True))
    asked = judged.collected.asked
    assert asked is not None
    assert asked.batch is not None
    notes = (*_undecisive(named, pairs, asked.batch), *report.notices)
    return WhatIf(replace(report, notices=notes), pairs, named)


def _no_parcel(run: Run, parcel: str) -> InputError:
    known = nearest_ids(parcel, run.collected.ids.all())
    return InputError("no-such-parcel", file=run.parcels.file, parcel=parcel, ids=known)


def _undecisive(named: Mapping[str, str], pairs: Sequence[tuple[Finding, Finding]], parcel: Batch) -> Iterator[Message]:
    """What was set and decides nothing: ``parcel`` is the one judged with it."""
    computed = ratio(parcel.columns["far_gfa_m2"], parcel.columns["site_area_m2"])[0]
    if "far" in named and not np.isnan(computed):
        yield Message("whatif-far-beside-areas", {"far": float(computed)})
        return
    for name in (name for name in named if unreadable_rows(parcel, name)[0]):
        yield Message("whatif-not-taken", {"field": titled(Role.PARCELS, name)})
    if all(before[2:5] == after[2:5] for before, after in pairs):
        yield Message("whatif-no-effect", {"fields": tuple(titled(Role.PARCELS, name) for name in named)})


def current_findings(request: Request, rule: str, kind: str, subject: str) -> list[Finding]:
    """What a rule says of a parcel or park now, whatever the verdict."""
    only = subject if kind == "parcel" else None
    _, report = run_check(replace(request, only=only, show_all=True, waivers=None, baseline=None))
    return [one for one in report.findings if one.rule.id == rule and one.subject == (kind, subject)]


def _of_parcel(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.subject.type == "parcel"]


def _explanation(finding: Finding, run: Run, parcel: Batch) -> Explanation:
    """``parcel`` is the row that the finding is about."""
    rule = finding.rule
    measures = [measure(subject, rule.per) for subject in dict.fromkeys(("approval_date", *rule.subjects))]
    names = dict.fromkeys(name for m in measures for name in m.inputs)
    facts = tuple(_fact(subject_field(name, "parcel"), run, parcel, finding.row) for name in names)
    return Explanation(finding, facts, tuple(step for m in measures for step in _sum(m, parcel)))


def _fact(field: Field, run: Run, parcel: Batch, row: int | None) -> Fact:
    """A value of the parcel, which is that ``row`` (from 1) of the layer, and where it stands."""
    origins, attributes = parcel.origins.get(field.name), run.companions.attributes
    origin = Origin.LAYER if origins is None else Origin(int(origins[0]))
    value = _value(field, parcel.columns[field.name][0])
    layer = run.parcels if origin is Origin.LAYER else None
    if origin is Origin.ATTRIBUTES and attributes is not None:
        layer, row = attributes.layer, attributes.row_of(parcel.texts["parcel_id"][0].as_py())
    use = next((use for use in layer.uses if use.field == field), None) if layer else None
    if layer is None or use is None:
        return Fact(field.name, value, field.unit, origin)
    lines = layer.info.lines
    at = None if lines is None or row is None else lines.found(row)
    return Fact(field.name, value, field.unit, origin, layer.file, ", ".join(use.columns), row, at)


def _value(field: Field, held: Any) -> float | bool | str | None:
    if field.kind is Kind.NUMBER:
        return None if np.isnan(held) else float(held)
    if field.kind is Kind.BOOL:
        return None if held == 0 else bool(held > 0)
    if field.kind is Kind.DATE:
        return None if held == NO_DATE else str(np.datetime64(int(held), "D"))
    return None if held < 0 else field.values[int(held)]


def _sum(m: Measure, parcel: Batch) -> Iterator[Text]:
    """The formula, and the formula with this parcel's numbers and its result."""
    if m.name not in MEASURES or m.kind is not Kind.NUMBER:
        return
    yield m.formula
    columns = {name: parcel.columns[name] for name in m.inputs}
    result = float(m.value(columns)[0])
    if np.isnan(result) or m.sum is None:
        return
    if m.name == "far" and np.isnan(ratio(columns["far_gfa_m2"], columns["site_area_m2"])[0]):
        declared = number(float(far(columns)[0]))
        yield Text(f"容积率按申报值 = {declared}", f"FAR as declared = {declared}")
        return
    numbers = m.sum(columns).format_map({name: number(float(column[0])) for name, column in columns.items()})
    yield Text(f"{numbers} = {number(result)}", f"{numbers} = {number(result)}")


def _as_written(changes: Mapping[str, str]) -> tuple[Batch, dict[str, str]]:
    """The written values as a parcel of their own, and what was written by the names of the fields.

    UsageError naming the field that is none, with the nearest names, or the value that cannot be read.
    """
    try:
        uses = map_columns(Role.PARCELS, list(changes), {}, "--set")
    except InputError as error:
        raise UsageError(error.message.code, **error.message.values) from error
    named = {use.column: use.field.name for use in uses if use.field.kind is not Kind.TEXT}
    for name in (name for name in changes if name not in named):
        raise UsageError("whatif-unknown-field", field=name, known=_nearest(name))
    row = pa.RecordBatch.from_pydict({name: pa.array([value], pa.string()) for name, value in changes.items()})
    batch, faults = normalise(Role.PARCELS, row, uses, 0)
    for fault in faults:
        raise UsageError("whatif-bad-value", field=fault.field.name, value=fault.value, reason=fault.reason)
    units = {use.column: "" if use.unit == use.field.unit else f" {UNITS[use.unit].label.zh}" for use in uses}
    return batch, {named[name]: value + units[name] for name, value in changes.items()}


def _nearest(name: str) -> list[str]:
    """The fields whose names or headings are nearest to a word; all of them where none is near."""
    headings = {word: one.name for one in fields(Role.PARCELS) if one.kind is not Kind.TEXT
                for word in (*one.aliases, one.label.zh, one.name)}  # fmt: skip
    return list(dict.fromkeys(headings[word] for word in nearest(name, headings)))
