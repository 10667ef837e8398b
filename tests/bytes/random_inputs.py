"""Thousands of random parcels and what stands around them, in ``random/``: gaps in every field, faults of each kind.

``town.gpkg`` holds numbers, booleans and dates as such, ``sheet.gpkg`` the words and figures that people type, and
``formats/`` the first parcels in further formats. Plots are squares of 100 m in cells of 120 m of EPSG:4549.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

TOWN, SHEET, FEW = 14_000, 6_000, 60
GREENS, BUILT = 300, 5000
CRS = "EPSG:4549"
ORIGIN = np.array([620_000.0, 3_440_000.0])
CELL, SIDE = 120.0, 100.0
GAP = 0.12
FORMATS = {
    "few.fgb": "FlatGeobuf", "few.shp": "ESRI Shapefile", "few.kml": "LIBKML", "few.gml": "GML",
    "few.tab": "MapInfo File", "few.geojsonl": "GeoJSONSeq", "few.gdb": "OpenFileGDB", "few.dxf": "DXF",
}  # fmt: skip

RATES = (0.0, 1.5, 1.99, 2.0, 2.0, 2.0, 2.01, 2.99, 3.0, 3.0, 3.01, 4.25, 45.0)
PARTS = (0.0, 0.1, 0.149, 0.15, 0.15, 0.151, 0.3, 0.45)
TRUTHS = (True, True, False)
CLASSES = ("industrial_project", "industrial_project", "industrial_standard", "rd_general", "rd_project", "other")
CHOICES: dict[str, tuple[object, ...]] = {
    "name": ("张江科学城", "测试地块", "Lot A", "a|b;c"), "district": ("浦东新区", "闵行区", "Pudong", "310115"),
    "in_high_tech_zone": (True, True, True, True, False), "land_class": CLASSES, "single_use": TRUTHS,
    "land_code": ("M1", "M4", "C65", "100101", "M0"), "is_stock": TRUTHS, "increase_approved": TRUTHS,
    "recognition": ("national_strategic_project", "municipal_key_project", "manufacturing_innovation_centre",
                    "enterprise_technology_centre", "none", "none", "none"),
    "term_years": (10.0, 19.5, 20.0, 20.0, 20.5, 30.0, 50.0, 50.0, 50.5, 70.0, 150.0), "far": (*RATES, 0.0),
    "far_before": RATES, "underground_gfa_m2": (0.0, 0.0, 500.0, 5000.0), "underground_gfa_before_m2": (0.0, 500.0),
    "extra_land_price_cny": (0.0, 0.0, 0.01, 2_360_000.0), "subdivision_permitted": TRUTHS,
    "transfer_channel": ("land_market", "land_market", "other"), "listing": ("with_industry_project", "other"),
    "transferee": ("park_platform", "admitted_project", "other"), "roof_greening": TRUTHS,
    "statutory_use": ("residential", "industrial", "industrial", "storage", "science_education", "commercial", "other"),
    "lease_years": (0.0, 5.0, 6.0),
    "major_project": ("national", "municipal", "district", "strategic_emerging", "none"),
    "district_quota": TRUTHS, "district_decision": TRUTHS, "investment_cny": (1e8, 1e9, 5e9, -1.0),
    "special_process_recognised": (False, False, True), "overlay_m0": (False, False, True), "smart_space": TRUTHS,
    "pool_recognised": TRUTHS, "pool_concentrated_gfa_m2": (0.0, 5000.0, 30_000.0), "toxic_gas": (False, False, True),
    "holder": ("park_platform", "leading_enterprise", "other"), "transferred_share": (0.0, 0.3, 0.31, 30.0, 130.0),
    "in_industrial_park": TRUTHS, "plot_green_m2": (500.0, 1999.0, 2000.0, 3000.0), "protection_belt_m": (49.0, 50.0),
    "ground_green_m2": (300.0, 1199.0, 1200.0),
}  # fmt: skip
DAYS = ("2021-08-31", "2021-09-01", "2021-09-20", "2023-05-01", "2023-05-01", "2025-01-27", "2025-06-01", "2027-01-01")
# What people type into a sheet, by heading; the last of each list cannot be read, or is impossible.
TYPED = {
    "用地类型": ("产业项目类工业用地", "标准厂房类工业用地", "通用类研发用地", "产业项目类研发用地", "其他", "待定"),
    "用地面积(公顷)": ("1", "1.0", "１．００", "1.02", "0.98", "约1"),
    "计容建筑面积": ("20000", "20,000", "20000㎡", "2万平方米", "19999.99", "30000", "1.5-2.5"),
    "容积率": ("2.0", "2", "3.0", "1.8", "≥2.0", "0", "部分"), "出让年期": ("20", "20年", "50", "三十", "50年", "-1"),
    "批准日期": ("2023-05-01", "2023/5/1", "2023年5月1日", "20230501", "2023.5.1", "31/08/2021"),
    "是否单一用途": ("是", "否", "Y", "N", "1", "√", "部分"), "是否高新区": ("是", "是", "是", "外"),
    "认定": ("无", "国家战略类产业项目", "市级以上制造业创新中心", "区级"), "存量": ("是", "否", "/"),
    "地上建筑面积": ("20000", "22000", "", "3e4", "9999999999"), "其他产业用途建筑面积": ("0", "6000", "6000.01", "无"),
    "生活配套建筑面积": ("0", "3000", "15%", "—"), "屋顶绿化": ("有", "无", "是", "不详"),
    "地块名称": ("甲", "乙\n丙", "丁"),
}  # fmt: skip
PARKS: dict[str, tuple[object, ...]] = {
    "district": ("浦东新区", "闵行区"), "management_qualified": (True, True, True, False), "new_park": TRUTHS,
    "district_balance_approved": TRUTHS, "park_area_m2": (1e6, 2e6), "park_green_m2": (1e5, 2e5, 4e5),
    "attached_green_m2": (1e5, 2e5), "greening_plan_approved": TRUTHS, "balance_plan_approved": TRUTHS,
    "replanting_impossible": TRUTHS, "compensation_fee_paid": TRUTHS,
}  # fmt: skip
GREEN: dict[str, tuple[object, ...]] = {
    "district": ("浦东新区", "闵行区"), "change": ("reduction", "reduction", "new_planned", "new_planned", "existing"),
    "area_m2": (100.0, 500.0, 800.0, -3.0), "project_completed": (True, True, True, False),
    "reason": ("expansion", "renovation", "other"),
}  # fmt: skip
BUILDINGS: dict[str, tuple[object, ...]] = {
    "use": ("main_industry", "main_industry", "other_industry", "living"), "floors_above": (1.0, 3.0, 5.0, 120.0),
    "floors_below": (0.0, 1.0), "gfa_m2": (1000.0, 3000.0, 9000.0),
}  # fmt: skip

Rng = np.random.Generator


def write(place: Path) -> None:
    """Draw everything; the same numbers each time, though not the same bytes of every format."""
    rng = np.random.default_rng(20210901)
    folder = place / "random"
    (folder / "formats").mkdir(parents=True)
    town = parcels(rng)
    _layer(town, folder / "town.gpkg", "parcels")
    for name, frame in around(rng, town).items():
        _layer(frame, folder / ("zones.gpkg" if name == "zones" else "town.gpkg"), name)
    _layer(sheet(rng), folder / "sheet.gpkg", "地块")
    figures = town.sample(4000, random_state=1)[["parcel_id"]].assign(
        term_years=rng.choice(["20", "50", "abc", ""], 4000), living_gfa_m2=rng.choice(["100", "", "5,000"], 4000)
    )
    figures.to_csv(folder / "attributes.csv", index=False)
    in_other_formats(town.head(FEW), folder / "formats")


def parcels(rng: Rng) -> gpd.GeoDataFrame:
    """Parcels under the canonical names, many of them exactly at a limit."""
    table = _table(rng, CHOICES, TOWN)
    ids = np.array([f"P{number:05}" for number in range(TOWN)], object)
    part = rng.random(TOWN) < 0.03
    table["parcel_id"] = _mixed_up(rng, ids)
    table["is_surplus_part"] = np.where(part, True, _gaps(rng, np.full(TOWN, False, object)))
    table["parent_id"] = np.where(part, np.where(rng.random(TOWN) < 0.9, np.roll(ids, 1), "NOBODY"), None)
    table["approval_date"] = pd.to_datetime(pd.Series(_gaps(rng, rng.choice(np.array(DAYS, object), TOWN)))).dt.date
    table["pool_id"] = np.where(rng.random(TOWN) < 0.1, [f"G{number // 4}" for number in range(TOWN)], None)
    area = np.where(rng.random(TOWN) < 0.1, rng.uniform(9_000, 11_000, TOWN).round(2), 10_000.0)
    area[rng.random(TOWN) < 0.003] = 5.0
    above = (area * rng.choice([1.0, 2.0, 3.0], TOWN)).round(2)
    living = above * rng.choice(PARTS, TOWN)
    figures = {
        "site_area_m2": area, "far_gfa_m2": area * rng.choice(RATES, TOWN), "above_ground_gfa_m2": above,
        "living_gfa_m2": living, "other_industry_gfa_m2": above * rng.choice(PARTS, TOWN),
    }  # fmt: skip
    for name, numbers in figures.items():
        table[name] = _gaps(rng, numbers.astype(object)).astype(float)
    return gpd.GeoDataFrame(table, geometry=_shapes(rng, TOWN, part), crs=CRS)


def around(rng: Rng, town: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Parks over blocks of cells, zones, green in and out of the parks, and buildings on some of the parcels."""
    across = int(np.ceil(np.sqrt(TOWN)))
    corners = np.array([(x, y) for x in range(0, across, 12) for y in range(0, across, 12)]) * CELL + ORIGIN
    kept = corners[rng.random(len(corners)) < 0.8]
    park = _table(rng, PARKS, len(kept)).assign(park_id=[f"K{number:03}" for number in range(len(kept))])
    park.loc[3, "park_id"] = "K002"
    zoned = corners[rng.random(len(corners)) < 0.7]
    green = _table(rng, GREEN, GREENS).assign(green_id=[f"V{number:04}" for number in range(GREENS)])
    green["park_id"] = _gaps(rng, rng.choice(park["park_id"].to_numpy(object), GREENS), 0.5)
    built = _table(rng, BUILDINGS, BUILT).assign(building_id=[f"B{number:04}" for number in range(BUILT)])
    built["parcel_id"] = _gaps(rng, rng.choice(town["parcel_id"].to_numpy(object), BUILT), 0.5)
    spread = [rng.uniform(ORIGIN - 200, ORIGIN + across * CELL, (count, 2)).round(1) for count in (GREENS, BUILT)]
    return {
        "parks": gpd.GeoDataFrame(park, geometry=_boxes(kept, 11.5 * CELL), crs=CRS),
        "zones": gpd.GeoDataFrame({"name": ["高新区"] * len(zoned)}, geometry=_boxes(zoned, 12 * CELL), crs=CRS),
        "green": gpd.GeoDataFrame(green, geometry=_boxes(spread[0], 25.0), crs=CRS),
        "buildings": gpd.GeoDataFrame(built, geometry=_boxes(spread[1], 30.0), crs=CRS),
    }


