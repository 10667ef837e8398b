"""GitLab's code quality report: a list of issues, each at the data set it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import DataFinding, Finding, Level, Report, Subject, Verdict
from landcheck.report.ci.anchors import Marks, grounds, path_of, weight
from landcheck.report.content import labels
from landcheck.report.content.filled import counts, gravest, remarks
from landcheck.report.content.sentences import Remark, remark
from landcheck.report.options import Options
from landcheck.report.result.line import line

LISTED = 50_000
"""Verdicts at most, the gravest first: GitLab takes 100 MB of a report."""
LAYER = Subject("parcel", "")
SEVERITIES: dict[Verdict | Level | None, str] = {
    Verdict.FAIL: "critical",
    Verdict.UNDETERMINED: "major",
    Verdict.REVIEW: "minor",
    Level.ERROR: "critical",
    Level.WARNING: "minor",
    None: "info",
}


def pieces(report: Report, options: Options) -> Iterator[str]:
    """An issue a line, whatever is shown: what passes is none. Notices and basis are issues of severity info."""
    before = "[\n"
    for issue in _issues(report, options.lang):
        yield before + line(issue)
        before = ",\n"
    yield "\n]\n"


def _issues(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    marks, room = Marks(report), gravest(report, "findings", LISTED)
    every: Iterator[tuple[Finding | DataFinding, Remark]] = chain(
        remarks(report, "findings", lang, room), ((fault, remark(fault, lang)) for fault in report.data)
    )
    for one, words in every:
        text = "; ".join(filter(None, (words.message, words.remedy)))
        yield _issue(
            report, f"{words.subject}: {text}", words.rule, marks.of(one), SEVERITIES[weight(one)], one.subject
        )
    if left := counts(report, "findings") - Counter(room):
        name, text = "landcheck/ci-rest", say("ci-rest", lang, counts=labels.counted(left, lang), limit=LISTED)
        severity = SEVERITIES[min(left, key=labels.GRAVEST_FIRST.index)]
        yield _issue(report, text, name, marks.notice(name), severity, LAYER)
    notes = [(f"landcheck/{notice.code}", notice.say(lang)) for notice in report.notices]
    for name, text in (*notes, ("landcheck/basis", " | ".join(grounds(report, lang)))):
        yield _issue(report, text, name, marks.notice(name), "info", LAYER)


def _issue(report: Report, text: str, name: str, mark: str, severity: str, subject: Subject) -> dict[str, Any]:
    return {
        "description": visible(text),
        "check_name": name,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": visible(path_of(report, subject) or "."), "lines": {"begin": 1}},
    }
