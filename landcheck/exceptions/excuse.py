"""The report with its excused findings marked: the last stage of a run that has a register of waivers or a baseline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from landcheck.exceptions.baseline import Comparison, EarlierRun, baseline_notices
from landcheck.exceptions.register import Waiver, load_register
from landcheck.exceptions.waivers import Waivers, WaiverSubject
from landcheck.messages import Message, Text
from landcheck.model import (
    OPEN,
    UNMET,
    Covered,
    DataFinding,
    Grant,
    Level,
    Pack,
    Report,
    Subject,
    Verdict,
    Waived,
    as_found,
    lines_of,
)
from landcheck.request import Request
from landcheck.verdicts.gather import Findings, Place

LeveledMessage = tuple[Level, Message]


def waivers_of(request: Request, packs: Sequence[Pack], parameters: Mapping[str, Decimal]) -> Waivers | None:
    """The register of the run, read and checked; None where there is none. UsageError."""
    if request.waivers is None:
        return None
    return Waivers(load_register(request.waivers, packs), request.reading, parameters)


def excused(report: Report, waivers: Waivers | None, held: EarlierRun | None) -> Report:
    """The report with what the register and the baseline cover marked, and what is wrong with either told."""
    waived = dict[Place, Waived]()
    if waivers is not None:
        applied = apply_waivers(waivers, report.as_of)
        waived, lines = applied.covered, lines_of(report.inputs)
        faults = (as_found(one, lines) for one in applied.findings)
        report = replace(
            report,
            data=tuple(sorted((*report.data, *faults), key=DataFinding.place)),
            waivers=tuple(applied.grants),
            inputs=(*report.inputs, *waivers.register.inputs),
        )
    known = set[Place]()
    findings = report.findings
    assert isinstance(findings, Findings)
    if held is not None:
        comparison = Comparison(held)
        comparison.add(findings.among(held.subjects()))
        baseline = comparison.finish(waived)
        known = comparison.known.keys() - waived.keys()
        told = baseline_notices(report, held, baseline)
        inputs = (*report.inputs, held.info)
        report = replace(report, baseline=baseline, notices=(*report.notices, *told), inputs=inputs)
    return replace(report, findings=findings.excused(waived, known)) if waived or known else report


@dataclass(slots=True)
class AppliedWaivers:
    """What became of every waiver. ``covered``: by place the document that covers the verdict."""

    covered: dict[Place, Waived] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    findings: list[DataFinding] = field(default_factory=list)


def apply_waivers(waivers: Waivers, as_of: dt.date) -> AppliedWaivers:
    """Apply every entry, those that name their subject before those of an area."""
    applied, entries = AppliedWaivers(), waivers.register.entries
    grants = {
        at: _grant(at, waivers, as_of, applied)
        for at in sorted(range(len(entries)), key=lambda at: entries[at].subject is None)
    }
    applied.grants = [grants[at] for at in sorted(grants)]
    return applied


def _grant(at: int, waivers: Waivers, as_of: dt.date, applied: AppliedWaivers) -> Grant:
    entry, file = waivers.register.entries[at], waivers.register.file
    covers = {Verdict.FAIL: 0, Verdict.REVIEW: 0}
    whole = _covers_nothing(entry, at, waivers, as_of)
    if whole is not None:
        applied.findings.append(_finding(entry, file, whole))
    else:
        for one in waivers.seen[at]:
            applied.findings += [_finding(entry, file, told, one) for told in _of_subject(entry, one)]
            place = (entry.rule_id, entry.type, one.row)
            if _holds(entry, one) and place not in applied.covered:
                applied.covered[place] = entry.waived
                covers[one.verdict] += 1
    scope = "area" if entry.area is not None else entry.type
    counts = Covered(covers[Verdict.FAIL], covers[Verdict.REVIEW])
    return Grant(entry.waived, entry.granted, entry.rule_id, scope, entry.subject, counts)


def _finding(entry: Waiver, file: str, told: LeveledMessage, one: WaiverSubject | None = None) -> DataFinding:
    """A finding on an entry: about the subject where one is meant, else about the document."""
    level, message = told
    values = {"file": file, "place": entry.place, "number": entry.waived.number,
              "rule": entry.rule_id if entry.rule is None else entry.rule.named,
              "id": one.id if one is not None else entry.subject}  # fmt: skip
    ident = one.id if one is not None else entry.subject
    subject = Subject("waiver", entry.waived.number) if ident is None else Subject(entry.type, ident)
    said = Message(message.code, {**values, **message.values})
    return DataFinding("data/waiver", level, subject, said, one.row if one is not None else None)


def _covers_nothing(entry: Waiver, at: int, waivers: Waivers, as_of: dt.date) -> LeveledMessage | None:
    """Why the entry as a whole covers nothing; None where it may cover something."""
    seen = waivers.seen[at]
    if entry.rule is None:
        return Level.WARNING, Message("waiver-rule-not-run")
    if entry.subject is not None and not seen:
        return Level.WARNING, Message("waiver-no-subject")
    if entry.subject is not None and len(seen) > 1:
        return Level.ERROR, Message("waiver-ambiguous", {"rows": [one.row for one in seen]})
    outdated = _outdated(entry, as_of)
    if outdated is not None:
        return Level.ERROR if any(one.verdict in OPEN for one in seen) else Level.WARNING, outdated
    if at in waivers.unplaced:
        return Level.ERROR, Message("waiver-unplaced")
    return _idle(entry, seen, waivers.inside[at])


def _outdated(entry: Waiver, as_of: dt.date) -> Message | None:
    """Not yet granted, or expired, at the date of the check."""
    if entry.granted is not None and as_of < entry.granted:
        return Message("waiver-not-yet", {"granted": entry.granted, "as_of": as_of})
    if entry.waived.expires < as_of:
        return Message("waiver-expired", {"expires": entry.waived.expires, "as_of": as_of})
    return None


def _idle(entry: Waiver, seen: Sequence[WaiverSubject], inside: int) -> LeveledMessage | None:
    """Nothing to cover: the rule passes or does not apply, or nobody in the area breaks it."""
    if entry.subject is not None:
        idle = {Verdict.PASS: "waiver-passes", Verdict.NOT_APPLICABLE: "waiver-not-applicable"}
        code = idle.get(seen[0].verdict)
        return None if code is None else (Level.WARNING, Message(code))
    if any(one.inside for one in seen) or (seen and not inside):
        return None
    return Level.WARNING, Message("waiver-area-idle" if inside else "waiver-area-empty", {"count": inside})


def _of_subject(entry: Waiver, one: WaiverSubject) -> Iterator[LeveledMessage]:
    """What is to be told of one subject."""
    if one.verdict is Verdict.UNDETERMINED:
        if one.inside is not False:
            yield Level.WARNING, Message("waiver-undetermined")
    elif one.open:
        yield Level.WARNING, Message("waiver-open")
    elif entry.area is not None and not one.inside:
        if entry.subject is None:
            yield Level.WARNING, Message("waiver-partly-inside")
        else:
            yield Level.ERROR, Message("waiver-left-area")
    elif not _same_drawing(entry, one):
        code = "waiver-outgrown" if entry.fingerprint else "waiver-no-fingerprint"
        values = {"was": entry.fingerprint, "now": one.mark}
        yield Level.ERROR, Message(code, values) if one.mark else Message("waiver-no-shape")
    elif one.grown is not None:
        name, was, now = one.grown
        of = entry.rule.requires if entry.rule is not None else ()
        label = next((Text(requirement.label.zh, name) for requirement in of if requirement.name == name), name)
        yield Level.ERROR, Message("waiver-worse", {"requirement": label, "was": was, "now": now})


def _same_drawing(entry: Waiver, one: WaiverSubject) -> bool:
    """Whether the subject is drawn as the entry was granted for: by its fingerprint, else by the area it lies in."""
    return one.mark == entry.fingerprint if entry.fingerprint else entry.area is not None


def _holds(entry: Waiver, one: WaiverSubject) -> bool:
    """Whether the entry covers the verdict as it stands."""
    return (
        one.verdict in UNMET
        and not one.open
        and (entry.area is None or one.inside is True)
        and _same_drawing(entry, one)
        and one.grown is None
    )
