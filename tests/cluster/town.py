"""A town of squares in a random order of rows, in several files: with everything that crosses the borders of parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landcheck import Report, Request, render
from landcheck.geometry.shapes.fingerprint import fingerprint
from landcheck.report.options import Options

SOURCES = ("parks", "zones", "green", "buildings", "attributes")
SIDE = 100.0
ACROSS = 60
ROWS = ACROSS * 50
FILES = 7
CRS = "EPSG:4549"
ORIGIN = np.array([560_000.0, 3_450_000.0])
CLASSES = ["industrial_project", "industrial_standard", "rd_general", "rd_project", "other", None]


def squares() -> Any:
    """Neighbours that share their edges, a fiftieth of them grown over all their neighbours, some not to be read."""
    number = np.arange(ROWS)
    west, south = np.array([number % ACROSS, number // ACROSS]) * SIDE + ORIGIN[:, None]
    shapes = shapely.box(west, south, west + SIDE, south + SIDE)
    grown = number % 50 == 7
    shapes[grown] = shapely.buffer(shapes[grown], 2.0, join_style="mitre")
    shapes[number % 331 == 5] = shapely.from_wkt("POLYGON((0 0, 9 9, 9 0, 0 9, 0 0))")
    shapes[number % 401 == 6] = None
    return shapes


def parcels() -> gpd.GeoDataFrame:
    """Parcels by every rule, with gaps; ids repeated and missing, surplus parts whose parent is far off or nowhere."""
    rng = np.random.default_rng(5)
    area = np.round(rng.uniform(9_000, 11_000, ROWS), 2)
    ids = np.array([f"P{number:05}" for number in range(ROWS)], object)
    part = np.arange(ROWS) % 97 == 3
    parent = np.where(part, np.roll(ids, 1), None)
    parent[3] = "NOBODY"
    ids[[11, 2_900]], ids[[12, 2_950]], ids[1_500] = "TWICE", "ALSO TWICE", None
    table = pd.DataFrame({
        "parcel_id": ids,
        "land_class": rng.choice(np.array(CLASSES, object), ROWS),
        "term_years": rng.choice([20.0, 30.0, 50.0, np.nan], ROWS),
        "recognition": rng.choice(np.array(["none", "municipal_key_project", None], object), ROWS),
        "site_area_m2": np.where(rng.random(ROWS) < 0.1, np.nan, area),
        "far_gfa_m2": np.round(area * rng.choice([1.5, 2.0, 3.0], ROWS), 2),
        "above_ground_gfa_m2": np.where(rng.random(ROWS) < 0.2, np.nan, area * 2),
        "living_gfa_m2": np.where(rng.random(ROWS) < 0.2, np.nan, area * rng.choice([0.1, 0.3, 0.5], ROWS)),
        "other_industry_gfa_m2": rng.choice([0.0, 900.0, -5.0], ROWS),
        "pool_id": np.where(np.arange(ROWS) % 5 < 2, [f"G{number // 50}" for number in range(ROWS)], None),
        "pool_recognised": rng.random(ROWS) < 0.7,
        "is_surplus_part": part,
        "parent_id": parent,
        "approval_date": rng.choice(np.array(["2020-05-01", "2023-01-02", "31.31.2023", None], object), ROWS),
    })  # fmt: skip
    frame = gpd.GeoDataFrame(table, geometry=squares(), crs=CRS)
    return frame.sample(frac=1, random_state=3).reset_index(drop=True)


@dataclass(frozen=True)
class Town:
    """The files, and requests to check them."""

    folder: Path

    @property
    def waivers(self) -> str:
        return str(self.folder / "waivers.toml")

    def request(self, parcels: str = "town", **more: Any) -> Request:
        files = {path.stem: str(path) for path in self.folder.iterdir() if path.stem in SOURCES}
        return Request(str(self.folder / parcels), files, as_of=dt.date(2026, 6, 30), **more)


def told(report: Report) -> str:
    """The result as JSON."""
    return "".join(map(str, render(report, "json", Options("en"))))


def written(folder: Path) -> Town:
    """The town with all its layers."""
    town = parcels()
    (folder / "town").mkdir()
    for number, rows in enumerate(np.array_split(np.arange(ROWS), FILES)):
        town.iloc[rows].to_parquet(folder / "town" / f"part-{number:05}.parquet", row_group_size=150)
    town.to_parquet(folder / "town.parquet", row_group_size=500)
    west, south = ORIGIN
    halves = [shapely.box(west + x, south, west + x + 3_000, south + 5_000) for x in (0, 3_000)]
    parks = gpd.GeoDataFrame({"park_id": ["K1", "K2"], "district": ["D", "D"]}, geometry=halves, crs=CRS)
    parks.to_file(folder / "parks.gpkg")
    zone = shapely.box(west + 550, south, west + 6_000, south + 5_000)
    gpd.GeoDataFrame({"name": ["Z"]}, geometry=[zone], crs=CRS).to_file(folder / "zones.gpkg")
    pd.DataFrame({
        "green_id": ["G1", "G2"], "park_id": ["K1", "K2"], "change": ["reduction", "new_planned"],
        "area_m2": [900, 1_000], "project_completed": ["true", "true"], "reason": ["expansion", "other"],
    }).to_csv(folder / "green.csv", index=False)  # fmt: skip
    _buildings().to_file(folder / "buildings.gpkg")
    pd.DataFrame({"parcel_id": ["P00020", "P02000", "NOT THERE"], "term_years": [15, 60, 20]}).to_csv(
        folder / "attributes.csv", index=False
    )
    waived = fingerprint(town.geometry[town["parcel_id"] == "P00068"].iloc[0])
    (folder / "waivers.toml").write_text(WAIVERS.format(fingerprint=waived), encoding="utf-8")
    return Town(folder)


def _buildings() -> gpd.GeoDataFrame:
    """Every fourth parcel has one, a third of them without its parcel's name, some across a border."""
    number = np.arange(0, ROWS, 4)
    west, south = np.array([number % ACROSS, number // ACROSS]) * SIDE + ORIGIN[:, None]
    shift = np.where(number % 20 == 0, 60.0, 10.0)
    named = np.where(number % 3 == 0, None, [f"P{at:05}" for at in number])
    table = {"building_id": [f"B{at}" for at in number], "parcel_id": named, "use": "main_industry",
             "floors_above": 4, "floors_below": 1}  # fmt: skip
    return gpd.GeoDataFrame(
        table, geometry=shapely.box(west + shift, south + 5, west + shift + 70, south + 95), crs=CRS
    )


WAIVERS = """
[[waiver]]
number = "沪规〔2026〕1号"
approver = "市规划资源局"
reason = "历史遗留"
expires = 2027-01-01
rule = "far-industrial"
parcel = "P00068"
fingerprint = "{fingerprint}"

[[waiver]]
number = "沪规〔2026〕2号"
approver = "市规划资源局"
reason = "不在图层中"
expires = 2027-01-01
rule = "far-industrial"
parcel = "NOBODY"
"""
