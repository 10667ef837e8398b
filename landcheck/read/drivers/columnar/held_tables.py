"""Layers that are no files but in memory: frames of GeoPandas and pandas, and whatever gives an Arrow stream."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.errors import UsageError
from landcheck.model import InputInfo
from landcheck.read.drivers.columnar.parquet_files import ParquetForm
from landcheck.read.drivers.columnar.parquet_geometry import ParquetGeometry, geometry_in
from landcheck.read.drivers.tables.sheet_columns import typed_column
from landcheck.read.drivers.tables.text_geometry import TextGeometry, geometry_column
from landcheck.read.layer import ROWS_PER_BATCH, Layer, Rows, Tell, choose_layer, cut_up
from landcheck.read.reader_calls import read_or_refuse
from landcheck.read.source import DataSource, readable

UNNAMED = "index"
Shapely = NDArray[np.object_]
LOOKED_AT = 64
"""Rows that are looked through for shapes that are written out."""


class HeldTable:
    """A table in memory, taken over once, however often it is read; ``kind`` is what it was. Its rows stay as they are.

    ``shapes`` become WKB as the rows are read, in the place of the table's column of their name; all else is shared
    with whom it came from.
    """

    def __init__(
        self, source: DataSource, kind: str, table: pa.Table, geometry: ParquetGeometry, shapes: Shapely | None = None
    ) -> None:
        written = TextGeometry(source)
        if geometry.column is None:
            table, geometry = _written_shapes(table, written)
        self.file, self.kind, self.found = source.file, kind, tuple(written.findings())
        self.table, self.shapes, self.sha256 = table.unify_dictionaries(), shapes, ""
        self.form = ParquetForm(tuple(table.column_names), ("",) * table.num_columns, *geometry)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        batches = (batch for _, batch in self._batches())
        return pa.RecordBatchReader.from_batches(self.schema, batches).__arrow_c_stream__(requested_schema)

    @property
    def schema(self) -> pa.Schema:
        """Of the rows as they are read, with the system and no other metadata."""
        schema = self.table.schema.with_metadata({"crs": self.form.wkt or ""})
        if self.shapes is None:
            return schema
        return schema.set(self._drawn, pa.field(schema.names[self._drawn], pa.binary()))

    @property
    def _drawn(self) -> int:
        """Where among the columns the geometry is."""
        return self.form.names.index(self.form.geometry or "")

    def layer(self, source: DataSource) -> Layer:
        """The rows for one role."""
        names, repeated = self.form.columns
        info = InputInfo(source.role, source.file, None, None, None, self.table.num_rows, "")
        return Layer(info, names, self.form.geometry is not None, self.form.wkt, "Arrow", partial(self._read, source),
                     (*source.repeated(repeated), *self.found), self.table.num_rows,
                     fingerprint=lambda: self.sha256)  # fmt: skip

    def _read(self, source: DataSource, size: int, tell: Tell) -> Iterator[Rows]:
        for first, batch in self._batches() if self.sha256 else self._hashed_batches():
            rows = self.form.rows(batch, first, source, tell)
            yield from cut_up(rows.table, rows.wkb, size, first)

    def _hashed_batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The batches; their SHA-256 as an Arrow IPC stream is taken beside what is done with them."""
        hashed = _Hashed()
        stream = pa.ipc.new_stream(pa.PythonFile(hashed, "w"), self.schema)
        with ThreadPoolExecutor(1) as beside:
            written = []
            for first, batch in self._batches():
                written.append(beside.submit(stream.write_batch, batch))
                yield first, batch
            for one in written:
                one.result()
        stream.close()
        self.sha256 = hashed.sha256.hexdigest()

    def _batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """65,536 rows at a time, however they lie in memory, each with the number of its first."""
        schema = self.schema
        for first in range(0, self.table.num_rows, ROWS_PER_BATCH):
            part = self.table.slice(first, ROWS_PER_BATCH)
            columns = [pa.concat_arrays(one.chunks) if one.num_chunks > 1 else one.chunk(0) for one in part.columns]
            if self.shapes is not None:
                drawn = self.shapes[first : first + part.num_rows]
                columns[self._drawn] = read_or_refuse(self.file, Path(), _as_wkb, drawn)
            yield first, pa.RecordBatch.from_arrays(columns, schema=schema)


class _Hashed:
    """A file that is not kept."""

    closed = False

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, octets: bytes) -> int:
        self.sha256.update(octets)
        return len(octets)

    def flush(self) -> None:
        """Nothing waits."""


