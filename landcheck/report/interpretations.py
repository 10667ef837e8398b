"""What may be read in more than one way, and the verdicts that hang on it, in rows."""

from __future__ import annotations

from collections.abc import Iterator

from landcheck.messages import Lang, say
from landcheck.model import Alternative, Hanging, Report
from landcheck.report import labels

NAMED = 5  # subjects of a row named for people; the JSON names them all
HEADS = ("interpretation", "taken", "otherwise", "rule", "verdict", "other-verdict", "count", "named")
CODES = {
    "interpretation": "report-head-interpretation",
    "taken": "report-head-taken",
    "otherwise": "report-head-otherwise",
    "rule": "report-head-rule",
    "verdict": "report-head-verdict",
    "other-verdict": "report-head-other-verdict",
    "count": "report-head-hanging",
    "named": "report-head-subject",
}
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


def heads(lang: Lang) -> tuple[str, ...]:
    """The heads of the rows."""
    return tuple(say(CODES[name], lang) for name in HEADS)


def rows(report: Report, lang: Lang) -> tuple[tuple[str, ...], ...]:
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
