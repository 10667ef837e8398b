"""The parcels of the sample plan, 34, in every format of the table: written by GDAL, geopandas, pandas, LibreOffice,
ezdwg or, where no public program writes one, by a few lines here that follow the format's own rules."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from access_stand_in import SYSTEM, Database, record

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
METRES = "EPSG:4549"
Writer = Callable[[Path, Any], Path]


def plan_rows() -> Any:
    """The parcels as a frame, headings and words in Chinese, empty cells None."""
    rows = pyogrio.read_dataframe(SAMPLES / "gbk" / "parcels.shp", encoding="GBK").set_crs(METRES, allow_override=True)
    rows["批准日期"] = rows["批准日期"].dt.date
    return rows


def by_gdal(name: str, driver: str, *, degrees: bool = False, **options: Any) -> Writer:
    def write(folder: Path, rows: Any) -> Path:
        frame = rows.to_crs(4490) if degrees else rows
        pyogrio.write_dataframe(frame, folder / name, driver=driver, **options)
        return folder / name

    return write


def outlines(name: str, driver: str, column: str = "DKBH", **options: Any) -> Writer:
    """The number and the shape alone: the format has no empty number, or no column at all."""

    def write(folder: Path, rows: Any) -> Path:
        return by_gdal(name, driver, **options)(folder, rows[["DKBH", "geometry"]].rename(columns={"DKBH": column}))

    return write


def flat(rows: Any) -> Any:
    """The same as a table, shapes as well-known text."""
    return rows.drop(columns="geometry").assign(WKT=rows.geometry.to_wkt(rounding_precision=-1))


def with_text(name: str, **options: Any) -> Writer:
    def write(folder: Path, rows: Any) -> Path:
        flat(rows).to_csv(folder / name, index=False, **options)
        return folder / name

    return write


def sheet_by_gdal(name: str, driver: str) -> Writer:
    def write(folder: Path, rows: Any) -> Path:
        pyogrio.write_dataframe(flat(rows), folder / name, driver=driver, layer="宗地")
        return folder / name

    return write


def sheet(folder: Path, rows: Any, name: str = "plan.xlsx") -> Path:
    flat(rows).to_excel(folder / name, index=False, sheet_name="宗地", engine="xlsxwriter")
    return folder / name


def by_office(kind: str, name: str) -> Writer:
    def write(folder: Path, rows: Any) -> Path:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        book = sheet(folder, rows, "source.xlsx")
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(book)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        (folder / "source").with_suffix(f".{kind}").rename(folder / name)
        return folder / name

    return write


def rings(shape: Any) -> Iterator[list[list[float]]]:
    for part in shapely.get_parts(shape):
        yield from (shapely.get_coordinates(ring).tolist() for ring in shapely.get_rings(part))


def boundary_points(rows: Any) -> Any:
    """A row a point: number, ring, label, north and east."""
    import pandas as pd

    points = [
        (name, number, f"J{at}", y, x)
        for name, shape in zip(rows["DKBH"], rows.geometry, strict=True)
        for number, ring in enumerate(rings(shape), 1)
        for at, (x, y) in enumerate(ring, 1)
    ]
    return pd.DataFrame(points, columns=["地块编号", "圈号", "点号", "北坐标", "东坐标"])


def dbf(folder: Path, rows: Any) -> Path:
    path = folder / "points.dbf"
    pyogrio.write_dataframe(boundary_points(rows), path, driver="ESRI Shapefile", encoding="GBK")
    return path


def points_csv(folder: Path, rows: Any) -> Path:
    boundary_points(rows).to_csv(folder / "points.csv", index=False, encoding="gb18030")
    return folder / "points.csv"


def parquet(folder: Path, rows: Any) -> Path:
    rows.to_parquet(folder / "plan.parquet")
    return folder / "plan.parquet"


def geoarrow(folder: Path, rows: Any) -> Path:
    rows.to_parquet(folder / "plan.parquet", geometry_encoding="geoarrow")
    return folder / "plan.parquet"


def folder_of_shapefiles(folder: Path, _: Any) -> Path:
    shutil.copytree(SAMPLES / "gbk", folder / "成果")
    return folder / "成果"


def zipped(folder: Path, rows: Any) -> Path:
    inside = folder / "inside"
    inside.mkdir()
    by_gdal("parcels.shp", "ESRI Shapefile", encoding="GBK")(inside, rows)
    with zipfile.ZipFile(folder / "plan.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in inside.iterdir():
            archive.write(path, f"成果/{path.name}")
    return folder / "plan.zip"


def sample(name: str) -> Writer:
    """As sample_parcels/exchange.py wrote it."""

    def write(folder: Path, _: Any) -> Path:
        return Path(shutil.copy(SAMPLES / name, folder / name))

    return write


def drawing(folder: Path, rows: Any) -> Path:
    """GDAL draws polygons as hatches, and points as texts where a style says so."""
    import geopandas

    inside = rows.geometry.representative_point()
    labels = [f'LABEL(f:"Arial",s:5g,t:"{name}")' for name in rows["DKBH"]]
    numbers = geopandas.GeoDataFrame(
        {"Layer": ["地块编号"] * len(rows), "OGR_STYLE": labels}, geometry=inside, crs=METRES
    )
    areas = geopandas.GeoDataFrame({"Layer": ["地块"] * len(rows)}, geometry=rows.geometry, crs=METRES)
    both = geopandas.pd.concat([areas, numbers], ignore_index=True)
    pyogrio.write_dataframe(both, folder / "plan.dxf", driver="DXF", geometry_type="Unknown")
    return folder / "plan.dxf"


def hatched_drawing(folder: Path, rows: Any) -> Path:
    """A hatch a parcel, of as many outlines as it has rings, which GDAL would part; its number as a text."""
    groups: list[Any] = [
        0,
        "SECTION",
        2,
        "HEADER",
        9,
        "$ACADVER",
        1,
        "AC1027",
        0,
        "ENDSEC",
        0,
        "SECTION",
        2,
        "ENTITIES",
    ]
    for at, (name, shape) in enumerate(zip(rows["DKBH"], rows.geometry, strict=True), 16):
        outlines = [ring[:-1] for ring in rings(shape)]
        groups += [0, "HATCH", 5, f"{at:X}", 8, "地块", 100, "AcDbHatch", 10, 0, 20, 0, 2, "SOLID", 70, 1, 71, 0]
        groups += [91, len(outlines)]
        for ring in outlines:
            groups += [92, 2, 72, 0, 73, 1, 93, len(ring), *(one for x, y in ring for one in (10, x, 20, y)), 97, 0]
        groups += [75, 0, 76, 1, 98, 0]
        x, y = shapely.get_coordinates(shape.representative_point())[0].tolist()
        groups += [0, "TEXT", 8, "地块编号", 10, x, 20, y, 40, 5, 1, name]
    text = "\n".join(map(str, [*groups, 0, "ENDSEC", 0, "EOF", ""]))
    (folder / "plan.dxf").write_text(text, encoding="utf-8")
    return folder / "plan.dxf"


def database(folder: Path, rows: Any) -> Path:
    """By the documented layout, served by a stand-in for mdbtools: no program that writes one could be had."""
    made, heads = Database(folder, None), list(rows.columns.drop("geometry"))
    columns = ["TableName", "FieldName", "ShapeType", "HasZ", "HasM", "SRID"]
    made.table("GDB_GeomColumns", columns, ["地块", "Shape", 4, 0, 0, 7])
    made.table("GDB_SpatialRefs", ["SRID", "SRTEXT", "FalseX"], [7, SYSTEM, 0])
    cells = rows[heads].astype(object).where(rows[heads].notna(), None).to_numpy().tolist()
    numbered = ([at, record(rows.geometry[at]), *row] for at, row in enumerate(cells))
    made.table("地块", ["OBJECTID", "Shape", *heads], *numbered)
    return made.path


def topology(folder: Path, rows: Any) -> Path:
    """Every ring an arc of its own, in degrees as the format has it."""
    arcs: list[Any] = []
    shapes: list[Any] = []
    cells = json.loads(rows.drop(columns="geometry").astype({"批准日期": str}).to_json(orient="records"))
    for row, shape in zip(cells, rows.geometry.to_crs(4326), strict=True):
        own: list[Any] = []
        for part in shapely.get_parts(shape):
            arcs += (drawn := list(rings(part)))
            own.append([[at] for at in range(len(arcs) - len(drawn), len(arcs))])
        shapes.append({"type": "MultiPolygon", "arcs": own, "properties": row})
    objects = {"parcels": {"type": "GeometryCollection", "geometries": shapes}}
    text = json.dumps({"type": "Topology", "objects": objects, "arcs": arcs}, ensure_ascii=False)
    (folder / "plan.topojson").write_text(text, encoding="utf-8")
    return folder / "plan.topojson"


def esri_json(folder: Path, rows: Any) -> Path:
    """As a map service answers a query: rings of all parts in one list, outer ones clockwise."""
    turned = shapely.orient_polygons(rows.geometry.to_numpy(), exterior_cw=True)
    cells = json.loads(rows.drop(columns="geometry").astype({"批准日期": str}).to_json(orient="records"))
    features = [
        {"attributes": row, "geometry": {"rings": list(rings(shape))}} for row, shape in zip(cells, turned, strict=True)
    ]
    heads = [{"name": name, "type": f"esriFieldType{_esri(rows[name])}"} for name in rows.columns.drop("geometry")]
    answer = {
        "geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4549}, "fields": heads, "features": features
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return folder / "plan.json"


def _esri(column: Any) -> str:
    return "Double" if column.dtype.kind == "f" else "String"


def coordinate_list(folder: Path, rows: Any) -> Path:
    """The form of one province: running number, parcel, ring, label, north, east; a blank line between parcels."""
    points = boundary_points(rows)
    lines = ["GISQLANDPLAN$$2025-06-01"]
    for name, plot in points.groupby("地块编号", sort=False):
        cells = zip(plot["圈号"], plot["点号"], plot["北坐标"], plot["东坐标"], strict=True)
        lines += [f"{at},{name},{ring},{label},{y:.3f},{x:.3f}" for at, (ring, label, y, x) in enumerate(cells, 1)]
        lines.append("")
    (folder / "plan.txt").write_bytes("\r\n".join(lines).encode("gbk"))
    return folder / "plan.txt"


def labelled_points(folder: Path, rows: Any) -> Path:
    """As survey programs export points: label, code (here the parcel's number), east, north, height."""
    cells = boundary_points(rows)[["点号", "地块编号", "东坐标", "北坐标"]].itertuples(index=False)
    lines = [f"{label},{name},{x:.3f},{y:.3f},4.5" for label, name, x, y in cells]
    (folder / "plan.dat").write_bytes("\r\n".join(lines).encode("gbk"))
    return folder / "plan.dat"
