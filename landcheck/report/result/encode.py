"""The report as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from msgspec import UNSET
from msgspec.structs import asdict

from landcheck import model, version
from landcheck.messages import Lang, Message, Text
from landcheck.report.content.labels import interpretation
from landcheck.report.content.sentences import message, remedy, requirement_of
from landcheck.report.options import Options
from landcheck.report.result import finding_types as found
from landcheck.report.result import types
from landcheck.report.result.line import items, line
from landcheck.report.result.rolled import by_verdict, rollup_record
from landcheck.report.result.rollup_types import CountsRecord

R = TypeVar("R", bound=found.Record)
F = TypeVar("F", bound=found.FindingRecord)


def head_record(report: model.Report, options: Options) -> types.HeadRecord:
    """What stands before the findings."""
    lang = options.lang
    return types.HeadRecord(
        schema_version=types.VERSION,
        tool=types.ToolRecord("landcheck", version.__version__),
        language=lang,
        show=options.show,
        pack=[_pack(pack, report.summary.in_force.get(pack.id), lang) for pack in report.packs],
        rules=[_rule(rule, lang) for pack in report.packs for rule in pack.rules],
        parameters=numbers(report.parameters),
        as_of=report.as_of,
        reading=report.reading,
        notices=messages(report.notices, lang),
        inputs=[_input(info, lang) for info in report.inputs],
        assumptions=[_like(types.AssumptionRecord, assumed, lang) for assumed in report.assumptions],
        summary=_summary(report),
        ask_first=[_like(types.AskRecord, ask, lang, unreadable=ask.unreadable or UNSET) for ask in report.asks],
        waivers=UNSET if report.waivers is None else [_waiver(grant) for grant in report.waivers],
        baseline=UNSET if report.baseline is None else _baseline(report.baseline),
        project=types.ProjectRecord(**_project(report)) if report.project else UNSET,
        not_judged=[rule.id for rule in report.not_judged] or UNSET,
    )


def _input(info: model.InputInfo, lang: Lang) -> types.InputRecord:
    lines = UNSET if info.lines is None else found.LinesRecord(info.lines.of, list(info.lines.steps))
    return _like(types.InputRecord, info, lang, notes=messages(info.notes, lang), lines=lines)


def assumption_lines(report: model.Report) -> list[types.AssumptionLineRecord]:
    """The values taken for missing ones, each as a word."""
    told = ((one, one.value if isinstance(one.value, str) else line(one.value)) for one in report.assumptions)
    return [types.AssumptionLineRecord(one.role, one.field, value, one.rows) for one, value in told]


def _project(report: model.Report) -> dict[str, str]:
    return {name.removeprefix("project_"): value for name, value in report.project.items()}


def run_line(report: model.Report, options: Options, **more: Any) -> str:
    """The head with further keys as one line."""
    return line(dict(items(head_record(report, options))) | more, by_python=bool(report.parameters))


def short_lists(report: model.Report, lang: Lang) -> dict[str, list[Any]]:
    """The green ledger, the transfers of green, what may be read otherwise and the roll-ups, each by its key."""
    rollups = {"rollups": list(map(rollup_record, report.rollups))} if report.rollups else {}
    return rollups | {
        "green_ledger": [_like(found.LedgerRecord, row, lang) for row in report.ledger],
        "transfers": [found.TransferRecord(one.giver, one.taker, one.area_m2) for one in report.transfers],
        "interpretations": [_interpretation(one, lang) for one in report.interpretations],
    }


def finding_record(finding: model.Finding, lang: Lang) -> found.FindingRecord:
    """One finding with its reason in words and in numbers."""
    return _finding(found.FindingRecord, finding, _requirements(found.RequirementRecord, finding, lang), lang)


def finding_line(finding: model.Finding, lang: Lang) -> found.FindingLineRecord:
    """The same as a line of JSON Lines."""
    return _finding(found.FindingLineRecord, finding, _requirements(found.RequirementLineRecord, finding, lang), lang)


def _finding(kind: type[F], finding: model.Finding, requirements: list[Any], lang: Lang) -> F:
    rule = finding.rule
    return kind(
        rule.id,
        found.SubjectRecord(*finding.subject),
        finding.row,
        finding.verdict.word,
        rule.clause.number,
        message(finding, lang),
        requirements,
        finding.missing,
        remedy(finding, lang),
        finding.location,
        finding.areas,
        finding.out_of_force,
        None if finding.joint is None else _joint(finding.joint),
        UNSET if finding.waived is None else finding.waived,
        True if finding.known else UNSET,
        finding.unreadable or UNSET,
        UNSET if finding.park is None else finding.park,
    )


def data_record(fault: model.DataFinding, lang: Lang) -> found.DataRecord:
    """One thing wrong with the data."""
    who = found.SubjectRecord(*fault.subject)
    return found.DataRecord(
        fault.rule, fault.level, who, fault.row, fault.other_row, fault.location, fault.message.code,
        fault.message.say(lang),
    )  # fmt: skip


def conflict_record(conflict: model.Conflict, lang: Lang) -> found.ConflictRecord:
    """One matter on which texts in force disagree."""
    who, sides = found.SubjectRecord(*conflict.subject), [_side(side) for side in conflict.sides]
    return found.ConflictRecord(who, conflict.row, conflict.matter, conflict.label.say(lang), sides)


def messages(given: Iterable[Message], lang: Lang) -> list[found.MessageRecord]:
    """Sentences with their codes."""
    return [found.MessageRecord(one.code, one.say(lang)) for one in given]


def comparison_record(outcome: model.Outcome, lang: Lang) -> found.ComparisonRecord:
    """How one comparison came out."""
    return found.ComparisonRecord(**_comparison(outcome, lang), measured=outcome.measured, limit=outcome.limit)


def comparison_line(outcome: model.Outcome, lang: Lang) -> found.ComparisonLineRecord:
    """The same with a type a column."""
    return found.ComparisonLineRecord(**_comparison(outcome, lang), **_typed(outcome))


def _comparison(outcome: model.Outcome, lang: Lang) -> dict[str, Any]:
    """What stands in every form of a comparison."""
    named = ("name", "operator", "unit", "margin", "margin_m2", "missing")
    told = {name: getattr(outcome, name) for name in named}
    return told | {"label": outcome.label.say(lang), "verdict": outcome.verdict.word}


def _typed(outcome: model.Outcome) -> dict[str, Any]:
    measured, limit = outcome.measured, outcome.limit
    words, word = isinstance(limit, tuple), isinstance(measured, str)
    return {
        "measured": None if word else float(measured) if isinstance(measured, bool) else measured,
        "measured_word": measured if word else None,
        "limit": None if isinstance(limit, tuple) else float(limit),
        "limit_words": limit if words else None,
    }


def numbers(given: Mapping[str, Decimal]) -> dict[str, found.Number]:
    """Parameters as JSON writes them: whole ones without a fraction."""
    return {name: int(one) if one == one.to_integral_value() else float(one) for name, one in given.items()}


def _requirements(kind: type[found.Record], finding: model.Finding, lang: Lang) -> list[Any]:
    comparison = comparison_line if kind is found.RequirementLineRecord else comparison_record
    records = []
    for outcome in finding.requirements:
        requirement = requirement_of(finding.rule, outcome)
        records.append(kind(
            **asdict(comparison(outcome, lang)),
            modality=requirement.modality if requirement else None,
            alternatives=[comparison(way, lang) for way in outcome.alternatives],
            changes=[[found.ChangeRecord(*change) for change in way] for way in outcome.ways],
            unreadable=outcome.unreadable or UNSET,
        ))  # fmt: skip
    return records


def _joint(joint: model.JointRemedy) -> found.JointRecord:
    return found.JointRecord([found.ChangeRecord(*change) for change in joint.changes], joint.total_m2)


def _side(side: model.Side) -> found.SideRecord:
    of = side.standing
    return found.SideRecord(
        side.rule.id, of.pack, of.number, of.rank, of.in_force_from, side.verdict.word, side.measured, side.limit,
        side.unit, side.margin,
    )  # fmt: skip


def _interpretation(one: model.Interpretation, lang: Lang) -> found.InterpretationRecord:
    others = [
        found.AlternativeRecord(other.choice, interpretation(other.choice, lang), list(map(_hanging, other.hanging)))
        for other in one.alternatives
    ]
    return found.InterpretationRecord(one.name, interpretation(one.name, lang), one.taken, others)


def _hanging(one: model.Hanging) -> found.HangingRecord:
    rule, words = one.rule, (one.verdict.word, one.other.word)
    return found.HangingRecord(rule.id, rule.per, *words, len(one.ids), list(one.ids))


def _pack(pack: model.Pack, parcels: int | None, lang: Lang) -> types.PackRecord:
    of = pack.precedence
    precedence = None if of is None else types.PrecedenceRecord(of.quote, of.reading.say(lang))
    return _like(types.PackRecord, pack, lang, precedence=precedence, parcels_in_force=parcels)


def _rule(rule: model.Rule, lang: Lang) -> types.RuleRecord:
    of = rule.clause
    return _like(
        types.RuleRecord, rule, lang, matter=rule.matter or None, document=rule.document or None,
        clause=of.number, quote=of.quote, translation=of.translation,
    )  # fmt: skip


def _summary(report: model.Report) -> types.SummaryRecord:
    verdicts = {rule: by_verdict(CountsRecord, counts) for rule, counts in report.summary.verdicts.items()}
    return types.SummaryRecord(
        **report.summary.subjects,
        verdicts=verdicts,
        waived=UNSET if report.waivers is None else _counts(report.waived),
        known=UNSET if report.baseline is None else _counts(report.baseline.known),
    )


def _counts(covered: Mapping[str, model.Covered]) -> dict[str, types.CoveredRecord]:
    return {rule: types.CoveredRecord(*one) for rule, one in covered.items()}


def _waiver(grant: model.Grant) -> types.WaiverRecord:
    waived = grant.waived
    return types.WaiverRecord(
        waived.number, waived.approver, waived.expires, waived.reason, grant.granted, grant.rule,
        types.ScopeRecord(grant.scope, grant.subject), types.CoveredRecord(*grant.covers),
    )  # fmt: skip


def _baseline(baseline: model.Baseline) -> types.BaselineRecord:
    parts = (baseline.stale, baseline.undetermined, baseline.worse)
    keys = ([types.KeyRecord(key.rule, found.SubjectRecord(key.type, key.id)) for key in part] for part in parts)
    return types.BaselineRecord(*keys)


def _like(kind: type[R], one: Any, lang: Lang, **more: Any) -> R:
    """The record of what holds its values under the same names, texts in one language; ``more`` are other values."""
    held = {name: getattr(one, name) for name in kind.__struct_fields__ if name not in more}
    said = {name: value.say(lang) if isinstance(value, Text) else value for name, value in held.items()}
    return kind(**said, **more)
