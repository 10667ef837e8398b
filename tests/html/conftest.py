"""Real reports of the sample parcels, and a real browser to open them in."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from landcheck import Report, Request, check, write_files

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="session")
def plan() -> Report:
    return check(Request(str(SAMPLES / "plan.gpkg"), as_of=AS_OF))


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    def write(report: Report, lang: str = "zh") -> Path:
        path = tmp_path_factory.mktemp("html") / "report.html"
        write_files(report, [path], lang)  # type: ignore[arg-type] - the test gives zh or en
        return path

    return write


@pytest.fixture(scope="session")
def plan_page(plan: Report, written: Callable[..., Path]) -> Path:
    return written(plan)


@dataclass
class Opened:
    """A page that is ready, and all it asked for or complained of meanwhile."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    ready_ms: int = 0

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.text_content())

    def texts(self, selector: str) -> list[str]:
        return [str(text) for text in self.page.locator(selector).all_text_contents()]

    def until(self, script: str, wanted: object = True) -> None:
        """Ask again and again: the page's policy forbids the eval that Playwright waits with."""
        deadline = time.monotonic() + 10
        while (found := self.page.evaluate(script)) != wanted:
            assert time.monotonic() < deadline, f"{script} is {found!r}, not {wanted!r}"
            time.sleep(0.02)


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def open_page(path: Path, before: str = "", width: int = 1280) -> Opened:
        context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        made = Opened(context.new_page())
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.on("console", lambda message: made.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        if before:
            made.page.add_init_script(before)
        made.page.goto(path.as_uri())
        made.until("Boolean(document.documentElement.dataset.ready || document.getElementById('trouble').textContent)")
        assert made.text("#trouble") == ""
        made.ready_ms = int(made.page.evaluate("document.documentElement.dataset.ready"))
        return made

    yield open_page
    for context in contexts:
        context.close()
