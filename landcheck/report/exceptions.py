"""Waivers and the baseline in words and in rows; what they excuse keeps its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landcheck.messages import Lang, say
from landcheck.model import Finding, Grant, Report, Waived
from landcheck.report import labels

HEADS = {
    "number": "waiver-head-number",
    "approver": "waiver-head-approver",
    "scope": "waiver-head-scope",
    "expires": "waiver-head-expires",
    "reason": "waiver-head-reason",
    "covers": "waiver-head-covers",
}


def sentence(finding: Finding, lang: Lang) -> str:
    """What excuses the finding, to stand behind its reason; empty where nothing does."""
    if finding.waived is not None:
        return say("waived-by", lang, **_words(finding.waived))
    return say("known-before", lang) if finding.known else ""


def verdict(finding: Finding, lang: Lang) -> str:
    """The verdict as a word, marked where the finding is excused."""
    word = labels.verdict(finding.verdict, lang)
    if not finding.excused:
        return word
    return say("waived-verdict" if finding.waived is not None else "known-verdict", lang, verdict=word)


def justification(waived: Waived, lang: Lang) -> str:
    """The document behind a waiver, as a sentence."""
    return say("waived-because", lang, **_words(waived))


def totals(report: Report, lang: Lang) -> Iterator[str]:
    """How many findings are excused, and by what."""
    if report.waivers is not None:
        yield say("waived-total", lang, entries=len(report.waivers), **_sum(report.waived.values()))
    if report.baseline is not None:
        known = report.baseline.known.values()
        yield say("known-total", lang, stale=len(report.baseline.stale), **_sum(known))


def rows(report: Report, lang: Lang) -> tuple[tuple[str, ...], ...]:
    """The register of waivers, a row an entry, in the order of ``HEADS`` with the rule after the approver."""
    return tuple(
        (grant.waived.number, grant.waived.approver, grant.rule, _scope(grant, lang), str(grant.waived.expires),
         grant.waived.reason, f"{sum(grant.covers):,}")
        for grant in report.waivers or ()
    )  # fmt: skip


def _words(waived: Waived) -> dict[str, Any]:
    return {"number": waived.number, "approver": waived.approver, "expires": waived.expires, "reason": waived.reason}


def _sum(covered: Any) -> dict[str, str]:
    counts = list(covered)
    return {"fail": f"{sum(one.fail for one in counts):,}", "review": f"{sum(one.review for one in counts):,}"}


def _scope(grant: Grant, lang: Lang) -> str:
    if grant.scope == "area":
        return say("waiver-area", lang) if grant.subject is None else say("waiver-in-area", lang, id=grant.subject)
    return say("report-subject", lang, kind=labels.subject(grant.scope, lang), id=grant.subject)