def held(source: object, role: str) -> HeldTable:
    """The table that is in memory. UsageError for what is none, InputError for one that cannot be read."""
    if isinstance(source, HeldTable):
        return source
    kind = type(source).__name__
    named = _source(role, kind)
    pandas = sys.modules.get("pandas")  # whoever has a frame has imported it
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return HeldTable(named, kind, *read_or_refuse(named.file, Path(), _from_pandas, source, named.file))
    if not hasattr(source, "__arrow_c_stream__") or len(getattr(source, "shape", (0, 0))) != 2:
        raise UsageError("read-no-table", role=role, kind=kind)
    table = read_or_refuse(named.file, Path(), lambda: pa.RecordBatchReader.from_stream(source).read_all())
    return HeldTable(named, kind, table, geometry_in(table.schema, named.file))


def open_held(source: object, role: str, layer: str | None) -> Layer:
    """The rows of a table in memory, for a role."""
    table = held(source, role)
    named = _source(role, table.kind)
    if layer is not None:
        choose_layer([role], role, layer, named.file)
    return table.layer(named)


def _source(role: str, kind: str) -> DataSource:
    """What messages and the report call it by."""
    return DataSource(f"{role} ({kind})", Path(), (), role)


def _written_shapes(table: pa.Table, shapes: TextGeometry) -> tuple[pa.Table, ParquetGeometry]:
    """The table with a column that holds its geometry as WKT or hexadecimal digits, as a text table may, made WKB."""
    first = (column.slice(0, LOOKED_AT).to_pylist() for column in table.columns)
    at, crs = geometry_column(table.column_names, list(zip(*first, strict=True)))
    if at is None:
        return table, ParquetGeometry(None, None)
    starts = range(0, table.num_rows, ROWS_PER_BATCH)
    texts = (table.column(at).slice(start, ROWS_PER_BATCH).cast(pa.string()).combine_chunks() for start in starts)
    made = pa.chunked_array([shapes.wkb(part, start) for start, part in zip(starts, texts, strict=True)], pa.binary())
    return table.set_column(at, table.column_names[at], made), ParquetGeometry(table.column_names[at], crs)


def _from_pandas(frame: Any, file: str) -> tuple[pa.Table, ParquetGeometry, Shapely | None]:
    """The columns, before them the levels of an index that has a name or holds no mere numbers, and the geometry."""
    levels = [frame.index.get_level_values(at) for at in range(frame.index.nlevels)]
    kept = [one for one in levels if one.name not in frame.columns and (one.name or one.dtype.kind not in "iu")]
    series = [*(level.to_series() for level in kept), *(frame.iloc[:, at] for at in range(frame.shape[1]))]
    names = [*(_heading(level.name, UNNAMED) for level in kept), *(_heading(name) for name in frame.columns)]
    drawn = [at for at, one in enumerate(series) if one.dtype.name == "geometry"]
    active = getattr(frame, "active_geometry_name", None)
    drawn = [at for at in drawn if names[at] == active] or drawn
    at = drawn[0] if len(drawn) == 1 else None
    arrays = [pa.nulls(len(one)) if number == at else _column(one) for number, one in enumerate(series)]
    table = pa.Table.from_arrays(arrays, names=names)
    if at is None:
        return table, geometry_in(table.schema, file), None
    crs, shapes = series[at].array.crs, np.asarray(series[at], object)
    return table, ParquetGeometry(names[at], None if crs is None else crs.to_json()), shapes


def _heading(name: object, nameless: str = "") -> str:
    """A column's name as text; of several levels, one after the other."""
    if isinstance(name, tuple):
        return " ".join(part for part in map(str, name) if part)
    return nameless if name is None else str(name)


def _column(series: Any) -> pa.ChunkedArray:
    """A column as Arrow holds it: shapes as WKB, and what Arrow has no type for as the cells of a spreadsheet are."""
    if series.dtype.name == "geometry":
        return _in_parts(series)
    try:
        array = pa.array(series, from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeError):
        array = None
    if array is None or isinstance(array.type, pa.BaseExtensionType):  # a period is no number of months
        cells = series.astype(object).where(series.notna(), None)
        array = _in_parts(cells) if _are_shapes(cells) else typed_column([_plain(cell) for cell in cells])
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _in_parts(series: Any) -> pa.ChunkedArray:
    """Shapes as WKB, a part at a time: an Arrow array holds two gigabytes."""
    shapes = np.asarray(series, object)
    starts = range(0, len(shapes), ROWS_PER_BATCH)
    return pa.chunked_array([_as_wkb(shapes[start : start + ROWS_PER_BATCH]) for start in starts], pa.binary())


def _as_wkb(shapes: Shapely) -> pa.Array:
    from landcheck.read.drivers.columnar.drawn_wkb import drawn_wkb

    return drawn_wkb(shapes)


def _are_shapes(cells: Any) -> bool:
    import shapely

    there = cells.dropna()
    return len(there) > 0 and bool(shapely.is_geometry(there.to_numpy()).all())


def _plain(cell: Any) -> Any:
    """A cell as it comes from a spreadsheet, in text that UTF-8 can hold."""
    cell = cell.item() if isinstance(cell, np.generic) else cell
    return readable(cell) if isinstance(cell, str) else cell
