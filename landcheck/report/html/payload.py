"""All that grows with the data, packed small: the findings as columns over one pool of texts, and the map as bytes."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any, TypeVar

from landcheck.messages import Lang, say, template
from landcheck.messages.visible import shortened
from landcheck.model import Finding, Report, Verdict, lines_of
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.comparisons import areas_words, comparisons
from landcheck.report.content.filled import blocks, counts, gravest, of_block
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.content.sentences import deciding_outcome, message, remedy, subject_words
from landcheck.report.content.text import told_apart
from landcheck.report.html.assets import SCRIPT_TEXTS
from landcheck.report.options import Options
from landcheck.report.site_map import SiteMap, site_map

# Findings in the page at most, the gravest first: with more it takes longer to open than people wait.
LISTED = 100_000
LONGEST_LABEL = 16  # characters of a park's name on the map
COLUMNS = ("rule", "verdict", "subject", "message", "remedy", "sum", "missing", "margin", "place", "areas")

CELL, LINE = "\ufdd3", "\ufdd4"  # characters that are none of any text, between what is said of a comparison

Key = TypeVar("Key", bound=Hashable)


class Pool(dict[Key, int]):
    """Each thing once, with the place it was put at; the page names it by that."""

    def put(self, key: Key) -> int:
        """The place of the thing, a new one where it has none."""
        return self.setdefault(key, len(self))


@dataclass(slots=True)
class PageFindings:
    """The findings, column by column, the same place in each.

    ``subjects`` are kind (a place among the texts), id and row (from 1; 0 unknown); ``spoken_of`` are such by verdict;
    ``park_of`` says by their places in which park they lie, where that is known.
    """

    texts: Pool[str] = field(default_factory=Pool)
    subjects: Pool[tuple[int, str, int]] = field(default_factory=Pool)
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    park_of: dict[int, str] = field(default_factory=dict)
    spoken_of: dict[Verdict, set[int]] = field(default_factory=lambda: {verdict: set() for verdict in Verdict})
    left_out: int = 0

    def add_all(self, report: Report, options: Options) -> None:
        """The findings wanted, of each verdict as many as there is room for after the graver ones."""
        room, numbers = gravest(report, options.show, LISTED), rule_numbers(report)
        self.left_out = counts(report, options.show).total() - sum(room.values())
        for block in blocks(report, options.show, room):
            words = of_block(block, partial(_words, lang=options.lang))
            for finding, *said in zip(block, *(column.to_pylist() for column in words), strict=True):
                self.add(finding, said, numbers[finding.rule.id], options.lang)

    def add(self, finding: Finding, said: Sequence[str], rule: int, lang: Lang) -> None:
        """Put a finding down, with what ``_words`` says of it."""
        put, (message, remedy, areas, sums) = self.texts.put, said
        kind = put(labels.subject(finding.subject.type, lang))
        subject = self.subjects.put((kind, finding.subject.id, finding.row or 0))
        decided = deciding_outcome(finding)
        compared = map(str.split, filter(None, sums.split(LINE)), repeat(CELL))
        row = (
            rule, int(finding.verdict), subject, put(message), put(remedy),
            [[int(verdict), *map(put, texts)] for verdict, *texts in compared],
            [put(labels.missing_field(finding.rule.per, name, lang)) for name in finding.missing],
            _sortable(None if decided is None else decided.margin),
            _degrees(finding.location), put(areas),
        )  # fmt: skip
        for name, value in zip(COLUMNS, row, strict=True):
            self.columns[name].append(value)
        self.spoken_of[finding.verdict].add(subject)
        park = finding.subject.id if finding.subject.type == "park" else finding.park
        if park is not None:
            self.park_of[subject] = park


def _words(finding: Finding, lang: Lang) -> list[str]:
    """Message, remedy, the areas behind it, and each comparison: verdict, label, measured, limit and margin."""
    compared = (
        CELL.join(
            map(str, (-1 if one.verdict is None else int(one.verdict), one.label, one.measured, one.limit, one.margin))
        )
        for outcome in finding.requirements
        for one in comparisons(finding.rule, outcome, lang)
    )
    return [message(finding, lang), remedy(finding, lang) or "", areas_words(finding, lang), LINE.join(compared)]


def rule_numbers(report: Report) -> dict[str, int]:
    """The rules by their places in the page."""
    return {rule.id: place for place, rule in enumerate(overview.rules(report))}


def _sortable(margin: float | None) -> float | None:
    """Enough of it to sort by; JSON has no number for what is not finite."""
    return None if margin is None or not math.isfinite(margin) else float(f"{margin:.6g}")


def _degrees(location: tuple[float, float] | None) -> list[float] | None:
    return None if location is None else [round(degrees, 6) for degrees in location]


@dataclass(frozen=True, slots=True)
class Payload:
    """``data`` and ``octets`` are deflated and in base64; ``octets`` is None without a map, of which ``notes`` tell."""

    data: str
    octets: str | None
    findings: PageFindings
    parks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def payload(report: Report, options: Options) -> Payload:
    """What a report's page holds."""
    lang, found, kinds = options.lang, PageFindings(), []
    made, numbers = site_map(report, lang), rule_numbers(report)
    for name, kind in () if made is None else made.kinds.items():
        # The drawn subjects are the first of all subjects, kind after kind.
        word, first = found.texts.put(labels.subject(name, lang)), len(found.subjects)
        labelled = list(map(shortened, told_apart(kind.ids, LONGEST_LABEL))) if name == "park" else []
        kinds.append({
            "first": first, "count": len(kind.ids), "rules": [numbers[rule] for rule in kind.rules], "labels": labelled,
        })  # fmt: skip
        for ident, row in zip(kind.ids, kind.rows, strict=True):
            found.subjects.put((word, ident, row))
    found.add_all(report, options)
    faults = _faults(report, found, lang)
    places = [fault.location for fault in report.data[:LISTED]]
    faults["spot"] = [None] * len(places) if made is None else made.spots(places)
    parks = tuple(sorted({*found.park_of.values()}))
    data = _squeezed(_page_data(report, kinds, found, faults, parks, lang))
    if made is None:
        return Payload(data, None, found, parks)
    return Payload(data, _squeezed(made.octets()), found, parks, tuple(_map_notes(report, made, lang)))


