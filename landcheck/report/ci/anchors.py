"""Where a finding stands for a machine: the file it points at, and the mark by which it is known again next time."""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote

from landcheck.messages import Lang
from landcheck.model import DataFinding, Finding, InputInfo, Level, Report, Subject, Verdict
from landcheck.report.content import overview, report_tables

# The layer that subjects of a kind stand in.
ROLES = {"green": "green", **{kind: f"{kind}s" for kind in ("parcel", "park", "zone", "building", "waiver")}}


def path(info: InputInfo) -> str:
    """The file as a forge names it: forward slashes, nothing superfluous."""
    return posixpath.normpath(info.path.replace("\\", "/"))


def uri(info: InputInfo) -> str:
    """The file as a relative reference: UTF-8, everything but the plain characters percent-encoded."""
    return quote(path(info), safe="/", errors="backslashreplace")


def source(report: Report, subject: Subject) -> int:
    """The place in ``report.inputs`` of the file the subject stands in; of the first file where that is not known."""
    wanted = subject.id if subject.type == "layer" else ROLES.get(subject.type, "")
    found = (i for i, info in enumerate(report.inputs) if wanted in {info.role, info.path})
    return next(found, 0)


def path_of(report: Report, subject: Subject) -> str:
    """The file the subject stands in, or the first; empty where there is none at all."""
    return path(report.inputs[source(report, subject)]) if report.inputs else ""


def grounds(report: Report, lang: Lang) -> tuple[str, ...]:
    """What the verdicts rest on, a line each: the basis, the totals, the assumptions."""
    assumed = report_tables.assumptions(report, lang).entries(lang)
    return (*overview.basis(report, lang), overview.totals(report, lang), *assumed)


def weight(one: Finding | DataFinding) -> Verdict | Level | None:
    """The verdict or the level; None of a finding that is excused."""
    if isinstance(one, DataFinding):
        return one.level
    return None if one.excused else one.verdict


@dataclass(slots=True)
class Marks:
    """Marks that are the same in every run over the same plan, and never given twice within one."""

    report: Report
    given: Counter[str] = field(default_factory=Counter)

    def of(self, one: Finding | DataFinding) -> str:
        """By rule and subject: the numbers behind a verdict may change, the trouble stays the same.

        Of a data finding by the code of its message too: a saved result keeps no more of what is said.
        """
        if isinstance(one, Finding):
            return self._mark(one.rule.id, one.subject)
        return self._mark(one.rule, one.subject, one.message.code)

    def notice(self, code: str) -> str:
        """By its code."""
        return self._mark(code, Subject("run", ""))

    def _mark(self, rule: str, subject: Subject, *more: str) -> str:
        parts = "\0".join((rule, path_of(self.report, subject), subject.type, subject.id, *more))
        digest = hashlib.sha256(parts.encode("utf-8", "backslashreplace")).hexdigest()[:32]
        self.given[digest] += 1
        return f"{digest}:{self.given[digest]}"
