"""Where texts in force disagree: their verdicts, ranks and days side by side, in rows."""

from __future__ import annotations

from itertools import islice

from landcheck.messages import Lang, say
from landcheck.model import Conflict, Report, Side
from landcheck.report import labels
from landcheck.report.amounts import about

LISTED = 200  # for people, of a run that may have a million; the JSON holds them all
OWN = ("report-head-matter", "report-head-text", "report-head-rank", "report-head-since")
NUMBERS = ("xlsx-head-measured", "xlsx-head-margin")


def title(report: Report, lang: Lang) -> str:
    """How many there are, and how many of them are listed."""
    count = len(report.conflicts)
    code = "report-conflicts-first" if count > LISTED else "report-conflicts"
    return say(code, lang, count=f"{count:,}", first=LISTED)


def rows(report: Report, lang: Lang) -> tuple[tuple[str, ...], ...]:
    """Subject, matter, text, rank, first day, rule, verdict, measured and margin: a row for each text."""
    return tuple(
        (*_about(conflict, lang), *_said(side, lang))
        for conflict in islice(report.conflicts, LISTED)
        for side in conflict.sides
    )


def _about(conflict: Conflict, lang: Lang) -> tuple[str, ...]:
    who = conflict.subject
    return say("report-subject", lang, kind=labels.subject(who.type, lang), id=who.id), conflict.label.say(lang)


def _said(side: Side, lang: Lang) -> tuple[str, ...]:
    of = side.standing
    return (
        of.number, labels.rank(of.rank, lang), str(of.in_force_from), side.rule.id, labels.verdict(side.verdict, lang),
        *("" if number is None else labels.with_unit(_signed(number), side.unit, lang)
          for number in (side.measured, side.margin)),
    )  # fmt: skip


def _signed(number: float) -> str:
    return ("-" if number < 0 else "") + about(abs(number))


def conflict_text(conflict: Conflict, lang: Lang) -> str:
    """A conflict in one line: what each text says."""
    sides = "; ".join(f"{side.rule.id} ({side.standing.number}): {side.verdict.word}" for side in conflict.sides)
    return f"{conflict.label.say(lang)}: {sides}"
