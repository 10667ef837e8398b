"""A saved result as a Report again, without the inputs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
from msgspec import UNSET
from msgspec.structs import asdict, astuple

from landcheck.errors import InputError, UsageError
from landcheck.messages import Message, Text
from landcheck.model import (
    Alternative,
    Areas,
    Ask,
    Assumption,
    Baseline,
    Change,
    Conflict,
    Covered,
    DataFinding,
    Finding,
    FindingKey,
    Grant,
    Hanging,
    InputInfo,
    Interpretation,
    JointRemedy,
    LedgerRow,
    Outcome,
    Pack,
    Report,
    Rule,
    Side,
    Standing,
    Subject,
    Summary,
    Transfer,
    Verdict,
    Waived,
)
from landcheck.report.result import finding_types as found
from landcheck.report.result import kept, types
from landcheck.rulebook import load_packs, pack_names
from landcheck.verdicts.interpretations import as_read

Rules = Mapping[str, Rule]


def load_report(path: str, packs: Sequence[str] = ()) -> Report:
    """The report of a result file; notices and data findings keep the language they were saved in.

    ``packs`` are the directories of packs that do not come with the program.

    InputError for a file that is no result of ``landcheck check --output-format json``, or whose geometry is damaged,
    naming the place in it; PackError and UsageError for a pack that is not at hand.
    """
    saved = _read(path)
    try:
        report = _report(saved, _packs(saved, packs, path))
    except (KeyError, ValueError) as error:
        raise InputError("saved-not-a-result", file=path, reason=repr(error)) from error
    if saved.drawing is UNSET:
        return report
    try:
        return _drawn(report, saved.drawing)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("saved-drawing-damaged", file=path, reason=str(error)) from error


def _read(path: str) -> types.ResultRecord:
    try:
        raw = Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise InputError("saved-unreadable", file=path, reason=error.strerror or str(error)) from error
    try:
        return _decoded(raw)
    except (ValueError, RecursionError) as error:  # a ValidationError of msgspec is one, and names the place
        damaged = "saved-drawing-damaged" if "`$.drawing" in str(error) else "saved-not-a-result"
        raise InputError(damaged, file=path, reason=str(error)) from error


def _decoded(raw: bytes) -> types.ResultRecord:
    try:
        return msgspec.json.decode(raw, type=types.ResultRecord)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:  # a lone surrogate, of an undecodable name, is no text to msgspec
        return msgspec.convert(json.loads(raw), types.ResultRecord)


def _packs(saved: types.ResultRecord, named: Sequence[str], path: str) -> tuple[Pack, ...]:
    """The packs a result was made with: of the directories named, else of the program's own; read as they were then."""
    known = {name: name for name in pack_names()} | {Path(name).resolve().name: name for name in named}
    for unknown in (pack.id for pack in saved.pack if pack.id not in known):
        raise UsageError("saved-pack-unknown", file=path, pack=unknown)
    taken = {one.name: one.taken for one in saved.interpretations}
    packs = load_packs([known[pack.id] for pack in saved.pack])
    return as_read(packs, taken.get("share_denominator", "above_ground"))


def _drawn(report: Report, saved: types.DrawingRecord) -> Report:
    """The report with the geometry that was kept."""
    rules = {kind: tuple(rule.id for pack in report.packs for rule in pack.rules if rule.per == kind)
             for kind in kept.SUBJECTS}  # fmt: skip
    drawing = kept.drawing_of(saved, rules, report.summary.subjects)
    grounds = kept.grounds_of(saved.grounds, drawing, len(report.data))
    data = tuple(replace(fault, shape=grounds.get(place)) for place, fault in enumerate(report.data))
    return replace(report, drawing=drawing, data=data)


def _report(saved: types.ResultRecord, packs: tuple[Pack, ...]) -> Report:
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    texts = {(text.pack, text.document): text for pack in packs for text in pack.standings}
    return Report(
        packs=packs,
        as_of=saved.as_of,
        reading=saved.reading,
        notices=_messages(saved.notices),
        inputs=tuple(InputInfo(**asdict(one) | {"notes": _messages(one.notes)}) for one in saved.inputs),
        assumptions=tuple(Assumption(*astuple(one)) for one in saved.assumptions),
        summary=_summary(saved),
        findings=tuple(_finding(one, rules[one.rule]) for one in saved.findings),
        data=tuple(map(_data, saved.data)),
        ledger=tuple(LedgerRow(*astuple(one)) for one in saved.green_ledger),
        transfers=tuple(Transfer(*astuple(one)) for one in saved.transfers),
        parameters={name: Decimal(str(value)) for name, value in saved.parameters.items()},
        asks=tuple(Ask(*astuple(one)) for one in saved.ask_first),
        conflicts=tuple(_conflict(one, rules, texts) for one in saved.conflicts),
        interpretations=tuple(_interpretation(one, rules) for one in saved.interpretations),
        waivers=None if saved.waivers is UNSET else tuple(map(_grant, saved.waivers)),
        baseline=None if saved.baseline is UNSET else _baseline(saved.baseline, saved.summary),
    )


