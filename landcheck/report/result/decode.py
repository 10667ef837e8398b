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

from landcheck import model
from landcheck.bounded import RESULT, octets, reason
from landcheck.errors import InputError, UsageError
from landcheck.messages import Lang, Message, Text, template
from landcheck.report.result import finding_types as found
from landcheck.report.result import kept, types
from landcheck.report.result.rolled import headroom_of, rollup_of
from landcheck.request import INTERPRETATIONS
from landcheck.rulebook import load_packs, pack_names
from landcheck.verdicts.interpretations import as_read, choices

Rules = Mapping[str, model.Rule]


def load_report(path: str, packs: Sequence[str] = (), *, large: bool = False) -> model.Report:
    """The report of a result file; sentences that speak of values of the data keep the language they were saved in.

    ``packs`` are the directories of packs that do not come with the program.

    InputError for a file that is no result of ``landcheck check --output-format json``, or whose geometry is damaged,
    naming the place in it, or that is larger than results are, unless ``large``; PackError and UsageError for a pack
    that is not at hand.
    """
    saved = _read(path, None if large else RESULT)
    try:
        report = _report(saved, *_judged(saved, _packs(saved, packs, path)))
    except (KeyError, ValueError) as error:
        raise InputError("saved-not-a-result", file=path, reason=reason(error)) from error
    if saved.drawing is UNSET:
        return report
    try:
        return _drawn(report, saved.drawing)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("saved-drawing-damaged", file=path, reason=reason(error)) from error


def _read(path: str, most: int | None) -> types.ResultRecord:
    try:
        raw = octets(path, path, most).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise InputError("saved-unreadable", file=path, reason=reason(error)) from error
    try:
        return _decoded(raw)
    except (ValueError, RecursionError) as error:  # a ValidationError of msgspec is one, and names the place
        damaged = "saved-drawing-damaged" if "`$.drawing" in str(error) else "saved-not-a-result"
        raise InputError(damaged, file=path, reason=reason(error)) from error


def _decoded(raw: bytes) -> types.ResultRecord:
    try:
        return msgspec.json.decode(raw, type=types.ResultRecord)
    except msgspec.ValidationError:
        msgspec.json.decode(raw, type=types.VersionedRecord)
        raise
    except msgspec.DecodeError:  # a lone surrogate, of an undecodable name, is no text to msgspec
        return msgspec.convert(json.loads(raw.decode()), types.ResultRecord)


def _packs(saved: types.ResultRecord, named: Sequence[str], path: str) -> tuple[model.Pack, ...]:
    """The packs a result was made with: of the directories named, else of the program's own; read as they were then."""
    known = {name: name for name in pack_names()} | {Path(name).resolve().name: name for name in named}
    for unknown in (pack.id for pack in saved.pack if pack.id not in known):
        raise UsageError("saved-pack-unknown", file=path, pack=unknown)
    taken = {one.name: one.taken for one in saved.interpretations}
    packs = load_packs([known[pack.id] for pack in saved.pack])
    return as_read(packs, taken.get("share_denominator", "above_ground"))


def _judged(
    saved: types.ResultRecord, packs: Sequence[model.Pack]
) -> tuple[tuple[model.Pack, ...], tuple[model.Rule, ...]]:
    """The packs with the rules that were judged alone, and those that were not."""
    names = () if saved.not_judged is UNSET else saved.not_judged
    left_out = tuple(rule for pack in packs for rule in pack.rules if rule.id in names)
    return tuple(replace(pack, rules=tuple(r for r in pack.rules if r.id not in names)) for pack in packs), left_out


def _drawn(report: model.Report, saved: types.DrawingRecord) -> model.Report:
    """The report with the geometry that was kept."""
    rules = {kind: tuple(rule.id for pack in report.packs for rule in pack.rules if rule.per == kind)
             for kind in kept.SUBJECTS}  # fmt: skip
    drawing = kept.drawing_of(saved, rules, report.summary.subjects)
    grounds = kept.grounds_of(saved.grounds, drawing, len(report.data))
    data = tuple(replace(fault, shape=grounds.get(place)) for place, fault in enumerate(report.data))
    return replace(report, drawing=drawing, data=data)


