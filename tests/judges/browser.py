"""axe in a browser: the HTML report as wide as a screen and as narrow as a phone, and opened at its first parcel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from objections import NotHadError
from parsing import of_axe

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTHS = (1280, 320)
READY = "Boolean(document.documentElement.dataset.ready)"
WAIT_MS = 60_000


def ask_axe(files: list[Path], axe: Path) -> Iterator[tuple[str, str]]:
    """NotHadError where there is no browser."""
    from playwright.sync_api import sync_playwright

    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        raise NotHadError(f"none of {', '.join(BROWSERS)} is installed")
    source = axe.read_text(encoding="utf-8")
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox does not start for root
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=["--no-sandbox"] if root else [])
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
