"""Where texts in force disagree: their verdicts, ranks and days side by side, in rows and as JSON."""

from __future__ import annotations

from itertools import islice
from typing import Any

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


def conflict_object(conflict: Conflict, lang: Lang) -> dict[str, Any]:
    """One conflict; ``margin`` is negative where the limit is missed."""
    return {
        "subject": {"type": conflict.subject.type, "id": conflict.subject.id},
        "row": conflict.row,
        "matter": conflict.matter,
        "label": conflict.label.say(lang),
        "sides": [_side_object(side) for side in conflict.sides],
    }


def conflict_text(told: dict[str, Any]) -> str:
    """Such an object in one line: what each text says."""
    sides = "; ".join(f"{side['rule']} ({side['number']}): {side['verdict']}" for side in told["sides"])
    return f"{told['label']}: {sides}"


def _side_object(side: Side) -> dict[str, Any]:
    of = side.standing
    return {
        "rule": side.rule.id,
        "pack": of.pack,
        "number": of.number,
        "rank": of.rank.value if of.rank else None,
        "in_force_from": of.in_force_from.isoformat(),
        "verdict": side.verdict.word,
        "measured": side.measured,
        "limit": side.limit,
        "unit": side.unit,
        "margin": side.margin,
    }
