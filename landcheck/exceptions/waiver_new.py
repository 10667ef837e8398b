"""What a new waiver has to say of its parcel or park: that it is there, once, and how it is drawn now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.errors import InputError, UsageError
from landcheck.exceptions.waivers import TYPES, fingerprint_of
from landcheck.facts.layers import open_inputs
from landcheck.request import Request
from landcheck.rulebook import find_rule, load_packs


def drawn_now(request: Request, rule: str, kind: str, subject: str) -> str | None:
    """The fingerprint of that parcel or park; None where it has no shape.

    UsageError where the rule does not speak of such a subject, InputError where it is not there or not unique.
    """
    if find_rule(load_packs(request.packs), rule).per != kind:
        raise UsageError("waiver-new-other-subject", rule=rule, option="park" if kind == "parcel" else "parcel")
    sheets = open_inputs(replace(request, waivers=None))
    sheet = sheets.get(f"{kind}s")
    if sheet is None:
        raise UsageError("waiver-new-no-parks")
    marks = []
    for batch in sheet.batches(request):
        met = pc.fill_null(pc.equal(batch.texts[TYPES[batch.role][1]], pa.scalar(subject)), False)
        marks += [fingerprint_of(batch, int(row)) for row in np.flatnonzero(met.to_numpy(zero_copy_only=False))]
    if len(marks) != 1:
        raise InputError("waiver-new-unique" if marks else "waiver-new-none", file=sheet.file, id=subject)
    return marks[0]
