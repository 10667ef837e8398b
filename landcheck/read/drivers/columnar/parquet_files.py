"""GeoParquet, and plain Parquet as a table: a file and its row groups, or several files as one layer.

https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyarrow as pa

from landcheck.errors import InputError
from landcheck.model import InputInfo
from landcheck.read.drivers.columnar.parquet_geometry import as_wkb, geometry_of
from landcheck.read.layer import Layer, Rows, Tell, distinct, plain_column, table_of
from landcheck.read.reader_calls import each_or_refuse, read_or_refuse
from landcheck.read.repair.recoding import sound_batch
from landcheck.read.source import DataSource, joint_sha256, sha256_of

if TYPE_CHECKING:
    import pyarrow.fs
    import pyarrow.parquet as pq

PARQUET_SUFFIXES = (".parquet", ".geoparquet")
KINDS = {"null": "", "string": "string", "large_string": "string", "boolean": "boolean", "integer": "number",
         "floating": "number", "decimal": "number", "date": "date", "timestamp": "timestamp"}  # fmt: skip
# part-00000-....parquet of Spark, part.0.parquet of Dask, part-0.parquet of Arrow, data_0.parquet of DuckDB
NAMED = re.compile(r"(part|data)[-_.]?\d", re.IGNORECASE)
# DIR/district=浦东新区/...: a column that stands in the folder's name, as Hive writes it
KEY = re.compile(r"([^=]+)=(.*)")
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
FOOTERS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class ParquetForm:
    """What the rows of a file are made of: its columns as they stand there, the geometry among them and its system.

    ``kinds``: what each column holds, in a word, whatever its width; empty where the file has no value in it.
    ``encoding``: of the geometry, WKB or one of GeoArrow's.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    geometry: str | None
    wkt: str | None
    encoding: str = "WKB"

    @property
    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of all columns but the geometry, no two of them equal, and those that stood more than once.

        A geometry column is the first of its name.
        """
        at = None if self.geometry is None else self.names.index(self.geometry)
        return distinct(name for number, name in enumerate(self.names) if number != at)

    def rows(self, batch: pa.RecordBatch, first: int, source: DataSource, tell: Tell) -> Rows:
        """A batch as it was read, which begins with row ``first``: its text checked, the geometry apart."""
        arrays = list(sound_batch(batch, first, source, tell).columns)
        shapes = None if self.geometry is None else arrays.pop(self.names.index(self.geometry))
        wkb = None if shapes is None else read_or_refuse(source.file, source.path, as_wkb, shapes, self.encoding)
        return Rows(first, table_of(list(map(plain_column, arrays)), self.columns[0], batch.num_rows), wkb)


@dataclass(frozen=True, slots=True)
class ParquetPart:
    """Rows that follow each other in one file: ``groups`` holds the number of rows of each row group.

    ``name`` is the file below its folder, empty where it is the whole source; ``first_row`` counts from 0 in the layer.
    ``keys`` are the columns that stand in the names of its folders.
    """

    name: str
    path: str
    groups: tuple[int, ...]
    first_group: int = 0
    first_row: int = 0
    keys: tuple[tuple[str, str | None], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(self.groups)

    def cut(self, about: int) -> Iterator[ParquetPart]:
        """The same rows in parts of about so many, at the borders of row groups."""
        if not self.groups:
            yield self
        start = rows = 0
        for end, held in enumerate(self.groups, start=1):
            rows += held
            if rows >= about or end == len(self.groups):
                first, group = self.first_row + sum(self.groups[:start]), self.first_group + start
                yield replace(self, groups=self.groups[start:end], first_group=group, first_row=first)
                start, rows = end, 0

    def with_keys(self, table: pa.RecordBatch) -> pa.RecordBatch:
        """The rows with the columns of the folders' names that the file does not have itself."""
        missing = [(key, value) for key, value in self.keys if key not in table.schema.names]
        if not missing:
            return table
        arrays = [*table.columns, *(pa.array([value] * table.num_rows, pa.string()) for _, value in missing)]
        return pa.RecordBatch.from_arrays(arrays, names=[*table.schema.names, *(key for key, _ in missing)])


@dataclass(frozen=True, slots=True)
class ParquetParts:
    """A layer as the parts it is read by; may go to another process, which reads what it is given."""

    source: DataSource
    system: pyarrow.fs.FileSystem
    form: ParquetForm
    parts: tuple[ParquetPart, ...]

    @property
    def rows(self) -> int:
        """How many rows all parts have."""
        return sum(part.rows for part in self.parts)

    def cut(self, about: int) -> list[ParquetParts]:
        """Each part by itself, large ones in pieces of about so many rows."""
        return [replace(self, parts=(piece,)) for part in self.parts for piece in part.cut(about)]

    def layer(self, info: InputInfo) -> Layer:
        """The rows of these parts, one after the other."""
        columns, repeated = self.form.columns
        keys = [name for name, _ in self.parts[0].keys if name not in columns]
        found = self.source.repeated(repeated)
        has_geometry, keep = self.form.geometry is not None, self.source.keep
        return Layer(info, (*columns, *keys), has_geometry, self.form.wkt, "Parquet", self.read, found, self.rows,
                     keep=keep, parts=self, fingerprint=self.fingerprint)  # fmt: skip

    def read(self, size: int, tell: Tell) -> Iterator[Rows]:
        """The rows, numbered through the whole layer."""
        for part in self.parts:
            first = part.first_row
            for batch in self._batches(part, size):
                rows = self.form.rows(batch, first, self.source, tell)
                yield replace(rows, table=part.with_keys(rows.table))
                first += batch.num_rows

    def fingerprint(self) -> str:
        """Of the files' contents, in their order."""
        return joint_sha256([self.digest(path) for path in sorted({part.path for part in self.parts})])

    def digest(self, path: str) -> str:
        """SHA-256 of one file."""
        return sha256_of([self.system.open_input_stream(path)])

    def _batches(self, part: ParquetPart, size: int) -> Iterator[pa.RecordBatch]:
        file = f"{self.source.file}/{part.name}" if part.name else self.source.file
        opened = _open(self.system, file, part.path)
        groups = list(range(part.first_group, part.first_group + len(part.groups)))
        if opened.num_row_groups < part.first_group + len(groups):
            raise InputError("read-rows-lost", file=file, announced=part.rows, read=opened.metadata.num_rows)
        return each_or_refuse(file, Path(part.path), [], opened.iter_batches(size, row_groups=groups))


