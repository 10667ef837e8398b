"""Lets the tests of this folder import its own modules under any import mode of pytest; watches over their inputs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from landcheck.read import open as opening
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.source import DataSource

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)


def state(source: DataSource) -> dict[Path, tuple[bytes, int]]:
    """The names, bytes and times of what lies in the folder of a source, or in the folder that it is."""
    folder = source.path if source.path.is_dir() else source.path.parent
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


@pytest.fixture(autouse=True)
def _inputs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test of this folder reads, its input and what lies beside it stay: names, bytes and times."""
    open_source = opening.open_source

    def watched(source: DataSource) -> Layer:
        before = state(source)
        layer = open_source(source)
        assert state(source) == before
        read = layer.read

        def rows(size: int, tell: Tell) -> Iterator[Rows]:
            begun = state(source)
            yield from read(size, tell)
            assert state(source) == begun

        layer.read = rows
        return layer

    monkeypatch.setattr(opening, "open_source", watched)
