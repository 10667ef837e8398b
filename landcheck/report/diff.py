"""What changed between two results, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from landcheck.messages import Lang, say
from landcheck.model import Difference, Finding
from landcheck.report import content
from landcheck.report.json import finding_object, line
from landcheck.report.options import Options
from landcheck.report.text import console


def text(changes: Difference, options: Options) -> Iterator[str]:
    """Plain text: a heading with its count for each kind of change, then a line a finding."""
    lang = options.lang
    for code, findings in (("report-diff-new", changes.new), ("report-diff-fixed", changes.fixed)):
        yield from _section(code, [(finding, "") for finding in findings], lang)
    for code, pairs in (
        ("report-diff-changed", changes.changed),
        ("report-diff-worse", changes.worse),
        ("report-diff-better", changes.better),
    ):
        yield from _section(code, [(new, content.told(old, lang).verdict) for old, new in pairs], lang)


def json(changes: Difference, options: Options) -> Iterator[str]:
    """One JSON object; pairs as ``{"old": ..., "new": ...}``."""
    lang = options.lang
    whole: dict[str, Any] = {
        name: [finding_object(finding, lang) for finding in findings]
        for name, findings in (("new", changes.new), ("fixed", changes.fixed))
    }
    for name, pairs in (("changed", changes.changed), ("worse", changes.worse), ("better", changes.better)):
        whole[name] = [{"old": finding_object(old, lang), "new": finding_object(new, lang)} for old, new in pairs]
    yield line(whole) + "\n"


def _section(code: str, findings: Sequence[tuple[Finding, str]], lang: Lang) -> Iterator[str]:
    yield say(code, lang, count=len(findings)) + "\n"
    for finding, was in findings:
        told = content.told(finding, lang)
        verdict = f"{was} -> {told.verdict}" if was and was != told.verdict else told.verdict
        yield console(f"  {verdict}  {told.rule}  {told.subject}: {told.message}") + "\n"
