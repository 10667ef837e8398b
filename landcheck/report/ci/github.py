"""Annotations for GitHub Actions: worst first, ten of each level, which is what GitHub shows of one step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from landcheck.messages import Lang, say
from landcheck.messages.visible import uncommanding, visible
from landcheck.model import DataFinding, Finding, Level, Report, Verdict
from landcheck.report.ci.anchors import ROLES, weight
from landcheck.report.content import overview, report_tables
from landcheck.report.content.filled import blocks, counts
from landcheck.report.content.sentences import remark
from landcheck.report.options import Options

LIMIT = 10
LEVELS: dict[Verdict | Level | None, str] = {
    Verdict.FAIL: "error",
    Verdict.UNDETERMINED: "warning",
    Verdict.REVIEW: "notice",
    Level.ERROR: "error",
    Level.WARNING: "warning",
    None: "notice",
}


def pieces(report: Report, options: Options) -> Iterator[str]:
    """Annotations, then lines of the log: what was left out, the totals, the basis and the notices."""
    kept: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    rest = dict.fromkeys(kept, 0)
    there = counts(report, "findings")
    room = there if report.baseline is not None else {verdict: min(there[verdict], LIMIT) for verdict in there}
    every: Iterator[Finding | DataFinding] = chain(chain.from_iterable(blocks(report, "findings", room)), report.data)
    for verdict, number in there.items():
        rest[LEVELS[verdict]] += number - room[verdict]
    for one in every:
        if isinstance(one, Finding) and one.known:  # counted in the totals
            continue
        level = LEVELS[weight(one)]
        if len(kept[level]) < LIMIT:
            kept[level].append(_annotation(one, level, report, options.lang))
        else:
            rest[level] += 1
    yield from chain.from_iterable(kept.values())
    for line in _log(report, rest, options.lang):
        yield "landcheck: " + uncommanding(visible(line)) + "\n"


def _log(report: Report, rest: dict[str, int], lang: Lang) -> Iterator[str]:
    yield from overview.basis(report, lang)
    yield from overview.notice_lines(report, lang)
    for table in (report_tables.summary(report, lang), *report_tables.closing(report, lang)):
        yield table.title
        yield from table.lines(lang)
    yield overview.totals(report, lang)
    if any(rest.values()):
        errors, warnings, notices = rest.values()
        yield say("report-annotations-rest", lang, errors=errors, warnings=warnings, notices=notices, limit=LIMIT)


def _annotation(one: Finding | DataFinding, level: str, report: Report, lang: Lang) -> str:
    words = remark(one, lang)
    title = f"{words.rule} {words.subject}" + (f" ({words.verdict})" if isinstance(one, Finding) else "")
    text = f"{words.subject}: {words.message}" + (f"\n{words.remedy}" if words.remedy else "")
    # The file the subject stands in; none where it is not known, rather than a wrong one.
    role = ROLES.get(one.subject.type)
    file = next((info.path for info in report.inputs if info.role == role), "")
    where = f"file={_property(file)},line=1," if file else ""
    # As the runner reads it back: its own escapes for percent and the ends of lines, the rest visible.
    escaped = "%0A".join(map(visible, text.replace("%", "%25").split("\n")))
    return f"::{level} {where}title={_property(title)}::{escaped}\n"


def _property(text: str) -> str:
    return visible(text.replace("%", "%25")).replace(":", "%3A").replace(",", "%2C")
