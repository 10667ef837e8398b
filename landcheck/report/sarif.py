"""SARIF 2.1.0 for code scanning: failures only unless all is shown, each at the data set it stands in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import DataFinding, Finding, Level, Report, Rule, Subject, Verdict
from landcheck.report import anchors, content, exceptions
from landcheck.report.anchors import Marks
from landcheck.report.md import escape
from landcheck.report.options import Options, shown
from landcheck.report.result.encode import head_record, short_lists
from landcheck.report.result.line import items, line
from landcheck.report.rule_pages import card
from landcheck.report.text import visible
from landcheck.report.words import message, remedy

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub refuses a run of more results.
LIMIT = 25_000
KINDS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.REVIEW: "review",
    Verdict.UNDETERMINED: "open",
    Verdict.NOT_APPLICABLE: "notApplicable",
}
TAGS = {"zh": "zh-CN", "en": "en-US"}
DATA_RULES = ("area-consistent", "crs", "far-consistent", "geometry", "gfa-consistent", "id", "location", "overlap",
              "value", "waiver")  # fmt: skip
# Worst first: what is cut beyond the limit is what weighs least.
ORDER = (Verdict.FAIL, Level.ERROR, Verdict.UNDETERMINED, Verdict.REVIEW, Level.WARNING, Verdict.PASS,
         Verdict.NOT_APPLICABLE)  # fmt: skip

# What SARIF gives a meaning in a message: placeholders, and links as [text](target).
_ESCAPES = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def pieces(report: Report, options: Options) -> Iterator[str]:
    """One run; a result a line."""
    kept, left = _worst_first(report, options)
    rules = _rules(report, options.lang)
    index = {descriptor["id"]: i for i, descriptor in enumerate(rules)}
    driver = {"name": "landcheck", "version": version.__version__, "language": TAGS[options.lang], "rules": rules}
    run = {
        "tool": {"driver": driver},
        "language": TAGS[options.lang],
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(report, i) for i in range(len(report.inputs))],
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(report, options, left))}
        ],
        "properties": {"landcheck": _properties(report, options)},
    }
    yield f'{{\n"$schema": {_encode(SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n'
    for key, value in run.items():
        told = line(value, by_python=key == "properties" and bool(report.parameters))
        yield f"{_encode(key)}: {told},\n"
    yield '"results": ['
    before, marks = "\n", Marks(report)
    for one in kept:
        yield before + line(_result(one, report, index, marks, options.lang))
        before = ",\n"
    yield "\n]\n}]\n}\n"


def text(told: str) -> str:
    """Text as a SARIF message carries it literally: one line, nothing in it a link or a placeholder."""
    return visible(told).translate(_ESCAPES)


def _worst_first(report: Report, options: Options) -> tuple[list[Finding | DataFinding], int]:
    """The results there is room for, and how many there is none for."""
    shelves: dict[Verdict | Level, list[Finding | DataFinding]] = {rank: [] for rank in ORDER}
    count = 0
    wanted = (one for one in shown(report, options.show) if options.show == "all" or one.verdict is Verdict.FAIL)
    every: Iterator[Finding | DataFinding] = chain(report.data, wanted)
    for one in every:
        count += 1
        shelf = shelves[one.verdict if isinstance(one, Finding) else one.level]
        if len(shelf) < LIMIT:
            shelf.append(one)
    kept = [one for rank in ORDER for one in shelves[rank]][:LIMIT]
    return kept, count - len(kept)


def _result(
    one: Finding | DataFinding, report: Report, index: dict[str, int], marks: Marks, lang: Lang
) -> dict[str, Any]:
    if isinstance(one, Finding):
        rule, mark, told = one.rule.id, marks.finding(one), message(one, lang)
        kind, level = KINDS[one.verdict], "error" if one.verdict is Verdict.FAIL else "none"
        advice = remedy(one, lang)
        more: dict[str, Any] = {"verdict": one.verdict.word, "clause": one.rule.clause.number, "missing": one.missing}
    else:
        rule, mark, told = one.rule, marks.data(one), one.message.say(lang)
        kind, level, advice = "fail", one.level.value, None
        more = {"code": one.message.code}
    words = f"{content.subject(one.subject, None, lang)}: {told}" + (f" ({advice})" if advice else "")
    return {
        **_excused(one, report, lang),
        "ruleId": rule,
        "ruleIndex": index[rule],
        "kind": kind,
        "level": level,
        "message": {"text": text(words)},
        "locations": [_location(one.subject, report)],
        # The first name is the one GitHub reads; without it all results of a binary file would be one.
        "partialFingerprints": {"primaryLocationLineHash": mark, "landcheck/v1": mark},
        "properties": {**more, "subject": {"type": one.subject.type, "id": one.subject.id}, "row": one.row,
                       "lonlat": one.location},
    }  # fmt: skip


def _excused(one: Finding | DataFinding, report: Report, lang: Lang) -> dict[str, Any]:
    """The waiver as a suppression, and what the baseline says of it; a fault of the data is never known."""
    told: dict[str, Any] = {}
    if isinstance(one, Finding) and one.waived is not None:
        why = visible(exceptions.justification(one.waived, lang))
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    if report.baseline is not None:
        told["baselineState"] = "unchanged" if isinstance(one, Finding) and one.known else "new"
    return told


def _location(subject: Subject, report: Report) -> dict[str, Any]:
    name = visible(subject.id)
    logical = [{"name": name, "fullyQualifiedName": f"{subject.type}/{name}", "kind": subject.type}]
    if not report.inputs:
        return {"logicalLocations": logical}
    at = anchors.source(report, subject)
    place = {"artifactLocation": {"uri": anchors.uri(report.inputs[at]), "index": at}, "region": {"startLine": 1}}
    return {"physicalLocation": place, "logicalLocations": logical}


def _artifact(report: Report, at: int) -> dict[str, Any]:
    info = report.inputs[at]
    return {"location": {"uri": anchors.uri(info), "index": at}, "roles": ["analysisTarget"],
            "hashes": {"sha-256": info.sha256}}  # fmt: skip


def _rules(report: Report, lang: Lang) -> list[dict[str, Any]]:
    """A descriptor for every rule that was put, then for every check of the data."""
    seen = {fault.rule.removeprefix("data/") for fault in report.data}
    of_data = [_data_rule(name, lang) for name in dict.fromkeys((*DATA_RULES, *sorted(seen)))]
    return [*(_rule(rule, lang) for rule in content.rules(report)), *of_data]


def _rule(rule: Rule, lang: Lang) -> dict[str, Any]:
    sections = card(rule, lang)
    plain = "\n\n".join("\n".join((head, *lines)) for head, lines in sections)
    marked = "\n\n".join(
        f"**{escape(head)}**\n\n" + "\n".join(f"- {escape(line)}" for line in lines) for head, lines in sections
    )
    return {
        "id": rule.id,
        "shortDescription": {"text": text(rule.title.say(lang))},
        "fullDescription": {"text": text(say("report-clause", lang, number=rule.clause.number,
                                             quote=rule.clause.quote))},
        "help": {"text": _lines(plain), "markdown": marked.replace("{", "{{").replace("}", "}}")},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [rule.pack, rule.clause.number], "per": rule.per},
    }  # fmt: skip


def _data_rule(name: str, lang: Lang) -> dict[str, Any]:
    code = f"ci-data-{name}" if name in DATA_RULES else "ci-data-other"
    told = text(say(code, lang))
    return {"id": f"data/{name}", "shortDescription": {"text": told}, "fullDescription": {"text": told},
            "help": {"text": told, "markdown": escape(say(code, lang))}, "defaultConfiguration": {"level": "error"},
            "properties": {"tags": ["data"]}}  # fmt: skip


def _notifications(report: Report, options: Options, left: int) -> Iterator[dict[str, Any]]:
    """What a reader must know of the run: notices, what is not listed, and what the verdicts rest on."""
    lang = options.lang
    yield from (_notification(notice.code, "warning", notice.say(lang)) for notice in report.notices)
    if left:
        yield _notification("ci-cut", "warning", say("ci-cut", lang, left=left, limit=LIMIT))
    counts = {verdict: sum(row[verdict] for row in report.summary.verdicts.values()) for verdict in Verdict}
    if options.show != "all" and counts[Verdict.UNDETERMINED] + counts[Verdict.REVIEW]:
        told = say("ci-not-listed", lang, undetermined=counts[Verdict.UNDETERMINED], review=counts[Verdict.REVIEW])
        yield _notification("ci-not-listed", "warning", told)
    lines = (*content.basis(report, lang), content.totals(report, lang), *_lines_of(content.assumptions(report, lang)))
    yield from (_notification("ci-basis", "note", line) for line in lines)


def _notification(code: str, level: str, told: str) -> dict[str, Any]:
    return {"descriptor": {"id": code}, "level": level, "message": {"text": text(told)}}


def _lines_of(table: content.Table) -> Sequence[str]:
    return [f"{table.title}: " + "; ".join(row) for row in table.rows]


def _properties(report: Report, options: Options) -> dict[str, Any]:
    """The head of the JSON report, rules left out, and the green ledger."""
    told = {key: value for key, value in items(head_record(report, options)) if key not in {"rules", "tool"}}
    return told | {"green_ledger": short_lists(report, options.lang)["green_ledger"]}


def _lines(told: str) -> str:
    return "\n".join(text(line) for line in told.split("\n"))
