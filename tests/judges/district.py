"""A made-up district: 3,000 parcels whose ids are real-estate unit numbers of 28 characters, in twelve parks.

One parcel in nine is housing and one in forty-one park land, by their codes alone; every park loses some green.
"""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import shapely

PARCELS, ACROSS, PARKS = 3000, 60, 12
CLASSES = ("产业项目类工业用地", "标准厂房类工业用地", "通用类研发用地")


def draw(path: Path) -> Path:
    """The GeoPackage with the layers ``parcels``, ``parks`` and ``green``; the same seed, the same district."""
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
        "other_industry_gfa_m2": np.round(far * 10_000 * random.uniform(0.1, 0.4, PARCELS), 1),
        "living_gfa_m2": np.round(far * 10_000 * random.uniform(0.02, 0.2, PARCELS), 1),
        "term_years": random.choice([20, 50, 50, 60], PARCELS),
    }
    housing, planted = number % 9 == 0, number % 41 == 0
    columns["land_class"] = np.where(housing | planted, None, columns["land_class"])
    columns["land_code"] = np.where(housing, "R2", np.where(planted, "G1", "M1"))
    parcels = geopandas.GeoDataFrame(columns, geometry=shapely.box(x, y, x + 100, y + 100), crs=4549)
    parcels.to_file(path, layer="parcels")
    parks = parcels[["park_id", "geometry"]].dissolve("park_id").convex_hull.reset_index(name="geometry")
    parks["district"] = "嘉定区"
    geopandas.GeoDataFrame(parks, geometry="geometry", crs=4549).to_file(path, layer="parks")
    _green(parcels).to_file(path, layer="green")
    return path


def _green(parcels: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Of each park two plots of green: 600 m² that go, and 500 to 720 m² that come."""
    first, each = np.arange(PARKS) * (PARCELS // PARKS), np.arange(PARKS) * 20.0
    ground = [parcels.geometry.iloc[first + more].reset_index(drop=True) for more in (1, 2)]
    columns = {
        "green_id": [f"G{at:02d}" for at in range(2 * PARKS)],
        "park_id": [f"PARK{at % PARKS + 1:02d}" for at in range(2 * PARKS)],
        "change": ["reduction"] * PARKS + ["new_planned"] * PARKS,
        "area_m2": [*np.full(PARKS, 600.0), *(500 + each)],
        "reason": ["expansion"] * PARKS + [None] * PARKS,
        "project_completed": ["true"] * PARKS + [None] * PARKS,
    }
    shapes = geopandas.pd.concat(ground, ignore_index=True)
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=4549)
