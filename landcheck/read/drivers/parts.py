"""Parquet in parts: one file and its row groups, or the files of a folder or an object store address as one layer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from landcheck.errors import InputError
from landcheck.model import InputInfo
from landcheck.read.columns import repeated_columns
from landcheck.read.digest import CHUNK, joint
from landcheck.read.drivers.parquet import Form, form_of, rows_of
from landcheck.read.folder import candidates
from landcheck.read.hear import each_or_refuse, read_or_refuse
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.fs
    import pyarrow.parquet as pq

SUFFIXES = (".parquet", ".geoparquet")
# part-00000-....parquet of Spark, part.0.parquet of Dask, part-0.parquet of Arrow, data_0.parquet of DuckDB
NAMED = re.compile(r"(part|data)[-_.]?\d", re.IGNORECASE)
# DIR/district=浦东新区/...: a column that stands in the folder's name, as Hive writes it
KEY = re.compile(r"([^=]+)=(.*)")
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
FOOTERS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that follow each other in one file: ``groups`` holds the number of rows of each row group.

    ``name`` is the file below its folder, empty where it is the whole source; ``first_row`` counts from 0 in the layer.
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

    def cut(self, about: int) -> Iterator[Part]:
        """The same rows in parts of about so many, at the borders of row groups."""
        if not self.groups:
            yield self
        start = rows = 0
        for end, held in enumerate(self.groups, start=1):
            rows += held
            if rows >= about or end == len(self.groups):
                first = self.first_row + sum(self.groups[:start])
                yield replace(
                    self, groups=self.groups[start:end], first_group=self.first_group + start, first_row=first
                )
                start, rows = end, 0


@dataclass(frozen=True, slots=True)
class Parts:
    """A layer as the parts it is read by; may go to another process, which reads what it is given."""

    source: Source
    system: pyarrow.fs.FileSystem
    form: Form
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """How many rows all parts have."""
        return sum(part.rows for part in self.parts)

    def cut(self, about: int) -> list[Parts]:
        """Each part by itself, large ones in pieces of about so many rows."""
        return [replace(self, parts=(piece,)) for part in self.parts for piece in part.cut(about)]

    def layer(self, info: InputInfo) -> Layer:
        """The rows of these parts, one after the other."""
        columns, repeated = self.form.columns
        keys = [name for name, _ in self.parts[0].keys if name not in columns]
        found = repeated_columns(self.source.role, self.source.file, repeated)
        has_geometry, keep = self.form.geometry is not None, self.source.keep
        return Layer(info, (*columns, *keys), has_geometry, self.form.wkt, "Parquet", self.read, found, self.rows,
                     keep=keep, parts=self, fingerprint=self.fingerprint)  # fmt: skip

    def read(self, size: int, tell: Tell) -> Iterator[Rows]:
        """The rows, numbered through the whole layer."""
        for part in self.parts:
            first = part.first_row
            for batch in self._batches(part, size):
                rows = rows_of(batch, self.form, first, self.source, tell)
                yield Rows(first, _with_keys(rows.table, part), rows.wkb)
                first += batch.num_rows

    def fingerprint(self) -> str:
        """Of the files' contents, in their order."""
        return joint([self.digest(path) for path in sorted({part.path for part in self.parts})])

    def digest(self, path: str) -> str:
        """SHA-256 of one file."""
        digest = hashlib.sha256()
        with self.system.open_input_stream(path) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _batches(self, part: Part, size: int) -> Iterator[pa.RecordBatch]:
        file = self._named(part)
        opened = _open(self.system, file, part.path)
        groups = list(range(part.first_group, part.first_group + len(part.groups)))
        if opened.num_row_groups < part.first_group + len(groups):
            raise InputError("read-rows-lost", file=file, announced=part.rows, read=opened.metadata.num_rows)
        return each_or_refuse(file, Path(part.path), [], opened.iter_batches(size, row_groups=groups))

    def _named(self, part: Part) -> str:
        return f"{self.source.file}/{part.name}" if part.name else self.source.file


def open_parquet(source: Source) -> Layer:
    """The rows of one Parquet file."""
    from pyarrow.fs import LocalFileSystem

    parts = _parts(source, LocalFileSystem(), [("", str(source.path.resolve()))])
    return replace(parts.layer(source.unmarked(None, "UTF-8", parts.rows)), fingerprint=source.fingerprint())


