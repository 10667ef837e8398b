"""Writes a plan as a GeoPackage with canonical column names: doubles, booleans, dates and nulls as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely
from oracle import Row
from oracle_plan import Plan, bounds_of
from pyproj import Transformer

GRID = "EPSG:4549"
TEXT, NUMBER, TRUTH, DAY = pa.string(), pa.float64(), pa.bool_(), pa.date32()

PARCEL_COLUMNS = {
    "parcel_id": TEXT, "name": TEXT, "park_id": TEXT, "district": TEXT, "in_high_tech_zone": TRUTH,
    "approval_date": DAY, "land_class": TEXT, "land_code": TEXT, "single_use": TRUTH, "recognition": TEXT,
    "term_years": NUMBER, "site_area_m2": NUMBER, "far_gfa_m2": NUMBER, "far": NUMBER, "above_ground_gfa_m2": NUMBER,
    "other_industry_gfa_m2": NUMBER, "living_gfa_m2": NUMBER, "is_stock": TRUTH, "far_before": NUMBER,
    "underground_gfa_m2": NUMBER, "underground_gfa_before_m2": NUMBER, "increase_approved": TRUTH,
    "extra_land_price_cny": NUMBER, "is_surplus_part": TRUTH, "parent_id": TEXT, "subdivision_permitted": TRUTH,
    "transfer_channel": TEXT, "listing": TEXT, "transferee": TEXT, "roof_greening": TRUTH,
    "major_project": TEXT,
}  # fmt: skip
PARK_COLUMNS = {
    "park_id": TEXT, "name": TEXT, "district": TEXT, "management_qualified": TRUTH, "district_balance_approved": TRUTH,
}  # fmt: skip
GREEN_COLUMNS = {
    "green_id": TEXT, "park_id": TEXT, "district": TEXT, "change": TEXT, "area_m2": NUMBER,
    "project_completed": TRUTH, "reason": TEXT,
}  # fmt: skip
ZONE_COLUMNS = {"name": TEXT}
BUILDING_COLUMNS = {
    "building_id": TEXT, "parcel_id": TEXT, "use": TEXT, "floors_above": NUMBER, "floors_below": NUMBER,
    "gfa_m2": NUMBER,
}  # fmt: skip
COLUMNS = {
    "parcels": PARCEL_COLUMNS, "parks": PARK_COLUMNS, "green": GREEN_COLUMNS, "zones": ZONE_COLUMNS,
    "buildings": BUILDING_COLUMNS,
}  # fmt: skip

CANONICAL_FIELDS = frozenset().union(PARCEL_COLUMNS, PARK_COLUMNS, GREEN_COLUMNS, BUILDING_COLUMNS)


def plain(value: object, kind: pa.DataType) -> object:
    """The nearest binary number to a decimal, as any GIS would store it."""
    if value is None or kind in (TEXT, TRUTH):
        return value
    if kind == DAY:
        assert isinstance(value, date)
        return value
    assert isinstance(value, Decimal)
    return float(value)


def polygon(row: Row, crs: str) -> bytes | None:
    bounds = bounds_of(row)
    if bounds is None:
        return None
    box = shapely.box(*map(float, bounds))
    return shapely.to_wkb(box if crs == GRID else shapely.transform(box, to(crs), interleaved=False))


@cache
def to(crs: str) -> Callable[..., object]:
    return Transformer.from_crs(GRID, crs, always_xy=True).transform


def layer_table(rows: Sequence[Row], columns: dict[str, pa.DataType], crs: str) -> pa.Table:
    arrays = [pa.array([plain(row.get(name), kind) for row in rows], kind) for name, kind in columns.items()]
    shapes = pa.array([polygon(row, crs) for row in rows], pa.binary())
    return pa.Table.from_arrays([*arrays, shapes], names=[*columns, "geometry"])


def write_layer(path: Path, layer: str, rows: Sequence[Row], crs: str = GRID) -> None:
    table = layer_table(rows, COLUMNS[layer], crs)
    pyogrio.write_arrow(
        table, path, layer=layer, driver="GPKG", geometry_name="geometry", geometry_type="Polygon", crs=crs
    )


def write_plan(plan: Plan, path: Path, *, zones_inside: bool = False, crs: str = GRID) -> list[str]:
    """Writes the plan and gives the arguments that name it; the zones go into a file of their own unless told."""
    for layer in ("parcels", "parks", "green", "buildings"):
        rows = getattr(plan, layer)
        if rows is not None:
            write_layer(path, layer, rows, crs)
    if plan.zones is None:
        return [str(path)]
    if zones_inside:
        write_layer(path, "zones", plan.zones, crs)
        return [str(path)]
    beside = path.with_name(f"{path.stem}-zones.gpkg")
    write_layer(beside, "zones", plan.zones, crs)
    return [str(path), "--zones", str(beside)]


def write_apart(plan: Plan, folder: Path, crs: dict[str, str]) -> list[str]:
    """Each layer in a file and a coordinate system of its own, named by the option for it."""
    words = []
    for layer in COLUMNS:
        rows = getattr(plan, layer)
        if rows is not None:
            path = folder / f"{layer}-apart.gpkg"
            write_layer(path, layer, rows, crs.get(layer, GRID))
            words += [str(path)] if layer == "parcels" else [f"--{layer}", str(path)]
    return words
