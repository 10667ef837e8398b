"""JSON lines: a header line with everything else, then a line a finding, a conflict, a data finding."""

from __future__ import annotations

from collections.abc import Iterator

from landcheck.model import Report
from landcheck.report.conflicts import conflict_object
from landcheck.report.interpretations import interpretation_object
from landcheck.report.json import data_object, finding_object, header, ledger_object, line, transfer_object
from landcheck.report.options import Options, shown


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The objects of the JSON report, a line each: only a finding has ``verdict``, only a data finding
    ``level``, only a conflict ``sides``."""
    ledger = {
        "green_ledger": [ledger_object(row) for row in report.ledger],
        "interpretations": [interpretation_object(one, options.lang) for one in report.interpretations],
        "transfers": [transfer_object(transfer) for transfer in report.transfers],
    }
    yield line(header(report, options) | ledger) + "\n"
    for finding in shown(report, options.show):
        yield line(finding_object(finding, options.lang)) + "\n"
    for conflict in report.conflicts:
        yield line(conflict_object(conflict, options.lang)) + "\n"
    for fault in report.data:
        yield line(data_object(fault, options.lang)) + "\n"
