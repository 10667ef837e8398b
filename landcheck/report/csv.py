"""CSV for spreadsheets: a row a finding; what else the report must say follows in rows of its own kind.

A row that is no finding tells so in ``record``: an empty list of findings must not look like compliance.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import asdict

from landcheck.messages import Lang
from landcheck.model import Conflict, DataFinding, Finding, Outcome, Report
from landcheck.report.content import overview, report_tables
from landcheck.report.content.labels import VERDICTS
from landcheck.report.content.sentences import deciding_outcome, message, remedy
from landcheck.report.content.text import visible
from landcheck.report.options import Options, shown
from landcheck.report.result.encode import comparison_record
from landcheck.report.result.line import line

MEASURED = ("requirement", "measured", "operator", "limit", "unit", "margin", "margin_m2")
COLUMNS = (
    "record", "rule", "subject_type", "subject", "row", "verdict", "clause", *MEASURED, "missing", "message", "remedy",
    "longitude", "latitude",
)  # fmt: skip

# what is no finding and has columns of its own, a row as one text
SPELLED: dict[str, Callable[[Report, Lang], report_tables.Table]] = {
    "interpretation": report_tables.hanging,
    "ask": report_tables.asks,
    "waiver": report_tables.waivers,
    "ledger": report_tables.ledger,
    "transfer": report_tables.transfers,
    "assumption": report_tables.assumptions,
    "input": report_tables.inputs,
}

# What a spreadsheet takes for a formula, the full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def pieces(report: Report, options: Options) -> Iterator[str]:
    """A head line, the findings, the data findings (``verdict`` holds their level), then the rest of the report."""
    yield _row(dict.fromkeys(COLUMNS) | {name: name for name in COLUMNS})
    for row, finding in rows(report, options):
        if finding is not None:
            row |= {"missing": "; ".join(finding.missing), **_measured(deciding_outcome(finding), options.lang)}
        if row["record"] == "conflict":
            del row["row"]
        yield _row(row)
    for record in _about(report, options.lang):
        yield _row(record)


def cell(value: Any) -> str:
    """A value as a spreadsheet may see it: text that would be a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        text = line(value)
        return "" if text == "null" else text
    text = visible(str(value))
    harmless = not text.startswith(_FORMULA) or _NUMBER.fullmatch(text)
    return text if harmless else "'" + text


def rows(report: Report, options: Options) -> Iterator[tuple[dict[str, Any], Finding | None]]:
    """What was found as rows of a table, each with its finding where it is one: findings, conflicts, data findings."""
    lang = options.lang
    for one in shown(report, options.show):
        told = {"verdict": one.verdict.word, "clause": one.rule.clause.number, "missing": one.missing}
        words = {"message": message(one, lang), "remedy": remedy(one, lang)}
        yield {"record": "finding", "rule": one.rule.id, **_who(one, one.location), **told, **words}, one
    for conflict in report.conflicts:
        said = {"rule": conflict.matter, "message": report_tables.conflict_line(conflict, lang)}
        yield {"record": "conflict", **_who(conflict, None), **said}, None
    for fault in report.data:
        said = {"rule": fault.rule, "verdict": fault.level.value, "message": fault.message.say(lang)}
        yield {"record": "data", **_who(fault, fault.location), **said}, None


def _who(one: Finding | Conflict | DataFinding, location: tuple[float, float] | None) -> dict[str, Any]:
    longitude, latitude = location or (None, None)
    return {
        "subject_type": one.subject.type, "subject": one.subject.id, "row": one.row,
        "longitude": longitude, "latitude": latitude,
    }  # fmt: skip


def _measured(outcome: Outcome | None, lang: Lang) -> dict[str, Any]:
    if outcome is None:
        return {}
    limit = "; ".join(outcome.limit) if isinstance(outcome.limit, tuple) else outcome.limit
    told = asdict(comparison_record(outcome, lang)) | {"requirement": outcome.name, "limit": limit}
    return {name: told[name] for name in MEASURED}


def _about(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    for text in (*overview.basis(report, lang), overview.totals(report, lang)):
        yield {"record": "run", "message": text}
    for text in overview.notices(report, lang):
        yield {"record": "notice", "message": text}
    for rule, counts in report.summary.verdicts.items():
        for verdict in VERDICTS:
            yield {"record": "count", "rule": rule, "verdict": verdict.word, "measured": counts[verdict]}
    for kind, table in SPELLED.items():
        for text in table(report, lang).lines():
            yield {"record": kind, "message": text}


def _row(record: dict[str, Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([cell(record.get(name)) for name in COLUMNS])
    return out.getvalue()
