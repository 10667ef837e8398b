"""Small layers for the tests of reading: written by GDAL, then damaged or relabelled byte by byte."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from landcheck.errors import InputError
from landcheck.read import Layer, open_layer

DISTRICTS = ["浦东新区", "徐汇区", "黄浦区", "闵行区"]
CRS = "EPSG:4490"


def squares(count: int) -> Any:
    """Squares of 1/128 degree (exact in binary and in ten digits) beside each other near Shanghai, as WKB."""
    west = 121 + np.arange(count) / 128
    return shapely.to_wkb(shapely.box(west, 31.0, west + 1 / 128, 31 + 1 / 128))


def write(
    path: Path,
    columns: dict[str, Sequence[Any]],
    *,
    driver: str | None = None,
    encoding: str | None = None,
    crs: str | None = CRS,
    geometry: bool = True,
    **options: Any,
) -> Path:
    """A layer of squares with these columns, as many as the columns are long."""
    data = [np.array(values, object if isinstance(values[0], str | None) else None) for values in columns.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path,
            squares(len(data[0])) if geometry else None,
            data,
            list(columns),
            geometry_type="Polygon" if geometry else None,
            crs=crs,
            driver=driver,
            encoding=encoding,
            **options,
        )
    return path


def parcels(path: Path, **options: Any) -> Path:
    """Four parcels with text, a code with a leading zero, and a number."""
    return write(path, {"code": ["01", "02", "03", "04"], "区": DISTRICTS, "area": [1.5, 2.5, 3.5, 4.5]}, **options)


def content(layer: Layer, size: int = 3) -> dict[str, list[Any]]:
    """All values by column, and under ``wkb`` the geometries."""
    values: dict[str, list[Any]] = {name: [] for name in layer.columns}
    for rows in layer.batches(size):
        assert rows.table.num_rows <= size
        assert tuple(rows.table.schema.names) == layer.columns
        assert (rows.wkb is None) != layer.has_geometry
        for name in layer.columns:
            values[name] += rows.table.column(name).to_pylist()
        if rows.wkb is not None:
            assert len(rows.wkb) == rows.table.num_rows
            values.setdefault("wkb", []).extend(rows.wkb.to_pylist())
    return values


def codes(layer: Layer) -> list[str]:
    """The codes of the findings, in their order."""
    return [finding.message.code for finding in layer.findings]


def notes(layer: Layer) -> list[str]:
    return [note.code for note in layer.info.notes]


def refusal(path: Path | str, role: str = "parcels", **options: Any) -> str:
    """The code with which reading is refused, sooner or later; its sentences must be sayable."""
    with pytest.raises(InputError) as caught:
        content(open_layer(str(path), role, **options))
    assert caught.value.say("zh")
    assert caught.value.say("en")
    assert "{" not in caught.value.say("zh")
    return caught.value.message.code


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below the folder with its bytes."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def patch(path: Path, offset: int, data: bytes) -> None:
    """Overwrite bytes of a file."""
    raw = bytearray(path.read_bytes())
    raw[offset : offset + len(data)] = data
    path.write_bytes(raw)


def cut(path: Path, share: float) -> None:
    """Keep only the first part of a file."""
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])


def dbf_layout(path: Path) -> tuple[int, int, int]:
    """Records, bytes of the header, bytes of a record."""
    records, header, record = struct.unpack("<IHH", path.read_bytes()[4:12])
    return records, header, record


def rewritten(path: str, pattern: str, by: str, sheet: str = "xl/worksheets/sheet1.xml") -> None:
    """Replace text in the first sheet's XML."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[sheet] = re.sub(pattern, by, parts[sheet].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
