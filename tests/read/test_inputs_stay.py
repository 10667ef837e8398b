"""Names, bytes and times of an input and of what lies beside it: the watch that every test of reading is under."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from read_samples import parcels, snapshot

from landcheck.read import layer_names, open_layer
from landcheck.read import open as opening
from landcheck.read.source import DataSource

MISDEEDS: dict[str, Callable[[Path], object]] = {
    "made": lambda file: file.with_suffix(".shx").write_bytes(b""),
    "written": lambda file: file.write_text("parcel_id\nB\n"),
    "removed": lambda file: file.with_name("beside.txt").unlink(),
    "touched": lambda file: os.utime(file.with_name("beside.txt"), ns=(1, 1)),
}


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_the_watch_tells_of_what_is_changed_while_opening_or_reading(misdeed: str, tmp_path: Path) -> None:
    file, watched = tmp_path / "t.csv", opening.open_source.func  # type: ignore[attr-defined]  # as tests/conftest.py patches it
    file.write_text("parcel_id\nA\n")
    (tmp_path / "beside.txt").write_text("x")
    source = DataSource("t.csv", file, (file,), "parcels")

    def careless(_: DataSource) -> Any:
        MISDEEDS[misdeed](file)
        return open_layer(str(file), "parcels")

    with pytest.raises(AssertionError):
        watched(careless, source)


@pytest.mark.parametrize("name", ["t.gpkg", "t.shp", "t.fgb", "t.geojson"])
def test_asking_for_the_names_of_layers_changes_nothing(name: str, tmp_path: Path) -> None:
    file = parcels(tmp_path / name)
    if name == "t.gpkg":  # a writer that is still at work, and what it has not yet put into the file
        open_still = sqlite3.connect(file)
        open_still.execute("PRAGMA journal_mode=WAL")
        open_still.execute("CREATE TABLE more (x)")
        assert (tmp_path / "t.gpkg-wal").exists()
    before = snapshot(tmp_path), times(tmp_path)
    layer_names(str(file))
    layer_names(str(tmp_path))
    assert (snapshot(tmp_path), times(tmp_path)) == before


def times(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
