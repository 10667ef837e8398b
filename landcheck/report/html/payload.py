"""All that grows with the data, packed small: the findings as columns over one pool of texts, and the map as bytes."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landcheck.messages import Lang, say, template
from landcheck.model import DataFinding, Finding, Report, Verdict
from landcheck.report import content, labels
from landcheck.report.html.assets import SCRIPT_TEXTS
from landcheck.report.html.sums import areas_words, lines
from landcheck.report.options import Options, shown
from landcheck.report.text import visible
from landcheck.report.words import deciding_outcome, message, remedy

if TYPE_CHECKING:
    from landcheck.report.html.outlines import Map


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


# The verdicts in the order of chips and counts, the gravest first.
ORDER = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW, Verdict.PASS, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Packed:
    """``data`` and ``octets`` are deflated and in base64; ``octets`` is None without a map."""

    data: str
    octets: str | None
    listing: Listing
    only_findings: bool = False
    unshaped: int = 0
    untold: tuple[str, ...] = ()
    plane: str = ""


def packed(report: Report, options: Options) -> Packed:
    """Pack a report."""
    from landcheck.report.html.outlines import drawn  # numpy and pyproj

    made, pool, subjects = drawn(report, options.lang), Pool(), Subjects()
    kinds = [] if made is None else _kinds(report, made, pool, subjects, options.lang)
    found = listing(report, options, subjects, pool)
    lang = options.lang
    data = {
        "lang": lang,
        "texts": {name: template(code, lang) for name, code in SCRIPT_TEXTS.items()},
        "verdicts": [verdict_word(verdict, lang) for verdict in Verdict],
        "order": [int(verdict) for verdict in ORDER],
        "rules": [{"id": visible(rule.id), "title": visible(rule.title.say(lang))} for rule in content.rules(report)],
        "kinds": kinds,
        "subjects": {"kind": subjects.kinds, "id": subjects.ids, "row": subjects.rows},
        "findings": found.columns,
        "pool": pool.texts,
        "data": _faults(report, made, found, lang),
        "tables": {
            "ledger": _table(content.ledger(report, lang)),
            "transfers": _table(content.transfers(report, lang)),
        },
    }
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if made is None:
        return Packed(_squeezed(text.encode("utf-8")), None, found)
    return Packed(
        _squeezed(text.encode("utf-8")), _squeezed(made.packed()), found, made.only_findings,
        sum(kind.unshaped for kind in made.kinds.values()),
        tuple(labels.layer(f"{name}s", lang) for name in made.untold), made.label,
    )  # fmt: skip


def verdict_word(verdict: Verdict, lang: Lang) -> str:
    """The verdict as a word that stands by itself."""
    word = labels.verdict(verdict, lang)
    return word[:1].upper() + word[1:]


def _kinds(report: Report, made: Map, pool: Pool, subjects: Subjects, lang: Lang) -> list[dict[str, Any]]:
    """Each kind of drawn subjects: the drawn ones are the first of all subjects, kind after kind."""
    kinds = []
    for name, kind in made.kinds.items():
        word = pool.put(labels.subject(name, lang))
        kinds.append({"first": len(subjects.ids), "count": len(kind.ids), "rules": _numbers(report, kind.rules)})
        for ident, row in zip(kind.ids, kind.rows, strict=True):
            subjects.put(word, ident, row)
    return kinds


def _numbers(report: Report, ids: tuple[str, ...]) -> list[int]:
    places = {rule.id: place for place, rule in enumerate(content.rules(report))}
    return [places[ident] for ident in ids]


def _faults(report: Report, made: Map | None, found: Listing, lang: Lang) -> dict[str, list[Any]]:
    """The data findings, column by column, as many as are listed; ``who``: the place of the subject, if it has one."""
    listed = report.data[:LISTED]
    places = [fault.location for fault in listed]
    return {
        "level": [fault.level.value for fault in listed],
        "word": [say(labels.LEVELS[fault.level], lang) for fault in listed],
        "rule": [visible(fault.rule) for fault in listed],
        "subject": [visible(content.subject(fault.subject, fault.row, lang)) for fault in listed],
        "who": [_who(fault, found, lang) for fault in listed],
        "message": [visible(fault.message.say(lang)) for fault in listed],
        "place": [None if place is None else [round(place[0], 6), round(place[1], 6)] for place in places],
        "spot": [None] * len(listed) if made is None else made.spots(places),
    }


def _who(fault: DataFinding, found: Listing, lang: Lang) -> int | None:
    kind = found.pool.places.get(labels.subject(fault.subject.type, lang), -1)
    return found.subjects.places.get((kind, fault.subject.id, fault.row or 0))


def _table(table: content.Table) -> dict[str, Any]:
    rows = [[visible(cell) for cell in row] for row in table.rows]
    return {"heads": table.heads, "rows": rows, "numbers": table.numbers}


def _squeezed(data: bytes) -> str:
    # zlib rather than gzip: its head holds neither time nor system. Level 9 takes twice the time of 7 for 0.4 %.
    return base64.b64encode(zlib.compress(data, 7)).decode("ascii")
