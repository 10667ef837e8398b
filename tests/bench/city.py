"""A made-up city, drawn in blocks between streets: neighbours share their edges to the last digit.

A block is 4 x 4 parcels with jittered corners; each edge is bent at up to 6 points that both neighbours have, so a
parcel has 5 to 29 points. About one in a thousand has a point in its neighbour, one in a thousand is a bow-tie. The
same count gives the same city.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import pyarrow as pa
import shapely
from cadastre import attributes, bare, failing, failing_once
from numpy.typing import NDArray

CRS = "EPSG:4549"
ORIGIN = (480_000.0, 3_320_000.0)
ACROSS = 4  # parcels along a side of a block
SIDE, STREET = 70.0, 24.0  # metres
JITTER, BEND = 8.0, 1.5  # metres by which a corner and a bend leave the grid
BENDS = 6  # at most, on an edge
OVERLAPPING, INVALID = 0.00135, 0.001  # a quarter of the slips towards the south end in a street
BLOCKS = 4096  # drawn at a time: 65,536 parcels
DRIVERS = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}

KINDS = {"city": attributes, "failing": failing, "failing-once": failing_once, "bare": bare}

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]


def batches(count: int, kind: str = "city") -> Iterator[pa.RecordBatch]:
    """The city as Arrow: attributes of that kind and WKB."""
    each = ACROSS * ACROSS
    blocks = -(-count // each)
    for start in range(0, blocks, BLOCKS):
        number = np.arange(start, min(start + BLOCKS, blocks))
        rng = np.random.default_rng([3, start])
        shapes = polygons(number, int(np.ceil(np.sqrt(blocks))), rng)[: count - start * each]
        columns = KINDS[kind](start * each, shapely.area(shapes), rng)
        columns["geometry"] = pa.array(shapely.to_wkb(shapes), pa.binary())
        yield pa.RecordBatch.from_pydict(columns)


def polygons(number: NDArray[np.int64], columns: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """The parcels of these blocks, block by block, row by row."""
    rings, kept = _rings(_corners(number, columns, rng), rng)
    _slip(rings, kept, rng)
    sizes = kept.sum(axis=1)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    return shapely.from_ragged_array(shapely.GeometryType.POLYGON, *_closed(rings[kept], ends, sizes))


def _corners(number: NDArray[np.int64], columns: int, rng: np.random.Generator) -> Floats:
    """Block x row x column x (x, y)."""
    pitch = ACROSS * SIDE + STREET
    places = np.stack([number % columns, number // columns], axis=-1) * pitch + ORIGIN
    grid = np.stack(np.meshgrid(np.arange(ACROSS + 1), np.arange(ACROSS + 1)), axis=-1) * SIDE
    corners = places[:, None, None] + grid
    return corners + rng.uniform(-JITTER, JITTER, corners.shape)


def _rings(corner: Floats, rng: np.random.Generator) -> tuple[Floats, Masks]:
    """Counter-clockwise points of each parcel, and which of them are drawn."""
    across = _edges(corner[:, :, :-1], corner[:, :, 1:], rng)  # west to east
    upward = _edges(corner[:, :-1], corner[:, 1:], rng)  # south to north
    sides = [
        [part[:, :-1] for part in across],
        [part[:, :, 1:] for part in upward],
        [_backwards(part[:, 1:]) for part in across],
        [_backwards(part[:, :, :-1]) for part in upward],
    ]
    points = np.concatenate([line[..., :-1, :] for line, _ in sides], axis=-2)
    kept = np.concatenate([mask[..., :-1] for _, mask in sides], axis=-1)
    return points.reshape(-1, *points.shape[-2:]), kept.reshape(-1, kept.shape[-1])


def _edges(a: Floats, b: Floats, rng: np.random.Generator) -> tuple[Floats, Masks]:
    """From corner to corner over the bends; the corners are always drawn, of the bends from none to all."""
    t = np.linspace(0, 1, BENDS + 2)[:, None]
    line = a[..., None, :] * (1 - t) + b[..., None, :] * t
    line[..., 1:-1, :] += rng.uniform(-BEND, BEND, line[..., 1:-1, :].shape)
    drawn = np.ones(line.shape[:-1], bool)
    drawn[..., 1:-1] = rng.random(drawn[..., 1:-1].shape) < rng.random((*drawn.shape[:-1], 1)) ** 2
    return np.round(line, 3), drawn


def _backwards(part: NDArray[np.generic]) -> NDArray[np.generic]:
    """An edge walked the other way; points lie on the fourth axis, masks have no further one."""
    return part[:, :, :, ::-1]


def _slip(rings: Floats, kept: Masks, rng: np.random.Generator) -> None:
    """Faults as people make them: a point drawn in the southern neighbour, two corners taken in the wrong order."""
    south = np.flatnonzero(rng.random(len(rings)) < OVERLAPPING)
    kept[south, BENDS // 2] = True
    rings[south, BENDS // 2, 1] -= 6.0
    tied = np.flatnonzero(rng.random(len(rings)) < INVALID)
    second = BENDS + 1
    rings[tied, 0], rings[tied, second] = rings[tied, second], rings[tied, 0].copy()


def _closed(points: Floats, ends: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[Floats, tuple[Any, Any]]:
    """The rings with their first point once more at the end, and the offsets of rings and polygons."""
    closed = np.insert(points, ends[1:], points[ends[:-1]], axis=0)
    offsets = np.concatenate([[0], np.cumsum(sizes + 1)])
    return closed, (offsets, np.arange(len(sizes) + 1))


def write(path: Path, count: int, kind: str = "city") -> None:
    """The city in the format of the suffix: gpkg, fgb, shp or parquet. It appears whole."""
    draft = path.with_name(f"draft-{path.name}")
    if path.suffix == ".parquet":
        _write_parquet(draft, batches(count, kind))
    else:
        _write_gdal(draft, DRIVERS[path.suffix], batches(count, kind))
    for part in draft.parent.glob(f"{draft.stem}.*"):
        part.replace(path.with_suffix(part.suffix))


def _write_gdal(path: Path, driver: str, parts: Iterator[pa.RecordBatch]) -> None:
    from pyogrio.raw import write_arrow

    first, shapefile = next(parts), driver == "ESRI Shapefile"
    reader = pa.RecordBatchReader.from_batches(first.schema, chain([first], parts))
    write_arrow(
        reader, path, driver=driver, layer="parcels", geometry_name="geometry", geometry_type="Polygon", crs=CRS,
        encoding="UTF-8" if shapefile else None, layer_options={"RESIZE": "YES"} if shapefile else None,
    )  # fmt: skip


def _write_parquet(path: Path, parts: Iterator[pa.RecordBatch]) -> None:
    import pyarrow.parquet as pq
    import pyproj

    geometry = {"encoding": "WKB", "geometry_types": ["Polygon"], "crs": pyproj.CRS(CRS).to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    first = next(parts)
    schema = first.schema.with_metadata({"geo": json.dumps(geo)})
    with pq.ParquetWriter(path, schema) as writer:
        for part in chain([first], parts):
            writer.write_batch(part.replace_schema_metadata(schema.metadata))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
