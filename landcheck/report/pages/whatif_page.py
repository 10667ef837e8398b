"""A parcel as it is and as it would be: each rule whose verdict or margin changes, and those that stay open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from landcheck.messages import Lang, say
from landcheck.model import Pair, Report, Verdict
from landcheck.report.content import labels, overview
from landcheck.report.content.sentences import remark, todo
from landcheck.report.options import Options
from landcheck.report.plain import lines
from landcheck.report.result.encode import finding_record, run_line
from landcheck.report.result.page_types import WhatIfRuleRecord


def text(report: Report, pairs: Sequence[Pair], changes: Mapping[str, str], options: Options) -> Iterator[str]:
    """Plain text: what was changed, then a line a rule, with the reason where the parcel would not comply."""
    lang = options.lang
    yield from lines(overview.title(lang), *overview.basis(report, lang))
    subject = remark(pairs[0][1], lang).subject if pairs else ""
    listed = [_supposed(name, value, lang) for name, value in changes.items()]
    yield "\n"
    yield from lines(say("report-whatif-changes", lang, subject=subject, changes=listed))
    for note in (notice for notice in report.notices if notice.code.startswith("whatif-")):
        yield from lines(note.say(lang))
    for before, after in pairs:
        if Verdict.NOT_APPLICABLE is before.verdict is after.verdict:
            continue
        words = remark(after, lang)
        verdict = labels.change(labels.verdict(before.verdict, lang), words.verdict, lang)
        yield from lines(f"  {verdict}  {after.rule.named.say(lang)}  {words.clause}", f"    {words.message}")
        if words.remedy:
            yield from lines("    " + todo(after.verdict, words.remedy, lang))
    yield from lines(say("report-whatif-untouched", lang))


def _supposed(name: str, value: str, lang: Lang) -> str:
    """A field with the value that is supposed of it, as the user wrote it or by the label of the word."""
    label = labels.field_label("parcel", name, lang) if lang == "zh" else name
    held = labels.field_value("parcel", name, value, lang) if value and lang == "zh" else value
    return f"{label} = {held or say('report-origin-none', lang)}"


def json(report: Report, pairs: Sequence[Pair], changes: Mapping[str, str], options: Options) -> Iterator[str]:
    """One JSON object: the report's own head, the changes, and every rule before and after."""
    rules = [
        WhatIfRuleRecord(after.rule.id, before.verdict.word, finding_record(after, options.lang))
        for before, after in pairs
    ]
    yield run_line(report, options, changes=dict(changes), whatif=rules) + "\n"
