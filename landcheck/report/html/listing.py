"""The findings as columns of small numbers over one pool of texts: what a page of 50,000 findings is made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from landcheck.model import Finding, Report, Verdict
from landcheck.report import labels
from landcheck.report.html.sums import areas_words, lines
from landcheck.report.options import Options, shown
from landcheck.report.text import visible
from landcheck.report.words import deciding_outcome, message, remedy

# Findings in the page at most, the gravest first: with more it takes longer to open than people wait.
LISTED = 100_000
GRAVEST_FIRST = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW, Verdict.PASS, Verdict.NOT_APPLICABLE)


COLUMNS = ("rule", "verdict", "subject", "message", "remedy", "sum", "missing", "margin", "place", "areas")


@dataclass(slots=True)
class Pool:
    """Each text once; the page names it by its place."""

    texts: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def put(self, text: str) -> int:
        """The place of the text, which nothing invisible is left in."""
        place = self.places.get(text)
        if place is None:
            place = self.places[text] = len(self.texts)
            self.texts.append(visible(text))
        return place


@dataclass(slots=True)
class Subjects:
    """Whoever is drawn or spoken of, each once: kind (a place in the pool), id, and row from 1 (0 unknown)."""

    kinds: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    places: dict[tuple[int, str, int], int] = field(default_factory=dict)

    def put(self, kind: int, ident: str, row: int | None) -> int:
        """The place of the subject."""
        key = (kind, ident, row or 0)
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = len(self.ids)
            self.kinds.append(kind)
            self.ids.append(visible(ident))
            self.rows.append(row or 0)
        return place


@dataclass(slots=True)
class Listing:
    """The findings, column by column, the same place in each; ``spoken_of``: subjects by verdict."""

    pool: Pool = field(default_factory=Pool)
    subjects: Subjects = field(default_factory=Subjects)
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    spoken_of: dict[Verdict, set[int]] = field(default_factory=lambda: {verdict: set() for verdict in Verdict})
    left_out: int = 0

    def add(self, finding: Finding, rule: int, options: Options) -> None:
        """Put a finding down."""
        lang = options.lang
        kind = self.pool.put(labels.subject(finding.subject.type, lang))
        subject = self.subjects.put(kind, finding.subject.id, finding.row)
        decided = deciding_outcome(finding)
        row = (
            rule, int(finding.verdict), subject, self.pool.put(message(finding, lang)),
            self.pool.put(remedy(finding, lang) or ""), self._sum(finding, options),
            [self.pool.put(labels.missing_field(finding.rule.per, name, lang)) for name in finding.missing],
            _sortable(None if decided is None else decided.margin),
            None if finding.location is None else [round(degrees, 6) for degrees in finding.location],
            self.pool.put(areas_words(finding, lang)),
        )  # fmt: skip
        for name, value in zip(COLUMNS, row, strict=True):
            self.columns[name].append(value)
        self.spoken_of[finding.verdict].add(subject)

    def _sum(self, finding: Finding, options: Options) -> list[list[int]]:
        put = self.pool.put
        return [
            [
                -1 if one.verdict is None else int(one.verdict),
                *map(put, (one.label, one.measured, one.limit, one.margin)),
            ]
            for outcome in finding.requirements
            for one in lines(finding.rule, outcome, options.lang)
        ]


def listing(report: Report, options: Options, subjects: Subjects, pool: Pool) -> Listing:
    """All findings wanted, as far as a page holds them; drawn subjects come with their places already given."""
    made = Listing(pool, subjects)
    numbers = {rule.id: place for place, rule in enumerate(rule for pack in report.packs for rule in pack.rules)}
    for finding in _held(report, options, made):
        made.add(finding, numbers[finding.rule.id], options)
    return made


def _sortable(margin: float | None) -> float | None:
    """Enough of it to sort by; JSON has no number for what is not finite."""
    return None if margin is None or not math.isfinite(margin) else float(f"{margin:.6g}")


def _held(report: Report, options: Options, made: Listing) -> Iterator[Finding]:
    """As many of each verdict as there is room for after the graver ones."""
    room, free = _room(report), Counter[Verdict]()
    for finding in shown(report, options.show):
        if free[finding.verdict] < room[finding.verdict]:
            free[finding.verdict] += 1
            yield finding
        else:
            made.left_out += 1


def _room(report: Report) -> dict[Verdict, int]:
    room, left = {}, LISTED
    for verdict in GRAVEST_FIRST:
        count = sum(counts[verdict] for counts in report.summary.verdicts.values())
        room[verdict] = min(count, left)
        left -= room[verdict]
    return room
