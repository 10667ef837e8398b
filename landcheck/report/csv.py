"""CSV for spreadsheets: a row a finding; what else the report must say follows in rows of its own kind.

A row that is no finding tells so in ``record``: an empty list of findings must not look like compliance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import asdict

from landcheck.messages import Lang
from landcheck.messages.visible import UNSEEN, visible
from landcheck.model import Conflict, DataFinding, Finding, Outcome, Report
from landcheck.report.content import overview, report_tables
from landcheck.report.content.filled import filled, fitted, octets
from landcheck.report.content.labels import VERDICTS
from landcheck.report.content.sentences import deciding_outcome, message, remedy
from landcheck.report.options import Options
from landcheck.report.result.encode import comparison_line
from landcheck.report.result.line import line

MEASURED = (
    "requirement", "measured", "measured_word", "operator", "limit", "limit_words", "unit", "margin", "margin_m2",
)  # fmt: skip
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
TEXTS = ("subject", "missing", "message", "remedy")
_SIGN = f"[{re.escape(''.join(_FORMULA))}]"
# where the list separator is a semicolon, a cell begins after one, whatever the quotes say
_AFTER_SEMICOLON = re.compile(rf'(;[\s"]*)({_SIGN})')
_SPECIAL = re.compile('[",\r\n]')
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def pieces(report: Report, options: Options) -> Iterator[str | bytes]:
    """A head line, the findings, the data findings (``verdict`` holds their level), then the rest of the report."""
    yield _row(dict.fromkeys(COLUMNS) | {name: name for name in COLUMNS})
    for columns in filled(report, options.show, partial(_cells, lang=options.lang), VISIBLE):
        yield _lines(columns)
    for row in other_rows(report, options.lang):
        if row["record"] == "conflict":
            del row["row"]
        yield _row(row)
    for record in _about(report, options.lang):
        yield _row(record)


def _cells(finding: Finding, lang: Lang) -> list[str]:
    row = _measured(deciding_outcome(finding), lang) | finding_row(finding, lang)
    row["missing"] = "; ".join(finding.missing)
    held = ((name, row.get(name)) for name in COLUMNS)
    return [
        _quoted(cell(value)) if isinstance(value, str) and name not in TEXTS else cell(value) for name, value in held
    ]


def cell(value: Any) -> str:
    """A value as a spreadsheet may see it: text that would be a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        text = line(value)
        return "" if text == "null" else text
    return _harmless(visible(str(value)))


def _harmless(text: str) -> str:
    text = _AFTER_SEMICOLON.sub(r"\1'\2", text)
    return text if not text.startswith(_FORMULA) or _NUMBER.fullmatch(text) else "'" + text


VISIBLE = fitted(f"[{UNSEEN}]", visible)
HARMLESS = fitted(rf'(^|;[\s"]*){_SIGN}', _harmless)


def _in_quotes(column: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(column, _SPECIAL.pattern)
    if not pc.any(special).as_py():
        return column
    return pc.if_else(
        special, pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', ""), column
    )


def finding_row(one: Finding, lang: Lang) -> dict[str, Any]:
    """A finding as a row of a table."""
    told = {"verdict": one.verdict.word, "clause": one.rule.clause.number, "missing": one.missing}
    words = {"message": message(one, lang), "remedy": remedy(one, lang)}
    return {"record": "finding", "rule": one.rule.id, **_who(one, one.location), **told, **words}


def other_rows(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    """What else was found as rows of the same table: conflicts and data findings."""
    for conflict in report.conflicts:
        said = {"rule": conflict.matter, "message": report_tables.conflict_line(conflict, lang)}
        yield {"record": "conflict", **_who(conflict, None), **said}
    for fault in report.data:
        said = {"rule": fault.rule, "verdict": fault.level.value, "message": fault.message.say(lang)}
        yield {"record": "data", **_who(fault, fault.location), **said}


def _who(one: Finding | Conflict | DataFinding, location: tuple[float, float] | None) -> dict[str, Any]:
    longitude, latitude = location or (None, None)
    return {
        "subject_type": one.subject.type, "subject": one.subject.id, "row": one.row,
        "longitude": longitude, "latitude": latitude,
    }  # fmt: skip


def _measured(outcome: Outcome | None, lang: Lang) -> dict[str, Any]:
    if outcome is None:
        return {}
    told = comparison_line(outcome, lang)
    return asdict(told) | {"requirement": told.name, "limit_words": "; ".join(told.limit_words or ())}


def _about(report: Report, lang: Lang) -> Iterator[dict[str, Any]]:
    for text in (*overview.basis(report, lang), overview.totals(report, lang)):
        yield {"record": "run", "message": text}
    for text in overview.notices(report, lang):
        yield {"record": "notice", "message": text}
    for rule, counts in report.summary.verdicts.items():
        for verdict in VERDICTS:
            yield {"record": "count", "rule": rule, "verdict": verdict.word, "measured": counts[verdict]}
    for kind, table in SPELLED.items():
        for text in table(report, lang).lines(lang):
            yield {"record": kind, "message": text}


def _lines(columns: list[pa.Array]) -> bytes:
    """The cells of many rows as ``_row`` writes one; texts are put in quotes, where the others are already."""
    cells = [_in_quotes(HARMLESS(cell)) if name in TEXTS else cell for name, cell in zip(COLUMNS, columns, strict=True)]
    cells[-1] = pc.binary_join_element_wise(cells[-1], "\n", "")
    return octets(pc.binary_join_element_wise(*cells, ","))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def _row(record: dict[str, Any]) -> str:
    return ",".join(_quoted(cell(record.get(name))) for name in COLUMNS) + "\n"
