"""What a rule card says, in words: conditions, requirements and the sections of its page."""

from __future__ import annotations

from landcheck.messages import Lang, say
from landcheck.model import Condition, Modality, Operator, Pack, Requirement, Rule, Test
from landcheck.report import labels

MODALITIES = {
    Modality.MUST: "report-modality-must",
    Modality.MAY: "report-modality-may",
    Modality.CONTROL: "report-modality-control",
    Modality.ENCOURAGE: "report-modality-encourage",
}
TESTS = {
    Operator.AT_LEAST: "report-card-at-least",
    Operator.AT_MOST: "report-card-at-most",
    Operator.EQUALS: "report-card-equals",
    Operator.ONE_OF: "report-card-is",
    Operator.IS: "report-card-is",
}

Section = tuple[str, tuple[str, ...]]


def card(rule: Rule, lang: Lang) -> tuple[Section, ...]:
    """The sections of a rule's page, each a head and its lines; empty ones stay out."""
    clause = rule.clause
    quote = say("report-card-quote", lang, number=clause.number, quote=clause.quote)
    asides = tuple(say("report-card-aside", lang, word=word, reason=reason) for word, reason in clause.asides)
    sections = (
        ("report-card-document", (rule.document,) if rule.document else ()),
        ("report-card-matter", (_matter(rule, lang),) if rule.matter else ()),
        ("report-card-clause", (quote,)),
        ("report-card-translation", (clause.translation,) if clause.translation else ()),
        ("report-card-words", clause.words),
        ("report-card-asides", asides),
        ("report-card-applies", applies(rule, lang)),
        ("report-card-requires", tuple(requirement(rule, one, lang) for one in rule.requires)),
        ("report-card-evidence", (rule.evidence.say(lang),)),
    )
    return tuple((say(code, lang), lines) for code, lines in sections if lines)


def _matter(rule: Rule, lang: Lang) -> str:
    return say("report-card-matter-line", lang, label=rule.matter_label, name=rule.matter)


def applies(rule: Rule, lang: Lang) -> tuple[str, ...]:
    """Every condition of the rule, the date of its text included."""
    since = say("report-card-since", lang, since=rule.in_force_from)
    return (*(_condition(rule, condition, lang) for condition in rule.applies), since)


def requirement(rule: Rule, demanded: Requirement, lang: Lang) -> str:
    """One requirement: its tests, its force, and the words of law it rests on."""
    several = len(demanded.any) > 1
    tests = [
        _test(
            rule, test, labels.field_label(rule.per, test.measure, lang) if several else demanded.label.say(lang), lang
        )
        for test in demanded.any
    ]
    told = f" {say('report-card-or', lang)} ".join(tests)
    words = demanded.words or rule.clause.words
    code = "report-card-requirement" if words else "report-card-plain-requirement"
    return say(code, lang, tests=told, modality=say(MODALITIES[demanded.modality], lang), words=words)


def left_out(pack: Pack, lang: Lang) -> tuple[str, ...]:
    """The sentences of the text that no card encodes, with the reason."""
    return tuple(
        say("report-card-left-out-line", lang, number=one.clause, quote=one.quote, reason=one.reason)
        for one in pack.left_out
    )


def limit(rule: Rule, test: Test, lang: Lang) -> str:
    """What a test compares with, as the law writes it."""
    if isinstance(test.limit, bool):
        return labels.field_value(rule.per, test.measure, test.limit, lang)
    if isinstance(test.limit, tuple):
        return _either(rule, test.measure, test.limit, lang)
    amount = labels.with_unit(f"{test.limit:f}", test.unit, lang)
    if test.parameter is None:
        return amount
    return say("report-card-limit-parameter", lang, limit=amount, name=test.parameter)


def _condition(rule: Rule, condition: Condition, lang: Lang) -> str:
    label = labels.field_label(rule.per, condition.subject, lang)
    code = "report-card-known" if condition.known else "report-card-among"
    values = _either(rule, condition.subject, condition.values, lang)
    return say(code, lang, label=label, field=condition.subject, values=values)


def _either(rule: Rule, name: str, values: tuple[str | bool, ...], lang: Lang) -> str:
    spoken = (labels.field_value(rule.per, name, value, lang) for value in values)
    return f" {say('report-card-or', lang)} ".join(spoken)


def _test(rule: Rule, test: Test, label: str, lang: Lang) -> str:
    return say(TESTS[test.operator], lang, label=label, limit=limit(rule, test, lang))
