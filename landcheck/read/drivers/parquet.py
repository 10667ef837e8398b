"""GeoParquet, and plain Parquet as a table. https://geoparquet.org/releases/v1.1.0/"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.read.columns import distinct, plain
from landcheck.read.drivers.vector import table_of
from landcheck.read.layer import Rows, Tell
from landcheck.read.repair.sound import sound
from landcheck.read.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY_NAMES = ("geometry", "geom", "wkb_geometry")


@dataclass(frozen=True, slots=True)
class Form:
    """What the rows of a file are made of: its columns as they stand there, the geometry among them and its system.

    ``kinds``: what each column holds, in a word, whatever its width; empty where the file has no value in it.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    geometry: str | None
    wkt: str | None

    @property
    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of all columns but the geometry, no two of them equal, and those that stood more than once."""
        return distinct(self.names[at] for at in self.kept)

    @property
    def number(self) -> int | None:
        """Which column is the geometry."""
        return None if self.geometry is None else self.names.index(self.geometry)

    @property
    def kept(self) -> tuple[int, ...]:
        """Which columns are none."""
        return tuple(at for at in range(len(self.names)) if at != self.number)


def form_of(schema: pa.Schema, file: str) -> Form:
    """What a file's schema says. Its primary geometry column must be WKB; InputError otherwise."""
    geometry, wkt = _geometry(schema, file)
    return Form(tuple(schema.names), tuple(_kind(kind) for kind in schema.types), geometry, wkt)


def rows_of(batch: pa.RecordBatch, form: Form, first_row: int, source: Source, tell: Tell) -> Rows:
    """The rows of a batch, checked, the geometry apart from the other columns."""
    batch = sound(batch, first_row, source, tell)
    number = form.number
    wkb = None if number is None else _binary(batch.column(number))
    arrays = [plain(batch.column(at)) for at in form.kept]
    return Rows(first_row, table_of(arrays, form.columns[0], batch.num_rows), wkb)


def _kind(kind: pa.DataType) -> str:
    import pyarrow as pa

    kind = getattr(kind, "storage_type", kind)
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    for word in ("null", "string", "large_string", "boolean", "integer", "floating", "decimal", "date", "timestamp"):
        if getattr(pa.types, f"is_{word}")(kind):
            return {"null": "", "large_string": "string", "integer": "number", "floating": "number",
                    "decimal": "number"}.get(word, word)  # fmt: skip
    return "binary" if kind in (pa.binary(), pa.large_binary()) else str(kind)


def _geometry(schema: pa.Schema, file: str) -> tuple[str | None, str | None]:
    """The geometry column and its coordinate system as PROJJSON text."""
    raw = (schema.metadata or {}).get(b"geo")
    if raw is None:
        return _without_metadata(schema), None
    try:
        geo = json.loads(raw)
        primary = geo["primary_column"]
        about = geo["columns"][primary]
        encoding = str(about.get("encoding", "WKB"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("read-geoparquet-metadata", file=file) from None
    if primary not in schema.names:
        raise InputError("read-geoparquet-metadata", file=file)
    if encoding.upper() != "WKB":
        raise InputError("read-geoparquet-encoding", file=file, column=primary, encoding=encoding)
    return primary, _crs(about)


def _without_metadata(schema: pa.Schema) -> str | None:
    import pyarrow as pa

    for name in schema.names:
        kind = schema.field(name).type if schema.names.count(name) == 1 else None
        kind = getattr(kind, "storage_type", kind)
        if name.lower() in GEOMETRY_NAMES and kind in (pa.binary(), pa.large_binary()):
            return str(name)
    return None


def _crs(about: dict[str, Any]) -> str | None:
    """Absent means OGC:CRS84, null means unknown: the two are not the same."""
    if "crs" not in about:
        return "OGC:CRS84"
    crs = about["crs"]
    return None if crs is None else json.dumps(crs, ensure_ascii=False)


def _binary(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    return plain(column).cast(pa.binary())
