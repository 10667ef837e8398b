"""Draw the sample plan and write every sample file: ``python sample_parcels/make.py``.

The same plan gives the same bytes for the same versions of GDAL, PROJ, xlsxwriter and ezdwg; between versions only the
GeoPackages (SQLite writes its version number) and the last digits of coordinates may differ, never the content.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import drawing
import exchange
import pyarrow as pa
import pyogrio
import shapely
import xlsxwriter  # type: ignore[import-untyped]  # ships no type information
from drawing import Frame

HERE = Path(__file__).parent
DRAWN_ON = dt.date(2025, 6, 1)
APPROVED_ON = dt.date(2023, 3, 15)
# GDAL takes this moment instead of now wherever a GeoPackage keeps a time
pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{DRAWN_ON}T00:00:00Z"})

SMALL = ("PD01-01", "PD01-03", "PD01-05", "PD02-02", "PD02-04", "MH01-06")
UNITS_OF_DRAWING = {"lot", "cut", "north", "hole", "second", "ring", "frame", "other", "living", "surveyed", "shape"}
WHOLE = {"floors_above", "floors_below"}
Row = dict[str, Any]


def plan() -> tuple[dict[str, Any], dict[str, list[Row]]]:
    """The plan file, and its layers as rows of canonical fields with a ``shape``."""
    text = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
    frames = {name: Frame(**frame) for name, frame in text["frames"].items()}
    of_park = {park["park_id"]: park["frame"] for park in text["park"]}
    parcels = [parcel_row(row, frame_of(row, frames, of_park)) for row in text["parcel"]]
    buildings = [
        building
        for row in parcels
        if row["parcel_id"] in text["buildings"]
        for building in building_rows(row, text["buildings"][row["parcel_id"]], frame_of(row, frames, of_park))
    ]
    parks = [{**row, "shape": frames[row["frame"]].lot({**row, "cut": ""})} for row in text["park"]]
    green = [{**row, "shape": frame_of(row, frames, of_park).lot({**row, "cut": ""})} for row in text["green"]]
    for row in parcels:
        if row.get("surveyed"):
            for name in ("above_ground_gfa_m2", "other_industry_gfa_m2", "living_gfa_m2"):
                del row[name]
    return text, {"parcels": parcels, "parks": parks, "green": green, "buildings": buildings}


def frame_of(row: Row, frames: dict[str, Frame], of_park: dict[str, str]) -> Frame:
    """The frame a row names, else that of its park."""
    park = row.get("park_id") or str(row.get("parcel_id", ""))[:4]
    return frames[row["frame"] if "frame" in row else of_park[park]]


def parcel_row(row: Row, frame: Frame) -> Row:
    """A parcel drawn, with its floor areas worked out from the shares: the site in whole m², floors in 0.01 m²."""
    shape = frame.lot(row)
    site = round(drawing.area_m2(shape))
    drawn = {"approval_date": APPROVED_ON, "site_area_m2": site, **row, "shape": shape}
    if "far" in row:
        gfa = round(row["far"] * site, 2)
        drawn |= {"far_gfa_m2": gfa, "far": round(gfa / site, 2), "above_ground_gfa_m2": gfa}
        shares = {"other_industry_gfa_m2": row.get("other"), "living_gfa_m2": row.get("living")}
        drawn |= {name: round(share * gfa, 2) for name, share in shares.items() if share is not None}
    if "declared_far" in row:
        drawn["far"] = drawn.pop("declared_far")
    return drawn


def building_rows(parcel: Row, given: list[list[Any]], frame: Frame) -> list[Row]:
    """The buildings of a parcel: together they have exactly its floor areas above ground."""
    other, living = parcel["other_industry_gfa_m2"], parcel["living_gfa_m2"]
    above = {
        "main_industry": round(parcel["above_ground_gfa_m2"] - other - living, 2),
        "other_industry": other,
        "living": living,
    }
    boxes = drawing.footprints(parcel["lot"], [above[use] / up for use, up, _ in given])
    return [
        {
            "building_id": f"{parcel['parcel_id']}-{number}",
            "parcel_id": parcel["parcel_id"],
            "use": use,
            "floors_above": up,
            "floors_below": down,
            "gfa_m2": round(above[use] * (up + down) / up, 2),
            "shape": shapely.Polygon(frame.ring(box)),
        }
        for number, ((use, up, down), box) in enumerate(zip(given, boxes, strict=True), 1)
    ]


def column(rows: list[Row], field: str, heading: str, text: dict[str, Any], *, yes_no: bool) -> pa.Array:
    """One column of a layer, in the words and the unit of its heading."""
    per = text["units"].get(heading, 1)
    values = [row.get(field) for row in rows]
    if any(isinstance(value, bool) for value in values):
        return pa.array([{True: "是", False: "否", None: None}[value] for value in values] if yes_no else values)
    if any(isinstance(value, str) for value in values):
        return pa.array([text["words"].get(value, value) for value in values])
    if field in WHOLE or any(isinstance(value, dt.date) for value in values):
        return pa.array(values)
    return pa.array([None if value is None else round(value / per, 6) for value in values], pa.float64())


def table(rows: list[Row], headings: dict[str, str], text: dict[str, Any], *, yes_no: bool = True) -> pa.Table:
    """Rows as an Arrow table with WKB, its columns under the given headings."""
    columns = {heading: column(rows, field, heading, text, yes_no=yes_no) for field, heading in headings.items()}
    shapes = [None if shape is None else shapely.to_wkb(shape) for shape in of_one_kind([row["shape"] for row in rows])]
    return pa.table(columns | {"geometry": pa.array(shapes, pa.binary())})


def of_one_kind(shapes: list[Any]) -> list[Any]:
    """All as multi-polygons where one of them is, as a GeoPackage wants it."""
    if not any(isinstance(shape, shapely.MultiPolygon) for shape in shapes):
        return shapes
    return [shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape]) for shape in shapes]


def write_layer(layer: pa.Table, path: Path, name: str, driver: str, **options: Any) -> None:
    """One layer into a file, in EPSG:4549."""
    first = next(wkb for wkb in layer["geometry"].to_pylist() if wkb is not None)
    kind = shapely.from_wkb(first).geom_type
    pyogrio.write_arrow(
        layer, path, layer=name, driver=driver, geometry_name="geometry", geometry_type=kind, crs=drawing.CRS, **options
    )


def write_shapefiles(layers: dict[str, list[Row]], text: dict[str, Any], folder: Path) -> None:
    """GBK shapefiles as ArcGIS copies are handed on: no .cpg, language driver id 0."""
    folder.mkdir(exist_ok=True)
    for name, rows in layers.items():
        path = folder / f"{name}.shp"
        headings = {field: names[0] for field, names in text["headings"][name].items()}
        stamp = {"DBF_DATE_LAST_UPDATE": str(DRAWN_ON)}
        write_layer(table(rows, headings, text), path, name, "ESRI Shapefile", encoding="GBK", layer_options=stamp)
        path.with_suffix(".cpg").unlink()
        dbf = bytearray(path.with_suffix(".dbf").read_bytes())
        dbf[29] = 0
        path.with_suffix(".dbf").write_bytes(dbf)


def write_geopackage(layers: dict[str, list[Row]], text: dict[str, Any], path: Path) -> None:
    """The four layers in one GeoPackage, headings written out, truth values as booleans."""
    path.unlink(missing_ok=True)
    for name, rows in layers.items():
        headings = {field: names[1] for field, names in text["headings"][name].items()}
        write_into_geopackage(table(rows, headings, text, yes_no=False), path, name)


def write_into_geopackage(layer: pa.Table, path: Path, name: str) -> None:
    """One layer more; version 1.2, which old desktop software opens without a warning."""
    started = path.exists()
    write_layer(layer, path, name, "GPKG", append=started, dataset_options=None if started else {"VERSION": "1.2"})


def write_geojson(rows: list[Row], fields: list[str], path: Path, *, to_degrees: bool = True) -> None:
    """Canonical names and values; one feature a line."""
    features = [
        {
            "type": "Feature",
            "properties": {field: row[field] for field in fields if field in row},
            "geometry": json.loads(shapely.to_geojson(drawing.lonlat(row["shape"]) if to_degrees else row["shape"])),
        }
        for row in rows
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, default=str) for feature in features)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def write_sheet(rows: list[Row], text: dict[str, Any], path: Path) -> None:
    """The attributes of the parcels as offices keep them: a title above the headings, units in parentheses."""
    headings = {field: names[2] for field, names in text["headings"]["parcels"].items()}
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "landcheck sample", "created": dt.datetime.combine(DRAWN_ON, dt.time())})
        sheet = book.add_worksheet("指标表")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, len(headings) - 1, "产业地块主要技术经济指标表(示例,纯属虚构)", bold)
        sheet.write_row(1, 0, headings.values(), bold)
        for at, (field, heading) in enumerate(headings.items()):
            for number, value in enumerate(column(rows, field, heading, text, yes_no=True).to_pylist(), 2):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, at, dt.datetime.combine(value, dt.time()), day)
                elif value is not None:
                    sheet.write(number, at, value)
        sheet.autofit()


def write_dirty(text: dict[str, Any], path: Path) -> None:
    """One GeoPackage with a fault a row."""
    dirty = tomllib.loads((HERE / "dirty.toml").read_text(encoding="utf-8"))
    frame = Frame(**text["frames"]["pudong"])
    frame.y += dirty["north_m"]
    path.unlink(missing_ok=True)
    layers = {
        "parcels": dirty["parcel"],
        "parks": dirty["park"],
        "green": dirty["green"],
        "buildings": dirty["building"],
    }
    for name, rows in layers.items():
        drawn = [{**FACTORY, **row} if name == "parcels" else row for row in rows]
        drawn = [{**row, "shape": dirty_shape(row, frame)} for row in drawn]
        known = {field: names[1] for field, names in text["headings"][name].items()}
        headings = {field: known.get(field, field) for row in drawn for field in row if field not in UNITS_OF_DRAWING}
        write_into_geopackage(table(drawn, headings, text), path, name)


FACTORY = {"parcel_id": None, "land_class": "industrial_project", "approval_date": str(APPROVED_ON), "term_years": "20"}


def dirty_shape(row: Row, frame: Frame) -> shapely.Geometry | None:
    """The lot, or a ring as it stands, or nothing."""
    if "ring" in row:
        return shapely.Polygon(frame.ring([tuple(point) for point in row["ring"]]))
    return frame.lot({**row, "cut": ""}) if "lot" in row else None


def make(folder: Path) -> None:
    """Write every sample file into the folder."""
    text, layers = plan()
    parcels = layers["parcels"]
    fields = list(text["headings"]["parcels"])
    write_shapefiles(layers, text, folder / "gbk")
    write_geopackage(layers, text, folder / "plan.gpkg")
    write_geojson([row for row in parcels if row["parcel_id"] in SMALL], fields, folder / "small.geojson")
    write_geojson(parcels, ["parcel_id"], folder / "parcels_without_attributes.geojson")
    write_sheet(parcels, text, folder / "attributes.xlsx")
    write_dirty(text, folder / "dirty.gpkg")
    headings = {name: {key: words[0] for key, words in text["headings"][name].items()} for name in layers}
    tables = {name: table(rows, headings[name], text) for name, rows in layers.items()}
    exchange.write_report(parcels, folder / "parcels.txt")
    exchange.write_vct(layers, tables, folder / "plan.vct")
    exchange.write_dwg(parcels, folder / "plan.dwg")
    bare = [{key: value for key, value in row.items() if key not in ("site_area_m2", "far")} for row in parcels[:3]]
    write_geojson(bare, fields, folder / "metres.geojson", to_degrees=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the sample layers.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where to (default: beside this script)")
    make(parser.parse_args().folder)
