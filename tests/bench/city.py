"""A made-up city: parcels with shared edges and 20 vertices, gaps in the data, some overlaps and invalid rings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

SIDE = 120.0  # metres between corners; every edge is bent at random points that both neighbours share
ORIGIN = (560_000.0, 3_400_000.0)
CRS = "EPSG:4549"
BENDS = 4
OVERLAPS, INVALID, GAPS = 0.001, 0.0005, 0.01


def polygons(count: int, seed: int = 3) -> NDArray[np.object_]:
    """``count`` parcels on a square grid."""
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1) * SIDE
    corner = corner + rng.uniform(-0.2, 0.2, corner.shape) * SIDE + ORIGIN
    across = _edge(corner[:, :-1], corner[:, 1:], rng)  # west to east
    upward = _edge(corner[:-1], corner[1:], rng)  # south to north
    sides = across[:-1], upward[:, 1:], _backwards(across[1:]), _backwards(upward[:, :-1])
    ring = np.concatenate([side[:, :, :-1] for side in sides], axis=2)
    rings = ring.reshape(-1, ring.shape[2], 2)[:count]
    shapes = shapely.polygons(rings)
    return _spoilt(shapes, rng)


def _edge(a: NDArray[np.float64], b: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    t = np.linspace(0, 1, BENDS + 2)[:, None]
    line = a[..., None, :] * (1 - t) + b[..., None, :] * t
    line[..., 1:-1, :] += rng.uniform(-2, 2, line[..., 1:-1, :].shape)
    return line


def _backwards(line: NDArray[np.float64]) -> NDArray[np.float64]:
    return line[..., ::-1, :]


def _spoilt(shapes: NDArray[np.object_], rng: np.random.Generator) -> NDArray[np.object_]:
    """Some parcels grown over their neighbours, some with a bow-tie."""
    grown = np.flatnonzero(rng.random(len(shapes)) < OVERLAPS)
    shapes[grown] = shapely.buffer(shapes[grown], 0.5, join_style="mitre")
    tied = np.flatnonzero(rng.random(len(shapes)) < INVALID)
    for row in tied:
        points = shapely.get_coordinates(shapes[row])[:-1]
        points[[2, 9]] = points[[9, 2]]
        shapes[row] = shapely.Polygon(points)
    return shapes


def table(shapes: NDArray[np.object_], seed: int = 4) -> pa.Table:
    """The attributes planners keep, most of them sound, a hundredth missing."""
    n, rng = len(shapes), np.random.default_rng(seed)
    area = np.round(shapely.area(shapes) * 0.9995, 2)
    whole = np.round(area * rng.uniform(2.0, 3.5, n), 2)

    def gaps(values: NDArray[np.generic]) -> pa.Array:
        return pa.array(values, mask=rng.random(n) < GAPS)

    classes = np.array(["industrial_project", "industrial_standard", "rd_general", "rd_project", "other"])
    return pa.table({
        "parcel_id": [f"SH{i:08}" for i in range(n)],
        "land_class": gaps(rng.choice(classes, n, p=[0.02, 0.02, 0.01, 0.05, 0.9])),
        "term_years": gaps(rng.choice([20.0, 50.0], n, p=[0.9, 0.1])),
        "recognition": gaps(rng.choice(np.array(["none", "municipal_key_project"]), n)),
        "site_area_m2": gaps(area),
        "far_gfa_m2": gaps(np.round(area * rng.choice([1.9, 2.0, 2.5, 3.0], n), 2)),
        "above_ground_gfa_m2": gaps(whole),
        "other_industry_gfa_m2": gaps(np.round(whole * rng.uniform(0, 0.16, n), 2)),
        "living_gfa_m2": gaps(np.round(whole * rng.uniform(0, 0.15, n), 2)),
        "single_use": gaps(np.ones(n, bool)),
        "is_stock": gaps(rng.random(n) < 0.1),
        "approval_date": pa.array(rng.integers(18_900, 20_500, n).astype(np.int32), pa.date32()),
    })  # fmt: skip


def write(path: Path, count: int) -> None:
    """The city in the format of the suffix: gpkg, fgb, shp or parquet."""
    import geopandas as gpd

    shapes = polygons(count)
    frame = gpd.GeoDataFrame(table(shapes).to_pandas(), geometry=shapes, crs=CRS)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
        return
    driver = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}[path.suffix]
    frame.to_file(path, driver=driver, use_arrow=path.suffix != ".shp")