def sheet(rng: Rng) -> gpd.GeoDataFrame:
    """Parcels as a table of text under Chinese headings; the odd word of a column stands in one row of twenty."""
    table = pd.DataFrame({"地块编号": _mixed_up(rng, np.array([f"S{number:05}" for number in range(SHEET)], object))})
    for heading, words in TYPED.items():
        usual = rng.choice(np.array(words[:-1], object), SHEET)
        table[heading] = _gaps(rng, np.where(rng.random(SHEET) < 0.05, words[-1], usual))
    return gpd.GeoDataFrame(table, geometry=_shapes(rng, SHEET, rng.random(SHEET) < 0.01), crs=CRS)


def in_other_formats(few: gpd.GeoDataFrame, folder: Path) -> None:
    """Sound shapes only, which every format can hold."""
    sound = few[few.geometry.geom_type == "Polygon"]
    sound = sound[sound.geometry.is_valid & ~sound.geometry.is_empty].drop(columns="name")
    warnings.simplefilter("ignore")  # a shapefile cuts names
    for file, driver in FORMATS.items():
        frame = sound[["geometry"]] if driver == "DXF" else sound
        more = {"encoding": "UTF-8"} if driver == "MapInfo File" else {}
        placed = frame.to_crs(4326) if driver in ("LIBKML", "GeoJSONSeq") else frame
        placed.to_file(folder / file, driver=driver, engine="pyogrio", **more)
    (folder / "parts").mkdir()
    for number in range(3):
        sound.iloc[number::3].to_parquet(folder / "parts" / f"part-{number}.parquet")
    sound.to_parquet(folder / "few.parquet")
    plain = sound.drop(columns="geometry").assign(WKT=sound.geometry.to_wkt())
    plain.to_csv(folder / "few.csv", index=False, encoding="gb18030")
    plain.to_csv(folder / "few.tsv", index=False, sep="\t", encoding="utf-16")


