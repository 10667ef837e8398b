"""Where texts in force disagree, and what may be read in more than one way: for people, in rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from landcheck.messages import Lang, say
from landcheck.model import Alternative, Conflict, Hanging, Report, Side
from landcheck.report import labels
from landcheck.report.amounts import about

LISTED = 200  # conflicts for people, of a run that may have a million; the JSON holds them all
NAMED = 5  # subjects of a row named for people; the JSON names them all
CONFLICT_HEADS = (
    "report-head-subject", "report-head-matter", "report-head-text", "report-head-rank", "report-head-since",
    "report-head-rule", "report-head-verdict", "xlsx-head-measured", "xlsx-head-margin",
)  # fmt: skip
INTERPRETATION_HEADS = (
    "report-head-interpretation", "report-head-taken", "report-head-otherwise", "report-head-rule",
    "report-head-verdict", "report-head-other-verdict", "report-head-hanging", "report-head-subject",
)  # fmt: skip
NAMES = {
    "reading": "interpretation-reading",
    "area_basis": "interpretation-area-basis",
    "share_denominator": "interpretation-share-denominator",
}
CHOICES = {
    "threshold": "interpretation-threshold",
    "literal": "interpretation-literal",
    "ellipsoidal": "interpretation-ellipsoidal",
    "planar": "interpretation-planar",
    "drawn_ellipsoidal": "interpretation-drawn-ellipsoidal",
    "drawn_planar": "interpretation-drawn-planar",
    "above_ground": "interpretation-above-ground",
    "far_gfa": "interpretation-far-gfa",
}


def conflict_title(report: Report, lang: Lang) -> str:
    """How many conflicts there are, and how many of them are listed."""
    count = len(report.conflicts)
    code = "report-conflicts-first" if count > LISTED else "report-conflicts"
    return say(code, lang, count=f"{count:,}", first=LISTED)


def conflict_rows(report: Report, lang: Lang) -> tuple[tuple[str, ...], ...]:
    """Subject, matter, text, rank, first day, rule, verdict, measured and margin: a row for each text."""
    return tuple(
        (say("report-subject", lang, kind=labels.subject(conflict.subject.type, lang), id=conflict.subject.id),
         conflict.label.say(lang), *_said(side, lang))
        for conflict in islice(report.conflicts, LISTED)
        for side in conflict.sides
    )  # fmt: skip


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


def interpretation_rows(report: Report, lang: Lang) -> tuple[tuple[str, ...], ...]:
    """A row for each rule and pair of verdicts that hang on another way to read; one that says so where none does."""
    return tuple(
        (say(NAMES[one.name], lang), say(CHOICES[one.taken], lang), say(CHOICES[other.choice], lang), *cells)
        for one in report.interpretations
        for other in one.alternatives
        for cells in _cells(other, lang)
    )


def _cells(other: Alternative, lang: Lang) -> Iterator[tuple[str, ...]]:
    if not other.hanging:
        yield "", "", "", "0", ""
    for one in other.hanging:
        verdicts = labels.verdict(one.verdict, lang), labels.verdict(one.other, lang)
        yield one.rule.id, *verdicts, f"{len(one.ids):,}", _named(one, lang)


def _named(one: Hanging, lang: Lang) -> str:
    named = (", " if lang == "en" else "、").join(one.ids[:NAMED])
    rest = len(one.ids) - NAMED
    return say("report-and-more", lang, named=named, count=f"{rest:,}") if rest > 0 else named
