"""What a report says line by line, in one order for the terminal and for plain text; its first lines for all.

First the verdict, then what leaves whole layers or rules without an answer, then what to do first; what a reader needs
only to check the report (notices, readings, assumptions, inputs) stands at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landcheck.messages import Lang, say
from landcheck.model import Level, Report, Rule, Verdict
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.report_tables import Table
from landcheck.report.content.rollup_tables import worst_park
from landcheck.report.options import Options
from landcheck.run.assemble import LAPSED

FIRST = 3  # causes, and documents to ask for, that are named before everything else


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text; ``verdict`` gives it its colour, a ``head`` stands over what follows, ``indent`` in columns."""

    text: str
    verdict: Verdict | None = None
    head: bool = False
    indent: int = 0


def opening(report: Report, lang: Lang) -> Iterator[TextLine | Table]:
    """The verdict, what stops everything, the worst park, what to do first, the summary: a screen at the most."""
    worst, _ = overview.state(report, "paper-state", lang)
    yield TextLine(overview.verdict_line(report, lang), worst)
    yield from (TextLine(text, Verdict.FAIL) for text in _stops(report, lang))
    yield from firsts(report, lang)
    yield report_tables.summary(report, lang)
    yield TextLine(overview.totals(report, lang))


def firsts(report: Report, lang: Lang) -> Iterator[TextLine]:
    """How much is assumed, what is broken most often, the worst park, what to ask for first."""
    if taken := report.assumptions:
        counts = {"count": len(taken), "rows": sum(one.rows for one in taken)}
        yield TextLine(say("report-assumed", lang, title=say("report-assumptions", lang), **counts))
    yield from _causes(report, lang)
    if park := worst_park(report, lang):
        yield TextLine(park)
    yield from _asks(report, lang)


def closing(report: Report, options: Options) -> Iterator[TextLine | Table]:
    """What stands behind the findings: tables that tell of subjects, then what only checks the report."""
    lang, whole = options.lang, options.detail == "whole"
    own = report_tables
    first = (own.disagreements, own.asks, own.waivers, own.ledger, own.transfers)
    yield from (table for table in (made(report, lang) for made in first) if table.rows)
    yield from _section("report-notices", overview.notices(report, lang), lang)
    hanging = own.hanging(report, lang, idle=whole)
    last = (hanging, own.assumptions(report, lang), own.inputs(report, lang, own.DIGITS if whole else 0))
    yield from (table for table in last if table.rows)
    if whole:
        yield from _section("report-notes", overview.notes(report, lang), lang)
    yield from _section("report-basis", (overview.title(lang), *overview.basis(report, lang)), lang)


def _section(code: str, texts: tuple[str, ...], lang: Lang) -> Iterator[TextLine]:
    if texts:
        yield TextLine(say(code, lang), head=True)
        yield from (TextLine(text, indent=2) for text in texts)


def _stops(report: Report, lang: Lang) -> Iterator[str]:
    """Why a layer, or whole rules, give no answer: the cause, not what follows from it in every row."""
    yield from (notice.say(lang) for notice in report.notices if notice.code in LAPSED)
    if report.not_judged:
        yield say("report-not-judged", lang, rules=[labels.rule(rule, lang) for rule in report.not_judged])
    for fault in report.data:
        if fault.level is Level.ERROR and fault.subject.type == "layer":
            yield fault.message.say(lang)
    whole = [(rule, counts[Verdict.UNDETERMINED]) for rule, counts in _counted(report)
             if 1 < counts[Verdict.UNDETERMINED] == sum(counts) - counts[Verdict.NOT_APPLICABLE]]  # fmt: skip
    if whole:
        names = [labels.rule(rule, lang) for rule, _ in whole]
        yield say("report-all-open", lang, rules=names, count=f"{sum(count for _, count in whole):,}")


def _counted(report: Report) -> Iterator[tuple[Rule, tuple[int, ...]]]:
    """Each rule with how often it gave each verdict."""
    every = report.summary.verdicts
    return ((rule, every[rule.id]) for rule in overview.rules(report) if rule.id in every)


def _causes(report: Report, lang: Lang) -> Iterator[TextLine]:
    """The rules most often broken, or where none is those that most often want a person."""
    for verdict in (Verdict.FAIL, Verdict.REVIEW):
        counted = ((counts[verdict], rule) for rule, counts in _counted(report) if counts[verdict])
        found = sorted(counted, key=lambda one: -one[0])
        if found:
            yield TextLine(say("report-most-frequent", lang, verdict=labels.verdict(verdict, lang)), head=True)
            for count, rule in found[:FIRST]:
                yield TextLine(say("report-of-rule", lang, count=f"{count:,}", rule=labels.rule(rule, lang)), indent=2)
            return


def _asks(report: Report, lang: Lang) -> Iterator[TextLine]:
    if report.asks:
        yield TextLine(say("report-asks", lang), head=True)
    for ask in report.asks[:FIRST]:
        field = labels.field_label(ask.subject, ask.field, lang)
        papers = labels.documents(ask.subject, (ask.field,), lang)
        document = say("report-ask-from", lang, field=field, documents=papers) if papers else field
        counts = {"verdicts": f"{ask.verdicts:,}", "alone": f"{ask.alone:,}"}
        cells = report_tables.cells_to_correct(ask, lang)
        yield TextLine(say("report-ask", lang, document=document, cells=cells, **counts), indent=2)
