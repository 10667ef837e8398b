"""A shapefile whose parts do not agree is read from a mended copy: every record keeps its row, nothing is dropped."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.drivers import dbf
from landcheck.read.layer import about_file
from landcheck.read.source import Source
from landcheck.read.staging import same_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEADER_BYTES = 100
RECORDS_AT_ONCE = 4096
RECORDS_PER_LOOK = 65_536


@dataclass(frozen=True, slots=True)
class Mended:
    """Where to read the shapefile, how many rows it has, and what was wrong with it."""

    path: Path
    rows: int
    findings: tuple[DataFinding, ...] = ()
    keep: tuple[object, ...] = ()


def mend(parts: dict[str, Path], table: dbf.Table | None, source: Source, *, copy: bool = False) -> Mended:
    """The shapefile itself where its parts agree, else a copy in a temporary folder that reads to the end.

    The copy has no .prj; ``copy`` asks for it in any case.
    """
    shp = parts[".shp"]
    if shp.stat().st_size < HEADER_BYTES:
        raise InputError("read-shp-damaged", file=source.file)
    index = _index_file(parts)
    usable = index is not None and _fits(shp, index)
    records = index if usable and index is not None else _scanned(shp)
    intact = _intact(shp, records)
    findings = tuple(_findings(source, ".shx" in parts, usable, records, intact, table))
    attributes = len(records) if table is None else table.present
    rows = max(len(records), 0 if table is None else table.present)
    agree = usable and intact.all() and len(records) == attributes and (table is None or table.announced == rows)
    if agree and not copy and _plain_names(parts):
        return Mended(shp, rows, findings)
    folder = temporary.Folder()
    path = Path(folder.name) / (shp.stem + ".shp")
    _write(path, parts, records * intact[:, None], rows, table)
    return Mended(path, rows, findings, (folder,))


def mend_table(table: dbf.Table, source: Source) -> Mended:
    """The .dbf itself, or a copy of its whole records where it announces more than it has."""
    if table.present == table.announced:
        return Mended(table.path, table.present)
    folder = temporary.Folder()
    path = Path(folder.name) / table.path.name
    _write_table(path, table, table.present)
    row = table.present + 1
    values = {"file": source.file, "row": row, "count": table.announced - table.present}
    finding = about_file("data/value", Level.ERROR, source.role, Message("read-dbf-shorter", values), row)
    return Mended(path, table.present, (finding,), (folder,))


def _plain_names(parts: dict[str, Path]) -> bool:
    """Whether GDAL will find the companions: the same stem, and one case for all suffixes."""
    names = [parts[suffix] for suffix in (".shp", ".shx", ".dbf") if suffix in parts]
    return len({path.stem for path in names}) == 1 and len({path.suffix.isupper() for path in names}) == 1


def _index_file(parts: dict[str, Path]) -> NDArray[np.int64] | None:
    """Offset and content length of every record in bytes, as the .shx gives them; None where it is missing."""
    import numpy as np

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
            _so_long(mapped, index[first : first + RECORDS_PER_LOOK][inside[first : first + RECORDS_PER_LOOK]])
            for first in range(0, len(index), RECORDS_PER_LOOK)
        )


def _so_long(mapped: mmap.mmap, index: NDArray[np.int64]) -> bool:
    """Whether those records are as long as the index says."""
    import numpy as np

    at = index[:, 0][:, None] + np.arange(4, 8)
    lengths = np.frombuffer(mapped, np.uint8)[at].view(">i4").ravel().astype(np.int64) * 2
    if hasattr(mapped, "madvise"):  # the pages looked at count as memory in use until the system is told otherwise
        mapped.madvise(mmap.MADV_DONTNEED)
    return bool((lengths == index[:, 1]).all())


def _scanned(shp: Path) -> NDArray[np.int64]:
    """Offset and length of the records, found by walking the .shp from the start."""
    import numpy as np

    found = np.array(list(_walk(shp)), np.int64)
    return found.reshape(-1, 2)


def _walk(shp: Path) -> Iterator[tuple[int, int]]:
    size, offset = shp.stat().st_size, HEADER_BYTES
    with shp.open("rb") as stream:
        while offset + 8 <= size:
            stream.seek(offset)
            _, words = struct.unpack(">ii", stream.read(8))
            if words < 2:
                return
            yield offset, words * 2
            offset += 8 + words * 2


def _intact(shp: Path, records: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which records lie wholly inside the file."""
    import numpy as np

    end = records[:, 0] + 8 + records[:, 1]
    inside = (records[:, 0] >= HEADER_BYTES) & (records[:, 1] >= 4) & (end <= shp.stat().st_size)
    return np.asarray(inside)


def _findings(
    source: Source,
    has_index: bool,  # noqa: FBT001 - two plain facts about the .shx
    usable: bool,  # noqa: FBT001
    records: NDArray[np.int64],
    intact: NDArray[np.bool_],
    table: dbf.Table | None,
) -> Iterator[DataFinding]:
    import numpy as np

    def finding(rule: str, level: Level, code: str, row: int | None = None, **values: int) -> DataFinding:
        return about_file(rule, level, source.role, Message(code, {"file": source.file, "row": row, **values}), row)

    if not usable:
        code = "read-shx-wrong" if has_index else "read-no-shx"
        yield finding("data/geometry", Level.WARNING, code, count=len(records))
    if not intact.all():
        first = int(np.flatnonzero(~intact)[0]) + 1
        yield finding("data/geometry", Level.ERROR, "read-shp-cut", first, count=int((~intact).sum()))
    if table is None:
        return
    if table.present > len(records):
        count = table.present - len(records)
        yield finding("data/geometry", Level.ERROR, "read-shp-shorter", len(records) + 1, count=count)
    if table.present < max(table.announced, len(records)):
        count = max(table.announced, len(records)) - table.present
        yield finding("data/value", Level.ERROR, "read-dbf-shorter", table.present + 1, count=count)


def _write(path: Path, parts: dict[str, Path], records: NDArray[np.int64], rows: int, table: dbf.Table | None) -> None:
    """The copy: the .shp as it is, an index with an empty shape for every lost record, blank attributes likewise."""
    import numpy as np

    same_file(parts[".shp"], path)
    index = np.zeros((rows, 2), ">i4")
    index[: len(records)] = records // 2
    with parts[".shp"].open("rb") as stream:
        start = bytearray(stream.read(HEADER_BYTES))
    start[24:28] = struct.pack(">i", (HEADER_BYTES + index.nbytes) // 2)
    path.with_suffix(".shx").write_bytes(bytes(start) + index.tobytes())
    if table is not None:
        _write_table(path.with_suffix(".dbf"), table, rows)


def _write_table(path: Path, table: dbf.Table, rows: int) -> None:
    if table.present == table.announced == rows:
        same_file(table.path, path)
        return
    with table.path.open("rb") as stream, path.open("wb") as copy:
        head = bytearray(stream.read(table.header_bytes))
        head[4:8] = struct.pack("<I", rows)
        copy.write(head)
        for first in range(0, table.present, RECORDS_AT_ONCE):
            copy.write(stream.read(min(RECORDS_AT_ONCE, table.present - first) * table.record_bytes))
        for _ in range(rows - table.present):
            copy.write(b" " * table.record_bytes)
