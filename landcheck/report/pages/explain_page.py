"""The sum behind each verdict, so that a reader can redo it by hand: as text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import asdict as struct_values

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import Explanation, Fact, Origin, Report, Rule
from landcheck.report.content import labels, overview
from landcheck.report.content.amounts import exact
from landcheck.report.content.rule_cards import HeadedLines, applies, headed
from landcheck.report.content.sentences import Remark, outcome_sentence, remark
from landcheck.report.options import Options
from landcheck.report.plain import lines, section
from landcheck.report.result.encode import finding_record, run_line
from landcheck.report.result.page_types import ExplanationRecord, FactRecord


def text(report: Report, explanations: Sequence[Explanation], options: Options) -> Iterator[str]:
    """Plain text: for each verdict its facts, sum, comparison and clause."""
    lang = options.lang
    yield from lines(say("report-explain-title", lang, version=version.__version__), *overview.basis(report, lang))
    yield from lines(*overview.notice_lines(report, lang))
    for explanation in explanations:
        words, title = remark(explanation.finding, lang), explanation.finding.rule.title.say(lang)
        yield "\n"
        yield from lines(f"{words.subject}  {words.rule}  {title}")
        for head, texts in _sections(explanation, words, lang):
            yield from section(head, texts, indent=2)
    if not explanations:
        yield "\n" + say("report-explain-none", lang) + "\n"


def json(report: Report, explanations: Sequence[Explanation], options: Options) -> Iterator[str]:
    """One JSON object: the report's own head, then the findings with facts and formulas."""
    lang = options.lang
    explained = [
        ExplanationRecord(
            **struct_values(finding_record(one.finding, lang)),
            facts=[_fact_record(fact) for fact in one.facts],
            formula=[step.say(lang) for step in one.formula],
        )
        for one in explanations
    ]
    yield run_line(report, options, explanations=explained) + "\n"


def _sections(explanation: Explanation, words: Remark, lang: Lang) -> tuple[HeadedLines, ...]:
    finding = explanation.finding
    rule, clause = finding.rule, finding.rule.clause
    quote = say("report-card-quote", lang, number=labels.clause_number(rule, lang), quote=clause.quote)
    compared = (
        (labels.verdict(outcome.verdict, lang), outcome_sentence(rule, outcome, lang))
        for outcome in finding.requirements
    )
    return headed(
        lang,
        ("report-card-clause", (quote, clause.translation) if lang == "en" and clause.translation else (quote,)),
        ("report-card-applies", applies(rule, lang)),
        ("report-explain-facts", tuple(_fact(rule, fact, lang) for fact in explanation.facts)),
        ("report-explain-formula", tuple(step.say(lang) for step in explanation.formula)),
        ("report-explain-comparison", tuple(_compared(verdict, sentence, lang) for verdict, sentence in compared)),
        ("report-explain-verdict", (_compared(words.verdict, words.message, lang),)),
        ("report-explain-remedy", (words.remedy,) if words.remedy else ()),
        ("report-card-evidence", (rule.evidence.say(lang),)),
    )


def _compared(verdict: str, sentence: str, lang: Lang) -> str:
    return say("report-explain-compared", lang, verdict=verdict, sentence=sentence)


def _fact_record(fact: Fact) -> FactRecord:
    held = {name: getattr(fact, name) for name in FactRecord.__struct_fields__}
    return FactRecord(**held | {"origin": fact.origin.name.lower()})


def _fact(rule: Rule, fact: Fact, lang: Lang) -> str:
    value = fact.value
    words = (
        labels.field_value(rule.per, fact.field, value, lang)
        if isinstance(value, bool | str | None)
        else labels.with_unit(exact(value), fact.unit, lang)
    )
    label = labels.field_label(rule.per, fact.field, lang)
    return say("report-explain-fact", lang, label=label, field=fact.field, value=words, source=_source(fact, lang))


def _source(fact: Fact, lang: Lang) -> str:
    if fact.value is None and fact.origin is not Origin.UNREADABLE:
        return say("report-origin-none", lang)
    known = fact.file is not None and fact.origin not in (Origin.ASSUMED, Origin.UNREADABLE)
    if known and fact.column is not None and fact.row is not None:
        return say("report-origin-layer", lang, file=fact.file, column=fact.column, row=fact.at or fact.row)
    if known and fact.origin is not Origin.PLACE:
        return say("report-origin-file", lang, file=fact.file)
    name = "own" if fact.origin is Origin.LAYER else fact.origin.name.lower()
    return say(f"report-origin-{name}", lang)
