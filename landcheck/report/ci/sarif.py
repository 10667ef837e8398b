"""SARIF 2.1.0 for code scanning: failures only unless all is shown, each at the data set it stands in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import DataFinding, Finding, Level, Report, Rule, Subject, Verdict
from landcheck.report.ci import anchors
from landcheck.report.ci.anchors import Marks
from landcheck.report.content import overview
from landcheck.report.content.filled import counts, remarks
from landcheck.report.content.rule_cards import card
from landcheck.report.content.sentences import Remark, justification, remark, subject_words
from landcheck.report.md import escape
from landcheck.report.options import Options
from landcheck.report.result.encode import head_record, short_lists
from landcheck.report.result.line import items, line

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
DATA_RULES = ("area-consistent", "column", "crs", "far-consistent", "geometry", "gfa-consistent", "id", "location",
              "overlap", "pool", "value", "waiver")  # fmt: skip
# Worst first: what is cut beyond the limit is what weighs least.
ORDER = (Verdict.FAIL, Level.ERROR, Verdict.UNDETERMINED, Verdict.REVIEW, Level.WARNING, Verdict.PASS,
         Verdict.NOT_APPLICABLE)  # fmt: skip

Worded = tuple[Finding | DataFinding, Remark]

# What SARIF gives a meaning in a message: placeholders, and links as [text](target).
_ESCAPES = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def pieces(report: Report, options: Options) -> Iterator[str]:
    """One run; a result a line."""
    kept, left = _worst_first(report, options)
    rules = _rules(report, options.lang)
    index = {descriptor["id"]: i for i, descriptor in enumerate(rules)}
    driver = {
        "name": "landcheck",
        "version": version.__version__,
        "informationUri": f"urn:landcheck:{version.__version__}",  # the program has a name, and no page of its own
        "language": TAGS[options.lang],
        "rules": rules,
    }
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
        written = line(value, by_python=key == "properties" and bool(report.parameters))
        yield f"{_encode(key)}: {written},\n"
    yield '"results": ['
    before, marks = "\n", Marks(report)
    for one, words in kept:
        yield before + line(_result(one, words, report, index, marks.of(one), options.lang))
        before = ",\n"
    yield "\n]\n}]\n}\n"


def text(words: str) -> str:
    """Text as a SARIF message carries it literally: one line, nothing in it a link or a placeholder."""
    return visible(words).translate(_ESCAPES)


def _worst_first(report: Report, options: Options) -> tuple[list[Worded], int]:
    """The results there is room for, each with its words, and how many there is none for."""
    of_rank: dict[Verdict | Level, list[Worded]] = {rank: [] for rank in ORDER}
    lang, there = options.lang, counts(report, options.show)
    if options.show != "all":
        there = Counter({Verdict.FAIL: there[Verdict.FAIL]})
    told = remarks(report, options.show, lang, dict.fromkeys(there, LIMIT))
    every: Iterator[Worded] = chain(((fault, remark(fault, lang)) for fault in report.data), told)
    for one, words in every:
        held = of_rank[one.verdict if isinstance(one, Finding) else one.level]
        if len(held) < LIMIT:
            held.append((one, words))
    kept = [one for rank in ORDER for one in of_rank[rank]][:LIMIT]
    return kept, there.total() + len(report.data) - len(kept)


def _result(
    one: Finding | DataFinding, words: Remark, report: Report, index: dict[str, int], mark: str, lang: Lang
) -> dict[str, Any]:
    if isinstance(one, Finding):
        kind, level = KINDS[one.verdict], "error" if one.verdict is Verdict.FAIL else "none"
        more: dict[str, Any] = {"verdict": one.verdict.word, "clause": one.rule.clause.number, "missing": one.missing}
    else:
        kind, level, more = "fail", one.level.value, {"code": one.message.code}
    sentence = f"{subject_words(one.subject, None, lang)}: {words.message}"
    return {
        **_excused(one, report, lang),
        "ruleId": words.rule,
        "ruleIndex": index[words.rule],
        "kind": kind,
        "level": level,
        "message": {"text": text(sentence + (f" ({words.remedy})" if words.remedy else ""))},
        "locations": [_location(one.subject, report)],
        # The first name is the one GitHub reads; without it all results of a binary file would be one.
        "partialFingerprints": {"primaryLocationLineHash": mark, "landcheck/v1": mark},
        "properties": {**more, "subject": {"type": one.subject.type, "id": one.subject.id}, "row": one.row,
                       "lonlat": one.location},
    }  # fmt: skip


def _excused(one: Finding | DataFinding, report: Report, lang: Lang) -> dict[str, Any]:
    """The waiver as a suppression, and what the baseline says of it; a fault of the data is never known."""
    marks: dict[str, Any] = {}
    if isinstance(one, Finding) and one.waived is not None:
        why = visible(justification(one.waived, lang))
        marks["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    if report.baseline is not None:
        marks["baselineState"] = "unchanged" if isinstance(one, Finding) and one.known else "new"
    return marks


def _location(subject: Subject, report: Report) -> dict[str, Any]:
    name = visible(subject.id)
    logical = [{"name": name, "fullyQualifiedName": f"{subject.type}/{name}", "kind": subject.type}]
    if not report.inputs:
        return {"logicalLocations": logical}
    place = {"artifactLocation": _file(report, anchors.source(report, subject)), "region": {"startLine": 1}}
    return {"physicalLocation": place, "logicalLocations": logical}


def _file(report: Report, at: int) -> dict[str, Any]:
    return {"uri": anchors.uri(report.inputs[at]), "index": at}


def _artifact(report: Report, at: int) -> dict[str, Any]:
    hashes = {"sha-256": report.inputs[at].sha256}
    return {"location": _file(report, at), "roles": ["analysisTarget"], "hashes": hashes}


def _rules(report: Report, lang: Lang) -> list[dict[str, Any]]:
    """A descriptor for every rule that was put, then for every check of the data."""
    seen = {fault.rule.removeprefix("data/") for fault in report.data}
    of_data = [_data_rule(name, lang) for name in dict.fromkeys((*DATA_RULES, *sorted(seen)))]
    return [*(_rule(rule, lang) for rule in overview.rules(report)), *of_data]


def _rule(rule: Rule, lang: Lang) -> dict[str, Any]:
    sections = card(rule, lang)
    plain = "\n\n".join("\n".join((head, *lines)) for head, lines in sections)
    plain = "\n".join(map(text, plain.split("\n")))
    marked = "\n\n".join(
        f"**{escape(head)}**\n\n" + "\n".join(f"- {escape(line)}" for line in lines) for head, lines in sections
    )
    return {
        "id": rule.id,
        "shortDescription": {"text": text(rule.title.say(lang))},
        "fullDescription": {"text": text(overview.clause(rule, lang)[0])},
        "help": {"text": plain, "markdown": marked.replace("{", "{{").replace("}", "}}")},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [rule.pack, rule.clause.number], "per": rule.per},
    }


def _data_rule(name: str, lang: Lang) -> dict[str, Any]:
    words = say(f"ci-data-{name}" if name in DATA_RULES else "ci-data-other", lang)
    plain = {"text": text(words)}
    return {
        "id": f"data/{name}",
        "shortDescription": plain,
        "fullDescription": plain,
        "help": {**plain, "markdown": escape(words)},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["data"]},
    }


def _notifications(report: Report, options: Options, left: int) -> Iterator[dict[str, Any]]:
    """What a reader must know of the run: notices, what is not listed, and what the verdicts rest on."""
    lang, sums = options.lang, overview.sums(report)
    notes = [(notice.code, "warning", notice.say(lang)) for notice in report.notices]
    if left:
        notes.append(("ci-cut", "warning", say("ci-cut", lang, left=left, limit=LIMIT)))
    undetermined, review = sums[Verdict.UNDETERMINED], sums[Verdict.REVIEW]
    if options.show != "all" and undetermined + review:
        words = say("ci-not-listed", lang, undetermined=undetermined, review=review)
        notes.append(("ci-not-listed", "warning", words))
    notes += [("ci-basis", "note", words) for words in anchors.grounds(report, lang)]
    for code, level, words in notes:
        yield {"descriptor": {"id": code}, "level": level, "message": {"text": text(words)}}


def _properties(report: Report, options: Options) -> dict[str, Any]:
    """The head of the JSON report, rules left out, and the green ledger."""
    head = items(head_record(report, options))
    kept = {key: value for key, value in head if key not in {"rules", "tool"}}
    return kept | {"green_ledger": short_lists(report, options.lang)["green_ledger"]}
