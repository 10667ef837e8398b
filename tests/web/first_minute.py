"""What a newcomer sees: a fresh environment, the page, a report of sample_parcels; each page is recorded.

``make first-minute`` runs it; a picture of each page, named by its seconds, and the environment are left in the folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

import browsers

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "sample_parcels" / "plan.gpkg"
SCREEN = {"width": 1280, "height": 800}
STEPS = ("table", "[name=as_of]", "iframe")
"""What each press of the main button leads to, after the files were given."""


def main(home: Path) -> int:
    """Install, serve, and go from the files to the report; seconds of each part are told."""
    with sync_playwright() as playwright:
        browser = browsers.started(playwright)
        if browser is None:
            print(browsers.ABSENT, file=sys.stderr)
            return 1
        shutil.rmtree(home, ignore_errors=True)
        began = time.monotonic()
        program = installed(home / "venv")
        there = time.monotonic()
        with served(program) as address:
            verdict = visited(address, browser, home, began)
        ended = time.monotonic()
        browser.close()
    print(f"installed after {there - began:.0f} s, the report after {ended - began:.0f} s: {verdict}")
    return 0


def installed(folder: Path) -> Path:
    """The program in an environment of its own, in the versions of constraints.txt."""
    venv.create(folder, with_pip=True)
    places = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [places / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--constraint", ROOT / "constraints.txt", f"{ROOT}[web]"], check=True)
    return places / "landcheck"


@contextmanager
def served(program: Path) -> Iterator[str]:
    command = [program, "serve", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            found = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
            assert found, "the server told no address"
            yield found[0]
        finally:
            process.terminate()


def visited(address: str, browser: Any, home: Path, began: float) -> str:
    """From the files to the report in a browser; what the page says of the result."""
    page = browser.new_context(locale="zh-CN", viewport=SCREEN).new_page()
    said = ""
    for said in _pages(page, address):  # noqa: B007 - the last one is told
        page.screenshot(path=home / f"{time.monotonic() - began:04.1f}s.png")
    return said


def _pages(page: Any, address: str) -> Iterator[str]:
    """The way, page by page; the first sentence of each."""
    page.goto(address)
    yield ""
    page.set_input_files("input[type=file]", PLAN)
    page.locator(".drop button").click()
    for step in ("#roles", *STEPS):
        page.wait_for_selector(step)
        if step == "iframe":
            page.frames[1].wait_for_selector("#results", state="attached")
        yield page.locator("main p").first.inner_text()
        if step != "iframe":
            page.locator("button.main").focus()
            page.keyboard.press("Enter")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
