"""GeoParquet, and plain Parquet as a table. https://geoparquet.org/releases/v1.1.0/"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError
from landcheck.read.columns import distinct, plain, repeated_columns
from landcheck.read.hear import each_or_refuse, read_or_refuse
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.sound import sound
from landcheck.read.source import Source
from landcheck.read.vector import table_of

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

GEOMETRY_NAMES = ("geometry", "geom", "wkb_geometry")


def open_parquet(source: Source) -> Layer:
    """The rows of a Parquet file; its primary geometry column must be WKB."""
    import pyarrow.parquet as pq

    file = read_or_refuse(source.file, source.path, pq.ParquetFile, source.path)
    names = file.schema_arrow.names
    geometry, wkt = _geometry(file, names, source)
    number = None if geometry is None else names.index(geometry)
    kept = [at for at, _ in enumerate(names) if at != number]
    columns, repeated = distinct(names[at] for at in kept)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        first = 0
        for batch in each_or_refuse(source.file, source.path, [], file.iter_batches(size)):
            batch = sound(batch, first, source, tell)  # noqa: PLW2901 - the checked one
            wkb = None if number is None else _binary(batch.column(number))
            yield Rows(first, table_of([plain(batch.column(at)) for at in kept], columns, batch.num_rows), wkb)
            first += batch.num_rows

    total = file.metadata.num_rows
    found = repeated_columns(source.role, source.file, repeated)
    info = source.info(None, "UTF-8", total)
    return Layer(info, columns, number is not None, wkt, "Parquet", rows, found, total, keep=source.keep)


def _geometry(file: pq.ParquetFile, names: list[str], source: Source) -> tuple[str | None, str | None]:
    """The geometry column and its coordinate system as PROJJSON text."""
    raw = (file.schema_arrow.metadata or {}).get(b"geo")
    if raw is None:
        return _without_metadata(file, names), None
    try:
        geo = json.loads(raw)
        primary = geo["primary_column"]
        about = geo["columns"][primary]
        encoding = str(about.get("encoding", "WKB"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("read-geoparquet-metadata", file=source.file) from None
    if primary not in names:
        raise InputError("read-geoparquet-metadata", file=source.file)
    if encoding.upper() != "WKB":
        raise InputError("read-geoparquet-encoding", file=source.file, column=primary, encoding=encoding)
    return primary, _crs(about)


def _without_metadata(file: pq.ParquetFile, names: list[str]) -> str | None:
    import pyarrow as pa

    for name in names:
        kind = file.schema_arrow.field(name).type if names.count(name) == 1 else None
        kind = getattr(kind, "storage_type", kind)
        if name.lower() in GEOMETRY_NAMES and kind in (pa.binary(), pa.large_binary()):
            return name
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
