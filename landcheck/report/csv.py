"""CSV for spreadsheets: a row a finding; what else the report must say follows in rows of its own kind.

A row that is no finding tells so in ``record``: an empty list of findings must not look like compliance.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from landcheck.messages import Lang
from landcheck.model import Conflict, DataFinding, Finding, Outcome, Report
from landcheck.report.conflicts import conflict_object, conflict_text
from landcheck.report.content import (
    Table,
    asks,
    assumptions,
    basis,
    hanging,
    inputs,
    ledger,
    notices,
    totals,
    transfers,
    waivers,
)
from landcheck.report.json import data_object, finding_object, line, outcome_object
from landcheck.report.labels import VERDICTS
from landcheck.report.options import Options, shown
from landcheck.report.text import visible
from landcheck.report.words import deciding_outcome

COLUMNS = (
    "record", "rule", "subject_type", "subject", "row", "verdict", "clause", "requirement", "measured", "operator",
    "limit", "unit", "margin", "margin_m2", "missing", "message", "remedy", "longitude", "latitude",
)  # fmt: skip

# what is no finding and has columns of its own, a row as one text
SPELLED: dict[str, Callable[[Report, Lang], Table]] = {
    "interpretation": hanging,
    "ask": asks,
    "waiver": waivers,
    "ledger": ledger,
    "transfer": transfers,
    "assumption": assumptions,
    "input": inputs,
}

# What a spreadsheet takes for a formula, the full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def pieces(report: Report, options: Options) -> Iterator[str]:
    """A head line, the findings, the data findings (``verdict`` holds their level), then the rest of the report."""
    yield _row(dict.fromkeys(COLUMNS) | {name: name for name in COLUMNS})
    for finding in shown(report, options.show):
        yield _row(_finding(finding, options.lang))
    for conflict in report.conflicts:
        yield _row(_conflict(conflict, options.lang))
    for fault in report.data:
        yield _row(_data(fault, options.lang))
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


def _finding(finding: Finding, lang: Lang) -> dict[str, Any]:
    record = finding_object(finding, lang)
    return {
        "record": "finding",
        **{key: record[key] for key in ("rule", "row", "verdict", "clause", "message", "remedy")},
        "missing": "; ".join(finding.missing),
        **_who(record),
        **_measured(deciding_outcome(finding), lang),
    }


def _measured(outcome: Outcome | None, lang: Lang) -> dict[str, Any]:
    if outcome is None:
        return {}
    record = outcome_object(outcome, lang)
    if isinstance(outcome.limit, tuple):
        record["limit"] = "; ".join(outcome.limit)
    wanted = ("measured", "operator", "limit", "unit", "margin", "margin_m2")
    return {"requirement": outcome.name, **{key: record[key] for key in wanted}}


def _conflict(conflict: Conflict, lang: Lang) -> dict[str, Any]:
    told = conflict_object(conflict, lang)
    return {"record": "conflict", "rule": told["matter"], "message": conflict_text(told), **_who(told)}


def _data(fault: DataFinding, lang: Lang) -> dict[str, Any]:
    record = data_object(fault, lang)
    told = {key: record[key] for key in ("rule", "row", "message")}
    return {"record": "data", "verdict": fault.level.value, **told, **_who(record)}


def _who(record: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = record.get("location") or (None, None)
    subject = record["subject"]
    return {
        "subject_type": subject["type"],
        "subject": subject["id"],
        "longitude": longitude,
        "latitude": latitude,
    }


def _about(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    for text in (*basis(report, lang), totals(report, lang)):
        yield {"record": "run", "message": text}
    for text in notices(report, lang):
        yield {"record": "notice", "message": text}
    for rule, counts in report.summary.verdicts.items():
        for verdict in VERDICTS:
            yield {"record": "count", "rule": rule, "verdict": verdict.word, "measured": counts[verdict]}
    for kind, table in SPELLED.items():
        for told in _spelled(table(report, lang)):
            yield {"record": kind, "message": told}


def _spelled(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield "; ".join(f"{head}: {held}" for head, held in zip(table.heads, row, strict=True))


def _row(record: dict[str, Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([cell(record.get(name)) for name in COLUMNS])
    return out.getvalue()
