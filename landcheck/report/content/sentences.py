"""A finding in words: what is so, what excuses it, and what would set it right, from its structure."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from landcheck.messages import Lang, RowAt, say
from landcheck.model import (  # fmt: skip
    UNMET,
    DataFinding,
    Finding,
    JointRemedy,
    Modality,
    Operator,
    Outcome,
    Requirement,
    Rule,
    Subject,
    Test,
    Verdict,
    Waived,
)
from landcheck.report.content import labels
from landcheck.report.content.amounts import about, area, beside, exact, gap_to, grouped
from landcheck.report.content.open_verdicts import supply, wanting

BROKEN = {Operator.AT_LEAST: "report-below", Operator.AT_MOST: "report-above"}
HELD = {Operator.AT_LEAST: "report-not-below", Operator.AT_MOST: "report-not-above"}
SOFT = {
    Modality.MAY: "report-permission",
    Modality.CONTROL: "report-control-value",
    Modality.ENCOURAGE: "report-encouragement",
}
NO_NUMBER = (bool, str, type(None))

_PLACEHOLDER = re.compile(r"\{(gap|gap_m2|limit|measured)\}")


def message(finding: Finding, lang: Lang) -> str:
    """One sentence: why the verdict is what it is; then what excuses it."""
    reason = _reason(finding, lang)
    if finding.waived is not None:
        return reason + say("waived-by", lang, **_document(finding.waived))
    return reason + say("known-before", lang) if finding.known else reason


def _reason(finding: Finding, lang: Lang) -> str:
    rule = finding.rule
    if finding.verdict is Verdict.NOT_APPLICABLE:
        if finding.out_of_force == "before":
            return say("report-before-in-force", lang, since=rule.in_force_from)
        if finding.out_of_force:
            return say("report-after-in-force", lang, until=rule.in_force_until)
        return say("report-not-applicable", lang, subject=labels.subject(finding.subject.type, lang))
    if finding.verdict is Verdict.UNDETERMINED:
        return wanting(rule.per, finding.missing, finding.unreadable, lang) or say("report-undetermined", lang)
    return _sentences(rule, finding.verdict, finding.requirements, lang)


def _sentences(rule: Rule, verdict: Verdict, outcomes: tuple[Outcome, ...], lang: Lang) -> str:
    """Of each requirement that gives the verdict."""
    return labels.JOIN[lang].join(
        outcome_sentence(rule, outcome, lang) for outcome in outcomes if outcome.verdict is verdict
    )


def verdict_word(finding: Finding, lang: Lang) -> str:
    """The verdict, marked where the finding is excused."""
    word = labels.verdict(finding.verdict, lang)
    if not finding.excused:
        return word
    return say("waived-verdict" if finding.waived is not None else "known-verdict", lang, verdict=word)


def justification(waived: Waived, lang: Lang) -> str:
    """The document behind a waiver, as a sentence."""
    return say("waived-because", lang, **_document(waived))


def _document(waived: Waived) -> dict[str, Any]:
    return {"number": waived.number, "approver": waived.approver, "expires": waived.expires, "reason": waived.reason}


def remedy(finding: Finding, lang: Lang) -> str | None:
    """What to change or to supply; None where nothing need be."""
    if finding.verdict is Verdict.UNDETERMINED:
        return supply(finding.rule.per, finding.missing, finding.unreadable, finding.rule.evidence, lang)
    if finding.verdict not in UNMET:
        return None
    steps = _steps(finding.rule, finding.verdict, finding.requirements, lang)
    if finding.joint is not None:
        steps += (_joint(finding.joint, finding.rule.per, lang),)
    return labels.JOIN[lang].join(dict.fromkeys(steps)) or None


def _steps(rule: Rule, verdict: Verdict, outcomes: tuple[Outcome, ...], lang: Lang) -> tuple[str, ...]:
    """What sets each requirement right that gives the verdict."""
    steps = (_step(rule, outcome, lang) for outcome in outcomes if outcome.verdict is verdict)
    return tuple(step for step in steps if step)


def _step(rule: Rule, outcome: Outcome, lang: Lang) -> str:
    """The card's remedy with the amounts in it."""
    requirement = requirement_of(rule, outcome)
    if requirement is None:
        return ""
    test = requirement.numeric or requirement.any[0]
    pieces = list(_pieces(requirement.remedy.say(lang)))
    pieces[1::2] = [_amount(name, rule, outcome, test, lang) for name in pieces[1::2]]
    return "".join(pieces)


