"""How a report is wanted: language, which verdicts, and the shape of the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from landcheck.messages import Lang
from landcheck.model import Finding, Report, Verdict

Show = Literal["findings", "all"]
Detail = Literal["summary", "usual", "whole"]

NOTEWORTHY = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW)


@dataclass(frozen=True, slots=True)
class Options:
    """``width`` (columns) and ``colour`` are for the terminal table alone, ``keep_geometry`` and ``headroom`` (of every
    parcel, where the report has it) for JSON alone; ``by``: the roll-ups that a printed report shows.

    ``detail`` is for what stands in lines: a screen, all but how the inputs were read, or that too.
    """

    lang: Lang
    show: Show = "findings"
    width: int = 100
    colour: bool = False
    keep_geometry: bool = False
    headroom: bool = True
    by: Sequence[str] = ()
    detail: Detail = "usual"


def wanted(show: Show) -> tuple[Verdict, ...]:
    """The verdicts that are told."""
    return tuple(Verdict) if show == "all" else NOTEWORTHY


def shown(report: Report, show: Show) -> Iterator[Finding]:
    """The findings wanted, one at a time, in the order given."""
    if show == "all":
        return iter(report.findings)
    return (finding for finding in report.findings if finding.verdict in NOTEWORTHY)


def shown_count(report: Report, show: Show) -> int:
    """How many findings ``shown`` gives, from the totals: counting a lazy sequence would build every one."""
    return sum(counts[verdict] for counts in report.summary.verdicts.values() for verdict in wanted(show))
