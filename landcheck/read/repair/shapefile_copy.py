"""A shapefile whose parts do not agree is read from a mended copy: every record keeps its row, nothing is dropped."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.repair import Repair
from landcheck.read.repair.dbf import DbfTable
from landcheck.read.source import DataSource, link_or_copy

SHAPES = "data/geometry"
HEADER_BYTES = 100
COPIED_AT_ONCE = 4096
CHECKED_AT_ONCE = 65_536


class ShapefileCopy(Repair):
    """The shapefile itself where its parts agree, else a copy in a temporary folder that reads to the end.

    ``rows`` is how many rows it has. The copy has no .prj; ``always`` asks for it in any case.
    """

    def __init__(self, parts: Mapping[str, Path], table: DbfTable | None, source: DataSource) -> None:
        shp = parts[".shp"]
        size = shp.stat().st_size
        if size < HEADER_BYTES:
            raise InputError("read-shp-damaged", file=Path(source.file).with_name(shp.name).as_posix())
        with shp.open("rb") as stream:
            self.missing_bytes = int.from_bytes(stream.read(28)[24:], "big") * 2 - size
        index = _index_file(parts)
        usable = index is not None and _fits(shp, index) and not _goes_on(shp, index)
        self.table = table
        self.records = index if usable and index is not None else np.array(list(_walk(shp)), np.int64).reshape(-1, 2)
        start, length = self.records.T
        self.intact = (start >= HEADER_BYTES) & (length >= 4) & (start + 8 + length <= size)
        self.rows = max(len(self.records), 0 if table is None else table.present)
        named = [parts[suffix] for suffix in (".shp", ".shx", ".dbf") if suffix in parts]
        self.always = not (
            usable
            and self.intact.all()
            and (table is None or table.present == table.announced == self.rows == len(self.records))
            # GDAL finds the others by the same stem, and one case for all suffixes
            and len({path.stem for path in named}) == len({path.suffix.isupper() for path in named}) == 1
        )
        fault = None if usable else "read-no-shx" if index is None else "read-shx-wrong"
        self.findings = tuple(self._said(source, fault))

    def copy(self, path: Path) -> Path:
        """The .shp as it is, an index with an empty shape for every lost record, blank attributes likewise."""
        if not self.always:
            return path
        self.folder = temporary.Folder()
        copy = Path(self.folder.name) / (path.stem + ".shp")
        link_or_copy(path, copy)
        index = np.zeros((self.rows, 2), ">i4")
        index[: len(self.records)] = self.records * self.intact[:, None] // 2
        with path.open("rb") as stream:
            start = bytearray(stream.read(HEADER_BYTES))
        start[24:28] = struct.pack(">i", (HEADER_BYTES + index.nbytes) // 2)
        copy.with_suffix(".shx").write_bytes(bytes(start) + index.tobytes())
        if self.table is not None:
            _write_table(copy.with_suffix(".dbf"), self.table, self.rows)
        return copy

    def _said(self, source: DataSource, fault: str | None) -> Iterator[DataFinding]:
        """What is wrong with the .shx (``fault``), the .shp and the .dbf."""
        count = len(self.records)
        if fault is not None:
            yield source.finding(Level.WARNING, fault, SHAPES, row=None, count=count)
        if len(lost := np.flatnonzero(~self.intact)):
            yield source.finding(Level.ERROR, "read-shp-cut", SHAPES, row=int(lost[0]) + 1, count=len(lost))
        elif self.missing_bytes > 0:
            yield source.finding(Level.ERROR, "read-shp-end", SHAPES, row=None, count=count, bytes=self.missing_bytes)
        if self.table is None:
            return
        present = self.table.present
        if present > count:
            yield source.finding(Level.ERROR, "read-shp-shorter", SHAPES, row=count + 1, count=present - count)
        if (wanted := max(self.table.announced, count)) > present:
            yield source.finding(Level.ERROR, "read-dbf-shorter", row=present + 1, count=wanted - present)


class TableCopy(Repair):
    """A .dbf without a .shp: itself, or a copy of its whole records where it announces more than it has."""

    def __init__(self, table: DbfTable, source: DataSource) -> None:
        self.table, self.rows, self.always = table, table.present, table.present != table.announced
        if lost := table.announced - table.present:
            self.findings = (source.finding(Level.ERROR, "read-dbf-shorter", row=table.present + 1, count=lost),)

    def copy(self, path: Path) -> Path:
        """The table with its true number of records."""
        if not self.always:
            return path
        self.folder = temporary.Folder()
        copy = Path(self.folder.name) / path.name
        _write_table(copy, self.table, self.rows)
        return copy


def _index_file(parts: Mapping[str, Path]) -> NDArray[np.int64] | None:
    """Offset and content length of every record in bytes, as the .shx gives them; None where it is missing."""
    if ".shx" not in parts:
        return None
    raw = parts[".shx"].read_bytes()[HEADER_BYTES:]
    words = np.frombuffer(raw[: len(raw) // 8 * 8], ">i4").astype(np.int64)
    return words.reshape(-1, 2) * 2


def _fits(shp: Path, index: NDArray[np.int64]) -> bool:
    """Whether the records lie where the .shx says: each record's own length is read from the .shp."""
    size = shp.stat().st_size
    inside = (index[:, 0] >= HEADER_BYTES) & (index[:, 0] + 8 <= size)
    if not len(index):
        return size <= HEADER_BYTES + 8
    if not inside.any():
        return False
    with shp.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return all(
            _so_long(mapped, index[first : first + CHECKED_AT_ONCE][inside[first : first + CHECKED_AT_ONCE]])
            for first in range(0, len(index), CHECKED_AT_ONCE)
        )