@cache
def _pieces(remedy: str) -> tuple[str, ...]:
    """A card's remedy cut at its placeholders: text, name, text, name, ..., text."""
    return tuple(_PLACEHOLDER.split(remedy))


def _amount(name: str, rule: Rule, outcome: Outcome, test: Test, lang: Lang) -> str:
    """What stands in the place of a placeholder; the card itself writes the units."""
    if name == "limit":
        return limit_words(outcome, test, rule.per, lang, unit="")
    if name == "measured":
        return measured_words(outcome, test, rule.per, lang, unit="")
    margin = outcome.margin if name == "gap" else outcome.margin_m2
    if margin is None:
        return say("report-amount-unknown", lang)
    if name == "gap":
        return _gap_digits(outcome)
    # The exact amount that suffices, where it was worked out; else the margin, rounded up.
    if outcome.ways and all(change.unit == "m2" for change in outcome.ways[0]):
        return exact(round(sum(abs(change.by) for change in outcome.ways[0]), 2))
    return area(margin)


def _joint(joint: JointRemedy, per: str, lang: Lang) -> str:
    """What meets several broken requirements at once."""
    listed = tuple(
        say("report-change", lang, field=labels.field_label(per, change.field, lang),
            by=("+" if change.by > 0 else "-") + labels.with_unit(exact(abs(change.by)), change.unit, lang))
        for change in joint.changes
    )  # fmt: skip
    return say("report-joint", lang, changes=listed, total=labels.with_unit(exact(joint.total_m2), "m2", lang))


class Remark(NamedTuple):
    """A finding in words, or a data finding, whose weight stands for the verdict; what there is not is empty."""

    verdict: str
    rule: str
    subject: str
    clause: str
    message: str
    remedy: str


def remark(one: Finding | DataFinding, lang: Lang) -> Remark:
    """The finding in words."""
    who = subject_words(one.subject, one.at or one.row, lang)
    if isinstance(one, DataFinding):
        return Remark(labels.level(one.level, lang), one.rule, who, "", one.message.say(lang), "")
    clause = labels.clause_number(one.rule, lang)
    return Remark(verdict_word(one, lang), one.rule.id, who, clause, message(one, lang), remedy(one, lang) or "")


def todo(verdict: Verdict, remedy: str, lang: Lang) -> str:
    """The remedy on a line of its own; that of an undetermined verdict says itself what is to be supplied."""
    return remedy if verdict is Verdict.UNDETERMINED else say("report-remedy", lang, remedy=remedy)


def subject_words(who: Subject, row: RowAt | int | None, lang: Lang) -> str:
    """A subject by its kind and id, and the row it stands in; a layer by what it is called."""
    called = labels.layer(who.id, lang) if who.type == "layer" else who.id
    name = say("report-subject", lang, kind=labels.subject(who.type, lang), id=called)
    return name if row is None else say("report-subject-row", lang, subject=name, row=row)


def subject_order(one: Finding) -> tuple[bool, int, str]:
    """What findings are sorted by where they stand by subject: parcels in the order of their layer, then parks."""
    return one.subject.type != "parcel", one.row or 0, one.subject.id


def deciding_outcome(finding: Finding) -> Outcome | None:
    """The first requirement that gives the finding its verdict."""
    return next((outcome for outcome in finding.requirements if outcome.verdict is finding.verdict), None)


def requirement_of(rule: Rule, outcome: Outcome) -> Requirement | None:
    """The card's requirement that the outcome answers, by its name."""
    for requirement in rule.requires:
        if requirement.name == outcome.name:
            return requirement
    return None


def outcome_sentence(rule: Rule, outcome: Outcome, lang: Lang) -> str:
    """How one requirement came out, with the numbers and the force of the words behind it."""
    requirement = requirement_of(rule, outcome)
    tests = requirement.any if requirement else ()
    if outcome.verdict is Verdict.UNDETERMINED and (
        why := wanting(rule.per, outcome.missing, outcome.unreadable, lang)
    ):
        return why
    sentence = _alternatives(rule, outcome, tests, lang) or _comparison(
        rule, outcome, tests[0] if tests else None, outcome.label.say(lang), lang
    )
    soft = SOFT.get(requirement.modality) if requirement and outcome.verdict is Verdict.REVIEW else None
    return sentence + say(soft, lang) if soft else sentence


