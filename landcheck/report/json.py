"""JSON as CONTRACT section 8 lays it down, and as lines; ``schema.json`` beside this file says so strictly.

Written piece by piece, an item a line: a run may have millions of findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from landcheck.errors import UsageError
from landcheck.messages import Lang
from landcheck.messages.visible import UNSEEN
from landcheck.model import Finding, Report
from landcheck.report.content.filled import filled, fitted, octets
from landcheck.report.options import Options
from landcheck.report.result import encode
from landcheck.report.result.finding_types import Record
from landcheck.report.result.line import array, items, joined, line, within_quotes
from landcheck.report.result.rolled import headroom_record
from landcheck.report.result.types import HeaderRecord, ResultRecord

ESCAPED = fitted(f'["\\\\{UNSEEN}]', within_quotes)


def pieces(report: Report, options: Options) -> Iterator[str | bytes]:
    """The whole report as one JSON object."""
    if options.keep_geometry and report.drawing is None:
        raise UsageError("saved-no-drawing")
    yield "{\n"
    for key, value in items(encode.head_record(report, options)):
        yield f"{line(key)}: {line(value, by_python=key == 'parameters')},\n"
    lists = encode.short_lists(report, options.lang) | _lists(report, options.lang)
    yield from _findings(report, options)
    for key in (key for key in ResultRecord.__struct_fields__ if key in lists):
        yield ",\n"
        yield from array(key, lists[key])
    if options.headroom and report.headroom is not None:
        yield f',\n"headroom": {line(headroom_record(report.headroom))}'
    if options.keep_geometry and report.drawing is not None:
        from landcheck.report.result.kept import pieces as shapes

        yield ',\n"drawing": '
        yield from shapes(report.drawing, report.data)
    yield "\n}\n"


def lines(report: Report, options: Options) -> Iterator[str | bytes]:
    """The objects of the JSON report, a line each: a header with everything else, then findings, conflicts and data.

    Numbers and words of a finding stand under keys of their own.
    Only a finding has ``verdict``, only a data finding ``level``, only a conflict ``sides``.
    """
    short: dict[str, Any] = {**encode.short_lists(report, options.lang)}
    short |= {"headroom": headroom_record(report.headroom)} if options.headroom and report.headroom else {}
    in_order = {key: short[key] for key in HeaderRecord.__struct_fields__ if key in short}
    yield encode.run_line(report, options, assumptions=encode.assumption_lines(report), **in_order) + "\n"
    yield from _finding_lines(report, options, encode.finding_line, "", "\n")
    for records in _lists(report, options.lang).values():
        for some in joined(records, "\n"):
            yield some
            yield "\n"


def _findings(report: Report, options: Options) -> Iterator[str | bytes]:
    yield '"findings": ['
    before = b"\n"
    for some in _finding_lines(report, options, encode.finding_record, ",\n", ""):
        yield before + some[2:] if before else some
        before = b""
    yield "\n]"


def _finding_lines(
    report: Report, options: Options, record: Callable[[Finding, Lang], Record], before: str, after: str
) -> Iterator[bytes]:
    def text(finding: Finding) -> tuple[str]:
        return (before + line(record(finding, options.lang)) + after,)

    return (octets(column) for (column,) in filled(report, options.show, text, ESCAPED))


def _lists(report: Report, lang: Lang) -> dict[str, Iterable[Record]]:
    return {
        "conflicts": (encode.conflict_record(conflict, lang) for conflict in report.conflicts),
        "data": (encode.data_record(fault, lang) for fault in report.data),
    }
