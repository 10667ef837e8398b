"""What a rule card and its pack say, in words: conditions, requirements, standing, the list of packs and one card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from landcheck.messages import Lang, Text, say
from landcheck.model import (
    Condition,
    Document,
    Modality,
    Operator,
    Pack,
    Parameter,
    Rank,
    Requirement,
    Rule,
    Test,
    Validity,
)
from landcheck.report import content, labels
from landcheck.report.content import Table, heads
from landcheck.report.plain import table_lines
from landcheck.report.text import console

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


def standing(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    """The sections about the text a pack stands for, each a head and its lines; empty ones stay out."""
    sections = (
        ("report-pack-text", _text(pack, lang)),
        ("report-card-validity", _in_force(pack, lang)),
        ("report-pack-source", _source(pack, lang)),
        ("report-pack-precedence", _precedence(pack, lang)),
        ("report-pack-documents", tuple(line for one in pack.documents for line in _document(one, lang))),
    )
    return tuple((say(code, lang), lines) for code, lines in sections if lines)


def parameters(pack: Pack, lang: Lang, names: set[str] | None = None) -> tuple[Section, ...]:
    """The section of the pack's parameters, or of those named; none where there are none."""
    used = [parameter for parameter in pack.parameters if names is None or parameter.name in names]
    lines = tuple(_parameter(parameter, lang) for parameter in used)
    return ((say("report-card-parameters", lang), lines),) if lines else ()


def not_at_hand(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    """The section of what the text is known to say beyond its excerpt; none where nothing is."""
    lines = tuple(
        say("report-pack-not-at-hand-line", lang, number=one.clause, what=one.what) for one in pack.not_at_hand
    )
    return ((say("report-pack-not-at-hand", lang), lines),) if lines else ()


def _text(pack: Pack, lang: Lang) -> tuple[str, ...]:
    number = say("report-pack-number", lang, number=pack.number, issued=pack.issued)
    return number, say("report-pack-issuer", lang, issuer=pack.issuer), *_rank(pack.rank, lang)


def _rank(rank: Rank | None, lang: Lang) -> tuple[str, ...]:
    return () if rank is None else (say("report-pack-rank", lang, rank=say(rank.label, lang)),)


def _in_force(pack: Pack, lang: Lang) -> tuple[str, ...]:
    code = "report-pack-since-quote" if pack.in_force_quote else "report-pack-since-source"
    source = pack.in_force_quote or pack.in_force_source
    since = say(code, lang, since=pack.in_force_from, source=source)
    return since, _end(pack.in_force_until, pack.validity, pack.validity_source, lang)


def _end(until: dt.date | None, validity: Validity, source: Text, lang: Lang) -> str:
    code = "report-pack-endless" if until is None else "report-pack-end"
    word = say(labels.VALIDITIES[validity], lang)
    return say(code, lang, until=until, validity=word, source=source)


def _source(pack: Pack, lang: Lang) -> tuple[str, ...]:
    whole = say("report-pack-excerpt" if pack.excerpt else "report-pack-whole", lang)
    return (whole, pack.text_source.say(lang)) if pack.text_source.say(lang) else (whole,)


def _precedence(pack: Pack, lang: Lang) -> tuple[str, ...]:
    if pack.precedence is None:
        return ()
    quote, reading = pack.precedence.quote, pack.precedence.reading
    return (say("report-pack-precedence-line", lang, quote=quote, reading=reading),)


def _document(document: Document, lang: Lang) -> tuple[str, ...]:
    rank = "" if document.rank is None else say(document.rank.label, lang)
    end = _end(document.in_force_until, document.validity, document.validity_source, lang)
    values = {"number": document.number, "title": document.title, "issuer": document.issuer, "rank": rank}
    return (say("report-pack-document", lang, since=document.in_force_from, end=end, **values),)


def _parameter(parameter: Parameter, lang: Lang) -> str:
    amount = labels.with_unit(f"{parameter.value:f}", parameter.unit, lang)
    return say(
        "report-pack-parameter", lang, name=parameter.name, value=amount, meaning=parameter.meaning,
        source=parameter.source, quote=parameter.quote,
    )  # fmt: skip


def list_rules(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """``rules list``: a line a rule, pack by pack, as plain text."""
    for pack in packs:
        yield from table_lines(_rules(pack, lang))
        yield "\n"
        yield from (f"  {console(line)}\n" for line in _about(pack, lang))


def show_rule(pack: Pack, rule: Rule, lang: Lang) -> Iterator[str]:
    """``rules show``: one card, as plain text."""
    yield console(f"{rule.id}  {rule.title.say(lang)}") + "\n"
    yield f"{console(_name(pack, lang))}\n"
    used = {test.parameter for requirement in rule.requires for test in requirement.any if test.parameter}
    about = (*parameters(pack, lang, used), *standing(pack, lang), *not_at_hand(pack, lang))
    for head, lines in (*card(rule, lang), *about):
        yield f"\n{console(head)}\n"
        yield from (f"  {console(line)}\n" for line in lines)


def _rules(pack: Pack, lang: Lang) -> Table:
    rows = tuple(
        (rule.id, labels.subject(rule.per, lang), rule.clause.number, rule.title.say(lang)) for rule in pack.rules
    )
    names = heads(lang, "rule", "subject", "clause", "title")
    return Table(_name(pack, lang), names, rows)


def _about(pack: Pack, lang: Lang) -> tuple[str, ...]:
    named = (content.parameter(p.name, p.value, p, lang) for p in pack.parameters)
    return (content.in_force(pack, lang), pack.validity_source.say(lang), *named)


def _name(pack: Pack, lang: Lang) -> str:
    return say("report-card-pack", lang, id=pack.id, title=pack.title, number=pack.number)
