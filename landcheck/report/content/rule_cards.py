"""What a rule card and its pack say, in sections: clause, conditions, requirements; text, force, source, documents."""

from __future__ import annotations

import datetime as dt

from landcheck.messages import Lang, Text, say
from landcheck.model import Condition, Document, Modality, Operator, Pack, Parameter, Requirement, Rule, Test, Validity
from landcheck.report.content import labels

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

Lines = tuple[str, ...]
HeadedLines = tuple[str, Lines]  # a head, and the lines below it


def headed(lang: Lang, *sections: tuple[str, Lines]) -> tuple[HeadedLines, ...]:
    """Sections by the codes of their heads; those without lines stay out."""
    return tuple((say(code, lang), lines) for code, lines in sections if lines)


def card(rule: Rule, lang: Lang) -> tuple[HeadedLines, ...]:
    """The sections of a rule's page."""
    clause = rule.clause
    matter = say("report-card-matter-line", lang, label=rule.matter_label, name=rule.matter)
    asides = tuple(say("report-card-aside", lang, word=word, reason=reason) for word, reason in clause.asides)
    return headed(
        lang,
        ("report-card-document", (rule.document,) if rule.document else ()),
        ("report-card-matter", (matter,) if rule.matter else ()),
        (
            "report-card-clause",
            (say("report-card-quote", lang, number=labels.clause_number(rule, lang), quote=clause.quote),),
        ),
        ("report-card-translation", (clause.translation,) if clause.translation and lang == "en" else ()),
        ("report-card-words", clause.words),
        ("report-card-asides", asides),
        ("report-card-applies", applies(rule, lang)),
        ("report-card-requires", tuple(requirement(rule, one, lang) for one in rule.requires)),
        ("report-card-evidence", (rule.evidence.say(lang),)),
    )


def applies(rule: Rule, lang: Lang) -> Lines:
    """Every condition of the rule, the date of its text included."""
    since = say("report-card-since", lang, since=rule.in_force_from)
    return (*(_condition(rule, condition, lang) for condition in rule.applies), since)


def _condition(rule: Rule, condition: Condition, lang: Lang) -> str:
    label = labels.field_label(rule.per, condition.subject, lang)
    code = "report-card-known" if condition.known else "report-card-among"
    values = _either(rule, condition.subject, condition.values, lang)
    return say(code, lang, label=label, field=condition.subject, values=values)


def _either(rule: Rule, name: str, values: tuple[str | bool, ...], lang: Lang) -> str:
    words = (labels.field_value(rule.per, name, value, lang) for value in values)
    return labels.either(words, lang)


def requirement(rule: Rule, demanded: Requirement, lang: Lang) -> str:
    """One requirement: its tests, its force, and the words of law it rests on."""
    several = len(demanded.any) > 1
    tests = [
        say(
            TESTS[test.operator], lang, limit=_limit(rule, test, lang),
            label=labels.field_label(rule.per, test.measure, lang) if several else demanded.label,
        )
        for test in demanded.any
    ]  # fmt: skip
    words = demanded.words or rule.clause.words
    code = "report-card-requirement" if words else "report-card-plain-requirement"
    either = labels.either(tests, lang)
    return say(code, lang, tests=either, modality=say(MODALITIES[demanded.modality], lang), words=words)


def _limit(rule: Rule, test: Test, lang: Lang) -> str:
    """What a test compares with, as the law writes it."""
    if isinstance(test.limit, bool):
        return labels.field_value(rule.per, test.measure, test.limit, lang)
    if isinstance(test.limit, tuple):
        return _either(rule, test.measure, test.limit, lang)
    amount = labels.with_unit(f"{test.limit:f}", test.unit, lang)
    if test.parameter is None:
        return amount
    return say("report-card-limit-parameter", lang, limit=amount, name=test.parameter)


def formulas(rule: Rule, lang: Lang) -> Lines:
    """How the rule's measures are worked out, each once; none for what is read as it is."""
    from landcheck.measures import MEASURES  # numpy, which the start of the program does without

    named = (test.measure for requirement in rule.requires for test in requirement.any)
    names = dict.fromkeys((*(condition.subject for condition in rule.applies), *named))
    return tuple(MEASURES[name].formula.say(lang) for name in names if name in MEASURES)


def standing(pack: Pack, lang: Lang) -> tuple[HeadedLines, ...]:
    """The sections about the text a pack stands for."""
    number = say("report-pack-number", lang, number=pack.number, issued=pack.issued)
    rank = () if pack.rank is None else (say("report-pack-rank", lang, rank=labels.rank(pack.rank, lang)),)
    whole = say("report-pack-excerpt" if pack.excerpt else "report-pack-whole", lang)
    first = pack.precedence
    precedence = first and say("report-pack-precedence-line", lang, quote=first.quote, reading=first.reading)
    return headed(
        lang,
        ("report-pack-text", (number, say("report-pack-issuer", lang, issuer=pack.issuer), *rank)),
        ("report-card-validity", _in_force(pack, lang)),
        ("report-pack-source", tuple(filter(None, (whole, pack.text_source.say(lang))))),
        ("report-pack-precedence", (precedence,) if precedence else ()),
        ("report-pack-documents", tuple(_document(one, lang) for one in pack.documents)),
    )


def _in_force(pack: Pack, lang: Lang) -> Lines:
    code = "report-pack-since-quote" if pack.in_force_quote else "report-pack-since-source"
    source = pack.in_force_quote or pack.in_force_source
    since = say(code, lang, since=pack.in_force_from, source=source)
    return since, _end(pack.in_force_until, pack.validity, pack.validity_source, lang)


def _end(until: dt.date | None, validity: Validity, source: Text, lang: Lang) -> str:
    code = "report-pack-endless" if until is None else "report-pack-end"
    return say(code, lang, until=until, validity=labels.validity(validity, lang), source=source)


def _document(document: Document, lang: Lang) -> str:
    end = _end(document.in_force_until, document.validity, document.validity_source, lang)
    return say(
        "report-pack-document", lang, number=document.number, title=document.title, issuer=document.issuer,
        rank=labels.rank(document.rank, lang), since=document.in_force_from, end=end,
    )  # fmt: skip


def parameters(pack: Pack, lang: Lang, names: set[str] | None = None) -> tuple[HeadedLines, ...]:
    """The section of the pack's parameters, or of those named; none where there are none."""
    used = (one for one in pack.parameters if names is None or one.name in names)
    return headed(lang, ("report-card-parameters", tuple(_parameter(one, lang) for one in used)))


def _parameter(parameter: Parameter, lang: Lang) -> str:
    amount = labels.with_unit(f"{parameter.value:f}", parameter.unit, lang)
    return say(
        "report-pack-parameter", lang, name=parameter.name, value=amount, meaning=parameter.meaning,
        source=parameter.source, quote=parameter.quote,
    )  # fmt: skip


def left_out(pack: Pack, lang: Lang) -> Lines:
    """The sentences of the text that no card encodes, with the reason."""
    return tuple(
        say(
            "report-card-left-out-line",
            lang,
            number=labels.bracketed(one.clause, lang),
            quote=one.quote,
            reason=one.reason,
        )
        for one in pack.left_out
    )


def not_at_hand(pack: Pack, lang: Lang) -> tuple[HeadedLines, ...]:
    """The section of what the text is known to say beyond its excerpt; none where nothing is."""
    lines = (
        say("report-pack-not-at-hand-line", lang, number=labels.bracketed(one.clause, lang), what=one.what)
        for one in pack.not_at_hand
    )
    return headed(lang, ("report-pack-not-at-hand", tuple(lines)))