def _alternatives(rule: Rule, outcome: Outcome, tests: tuple[Test, ...], lang: Lang) -> str:
    """Of several ways to meet a requirement: the one that is met, else how each of them is not."""
    if not outcome.alternatives:
        return ""
    ways = list(zip(outcome.alternatives, tests, strict=False))
    if outcome.verdict is Verdict.PASS:
        ways = [way for way in ways if _met(way[0])]
    sentences = [
        _comparison(rule, way, test, labels.field_label(rule.per, test.measure, lang), lang) for way, test in ways
    ]
    if len(sentences) < 2:
        return "".join(sentences)
    code = "report-met-by" if outcome.verdict is Verdict.PASS else "report-none-of"
    return say(code, lang, label=outcome.label, ways=labels.JOIN[lang].join(sentences))


def _met(way: Outcome) -> bool:
    """Never call a way met whose own numbers say otherwise: it may carry the verdict of the whole requirement."""
    if way.verdict is not Verdict.PASS or way.measured is None:
        return False
    if isinstance(way.limit, tuple):
        return way.measured in way.limit
    return way.margin is None or way.margin >= 0


def _comparison(rule: Rule, outcome: Outcome, test: Test | None, label: str, lang: Lang) -> str:
    if outcome.measured is None:
        return say("report-unknown-of", lang, label=label)
    if outcome.verdict is Verdict.PASS:
        code = HELD.get(outcome.operator, "report-as-required")
    elif isinstance(outcome.limit, tuple) and len(outcome.limit) > 1:
        code = "report-must-be-one-of"
    else:
        code = BROKEN.get(outcome.operator, "report-must-be")
    return say(
        code, lang, label=label, measured=measured_words(outcome, test, rule.per, lang),
        limit=limit_words(outcome, test, rule.per, lang), gap=_gap(outcome, lang),
    )  # fmt: skip


def _gap(outcome: Outcome, lang: Lang) -> str:
    if outcome.margin is None:
        return say("report-unknown", lang)
    unit = "points" if outcome.unit == "percent" else outcome.unit
    gap = labels.with_unit(_gap_digits(outcome), unit, lang)
    if outcome.margin_m2 is None:
        return gap
    return say("report-gap-m2", lang, gap=gap, gap_m2=labels.with_unit(area(outcome.margin_m2), "m2", lang))


def _gap_digits(outcome: Outcome) -> str:
    """How far the limit is, with the digits of the value: alike wherever a finding says it."""
    limit = outcome.limit if isinstance(outcome.limit, (int, float)) else 0.0
    return gap_to(limit, abs(outcome.margin or 0.0))


def limit_words(outcome: Outcome, test: Test | None, per: str, lang: Lang, *, unit: str | None = None) -> str:
    """The limit as the law writes it (2.0, not 2), with its unit or that one; words for what is no number."""
    limit, measure = outcome.limit, test.measure if test else outcome.name
    if isinstance(limit, tuple):
        return ("、" if lang == "zh" else ", ").join(labels.field_value(per, measure, word, lang) for word in limit)
    if isinstance(limit, bool):
        return labels.field_value(per, measure, limit, lang)
    # The digits on the card, unless a parameter took another value.
    written = test.limit if test else None
    as_written = isinstance(written, Decimal) and float(written) == limit
    digits = f"{written:f}" if as_written else grouped(limit, 10)
    return labels.with_unit(digits, outcome.unit if unit is None else unit, lang)


def measured_words(outcome: Outcome, test: Test | None, per: str, lang: Lang, *, unit: str | None = None) -> str:
    """What was measured, with its unit or that one, close enough to tell it from the limit."""
    measured, limit = outcome.measured, outcome.limit
    if isinstance(measured, NO_NUMBER):
        return labels.field_value(per, test.measure if test else outcome.name, measured, lang)
    digits = beside(measured, limit) if outcome.verdict in UNMET and not isinstance(limit, tuple) else about(measured)
    return labels.with_unit(digits, outcome.unit if unit is None else unit, lang)