def open_parquet(source: DataSource) -> Layer:
    """The rows of one Parquet file."""
    from pyarrow.fs import LocalFileSystem

    parts = _parts(source, LocalFileSystem(), [("", str(source.path.resolve()))])
    return replace(parts.layer(source.info(None, "UTF-8", parts.rows)), fingerprint=source.fingerprint())


def open_parts(
    source: DataSource, files: Sequence[tuple[str, str]], system: pyarrow.fs.FileSystem | None = None
) -> Layer:
    """Files (name below the source, path in the file system) as one layer, in the order of their names.

    InputError where one has other columns than the first or another coordinate system.
    """
    from pyarrow.fs import LocalFileSystem

    parts = _parts(source, system or LocalFileSystem(), sorted(files))
    return parts.layer(source.info(None, "UTF-8", parts.rows))


def are_parts(names: Sequence[str]) -> bool:
    """Whether files called so below one folder are one layer: several named like parts, or any in ``key=value``."""
    paths = [PurePosixPath(name) for name in names]
    keyed = [path for path in paths if len(path.parts) > 1]
    return (
        (len(paths) > 1 or bool(keyed))
        and all(path.suffix.lower() in PARQUET_SUFFIXES for path in paths)
        and all(KEY.fullmatch(folder) for path in keyed for folder in path.parts[:-1])
        and all(path in keyed or NAMED.match(path.name) for path in paths)
    )


def _parts(source: DataSource, system: pyarrow.fs.FileSystem, files: Sequence[tuple[str, str]]) -> ParquetParts:
    with ThreadPoolExecutor(FOOTERS_AT_ONCE) as pool:
        footers = list(pool.map(partial(_footer, source, system), files))
    _refuse_others(source, footers)
    starts = accumulate((part.rows for part, _ in footers), initial=0)
    placed = tuple(replace(part, first_row=start) for (part, _), start in zip(footers, starts, strict=False))
    return ParquetParts(source, system, footers[0][1], placed)


def _footer(
    source: DataSource, system: pyarrow.fs.FileSystem, file: tuple[str, str]
) -> tuple[ParquetPart, ParquetForm]:
    name, path = file
    shown = f"{source.file}/{name}" if name else source.file
    opened = _open(system, shown, path)
    groups = tuple(opened.metadata.row_group(at).num_rows for at in range(opened.num_row_groups))
    keys = [KEY.fullmatch(folder) for folder in PurePosixPath(name).parts[:-1]]
    named = tuple((unquote(key[1]), None if key[2] == NO_VALUE else unquote(key[2])) for key in keys if key)
    schema = opened.schema_arrow
    geometry = geometry_of(opened, shown)
    form = ParquetForm(tuple(schema.names), tuple(map(_kind, schema.types)), *geometry)
    return ParquetPart(name, path, groups, keys=named), form


def _open(system: pyarrow.fs.FileSystem, file: str, path: str) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    return read_or_refuse(file, Path(path), pq.ParquetFile, path, filesystem=system, pre_buffer=False)


def _refuse_others(source: DataSource, footers: Sequence[tuple[ParquetPart, ParquetForm]]) -> None:
    """InputError for the first file that is not made like the first of all."""
    model = footers[0][1]
    keys = [key for key, _ in footers[0][0].keys]
    for part, form in footers[1:]:
        values: dict[str, Any] = {"file": f"{source.file}/{part.name}", "first": footers[0][0].name}
        its_keys = [key for key, _ in part.keys]
        if (form.names, its_keys) != (model.names, keys):
            differing = sorted({*form.names, *its_keys} ^ {*model.names, *keys}) or list(form.names)
            raise InputError("read-part-columns", **values, columns=differing)
        if (form.geometry, form.wkt, form.encoding) != (model.geometry, model.wkt, model.encoding):
            raise InputError("read-part-crs", **values)
        kinds = zip(form.names, form.kinds, model.kinds, strict=True)
        if mixed := [column for column, a, b in kinds if a and b and a != b]:
            raise InputError("read-part-kinds", **values, columns=mixed)


def _kind(kind: pa.DataType) -> str:
    """What values of this type are, in a word."""
    kind = getattr(kind, "storage_type", kind)
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    word = next((word for name, word in KINDS.items() if getattr(pa.types, f"is_{name}")(kind)), None)
    return word if word is not None else "binary" if kind in (pa.binary(), pa.large_binary()) else str(kind)
