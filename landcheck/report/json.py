"""JSON as CONTRACT section 8 lays it down, and as lines; ``schema.json`` beside this file says so strictly.

Written piece by piece, an item a line: a run may have millions of findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landcheck.errors import UsageError
from landcheck.model import Report
from landcheck.report.options import Options, shown
from landcheck.report.result import encode
from landcheck.report.result.finding_types import Record
from landcheck.report.result.line import array, items, joined, line
from landcheck.report.result.types import HeaderRecord, ResultRecord


def pieces(report: Report, options: Options) -> Iterator[str | bytes]:
    """The whole report as one JSON object."""
    if options.keep_geometry and report.drawing is None:
        raise UsageError("saved-no-drawing")
    yield "{\n"
    for key, value in items(encode.head_record(report, options)):
        yield f"{line(key)}: {line(value, by_python=key == 'parameters')},\n"
    lists = encode.short_lists(report, options.lang) | _lists(report, options)
    for number, key in enumerate(key for key in ResultRecord.__struct_fields__ if key in lists):
        yield ",\n" if number else ""
        yield from array(key, lists[key])
    if options.keep_geometry and report.drawing is not None:
        from landcheck.report.result.kept import pieces as shapes

        yield ',\n"drawing": '
        yield from shapes(report.drawing, report.data)
    yield "\n}\n"


def lines(report: Report, options: Options) -> Iterator[str | bytes]:
    """The objects of the JSON report, a line each: a header with everything else, then findings, conflicts and data.

    Only a finding has ``verdict``, only a data finding ``level``, only a conflict ``sides``.
    """
    short = encode.short_lists(report, options.lang)
    in_order = {key: short[key] for key in HeaderRecord.__struct_fields__ if key in short}
    yield encode.run_line(report, options, **in_order) + "\n"
    for records in _lists(report, options).values():
        for some in joined(records, "\n"):
            yield some
            yield "\n"


def _lists(report: Report, options: Options) -> dict[str, Iterable[Record]]:
    lang = options.lang
    return {
        "findings": (encode.finding_record(finding, lang) for finding in shown(report, options.show)),
        "conflicts": (encode.conflict_record(conflict, lang) for conflict in report.conflicts),
        "data": (encode.data_record(fault, lang) for fault in report.data),
    }
