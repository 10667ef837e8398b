"""The page as it is served, a process of its own; who visits it with a browser and without."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from visitor import Visitor


@dataclass
class Served:
    """A server: its address, its process, and the temporary folder that is its own."""

    address: str
    process: subprocess.Popen[str]
    folder: Path

    @property
    def host(self) -> str:
        return self.address.split("/")[2]

    def left(self) -> list[Path]:
        """What it keeps, or left behind."""
        return [path for path in self.folder.iterdir() if path.name.startswith("landcheck-")]


@contextmanager
def serving(start: Callable[..., Any], folder: Path, *options: str) -> Iterator[Served]:
    pytest.importorskip("starlette", reason="the extra web is not installed")
    with start(
        "serve", "--no-browser", *options, env={"TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, process.stderr.read()
            yield Served(found[0], process, folder)
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def serve(start: Callable[..., Any]) -> Callable[..., Any]:
    return lambda folder, *options: serving(start, folder, *options)


@pytest.fixture(scope="module")
def served(serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def visit(served: Served) -> Callable[..., Visitor]:
    """A visitor with a session of its own, as many as are wanted."""
    return lambda lang="zh-CN": Visitor(served.address, lang)
