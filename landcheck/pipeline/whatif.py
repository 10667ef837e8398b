"""A parcel judged again with some values changed; the file is not touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.decide import RECORDED
from landcheck.errors import InputError, UsageError
from landcheck.fields.catalogue import fields
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise
from landcheck.model import Batch, Finding, Kind, Report, Role
from landcheck.pipeline.check import run_check
from landcheck.pipeline.gather import Bench, Findings, Ruled
from landcheck.pipeline.pools import supposed
from landcheck.pipeline.request import Request
from landcheck.pipeline.run import Run, read_by
from landcheck.pipeline.tally import Kept


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Every rule on the parcel, as it is and as it would be."""

    report: Report
    pairs: tuple[tuple[Finding, Finding], ...]
    changes: Mapping[str, str]


def whatif(request: Request, parcel: str, changes: Mapping[str, str]) -> WhatIf:
    """Judge one parcel with ``changes`` (field to written value; empty for missing) put in.

    UsageError for a field or value that cannot be, InputError where there is no such parcel, or more than one.
    """
    new = _read(changes)
    run, report = run_check(replace(request, only=parcel, show_all=True, waivers=None, baseline=None))
    if run.only is None or run.only.rows != 1:
        code = "no-such-parcel" if run.only is None else "parcel-not-unique"
        raise InputError(code, file=run.sheet.file, parcel=parcel)
    before = tuple(finding for finding in report.findings if finding.subject.type == "parcel")
    changed = supposed(run.only.columns, {name: new.columns[name] for name in changes}, run.only.origins)
    if "approval_date" in changes:
        changed[RECORDED] = changed["approval_date"]
    after = _judged(run, changed, before)
    return WhatIf(report, tuple(zip(before, after, strict=True)), dict(changes))


def _read(changes: Mapping[str, str]) -> Batch:
    """The written values as a parcel of their own. UsageError naming the value that cannot be read."""
    known = _fields()
    for name in changes:
        if name not in known:
            raise UsageError("whatif-unknown-field", field=name, known=known)
    row = pa.RecordBatch.from_pydict({name: pa.array([value], pa.string()) for name, value in changes.items()})
    uses = map_columns(Role.PARCELS, list(changes), {}, "--set")
    batch, faults = normalise(Role.PARCELS, row, uses, 0)
    for fault in faults:
        raise UsageError("whatif-bad-value", field=fault.field.name, value=fault.value, reason=fault.reason)
    return batch


def _fields() -> list[str]:
    return [field.name for field in fields(Role.PARCELS) if field.kind is not Kind.TEXT]


def _judged(run: Run, columns: dict[str, NDArray[Any]], before: Sequence[Finding]) -> tuple[Finding, ...]:
    ids = pa.array([before[0].subject.id])
    kept = Kept(ids, run.only_rows, run.judge(columns), {n: columns[n] for n in read_by(run.rules)}, _place(before[0]))
    ruled = [Ruled(rule, line, kept) for line, rule in enumerate(run.rules)]
    return tuple(Findings(ruled, Bench(run.request.reading, run.parameters, everything=True)))


def _place(finding: Finding) -> NDArray[np.float64]:
    return np.array([finding.location or (np.nan, np.nan)])
