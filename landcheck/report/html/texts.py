"""The sentences that the page's own script says: the name it knows them by, and their code."""

from __future__ import annotations

SHARED = {
    "data-findings": "report-data",
    "findings": "report-findings",
    "found": "report-head-message",
    "ledger": "report-ledger",
    "level": "report-head-level",
    "message": "report-head-message",
    "remedy": "report-head-remedy",
    "rule": "report-head-rule",
    "subject": "report-subject",
    "subject-head": "report-head-subject",
    "to-do": "report-remedy",
    "transfers": "report-transfers",
    "verdict": "report-head-verdict",
}
OWN = (
    "back", "closer", "cluster", "data-finding", "detail", "legend-dim", "legend-error", "legend-park",
    "legend-warning", "limit", "margin", "measured", "missing", "next", "no-shape", "none", "north",
    "north-up", "not-printed", "page-of", "page-size", "pages-of", "panel", "pick", "place", "previous", "requirement",
    "row", "rows", "rows-of", "search", "show", "shown", "shown-on-map", "sum", "where",
    "whole-map", "zoom-in", "zoom-out",
)  # fmt: skip
SCRIPT_TEXTS = {**SHARED, **{name: f"html-{name}" for name in OWN}}
