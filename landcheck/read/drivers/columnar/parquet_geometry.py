"""The geometry of a Parquet file: which column it is, in what system and encoding, and its shapes as WKB.

GeoParquet 1 and 2 (https://geoparquet.org/releases/), Parquet's own types, and the encodings of GeoArrow
(https://geoarrow.org/format.html): points as structures or lists of fixed length, within lists of rings and parts.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from landcheck.errors import InputError
from landcheck.read.layer import plain_column

if TYPE_CHECKING:
    import pyarrow.parquet as pq

GEOMETRY_NAMES = ("geometry", "geom", "wkb_geometry")
ARROW_KINDS = ("point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon")
BYTES = (pa.binary(), pa.large_binary(), pa.binary_view())
EXTENSION, ABOUT = b"ARROW:extension:name", b"ARROW:extension:metadata"


class ParquetGeometry(NamedTuple):
    """The geometry column, its system (PROJJSON or a code; None: not known) and its encoding."""

    column: str | None
    wkt: str | None
    encoding: str = "WKB"


def as_wkb(column: pa.Array, encoding: str) -> pa.Array:
    """The shapes as WKB, in two dimensions where they come as GeoArrow; null stays null."""
    if encoding == "WKB":
        return plain_column(column).cast(pa.binary())
    import shapely

    held = getattr(column, "storage", column)
    points, offsets = held.drop_null(), []
    while pa.types.is_list(points.type) or pa.types.is_large_list(points.type):
        starts = points.offsets.to_numpy()
        offsets.append(starts - starts[0])
        points = points.flatten()
    if pa.types.is_struct(points.type):
        names = [points.type.field(at).name for at in range(points.type.num_fields)]
        flat = dict(zip(names, points.flatten(), strict=True))
        xy = np.column_stack([flat["x"].to_numpy(zero_copy_only=False), flat["y"].to_numpy(zero_copy_only=False)])
    else:
        xy = points.flatten().to_numpy(zero_copy_only=False).reshape(len(points), -1)[:, :2]
    kind = shapely.GeometryType[encoding.upper()]
    made: Any = shapely.from_ragged_array(kind, np.ascontiguousarray(xy), tuple(reversed(offsets)) or None)
    shapes = np.full(len(held), None, object)
    shapes[held.is_valid().to_numpy(zero_copy_only=False)] = shapely.to_wkb(made)
    return pa.array(shapes, pa.binary())


def geometry_of(opened: pq.ParquetFile, file: str) -> ParquetGeometry:
    """The geometry column and its coordinate system; InputError where its encoding is none that is known.

    Where no metadata says so it is the column of Parquet's own type for geometry.
    """
    schema = opened.schema_arrow
    stated = b"geo" in (schema.metadata or {})
    return (None if stated else _native(opened, file)) or geometry_in(schema, file)


def geometry_in(schema: pa.Schema, file: str) -> ParquetGeometry:
    """The same by the schema alone.

    A system that is absent means OGC:CRS84, null means unknown: the two are not the same. Without metadata it is the
    column of an extension type of GeoArrow, or called and typed like geometry.
    """
    raw = (schema.metadata or {}).get(b"geo")
    if raw is None and (found := _extension(schema, file)):
        return found
    if raw is None:
        once = (name for name in schema.names if name.lower() in GEOMETRY_NAMES and schema.names.count(name) == 1)
        kinds = {name: getattr(schema.field(name).type, "storage_type", schema.field(name).type) for name in once}
        return ParquetGeometry(next((name for name, kind in kinds.items() if kind in BYTES), None), None)
    try:
        geo = json.loads(raw)
        primary = geo["primary_column"]
        about = geo["columns"][primary]
        encoding = str(about.get("encoding", "WKB"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("read-geoparquet-metadata", file=file) from None
    if primary not in schema.names:
        raise InputError("read-geoparquet-metadata", file=file)
    encoding = _known(encoding, primary, file, schema)
    if "crs" not in about:
        return ParquetGeometry(primary, "OGC:CRS84", encoding)
    stated = None if about["crs"] is None else json.dumps(about["crs"], ensure_ascii=False)
    return ParquetGeometry(primary, stated, encoding)


def _known(encoding: str, column: str, file: str, schema: pa.Schema) -> str:
    """The encoding as it is called here; InputError for another, and for GeoArrow's in a column without its points."""
    if encoding.upper() == "WKB":
        return "WKB"
    kind = schema.types[schema.names.index(column)]
    if encoding.lower() not in ARROW_KINDS or not pa.types.is_nested(getattr(kind, "storage_type", kind)):
        raise InputError("read-geoparquet-encoding", file=file, column=column, encoding=encoding)
    return encoding.lower()


def _extension(schema: pa.Schema, file: str) -> ParquetGeometry | None:
    """The column of a type of GeoArrow, by its name in the file or as a type that pyarrow knows."""
    stated = {one.name: one.metadata or {} for one in schema}
    types = {name: about.get(EXTENSION, b"").decode(errors="replace") for name, about in stated.items()}
    types |= {one.name: str(one.type.extension_name) for one in schema if hasattr(one.type, "extension_name")}
    found = {name: kind.removeprefix("geoarrow.") for name, kind in types.items() if kind.startswith("geoarrow.")}
    name = _meant_column(found, file)
    if name is None:
        return None
    try:
        crs = json.loads(stated[name].get(ABOUT) or b"{}").get("crs")
    except (ValueError, AttributeError, RecursionError):
        raise InputError("read-geoparquet-metadata", file=file) from None
    system = crs if crs is None or isinstance(crs, str) else json.dumps(crs, ensure_ascii=False)
    return ParquetGeometry(name, system, _known(found[name], name, file, schema))


def _meant_column(names: Collection[str], file: str) -> str | None:
    """The only column that is called like a geometry, or the only one; None of none, InputError for several."""
    called = [name for name in names if name.lower() in GEOMETRY_NAMES] or list(names)
    if len(called) > 1:
        raise InputError("read-parquet-geometries", file=file, columns=called)
    return called[0] if called else None


def _native(opened: pq.ParquetFile, file: str) -> ParquetGeometry | None:
    """The column of the type GEOMETRY or GEOGRAPHY, and its system; InputError for several of which none is meant.

    https://github.com/apache/parquet-format/blob/master/Geospatial.md: a system is PROJJSON, the name of file metadata
    that holds it (``projjson:name``), ``srid:4528`` or a code; none is OGC:CRS84.
    """
    columns = (opened.schema.column(at) for at in range(len(opened.schema)))
    types = {column.path: json.loads(column.logical_type.to_json()) for column in columns if "." not in column.path}
    native = {name: kind for name, kind in types.items() if kind.get("Type") in ("Geometry", "Geography")}
    name = _meant_column(native, file)
    if name is None:
        return None
    stated = str(native[name].get("crs") or "OGC:CRS84")
    way, _, value = stated.partition(":")
    if way == "projjson":
        stated = (opened.metadata.metadata or {}).get(value.encode(), stated.encode()).decode(errors="replace")
    return ParquetGeometry(name, f"EPSG:{value}" if way == "srid" else stated)
