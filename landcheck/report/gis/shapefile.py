"""Shapefile, for programs that read nothing else: ASCII names of ten bytes, GB18030, and what was cut is told."""

from __future__ import annotations

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


def write(report: Report, options: Options, path: Path) -> None:
    """``x.shp`` with the parcels, ``x_findings.shp``, and ``x_overlaps.shp`` where any are; side files with each."""
    made = {layer.name: layer for layer in layers(report, options, path.name)}
    wanted = {"parcels": path.stem, "findings": f"{path.stem}_findings", "overlaps": f"{path.stem}_overlaps"}
    for name, stem in ((name, stem) for name, stem in wanted.items() if name in made):
        layer = fitted(replace(made[name], name=stem))
        ogr.write(layer, path.with_name(f"{stem}.shp"), "ESRI Shapefile", ENCODING, RESIZE="YES",
                  DBF_DATE_LAST_UPDATE=report.as_of.isoformat())  # fmt: skip


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
