"""All that grows with the data, packed small: one JSON text, and the outlines of the map as bytes."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landcheck.messages import Lang, say, template
from landcheck.model import DataFinding, Report, Verdict
from landcheck.report import content, labels
from landcheck.report.html.listing import LISTED, Listing, Pool, Subjects, listing
from landcheck.report.html.texts import SCRIPT_TEXTS
from landcheck.report.options import Options
from landcheck.report.text import visible

if TYPE_CHECKING:
    from landcheck.report.html.drawn import Map

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
    from landcheck.report.html.drawn import drawn  # numpy and pyproj

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
