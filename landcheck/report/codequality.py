"""GitLab's code quality report: a list of issues, each at the data set it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landcheck.messages import Lang
from landcheck.model import DataFinding, Finding, Level, Report, Subject, Verdict
from landcheck.report import anchors, content
from landcheck.report.anchors import Marks
from landcheck.report.options import Options, shown
from landcheck.report.result.line import line
from landcheck.report.text import visible
from landcheck.report.words import message, remedy

SEVERITIES = {
    Verdict.FAIL: "critical",
    Verdict.UNDETERMINED: "major",
    Verdict.REVIEW: "minor",
    Level.ERROR: "critical",
    Level.WARNING: "minor",
}


def pieces(report: Report, options: Options) -> Iterator[str]:
    """An issue a line, whatever is shown: what passes is none. Notices and basis are issues of severity info."""
    before = "[\n"
    for issue in _issues(report, options.lang):
        yield before + line(issue)
        before = ",\n"
    yield "\n]\n"


def _issues(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    marks = Marks(report)
    for finding in shown(report, "findings"):
        told = "; ".join(filter(None, (message(finding, lang), remedy(finding, lang))))
        yield _issue(report, finding, told, (finding.rule.id, _severity(finding), marks.finding(finding)), lang)
    for fault in report.data:
        name = (fault.rule, SEVERITIES[fault.level], marks.data(fault))
        yield _issue(report, fault, fault.message.say(lang), name, lang)
    for notice in report.notices:
        yield _note(report, f"landcheck/{notice.code}", notice.say(lang), marks)
    assumed = content.assumptions(report, lang)
    lines = [*content.basis(report, lang), content.totals(report, lang)]
    lines += [f"{assumed.title}: " + "; ".join(row) for row in assumed.rows]
    yield _note(report, "landcheck/basis", " | ".join(lines), marks)


def _severity(finding: Finding) -> str:
    return "info" if finding.excused else SEVERITIES[finding.verdict]


def _issue(
    report: Report, one: Finding | DataFinding, told: str, name: tuple[str, str, str], lang: Lang
) -> dict[str, Any]:
    check_name, severity, mark = name
    who = content.subject(one.subject, one.row, lang)
    return {
        "description": visible(f"{who}: {told}"),
        "check_name": check_name,
        "fingerprint": mark,
        "severity": severity,
        "location": _location(report, one.subject),
    }


def _note(report: Report, check_name: str, told: str, marks: Marks) -> dict[str, Any]:
    return {
        "description": visible(told),
        "check_name": check_name,
        "fingerprint": marks.notice(check_name),
        "severity": "info",
        "location": _location(report, Subject("parcel", "")),
    }


def _location(report: Report, subject: Subject) -> dict[str, Any]:
    path = anchors.path(report.inputs[anchors.source(report, subject)]) if report.inputs else "."
    return {"path": visible(path), "lines": {"begin": 1}}
