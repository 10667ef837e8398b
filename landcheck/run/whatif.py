"""A parcel judged again as if its row held other values; the file is not touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from landcheck.errors import InputError, UsageError
from landcheck.fields.catalogue import fields
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import normalise
from landcheck.model import Batch, Finding, Kind, Report, Role
from landcheck.request import Request
from landcheck.run.check import run_check


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
    asked = replace(request, only=parcel, show_all=True, waivers=None, baseline=None)
    run, report = run_check(asked)
    rows = 0 if run.collected.asked is None else len(run.collected.asked.rows)
    if rows != 1:
        raise InputError("parcel-not-unique" if rows else "no-such-parcel", file=run.parcels.file, parcel=parcel)
    _, supposed = run_check(replace(asked, supposed={name: new.columns[name][0] for name in changes}))
    return WhatIf(report, tuple(zip(_of_parcel(report), _of_parcel(supposed), strict=True)), dict(changes))


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


def _of_parcel(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.subject.type == "parcel"]