def _layer(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", geometry_type="Unknown")


def _table(rng: Rng, choices: dict[str, tuple[object, ...]], count: int) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name, values in choices.items():
        column = _gaps(rng, rng.choice(np.array(values, object), count))
        kinds = {bool: "boolean", float: "float64"}
        columns[name] = pd.Series(column).astype(kinds.get(type(values[0]), "object"))
    return pd.DataFrame(columns)


def _gaps(rng: Rng, values: Any, share: float = GAP) -> Any:
    return np.where(rng.random(len(values)) < share, None, values)


def _mixed_up(rng: Rng, ids: Any) -> Any:
    """One id in a hundred is another's, one in five hundred is missing."""
    mixed = np.where(rng.random(len(ids)) < 0.01, rng.permutation(ids), ids)
    return np.where(rng.random(len(ids)) < 0.002, None, mixed)


def _boxes(corners: Any, side: Any) -> Any:
    return shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + side, corners[:, 1] + side)


def _shapes(rng: Rng, count: int, part: Any) -> Any:
    """Squares in cells; a surplus part lies in the plot before it. Some shifted, crossed, pierced, in two or gone."""
    across = int(np.ceil(np.sqrt(count)))
    number = np.arange(count)
    place = np.where(part, np.roll(number, 1), number)
    corners = np.stack([place % across, place // across], axis=-1) * CELL + ORIGIN
    kind = rng.random(count)
    corners[(kind < 0.01) & ~part] += 40.0
    side = np.where(part, 40.0, np.where(kind > 0.999, 0.5, SIDE))
    shapes = _boxes(corners + np.where(part, 20.0, 0.0)[:, None], side)
    for low, draw in ((0.01, _crossed), (0.02, _pierced), (0.03, _in_two)):
        chosen = (kind >= low) & (kind < low + 0.01) & ~part
        shapes[chosen] = [draw(*corner) for corner in corners[chosen]]
    shapes[(kind >= 0.04) & (kind < 0.045)] = None
    shapes[(kind >= 0.045) & (kind < 0.047)] = shapely.from_wkt("POLYGON EMPTY")
    return shapes


def _crossed(x: float, y: float) -> Any:
    return shapely.Polygon([(x, y), (x + SIDE, y + SIDE), (x + SIDE, y), (x, y + SIDE)])


def _pierced(x: float, y: float) -> Any:
    return shapely.box(x, y, x + SIDE, y + SIDE) - shapely.box(x + 30, y + 30, x + 50, y + 50)


def _in_two(x: float, y: float) -> Any:
    return shapely.MultiPolygon([shapely.box(x, y, x + 45, y + SIDE), shapely.box(x + 55, y, x + SIDE, y + SIDE)])
