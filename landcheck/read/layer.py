"""A layer that is open for reading: its batches, its columns, and which of several layers is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.errors import InputError, InternalError
from landcheck.fields.cells import plain
from landcheck.messages import Message
from landcheck.model import DataFinding, InputInfo, TableLines

ROWS_PER_BATCH = 65_536
COLUMNS_AT_MOST = 5_000
Columns = TypeVar("Columns", bound=Sequence[object])
ROLE_WORDS: dict[str, tuple[str, ...]] = {
    "parcels": ("parcels", "parcel", "宗地", "地块", "zongdi", "dikuai"),
    "parks": ("parks", "park", "园区", "工业园区", "产业园区", "产业基地", "产业社区", "yuanqu"),
    "zones": ("zones", "zone", "高新区", "高新技术产业开发区", "gaoxinqu"),
    "green": ("green", "greens", "绿地", "lvdi", "ludi"),
    "buildings": ("buildings", "building", "建筑", "建筑物", "房屋", "jianzhu"),
    "attributes": ("attributes", "attribute", "属性", "属性表", "指标", "指标表"),
}

NOTES = ("填表说明", "说明", "备注", "附注", "目录", "封面", "图例", "notes", "readme", "contents", "cover", "legend")
"""Sheets and layers that are no table, by their names."""

Tell = Callable[[DataFinding], None]
ReadRows = Callable[[int, Tell], Iterator["Rows"]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a layer. ``first_row`` counts from 0; ``wkb`` is an Arrow binary array, None for a table.

    ``lines``: where each stands in its sheet or text, from 1, of what is one.
    """

    first_row: int
    table: pa.RecordBatch
    wkb: pa.Array | None
    lines: NDArray[np.int64] | None = None


@dataclass(slots=True)
class Layer:
    """One layer of one source.

    ``columns`` are the decoded names, ``wkt`` the coordinate system as the file gives it (WKT, PROJJSON or an authority
    code; None where it gives none). ``info.rows`` and ``findings`` are final once ``batches`` has been read to its end.
    ``keep`` holds what must live as long as the layer does, such as the folder an archive was unpacked to. ``parts``:
    the ParquetParts it can be read by, one by one and elsewhere, where it is Parquet; ``fingerprint`` gives
    ``info.sha256`` where that waits for the rows to be read. ``titles`` are what the source calls some columns for
    people. ``numbered``: of what ``Rows.lines`` are the numbers, ``sheet`` or ``text``.
    """

    info: InputInfo
    columns: tuple[str, ...]
    has_geometry: bool
    wkt: str | None
    driver: str
    read: ReadRows
    opening: tuple[DataFinding, ...] = ()
    expected: int | None = None
    reading: tuple[DataFinding, ...] = ()
    keep: tuple[object, ...] = ()
    parts: object | None = None
    fingerprint: Callable[[], str] | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    numbered: str = ""

    def call(self, names: Mapping[str, str]) -> None:
        """Give some columns other names, in the rows too; one that another column has already is not given."""
        if not names:
            return
        new = tuple(names.get(name, name) for name in self.columns)
        new = tuple(
            old if new.count(name) > 1 or (name != old and name in self.columns) else name
            for old, name in zip(self.columns, new, strict=True)
        )
        read, self.columns = self.read, new

        def rows(size: int, tell: Tell) -> Iterator[Rows]:
            for one in read(size, tell):
                yield replace(one, table=one.table.rename_columns(list(new)))

        self.read = rows

    @property
    def findings(self) -> tuple[DataFinding, ...]:
        """What is wrong with the file: seen when it was opened, then seen while its rows were read."""
        return self.opening + self.reading

    def batches(self, size: int = ROWS_PER_BATCH) -> Iterator[Rows]:
        """The rows from the first to the last, at most ``size`` at a time; may be called again.

        Raises InputError where the source breaks off or gives other rows than it announced.
        """
        found: list[DataFinding] = []
        count, steps, shift = 0, list[tuple[int, int]](), -1
        for rows in self.read(size, found.append):
            if rows.lines is not None and len(rows.lines):
                shifts = rows.lines - np.arange(count + 1, count + 1 + len(rows.lines))
                news = np.flatnonzero(np.diff(shifts, prepend=shift))
                steps += zip((news + count + 1).tolist(), rows.lines[news].tolist(), strict=True)
                shift = shifts[-1]
            count += rows.table.num_rows
            yield rows
        if self.expected is not None and count != self.expected:
            raise InputError("read-rows-lost", file=self.info.path, announced=self.expected, read=count)
        self.reading = merged(found)
        digest = self.info.sha256 or ("" if self.fingerprint is None else self.fingerprint())
        lines = TableLines(self.numbered, steps) if steps else self.info.lines
        self.info = replace(self.info, rows=count, sha256=digest, lines=lines)

    def __reduce__(self) -> tuple[Any, ...]:
        """What is known of the layer goes to another process, its rows do not."""
        known = (self.info, self.columns, self.has_geometry, self.wkt, self.driver, _elsewhere)
        return Layer, (*known, self.opening, self.expected, self.reading)