def _report(
    saved: types.ResultRecord, packs: tuple[model.Pack, ...], not_judged: tuple[model.Rule, ...]
) -> model.Report:
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    texts = {(text.pack, text.document): text for pack in packs for text in pack.standings}
    inputs = tuple(_input(one, saved.language) for one in saved.inputs)
    lines = model.lines_of(inputs)
    return model.Report(
        packs=packs,
        as_of=saved.as_of,
        reading=saved.reading,
        notices=_messages(saved.notices, saved.language),
        inputs=inputs,
        assumptions=tuple(model.Assumption(*astuple(one)) for one in saved.assumptions),
        summary=_summary(saved),
        findings=tuple(_finding(one, rules[one.rule], lines) for one in saved.findings),
        data=tuple(model.as_found(_data(one), lines) for one in saved.data),
        ledger=tuple(model.LedgerRow(*astuple(one)) for one in saved.green_ledger),
        transfers=tuple(model.Transfer(*astuple(one)) for one in saved.transfers),
        parameters={name: Decimal(str(value)) for name, value in saved.parameters.items()},
        asks=tuple(map(_ask, saved.ask_first)),
        conflicts=tuple(_conflict(one, rules, texts) for one in saved.conflicts),
        interpretations=tuple(_interpretation(one, rules) for one in saved.interpretations),
        waivers=None if saved.waivers is UNSET else tuple(map(_grant, saved.waivers)),
        baseline=None if saved.baseline is UNSET else _baseline(saved.baseline, saved.summary),
        project={} if saved.project is UNSET else _project(saved.project),
        saved_in=saved.language,
        rollups=() if saved.rollups is UNSET else tuple(map(rollup_of, saved.rollups)),
        headroom=None if saved.headroom is UNSET else headroom_of(saved.headroom),
        not_judged=not_judged,
    )


def _input(saved: types.InputRecord, lang: Lang) -> model.InputInfo:
    lines = None if saved.lines is UNSET else model.TableLines(*astuple(saved.lines))
    return model.InputInfo(**asdict(saved) | {"notes": _messages(saved.notes, lang), "lines": lines})


def _ask(saved: types.AskRecord) -> model.Ask:
    unreadable = 0 if saved.unreadable is UNSET else saved.unreadable
    return model.Ask(saved.subject, saved.field, saved.verdicts, saved.alone, unreadable)


def _project(saved: types.ProjectRecord) -> dict[str, str]:
    return {f"project_{name}": value for name, value in asdict(saved).items() if value is not UNSET}


def _finding(saved: found.FindingRecord, rule: model.Rule, lines: Mapping[str, model.TableLines]) -> model.Finding:
    joint, stand = saved.joint_remedy, lines.get(f"{saved.subject.type}s")
    return model.Finding(
        rule=rule,
        subject=model.Subject(*astuple(saved.subject)),
        verdict=_verdict(saved.verdict),
        requirements=tuple(_outcome(one, rule) for one in saved.requirements),
        missing=saved.missing,
        row=saved.row,
        location=saved.location,
        areas=saved.areas,
        joint=None if joint is None else model.JointRemedy(_changes(joint.changes), joint.total_m2),
        out_of_force=saved.out_of_force,
        waived=None if saved.waived is UNSET else saved.waived,
        known=saved.known is True,
        unreadable=() if saved.unreadable is UNSET else saved.unreadable,
        park=None if saved.park is UNSET else saved.park,
        at=None if stand is None or saved.row is None else stand.found(saved.row),
    )


def _outcome(saved: found.ComparisonRecord, rule: model.Rule) -> model.Outcome:
    labels = {requirement.name: requirement.label for requirement in rule.requires}
    held = asdict(saved) | {
        "label": labels.get(saved.name, Text(saved.label, saved.label)),
        "verdict": _verdict(saved.verdict),
    }
    if isinstance(saved, found.RequirementRecord):
        del held["modality"], held["changes"]
        held["alternatives"] = tuple(_outcome(way, rule) for way in saved.alternatives)
        held["ways"] = tuple(map(_changes, saved.changes))
        held["unreadable"] = () if saved.unreadable is UNSET else saved.unreadable
    return model.Outcome(**held)


