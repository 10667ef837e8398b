"""Waivers and the baseline in words, in rows, and as JSON; what they excuse keeps its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landcheck.messages import Lang, say
from landcheck.model import Baseline, Finding, FindingKey, Grant, Report, Waived
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


def of_finding(finding: Finding) -> dict[str, Any]:
    """The keys of a finding in JSON; none for one that nothing excuses."""
    marks: dict[str, Any] = {}
    if finding.waived is not None:
        marks["waived"] = waived_object(finding.waived)
    if finding.known:
        marks["known"] = True
    return marks


def of_summary(report: Report) -> dict[str, Any]:
    """How much is excused, by rule; nothing where the run was given neither waivers nor a baseline."""
    parts: dict[str, Any] = {}
    if report.waivers is not None:
        parts["waived"] = _counts(report.waived)
    if report.baseline is not None:
        parts["known"] = _counts(report.baseline.known)
    return parts


def of_head(report: Report) -> dict[str, Any]:
    """The register of waivers and the comparison with the baseline, where the run was given them."""
    parts: dict[str, Any] = {}
    if report.waivers is not None:
        parts["waivers"] = [_grant(grant) for grant in report.waivers]
    if report.baseline is not None:
        parts["baseline"] = _baseline(report.baseline)
    return parts


def waived_object(waived: Waived) -> dict[str, Any]:
    """The document that covers a finding."""
    return {
        "number": waived.number,
        "approver": waived.approver,
        "expires": waived.expires.isoformat(),
        "reason": waived.reason,
    }


def _words(waived: Waived) -> dict[str, Any]:
    return {"number": waived.number, "approver": waived.approver, "expires": waived.expires, "reason": waived.reason}


def _sum(covered: Any) -> dict[str, str]:
    counts = list(covered)
    return {"fail": f"{sum(one.fail for one in counts):,}", "review": f"{sum(one.review for one in counts):,}"}


def _counts(covered: Any) -> dict[str, dict[str, int]]:
    return {rule: one._asdict() for rule, one in covered.items()}


def _scope(grant: Grant, lang: Lang) -> str:
    if grant.scope == "area":
        return say("waiver-area", lang) if grant.subject is None else say("waiver-in-area", lang, id=grant.subject)
    return say("report-subject", lang, kind=labels.subject(grant.scope, lang), id=grant.subject)


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        **waived_object(grant.waived),
        "granted": grant.granted.isoformat() if grant.granted else None,
        "rule": grant.rule,
        "scope": {"type": grant.scope, "id": grant.subject},
        "covers": grant.covers._asdict(),
    }


def _baseline(baseline: Baseline) -> dict[str, Any]:
    return {
        "stale": [_key(key) for key in baseline.stale],
        "undetermined": [_key(key) for key in baseline.undetermined],
        "worse": [_key(key) for key in baseline.worse],
    }


def _key(key: FindingKey) -> dict[str, Any]:
    return {"rule": key.rule, "subject": {"type": key.type, "id": key.id}}
