"""What stands in the page: style sheets, scripts and Leaflet as they lie beside this file, and its sentences."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LEAFLET_STYLE = "leaflet/leaflet.css"
STYLES = ("static/page.css", "static/tables.css", "static/map.css", "static/narrow.css", "static/print.css")
CATALOGUE_STYLES = ("static/page.css", "static/narrow.css", "static/print.css", "static/catalogue.css")
# Each may use what stands before it.
SCRIPTS = (
    "inflate.js", "data.js", "words.js", "table.js", "outlines.js", "paint.js", "finding.js", "filter.js",
    "map.js", "lists.js", "paper.js", "start.js",
)  # fmt: skip


@cache
def style(*names: str) -> str:
    """One style sheet of those files."""
    return "\n".join(map(_text, names))


@cache
def script() -> str:
    """The page's own script."""
    parts = "\n".join(_text(f"static/{name}") for name in SCRIPTS)
    return f"(function () {{\n'use strict';\n{parts}\n}}());\n"


@cache
def leaflet() -> str:
    """Leaflet, without the hint at a file that is not here."""
    return _text("leaflet/leaflet.js").replace("//# sourceMappingURL=leaflet.js.map", "")


def policy(styles: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """The content security policy under which the page may use these and nothing else, and ask nobody for anything."""
    return (
        f"default-src 'none'; script-src {_digests(scripts)}; style-src {_digests(styles)}; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _digests(texts: Sequence[str]) -> str:
    made = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in made) or "'none'"


def _text(name: str) -> str:
    # Line ends become \n, as the browser reads them before it takes the digest.
    return (HERE / name).read_text(encoding="utf-8")


# The sentences that the scripts say, by the names they have there.
SHARED = {
    "clause": "report-head-clause",
    "data-findings": "report-data", "findings": "report-findings", "found": "report-head-message",
    "ledger": "report-ledger", "level": "report-head-level", "message": "report-head-message",
    "park-verdict": "picture-park",
    "remedy": "report-head-remedy", "rule": "report-head-rule", "subject": "report-subject",
    "subject-head": "report-head-subject", "to-do": "report-remedy", "transfers": "report-transfers",
    "verdict": "report-head-verdict",
}  # fmt: skip
OWN = (
    "all-parks", "back", "closer", "cluster", "data-finding", "detail", "legend-dim", "legend-error", "legend-park",
    "in-park", "legend-warning", "limit", "margin", "measured", "missing", "next", "no-shape", "none", "north",
    "north-up", "not-printed", "only-park", "page-of", "page-size", "pages-of", "panel", "pick", "place",
    "previous", "requirement", "row", "rows", "rows-of", "search", "show", "sort", "shown", "shown-on-map", "sum",
    "to-park", "where", "whole-map", "zoom-in", "zoom-out",
)  # fmt: skip
SCRIPT_TEXTS = {**SHARED, **{name: f"html-{name}" for name in OWN}}
