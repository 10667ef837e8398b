"""A stand-in for the programs of mdbtools, which serve tables that the test wrote; shapes as a personal geodatabase
has them by its documented layout."""

from __future__ import annotations

import csv
import io
import os
import struct
import sys
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely

from landcheck.read import Layer, open_layer

JET = b"\x00\x01\x00\x00Standard Jet DB\x00"
PROGRAM = """#!{python}
import os, sys
folder = {folder!r}
name = os.path.basename(sys.argv[0])
if name == "mdb-tables":
    print(chr(10).join(sorted(one[:-4] for one in os.listdir(folder))))
else:
    text = open(os.path.join(folder, sys.argv[-1] + ".csv"), encoding="utf-8", newline="").read()
    lost = {lost}
    sys.stdout.reconfigure(newline="", encoding="utf-8")
    print(text.count(chr(10)) - 1 + lost if name == "mdb-count" else text, end="")
"""
SYSTEM = pyproj.CRS("EPSG:4549").to_wkt("WKT1_ESRI")


def record(shape: Any, kind: int = 5, tail: bytes = b"") -> str:
    """The record of a polygon in a .shp without its head: outer rings clockwise."""
    parts = shapely.get_parts(shapely.orient_polygons(shape, exterior_cw=True))
    rings = [shapely.get_coordinates(ring) for part in parts for ring in shapely.get_rings(part)]
    starts = [sum(map(len, rings[:at])) for at in range(len(rings))]
    head = struct.pack("<I4d2i", kind, *shape.bounds, len(rings), sum(map(len, rings)))
    points = b"".join(struct.pack("<2d", *point) for ring in rings for point in ring)
    return (head + struct.pack(f"<{len(rings)}i", *starts) + points + tail).hex()


class Database:
    """A file that looks like Access, and programs that serve tables for it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch | None, lost: int = 0) -> None:
        self.path, self.tables = folder / "p.mdb", folder / "tables"
        self.path.write_bytes(JET + bytes(100))
        self.tables.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        text = PROGRAM.format(python=sys.executable, folder=str(self.tables), lost=lost)
        for name in ("mdb-tables", "mdb-export", "mdb-count"):
            (programs / name).write_text(text, encoding="utf-8")
            (programs / name).chmod(0o755)
        if monkeypatch:
            monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def table(self, name: str, heading: list[str], *rows: list[Any]) -> None:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(
            [heading, *(["\x1a" if v is None else v for v in row] for row in rows)]
        )
        (self.tables / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8", newline="")

    def read(self, role: str = "parcels", layer: str | None = None) -> Layer:
        return open_layer(str(self.path), role, layer=layer)
