"""Shapefile, for programs that read nothing else: ASCII names of ten bytes, GB18030, and what was cut is told."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from landcheck.model import Report
from landcheck.report.gis import ogr
from landcheck.report.gis.layers import Layer, layers
from landcheck.report.options import Options

NAME_BYTES = 10
TEXT_BYTES = 254
ENCODING = "GB18030"
CUT = "…"
START_BYTES = 32


def write(report: Report, options: Options, path: Path) -> None:
    """``x.shp`` with the parcels, ``x_findings.shp``, and ``x_overlaps.shp`` where any are; side files with each."""
    made = {layer.name: layer for layer in layers(report, options, path.name)}
    wanted = {"parcels": path.stem, "findings": f"{path.stem}_findings", "overlaps": f"{path.stem}_overlaps"}
    for name, stem in ((name, stem) for name, stem in wanted.items() if name in made):
        layer, file = fitted(replace(made[name], name=stem)), path.with_name(f"{stem}.shp")
        ogr.write(layer, file, "ESRI Shapefile", ENCODING, RESIZE="YES",
                  DBF_DATE_LAST_UPDATE=report.as_of.isoformat())  # fmt: skip
        if not whole(file, layer.table.num_rows):
            raise ogr.refusal(file)


def whole(path: Path, rows: int) -> bool:
    """Whether all of it reached the disk: GDAL writes the ends and the headers as it closes, and tells no failure."""
    shp, dbf = _start(path), _start(path.with_suffix(".dbf"))
    if len(shp) + len(dbf) < 2 * START_BYTES or path.with_suffix(".shx").stat().st_size != 100 + 8 * rows:
        return False
    held, head, width = struct.unpack("<IHH", dbf[4:12])
    announced: int = struct.unpack(">i", shp[24:28])[0]
    long_enough: bool = path.with_suffix(".dbf").stat().st_size >= head + rows * width
    return held == rows and long_enough and path.stat().st_size == announced * 2


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(START_BYTES)


def fitted(layer: Layer) -> Layer:
    """The layer as a .dbf can hold it. The last column, ``cut``, names the columns of the row that end in ``…``."""
    names = short(layer.table.column_names)
    cut: list[list[str]] = [[] for _ in range(layer.table.num_rows)]
    columns = {}
    for name, column in zip(names, layer.table.columns, strict=True):
        columns[name] = _fitted(column, name, cut) if pa.types.is_string(column.type) else column
    columns["cut"] = pa.array([" ".join(of) or None for of in cut], pa.string())
    return replace(layer, table=pa.table(columns))


def short(names: list[str]) -> list[str]:
    """Names of at most ten bytes, told apart by a number where they were cut to the same."""
    found: list[str] = []
    for name in names:
        plain = name.encode("ascii", "replace").decode().replace("?", "_")
        told, number = plain[:NAME_BYTES], 1
        while told.casefold() in {one.casefold() for one in (*found, "cut")}:
            number += 1
            told = f"{plain[: NAME_BYTES - len(str(number)) - 1]}_{number}"
        found.append(told)
    return found


def _fitted(column: pa.ChunkedArray, name: str, cut: list[list[str]]) -> pa.Array:
    texts = column.to_pylist()
    for row, text in enumerate(texts):
        # A character takes at most four bytes, so most need no encoding to see that they fit.
        if text is not None and len(text) * 4 > TEXT_BYTES and len(text.encode(ENCODING)) > TEXT_BYTES:
            texts[row] = _shortened(text)
            cut[row].append(name)
    return pa.array(texts, pa.string())


def _shortened(text: str) -> str:
    room = TEXT_BYTES - len(CUT.encode(ENCODING))
    return text.encode(ENCODING)[:room].decode(ENCODING, "ignore") + CUT
