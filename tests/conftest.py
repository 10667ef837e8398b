"""The program as a process of its own, started as a terminal starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

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