def open_parts(source: Source, system: pyarrow.fs.FileSystem, files: Sequence[tuple[str, str]]) -> Layer:
    """Files (name below the source, path in the file system) as one layer, in the order of their names.

    InputError where one has other columns than the first or another coordinate system.
    """
    parts = _parts(source, system, sorted(files))
    return parts.layer(InputInfo(source.role, source.file, None, None, "UTF-8", parts.rows, "", source.notes))


def parts_in(source: Source) -> list[tuple[str, str]]:
    """The files of a folder that are parts of one layer by their names; none where they are layers by themselves."""
    if source.layer is not None:
        return []
    paths = {one.path.relative_to(source.path).as_posix(): str(one.path.resolve()) for one in candidates(source)}
    return list(paths.items()) if are_parts(list(paths)) else []


def are_parts(names: Sequence[str]) -> bool:
    """Whether files called so below one folder are one layer: several named like parts, or any in ``key=value``."""
    paths = [PurePosixPath(name) for name in names]
    keyed = [path for path in paths if len(path.parts) > 1]
    return (
        (len(paths) > 1 or bool(keyed))
        and all(path.suffix.lower() in SUFFIXES for path in paths)
        and all(KEY.fullmatch(folder) for path in keyed for folder in path.parts[:-1])
        and all(path in keyed or NAMED.match(path.name) for path in paths)
    )


def _parts(source: Source, system: pyarrow.fs.FileSystem, files: Sequence[tuple[str, str]]) -> Parts:
    with ThreadPoolExecutor(FOOTERS_AT_ONCE) as pool:
        told = list(pool.map(partial(_footer, source, system), files))
    _refuse_others(source, [(part.name, form, tuple(key for key, _ in part.keys)) for part, form in told])
    starts = accumulate((part.rows for part, _ in told), initial=0)
    placed = tuple(replace(part, first_row=start) for (part, _), start in zip(told, starts, strict=False))
    return Parts(source, system, told[0][1], placed)


def _footer(source: Source, system: pyarrow.fs.FileSystem, file: tuple[str, str]) -> tuple[Part, Form]:
    name, path = file
    shown = f"{source.file}/{name}" if name else source.file
    opened = _open(system, shown, path)
    groups = tuple(opened.metadata.row_group(at).num_rows for at in range(opened.num_row_groups))
    return Part(name, path, groups, keys=_keys(name)), form_of(opened.schema_arrow, shown)


def _open(system: pyarrow.fs.FileSystem, file: str, path: str) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    return read_or_refuse(file, Path(path), pq.ParquetFile, path, filesystem=system, pre_buffer=False)


def _refuse_others(source: Source, told: Sequence[tuple[str, Form, tuple[str, ...]]]) -> None:
    """InputError for the first file that is not made like the first of all."""
    name, model, keys = told[0]
    for other, form, its_keys in told[1:]:
        values: dict[str, Any] = {"file": f"{source.file}/{other}", "first": name}
        if (form.names, its_keys) != (model.names, keys):
            differing = sorted({*form.names, *its_keys} ^ {*model.names, *keys}) or list(form.names)
            raise InputError("read-part-columns", **values, columns=differing)
        if (form.geometry, form.wkt) != (model.geometry, model.wkt):
            raise InputError("read-part-crs", **values)
        kinds = zip(form.names, form.kinds, model.kinds, strict=True)
        if mixed := [column for column, a, b in kinds if a and b and a != b]:
            raise InputError("read-part-kinds", **values, columns=mixed)


def _keys(name: str) -> tuple[tuple[str, str | None], ...]:
    found = [KEY.fullmatch(folder) for folder in PurePosixPath(name).parts[:-1]]
    return tuple((unquote(key[1]), None if key[2] == NO_VALUE else unquote(key[2])) for key in found if key)


def _with_keys(table: pa.RecordBatch, part: Part) -> pa.RecordBatch:
    """The rows with what stands in the names of the file's folders, where the file has no such column itself."""
    import pyarrow as pa

    missing = [(key, value) for key, value in part.keys if key not in table.schema.names]
    if not missing:
        return table
    arrays = [*table.columns, *(pa.array([value] * table.num_rows, pa.string()) for _, value in missing)]
    return pa.RecordBatch.from_arrays(arrays, names=[*table.schema.names, *(key for key, _ in missing)])
