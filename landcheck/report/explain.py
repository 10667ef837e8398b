"""The sum behind each verdict, so that a reader can redo it by hand: as text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import Explanation, Fact, Origin, Report, Rule
from landcheck.report import content, labels
from landcheck.report.amounts import exact
from landcheck.report.options import Options
from landcheck.report.result.encode import finding_record, run_line
from landcheck.report.result.line import items
from landcheck.report.rule_pages import Section, applies
from landcheck.report.text import console
from landcheck.report.words import outcome_sentence

ORIGINS = {
    Origin.LAYER: "report-origin-own",
    Origin.ATTRIBUTES: "report-origin-attributes",
    Origin.BUILDINGS: "report-origin-buildings",
    Origin.PLACE: "report-origin-place",
    Origin.ASSUMED: "report-origin-assumed",
    Origin.POOL: "report-origin-pool",
}


def text(report: Report, explanations: Sequence[Explanation], options: Options) -> Iterator[str]:
    """Plain text: for each verdict its facts, sum, comparison and clause."""
    lang = options.lang
    yield console(say("report-explain-title", lang, version=version.__version__)) + "\n"
    yield from (console(line) + "\n" for line in content.basis(report, lang))
    yield from (console(say("report-notice", lang, notice=n)) + "\n" for n in content.notices(report, lang))
    for explanation in explanations:
        told = content.told(explanation.finding, lang)
        yield "\n" + console(f"{told.subject}  {told.rule}  {explanation.finding.rule.title.say(lang)}") + "\n"
        for head, lines in _sections(explanation, lang):
            yield f"  {console(head)}\n"
            yield from (f"    {console(one)}\n" for one in lines)
    if not explanations:
        yield "\n" + say("report-explain-none", lang) + "\n"


def json(report: Report, explanations: Sequence[Explanation], options: Options) -> Iterator[str]:
    """One JSON object: the report's own head, then the findings with facts and formulas."""
    lang = options.lang
    explained = [
        dict(items(finding_record(one.finding, lang)))
        | {"facts": [_fact_object(fact) for fact in one.facts], "formula": [step.say(lang) for step in one.formula]}
        for one in explanations
    ]
    yield run_line(report, options, explanations=explained) + "\n"


def _sections(explanation: Explanation, lang: Lang) -> Iterator[Section]:
    finding = explanation.finding
    rule, told = finding.rule, content.told(finding, lang)
    sections: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("report-card-clause", _clause(rule, lang)),
        ("report-card-applies", applies(rule, lang)),
        ("report-explain-facts", tuple(_fact(rule, fact, lang) for fact in explanation.facts)),
        ("report-explain-formula", tuple(step.say(lang) for step in explanation.formula)),
        ("report-explain-comparison", _compared(explanation, lang)),
        (
            "report-explain-verdict",
            (say("report-explain-compared", lang, verdict=told.verdict, sentence=told.message),),
        ),
        ("report-explain-remedy", (told.remedy,) if told.remedy else ()),
        ("report-card-evidence", (rule.evidence.say(lang),)),
    )
    return ((say(code, lang), lines) for code, lines in sections if lines)


def _clause(rule: Rule, lang: Lang) -> tuple[str, ...]:
    quote = say("report-card-quote", lang, number=rule.clause.number, quote=rule.clause.quote)
    translation = rule.clause.translation if lang == "en" else ""
    return (quote, translation) if translation else (quote,)


def _compared(explanation: Explanation, lang: Lang) -> tuple[str, ...]:
    rule = explanation.finding.rule
    return tuple(
        say("report-explain-compared", lang, verdict=labels.verdict(outcome.verdict, lang),
            sentence=outcome_sentence(rule, outcome, lang))
        for outcome in explanation.finding.requirements
    )  # fmt: skip


def _fact(rule: Rule, fact: Fact, lang: Lang) -> str:
    value = fact.value
    spoken = (
        labels.field_value(rule.per, fact.field, value, lang)
        if isinstance(value, bool | str | None)
        else labels.with_unit(exact(value), fact.unit, lang)
    )
    label = labels.field_label(rule.per, fact.field, lang)
    return say("report-explain-fact", lang, label=label, field=fact.field, value=spoken, source=_source(fact, lang))


def _source(fact: Fact, lang: Lang) -> str:
    if fact.value is None:
        return say("report-origin-none", lang)
    if fact.origin is Origin.ASSUMED or fact.file is None:
        return say(ORIGINS[fact.origin], lang)
    if fact.column is None or fact.row is None:
        origin = say(ORIGINS[fact.origin], lang)
        return origin if fact.origin is Origin.PLACE else say("report-origin-file", lang, file=fact.file)
    return say("report-origin-layer", lang, file=fact.file, column=fact.column, row=fact.row)


def _fact_object(fact: Fact) -> dict[str, Any]:
    return asdict(fact) | {"origin": fact.origin.name.lower()}