def _elsewhere(*_: object) -> Iterator[Rows]:
    raise InternalError("read-elsewhere")


def merged(findings: Iterable[DataFinding]) -> tuple[DataFinding, ...]:
    """Findings that batch after batch gave of the same thing, as one with the whole count and the first row."""
    result: dict[tuple[object, ...], DataFinding] = {}
    for finding in findings:
        values = dict(finding.message.values)
        count = values.pop("count", None)
        values.pop("row", None)
        key = (finding.rule, finding.message.code, *map(str, values.items()))
        before = result.get(key)
        if before is None:
            result[key] = finding
        elif count is not None:
            total = {**before.message.values, "count": before.message.values["count"] + count}
            result[key] = replace(before, message=Message(finding.message.code, total))
    return tuple(result.values())


def called_like(name: str, role: str) -> bool:
    """Whether a layer is called by one of the words for a role."""
    return name.strip().casefold() in ROLE_WORDS.get(role, (role,))


def choose_layer(names: Sequence[str], role: str, wanted: str | None, file: str) -> str:
    """The name that was asked for, else the only one, else the only one called like the role; never just the first.

    Raises InputError where that leaves none or several.
    """
    if not names:
        raise InputError("read-no-layers", file=file)
    if wanted is not None:
        alike = [name for name in names if name.casefold() == wanted.casefold()]
        if wanted not in names and len(alike) != 1:
            raise InputError("read-no-such-layer", file=file, layer=wanted, layers=list(names))
        return wanted if wanted in names else alike[0]
    words = ROLE_WORDS.get(role, (role,))
    called = [name for name in names if called_like(name, role)]
    holding = [name for name in names if any(word in name.casefold() for word in words)]
    tables = [name for name in names if name.strip().casefold() not in NOTES]
    for candidates in (names, called, holding, tables):
        if len(candidates) == 1:
            return candidates[0]
    if role != "parcels":
        raise InputError("read-several-layers-beside", file=file, role=role, layers=list(names))
    likely = [name for name in tables if not any(called_like(name, other) for other in ROLE_WORDS)]
    name = [*called, *holding, *likely, *names][0]
    line = name if name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'
    raise InputError("read-several-layers", file=file, layers=list(names), line=line)


def refuse_wide(file: str, columns: Columns) -> Columns:
    """The columns; InputError for more than any table has, which come of lost line breaks or a table on its side."""
    if len(columns) > COLUMNS_AT_MOST:
        raise InputError("read-too-many-columns", file=file, count=len(columns), limit=COLUMNS_AT_MOST)
    return columns


def distinct(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names no two of which are equal, and those that stood more than once; a nameless column gets its number."""
    seen: dict[str, int] = {}
    result: list[str] = []
    repeated: list[str] = []
    for number, raw in enumerate(names, start=1):
        name = raw.strip() or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 2:
            repeated.append(name)
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result), tuple(repeated)


def plain_column(column: pa.Array) -> pa.Array:
    """The column without nested, dictionary and extension types: what normalising values can work on."""
    column = plain(column)
    if pa.types.is_nested(column.type):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
    return column


def cut_up(
    table: pa.RecordBatch,
    wkb: pa.Array | None,
    size: int,
    first_row: int = 0,
    lines: NDArray[np.int64] | None = None,
) -> Iterator[Rows]:
    """The rows, at most ``size`` at a time."""
    for first in range(0, table.num_rows, size):
        shapes = None if wkb is None else wkb.slice(first, size)
        stand = None if lines is None else lines[first : first + size]
        yield Rows(first_row + first, table.slice(first, size), shapes, stand)


def table_of(arrays: list[pa.Array], columns: Sequence[str], rows: int) -> pa.RecordBatch:
    """A record batch, also one without any column that still has its number of rows."""
    if arrays:
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))
    return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))
