"""A parcel as it is and as it would be: each rule whose verdict or margin changes, and those that stay open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from landcheck.messages import say
from landcheck.model import Finding, Report, Verdict
from landcheck.report import content, labels
from landcheck.report.options import Options
from landcheck.report.result.encode import finding_record, run_line
from landcheck.report.text import console

Pair = tuple[Finding, Finding]


def text(report: Report, pairs: Sequence[Pair], changes: Mapping[str, str], options: Options) -> Iterator[str]:
    """Plain text: what was changed, then a line a rule, with the reason where the parcel would not comply."""
    lang = options.lang
    yield console(content.title(lang)) + "\n"
    yield from (console(one) + "\n" for one in content.basis(report, lang))
    subject = content.told(pairs[0][1], lang).subject if pairs else ""
    listed = tuple(f"{name} = {value or '-'}" for name, value in changes.items())
    yield "\n" + console(say("report-whatif-changes", lang, subject=subject, changes=listed)) + "\n"
    for before, after in pairs:
        if Verdict.NOT_APPLICABLE is before.verdict is after.verdict:
            continue
        yield from _lines(before, after, options)
    yield console(say("report-whatif-untouched", lang)) + "\n"


def json(report: Report, pairs: Sequence[Pair], changes: Mapping[str, str], options: Options) -> Iterator[str]:
    """One JSON object: the report's own head, the changes, and every rule before and after."""
    rules = [
        {"rule": after.rule.id, "before": before.verdict.word, "after": finding_record(after, options.lang)}
        for before, after in pairs
    ]
    yield run_line(report, options, changes=dict(changes), whatif=rules) + "\n"


def _lines(before: Finding, after: Finding, options: Options) -> Iterator[str]:
    lang = options.lang
    told = content.told(after, lang)
    was, now = labels.verdict(before.verdict, lang), told.verdict
    verdict = now if was == now else f"{was} -> {now}"
    yield console(f"  {verdict}  {told.rule}  {told.clause}") + "\n"
    yield console(f"    {told.message}") + "\n"
    if told.remedy:
        yield console("    " + say("report-remedy", lang, remedy=told.remedy)) + "\n"