def _map_notes(report: Report, made: SiteMap, lang: Lang) -> Iterator[str]:
    """What the map is drawn in, and what it does not show."""
    yield made.label
    if made.only_findings:
        yield say("html-map-only-findings", lang, count=f"{report.summary.subjects['parcel']:,}")
    if unshaped := sum(kind.unshaped for kind in made.kinds.values()):
        yield say("html-map-unshaped", lang, count=unshaped)
    yield from (say("html-map-untold", lang, layer=labels.layer(f"{name}s", lang)) for name in made.untold)


def _page_data(
    report: Report,
    kinds: list[dict[str, Any]],
    found: PageFindings,
    faults: dict[str, list[Any]],
    parks: tuple[str, ...],
    lang: Lang,
) -> bytes:
    numbers = {park: number for number, park in enumerate(parks)}
    data = {
        "lang": lang,
        "texts": {name: template(code, lang) for name, code in SCRIPT_TEXTS.items()},
        "verdicts": [verdict_word(verdict, lang) for verdict in Verdict],
        "order": [int(verdict) for verdict in GRAVEST_FIRST],
        "rules": [
            {
                "id": shortened(rule.id),
                "title": shortened(rule.title.say(lang)),
                "clause": labels.clause_number(rule, lang),
            }
            for rule in overview.rules(report)
        ],
        "kinds": kinds,
        "parks": list(map(shortened, parks)),
        "subjects": {
            "kind": [kind for kind, _, _ in found.subjects],
            "id": [shortened(ident) for _, ident, _ in found.subjects],
            "row": list(_rows(report, found, lang)),
            "park": [numbers.get(found.park_of.get(place, ""), -1) for place in range(len(found.subjects))],
        },
        "findings": found.columns,
        "pool": list(map(shortened, found.texts)),
        "data": faults,
        "tables": {
            "ledger": _table(report_tables.ledger(report, lang)),
            "transfers": _table(report_tables.transfers(report, lang)),
        },
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def _rows(report: Report, found: PageFindings, lang: Lang) -> Iterator[int | str]:
    """The row of each subject, in words where people find it in another place; 0 where there is none."""
    lines = {found.texts.get(labels.subject(name[:-1], lang), -1): one for name, one in lines_of(report.inputs).items()}
    for kind, _, row in found.subjects:
        yield lines[kind].found(row).say(lang) if row and kind in lines else row


def verdict_word(verdict: Verdict, lang: Lang) -> str:
    """The verdict as a word that stands by itself."""
    word = labels.verdict(verdict, lang)
    return word[:1].upper() + word[1:]


def _faults(report: Report, found: PageFindings, lang: Lang) -> dict[str, list[Any]]:
    """The data findings, column by column, as many as are listed; ``who``: the place of the subject, if it has one."""
    listed = report.data[:LISTED]
    kinds = (found.texts.get(labels.subject(fault.subject.type, lang), -1) for fault in listed)
    return {
        "level": [fault.level.value for fault in listed],
        "word": [labels.level(fault.level, lang) for fault in listed],
        "rule": [shortened(fault.rule) for fault in listed],
        "subject": [shortened(subject_words(fault.subject, fault.at or fault.row, lang)) for fault in listed],
        "who": [
            found.subjects.get((kind, fault.subject.id, fault.row or 0))
            for kind, fault in zip(kinds, listed, strict=True)
        ],
        "message": [shortened(fault.message.say(lang)) for fault in listed],
        "place": [_degrees(fault.location) for fault in listed],
    }


def _table(table: report_tables.Table) -> dict[str, Any]:
    rows = [[shortened(cell) for cell in row] for row in table.rows]
    return {"heads": table.heads, "rows": rows, "numbers": table.numbers}


def _squeezed(data: bytes) -> str:
    # zlib rather than gzip: its head holds neither time nor system. Level 9 takes twice the time of 7 for 0.4 %.
    return base64.b64encode(zlib.compress(data, 7)).decode("ascii")
