"""The exit status of a check (CONTRACT section 7)."""

from __future__ import annotations

from collections.abc import Collection

from landcheck.model import Level, Report, Verdict
from landcheck.run.notices import LAPSED

CLEAN, BROKEN, OPEN = 0, 1, 3


def status(report: Report, fail_on: Collection[str]) -> int:
    """0 nothing wrong, 1 a failure or a data error, 3 something open that ``fail_on`` counts."""
    if _count(report, Verdict.FAIL) or any(finding.level is Level.ERROR for finding in report.data):
        return BROKEN
    stops = set(fail_on) - {"lapsed"} or {"undetermined"}
    if stops != {"fail"} and _count(report, Verdict.UNDETERMINED):
        return OPEN
    if "review" in stops and _count(report, Verdict.REVIEW):
        return OPEN
    lapsed = any(notice.code in LAPSED for notice in report.notices)
    return OPEN if "lapsed" in fail_on and lapsed else CLEAN


def _count(report: Report, verdict: Verdict) -> int:
    """How often that verdict was given and nothing excuses it."""
    given = sum(counts[verdict] for counts in report.summary.verdicts.values())
    return given - report.excused.get(verdict, 0)
