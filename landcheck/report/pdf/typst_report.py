"""The report as files for typst: the template, the data as JSON, the maps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from landcheck.messages import say
from landcheck.model import Report
from landcheck.report.content import labels
from landcheck.report.options import Options
from landcheck.report.paper import STYLES, paper, together, widths_mm
from landcheck.report.pdf import typesetter
from landcheck.report.pdf.typesetter import FAMILY, Letters, numbered
from landcheck.report.picture import Picture, pictures

TEMPLATE = Path(__file__).parent / "template.typ"
WIDTH_MM = 170
WORDS = {
    "basis": "report-basis", "notices": "report-notices", "map": "paper-map", "no_map": "paper-no-map",
    "rules": "paper-rules", "opinion": "paper-opinion", "date": "paper-sign-date",
}  # fmt: skip


def pieces(report: Report, options: Options) -> Iterator[bytes]:
    """The report as one PDF. InternalError where typst refuses it."""
    letters = Letters()
    maps = pictures(report, options.lang, FAMILY, letters.spell)
    data = _changed(_data(report, maps, options), letters.breakable)
    if letters.lacking:
        example = numbered(min(letters.lacking))
        data["notices"].append(say("pdf-not-in-font", options.lang, count=len(letters.lacking), example=example))
    files = {"main.typ": TEMPLATE.read_bytes(), "data.json": json.dumps(data, ensure_ascii=False).encode()}
    files |= {f"map{number}.svg": made.svg.encode() for number, made in enumerate(maps)}
    yield typesetter.pdf(files, report.as_of)


def _data(report: Report, maps: tuple[Picture, ...], options: Options) -> dict[str, Any]:
    """The paper and what the template needs besides; verdicts are their numbers."""
    lang = options.lang
    held = paper(report, options)
    return {
        **asdict(held),
        "tables": [{**asdict(table), "widths": widths_mm(table, WIDTH_MM)} for table in held.tables],
        "section_widths": widths_mm(together([section.findings for section in held.sections]), WIDTH_MM),
        "source_widths": widths_mm(held.sources, WIDTH_MM),
        "lang": lang,
        "font": FAMILY,
        "author": "landcheck",
        "date": [report.as_of.year, report.as_of.month, report.as_of.day],
        "words": {name: say(code, lang) for name, code in WORDS.items()},
        "styles": {str(int(verdict)): [style.ground, style.line] for verdict, style in STYLES.items()},
        "summary_verdicts": [int(verdict) for verdict in labels.VERDICTS],
        "maps": [{"file": f"map{i}.svg", "words": one.words, "notes": one.notes} for i, one in enumerate(maps)],
    }


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same data, every text in it changed, its keys left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(held, change) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(held, change) for held in value]
    return value
