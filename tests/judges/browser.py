"""axe in a browser: the HTML report as wide as a screen and as narrow as a phone, and opened at its first parcel."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import browsers
from objections import NotHadError
from parsing import of_axe

WIDTHS = (1280, 320)
READY = "Boolean(document.documentElement.dataset.ready)"
WAIT_MS = 60_000


def ask_axe(files: list[Path], axe: Path) -> Iterator[tuple[str, str]]:
    """NotHadError where there is no browser."""
    from playwright.sync_api import sync_playwright

    source = axe.read_text(encoding="utf-8")
    with sync_playwright() as running:
        started = browsers.started(running)
        if started is None:
            raise NotHadError(browsers.ABSENT)
        for file in files:
            for width in WIDTHS:
                page = started.new_page(viewport={"width": width, "height": 900})
                yield from ((file.name, f"{said} at {width} px") for said in _judged(page, file, source))
                page.close()
        started.close()


def _judged(page: Any, file: Path, source: str) -> Iterator[str]:
    page.set_default_timeout(WAIT_MS)
    page.goto(file.as_uri())
    while not page.evaluate(READY):
        page.wait_for_timeout(50)
    page.evaluate(source)
    yield from of_axe(page.evaluate("axe.run(document, {resultTypes: ['violations']})"))
