"""The program as a process of its own, started as a terminal starts it; a watch over what is read in this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import browsers

if TYPE_CHECKING:
    from landcheck.read.layer import Layer, Rows, Tell
    from landcheck.read.source import DataSource

ROOT = Path(__file__).parents[1]
Start = Callable[..., "subprocess.Popen[Any]"]


@contextmanager
def interruptible() -> Iterator[None]:
    """What is started here can be interrupted: what runs in the background or by nohup ignores Ctrl-C, and so does
    whatever it starts, unless it takes the signal itself for so long."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """The one that all browsers of a test process are started by: a second one beside it refuses to run."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Any) -> Iterator[Any]:
    browser = browsers.started(playwright)
    if browser is None:
        pytest.skip(browsers.ABSENT)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def start() -> Start:
    """``start("check", ...)``: the command line of this repository; ``python`` is what Python is to run instead."""

    def started(
        *arguments: str,
        python: tuple[str, ...] = ("-m", "landcheck"),
        env: Mapping[str, str] | None = None,
        **popen: Any,
    ) -> subprocess.Popen[Any]:
        with interruptible():
            return subprocess.Popen(
                [sys.executable, *python, *arguments],
                env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
                **popen,
            )

    return started


def state(source: DataSource) -> dict[Path, tuple[bytes, int]]:
    """The names, bytes and times of what lies in the folder that a source is, or beside the file, and below."""
    folder = source.path if source.path.is_dir() else source.path.parent
    below = folder.rglob("*") if ROOT not in (folder, *folder.parents) else folder.glob(f"{source.path.stem}*")
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in below if file.is_file()}


@pytest.fixture(autouse=True)
def _inputs_stay_as_they_are(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test reads, or is refused, its input and what lies beside it stay: names, bytes and times."""
    opening = sys.modules.get("landcheck.read.open")
    if opening is None and "read" in request.path.parts:
        from landcheck.read import open as opening
    if opening is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_source", partial(watched, opening.open_source))
        yield


def watched(open_source: Callable[[DataSource], Layer], source: DataSource) -> Layer:
    """The layer of a source, and the promise that neither opening nor reading it changes anything."""
    before = state(source)
    try:
        layer = open_source(source)
    finally:
        assert state(source) == before
    read = layer.read

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        begun = state(source)
        try:
            yield from read(size, tell)
        finally:
            assert state(source) == begun

    layer.read = rows
    return layer
