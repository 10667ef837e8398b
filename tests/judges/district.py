"""A made-up district: 3,000 parcels whose ids are real-estate unit numbers of 28 characters, in twelve parks."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import shapely

PARCELS, ACROSS, PARKS = 3000, 60, 12
CLASSES = ("工业用地", "通用类研发用地", "其他")


def draw(path: Path) -> Path:
    """The GeoPackage with the layers ``parcels`` and ``parks``; the same seed, the same district."""
    number, random = np.arange(PARCELS), np.random.default_rng(5)
    x, y = number % ACROSS * 120.0 + 520_000, number // ACROSS * 130.0 + 3_450_000
    far = np.round(random.uniform(1.2, 4, PARCELS), 2)
    columns = {
        "parcel_id": [f"310115001002GB{i // 50:05d}F{i % 50:08d}" for i in number],
        "park_id": [f"PARK{i * PARKS // PARCELS + 1:02d}" for i in number],
        "land_class": random.choice(CLASSES, PARCELS),
        "site_area_m2": 10_000.0,
        "far_gfa_m2": far * 10_000,
        "above_ground_gfa_m2": far * 10_000,
        "other_use_gfa_m2": np.round(far * 10_000 * random.uniform(0.1, 0.4, PARCELS), 1),
        "living_gfa_m2": np.round(far * 10_000 * random.uniform(0.02, 0.2, PARCELS), 1),
        "term_years": random.choice([20, 50, 50, 60], PARCELS),
    }
    parcels = geopandas.GeoDataFrame(columns, geometry=shapely.box(x, y, x + 100, y + 100), crs=4549)
    parcels.to_file(path, layer="parcels")
    parks = parcels[["park_id", "geometry"]].dissolve("park_id").convex_hull.reset_index(name="geometry")
    geopandas.GeoDataFrame(parks, geometry="geometry", crs=4549).to_file(path, layer="parks")
    return path