def _changes(saved: Iterable[found.ChangeRecord]) -> tuple[model.Change, ...]:
    return tuple(model.Change(*astuple(one)) for one in saved)


def _data(saved: found.DataRecord) -> model.DataFinding:
    who, said = model.Subject(*astuple(saved.subject)), Message(saved.code, {}, saved.message)
    return model.DataFinding(saved.rule, saved.level, who, said, saved.row, saved.location, saved.other_row)


def _messages(saved: Iterable[found.MessageRecord], lang: Lang) -> tuple[Message, ...]:
    """The sentences as they were saved, under their own codes; those that speak of no value in any language."""
    return tuple(Message(one.code, {}, None if _whole(one, lang) else one.message) for one in saved)


def _whole(saved: found.MessageRecord, lang: Lang) -> bool:
    try:
        return template(saved.code, lang) == saved.message
    except KeyError:  # of a later version
        return False


def _summary(saved: types.ResultRecord) -> model.Summary:
    of = saved.summary
    verdicts = {
        rule: (each.passed, each.review, each.undetermined, each.fail, each.not_applicable)
        for rule, each in of.verdicts.items()
    }
    subjects = {name: count for name, count in (("parcel", of.parcel), ("park", of.park)) if count is not UNSET}
    in_force = {pack.id: pack.parcels_in_force for pack in saved.pack if pack.parcels_in_force is not None}
    return model.Summary(subjects, verdicts, in_force)


def _interpretation(saved: found.InterpretationRecord, rules: Rules) -> model.Interpretation:
    ways = choices(saved.name) if saved.name in INTERPRETATIONS else ()
    for unknown in {saved.taken, *(other.choice for other in saved.alternatives)}.difference(ways):
        raise ValueError(f"interpretations: {saved.name}: {unknown}")
    others = (model.Alternative(other.choice, tuple(_hanging(other.verdicts, rules))) for other in saved.alternatives)
    return model.Interpretation(saved.name, saved.taken, tuple(others))


def _hanging(saved: Iterable[found.HangingRecord], rules: Rules) -> Iterator[model.Hanging]:
    for one in saved:
        yield model.Hanging(rules[one.rule], _verdict(one.verdict), _verdict(one.other), tuple(one.ids))


def _conflict(
    saved: found.ConflictRecord, rules: Rules, texts: Mapping[tuple[str, str], model.Standing]
) -> model.Conflict:
    """As it was saved, its rules and texts those of the packs at hand."""
    sides = tuple(_side(one, rules[one.rule], texts) for one in saved.sides)
    return model.Conflict(
        model.Subject(*astuple(saved.subject)), saved.row, saved.matter, sides[0].rule.matter_label, sides
    )


def _side(saved: found.SideRecord, rule: model.Rule, texts: Mapping[tuple[str, str], model.Standing]) -> model.Side:
    standing = texts[rule.pack, rule.document]
    return model.Side(rule, standing, _verdict(saved.verdict), saved.measured, saved.limit, saved.unit, saved.margin)


def _grant(saved: types.WaiverRecord) -> model.Grant:
    waived = model.Waived(saved.number, saved.approver, saved.expires, saved.reason)
    scope, covers = saved.scope, model.Covered(*astuple(saved.covers))
    return model.Grant(waived, saved.granted, saved.rule, scope.type, scope.id, covers)


def _baseline(saved: types.BaselineRecord, summary: types.SummaryRecord) -> model.Baseline:
    known = {} if summary.known is UNSET else summary.known
    keys = ([model.FindingKey(one.rule, one.subject.type, one.subject.id) for one in part] for part in astuple(saved))
    return model.Baseline({rule: model.Covered(*astuple(one)) for rule, one in known.items()}, *map(tuple, keys))


def _verdict(word: str) -> model.Verdict:
    return model.Verdict[word.upper()]