def _so_long(mapped: mmap.mmap, index: NDArray[np.int64]) -> bool:
    """Whether those records are as long as the index says."""
    at = index[:, 0][:, None] + np.arange(4, 8)
    lengths = np.frombuffer(mapped, np.uint8)[at].view(">i4").ravel().astype(np.int64) * 2
    if hasattr(mapped, "madvise"):  # the pages looked at count as memory in use until the system is told otherwise
        mapped.madvise(mmap.MADV_DONTNEED)
    return bool((lengths == index[:, 1]).all())


def _goes_on(shp: Path, index: NDArray[np.int64]) -> bool:
    """Whether a whole record follows those of a .shx that was cut short: the next by its number stands behind them."""
    end = int(index.sum(axis=1).max()) + 8 if len(index) else HEADER_BYTES
    if end + 8 > shp.stat().st_size:
        return False
    with shp.open("rb") as stream:
        stream.seek(end)
        number, words = struct.unpack(">ii", stream.read(8))
    return bool(number == len(index) + 1 and words >= 2 and end + 8 + 2 * words <= shp.stat().st_size)


def _walk(shp: Path) -> Iterator[tuple[int, int]]:
    """Offset and length of the records, found by going through the .shp from the start."""
    size, offset = shp.stat().st_size, HEADER_BYTES
    with shp.open("rb") as stream:
        while offset + 8 <= size:
            stream.seek(offset)
            _, words = struct.unpack(">ii", stream.read(8))
            if words < 2:
                return
            yield offset, words * 2
            offset += 8 + words * 2


def _write_table(path: Path, table: DbfTable, rows: int) -> None:
    """A copy with so many records, blank ones after those that are there."""
    if table.present == table.announced == rows:
        link_or_copy(table.path, path)
        return
    with table.path.open("rb") as stream, path.open("wb") as copy:
        head = bytearray(stream.read(table.header_bytes))
        head[4:8] = struct.pack("<I", rows)
        copy.write(head)
        for first in range(0, table.present, COPIED_AT_ONCE):
            copy.write(stream.read(min(COPIED_AT_ONCE, table.present - first) * table.record_bytes))
        for _ in range(rows - table.present):
            copy.write(b" " * table.record_bytes)