def _finding(saved: found.FindingRecord, rule: Rule) -> Finding:
    joint = saved.joint_remedy
    return Finding(
        rule=rule,
        subject=Subject(*astuple(saved.subject)),
        verdict=_verdict(saved.verdict),
        requirements=tuple(_outcome(one, rule) for one in saved.requirements),
        missing=saved.missing,
        row=saved.row,
        location=saved.location,
        areas=None if saved.areas is None else Areas(*astuple(saved.areas)),
        joint=None if joint is None else JointRemedy(_changes(joint.changes), joint.total_m2),
        out_of_force=saved.out_of_force,
        waived=None if saved.waived is UNSET else Waived(*astuple(saved.waived)),
        known=saved.known is True,
    )


def _outcome(saved: found.ComparisonRecord, rule: Rule) -> Outcome:
    labels = {requirement.name: requirement.label for requirement in rule.requires}
    held = asdict(saved) | {
        "label": labels.get(saved.name, Text(saved.label, saved.label)),
        "verdict": _verdict(saved.verdict),
    }
    if isinstance(saved, found.RequirementRecord):
        del held["modality"], held["changes"]
        held["alternatives"] = tuple(_outcome(way, rule) for way in saved.alternatives)
        held["ways"] = tuple(map(_changes, saved.changes))
    return Outcome(**held)


def _changes(saved: Iterable[found.ChangeRecord]) -> tuple[Change, ...]:
    return tuple(Change(*astuple(one)) for one in saved)


def _data(saved: found.DataRecord) -> DataFinding:
    who, said = Subject(*astuple(saved.subject)), Message(saved.code, {}, saved.message)
    return DataFinding(saved.rule, saved.level, who, said, saved.row, saved.location, saved.other_row)


def _messages(saved: Iterable[types.MessageRecord]) -> tuple[Message, ...]:
    """The sentences as they were saved, under their own codes."""
    return tuple(Message(one.code, {}, one.message) for one in saved)


def _summary(saved: types.ResultRecord) -> Summary:
    of = saved.summary
    verdicts = {
        rule: (each.passed, each.review, each.undetermined, each.fail, each.not_applicable)
        for rule, each in of.verdicts.items()
    }
    subjects = {name: count for name, count in (("parcel", of.parcel), ("park", of.park)) if count is not UNSET}
    in_force = {pack.id: pack.parcels_in_force for pack in saved.pack if pack.parcels_in_force is not None}
    return Summary(subjects, verdicts, in_force)


def _interpretation(saved: found.InterpretationRecord, rules: Rules) -> Interpretation:
    others = (Alternative(other.choice, tuple(_hanging(other.verdicts, rules))) for other in saved.alternatives)
    return Interpretation(saved.name, saved.taken, tuple(others))


def _hanging(saved: Iterable[found.HangingRecord], rules: Rules) -> Iterator[Hanging]:
    for one in saved:
        yield Hanging(rules[one.rule], _verdict(one.verdict), _verdict(one.other), tuple(one.ids))


def _conflict(saved: found.ConflictRecord, rules: Rules, texts: Mapping[tuple[str, str], Standing]) -> Conflict:
    """As it was saved, its rules and texts those of the packs at hand."""
    sides = tuple(_side(one, rules[one.rule], texts) for one in saved.sides)
    return Conflict(Subject(*astuple(saved.subject)), saved.row, saved.matter, sides[0].rule.matter_label, sides)


def _side(saved: found.SideRecord, rule: Rule, texts: Mapping[tuple[str, str], Standing]) -> Side:
    standing = texts[rule.pack, rule.document]
    return Side(rule, standing, _verdict(saved.verdict), saved.measured, saved.limit, saved.unit, saved.margin)


def _grant(saved: types.WaiverRecord) -> Grant:
    waived = Waived(saved.number, saved.approver, saved.expires, saved.reason)
    scope, covers = saved.scope, Covered(*astuple(saved.covers))
    return Grant(waived, saved.granted, saved.rule, scope.type, scope.id, covers)


def _baseline(saved: types.BaselineRecord, summary: types.SummaryRecord) -> Baseline:
    known = {} if summary.known is UNSET else summary.known
    keys = ([FindingKey(one.rule, one.subject.type, one.subject.id) for one in part] for part in astuple(saved))
    return Baseline({rule: Covered(*astuple(one)) for rule, one in known.items()}, *map(tuple, keys))


def _verdict(word: str) -> Verdict:
    return Verdict[word.upper()]
