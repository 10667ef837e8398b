"""What land offices hand on besides layers: a coordinate report, VCT 3.0 (GB/T 17798), and a drawing (DWG)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

Row = dict[str, Any]
REPORT = """[属性描述]
格式版本号=1.01版本
数据产生单位=示例,纯属虚构
数据产生日期=2025-06-01
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=0.001
转换参数=,,,,,,
[地块坐标]"""
HEAD = """DataMark:LANDUSE-VCT
Version:3.0
CoordinateSystemType:P
Dim:2
XAxisDirection:E
YAxisDirection:N
XYUnit:M
Spheroid:CGCS2000,6378137.0,298.257222101
PrimeMeridian:Greenwich
Projection:高斯-克吕格投影
Parameters:120,1,500000,0,3,40
Offset:0,0
Date:20250601
Separator:,"""
CLASSES = {"parcels": "地块", "parks": "园区", "green": "绿地", "buildings": "建筑"}
DRAWN = {"地块": 8, "地块界线": 1, "地块编号": 7}
BORDER = "1099000000"


def write_report(rows: list[Row], path: Path) -> None:
    """The parcels: a line each, then their points, north before east, labels that go on through the rings."""
    lines = [REPORT]
    for row in rows:
        rings = list(rings_of(row["shape"]))
        cells = [sum(map(len, rings)), f"{row['site_area_m2'] / 1e4:.4f}", row["parcel_id"], row["name"], "面", "", ""]
        lines.append(",".join(map(str, [*cells, row.get("land_code", ""), "@"])))
        start = 1
        for number, ring in enumerate(rings, 1):
            labels = [*range(start, start + len(ring) - 1), start]
            lines += [f"J{label},{number},{y:.3f},{x:.3f}" for label, (x, y) in zip(labels, ring, strict=True)]
            start += len(ring) - 1
    path.write_bytes("\r\n".join([*lines, ""]).encode("gbk"))


def rings_of(shape: shapely.Geometry) -> Iterator[list[tuple[float, float]]]:
    """Outer and inner rings of all parts, closed."""
    for part in shapely.get_parts(shape):
        for ring in shapely.get_rings(part):
            yield [(x, y) for x, y in shapely.get_coordinates(ring)]


def write_vct(layers: dict[str, list[Row]], tables: dict[str, pa.Table], path: Path) -> None:
    """All layers, a feature class each: parcels of lines, every other one reversed, the others of their own points."""
    lines: list[str] = []
    polygons: list[str] = []
    attributes: list[str] = []
    number = 0
    for at, (name, rows) in enumerate(layers.items(), 1):
        code, table = f"200{at}000000", tables[name].drop(["geometry"])
        attributes.append(name)
        for row, values in zip(rows, table.to_pylist(), strict=True):
            rings, number = list(rings_of(row["shape"])), number + 1
            own, borders = number, list[int]()
            if name == "parcels":
                for ring in rings:
                    number += 1
                    way = -1 if number % 2 else 1
                    lines += [str(number), BORDER, "unknown", "1", "1", "11", *points(ring[::way]), "0"]
                    borders += [0, way * number]
            label = ",".join(f"{each:.3f}" for each in shapely.get_coordinates(row["shape"].representative_point())[0])
            polygons += [str(own), code, "unknown", "100" if borders else "1", label]
            if borders:
                ids = [str(each) for each in borders[1:]]
                polygons += ["21", str(len(ids)), *(",".join(ids[k : k + 8]) for k in range(0, len(ids), 8)), "0"]
            else:
                polygons += [str(len(rings)), *(line for ring in rings for line in ["11", *points(ring)]), "0"]
            attributes.append(",".join([str(own), *map(text, values.values())]))
        attributes.append("TableEnd")
    structure = [
        line
        for name in layers
        for line in [f"{name},{tables[name].num_columns - 1}", *map(field, tables[name].drop(["geometry"]).schema), "0"]
    ]
    classes = [f"200{at}000000,{CLASSES[name]},Polygon,{name}" for at, name in enumerate(layers, 1)]
    parts = {"Head": [HEAD], "FeatureCode": classes, "TableStructure": structure, "Point": [], "Line": lines,
             "Polygon": polygons, "Annotation": [], "Attribute": attributes}  # fmt: skip
    written = [line for part, held in parts.items() for line in [f"{part}Begin", *held, f"{part}End", ""]]
    path.write_bytes("\r\n".join([*"\n".join(written).splitlines(), ""]).encode("gbk"))


def write_dwg(rows: list[Row], path: Path) -> None:
    """The parcels in AutoCAD 2000's DWG: each filled by a hatch less its islands, its outlines and number on layers of
    their own."""
    import ezdwg  # an extra, which the benchmarks do without

    made = ezdwg.new()
    made.layers.update({name: {"color_index": colour} for name, colour in DRAWN.items()})
    model = made.modelspace()
    for row in rows:
        rings = [ring[:-1] for ring in rings_of(row["shape"])]
        model.add_hatch(rings, layer="地块")
        for ring in rings:
            model.add_lwpolyline(ring, closed=True, layer="地块界线")
        inside = shapely.get_coordinates(row["shape"].representative_point())[0].tolist()
        model.add_text(row["parcel_id"], insert=inside, height=5.0, layer="地块编号")
    made.save(str(path))


def points(ring: list[tuple[float, float]]) -> list[str]:
    """How many, and each."""
    return [str(len(ring)), *(f"{x:.3f},{y:.3f}" for x, y in ring)]


def text(value: Any) -> str:
    """A value as VCT holds it: days without hyphens, no comma of its own."""
    if value is None:
        return ""
    return value.strftime("%Y%m%d") if isinstance(value, dt.date) else str(value).replace(",", "，")


def field(column: pa.Field) -> str:
    """A field of a table: name, type, width."""
    if pa.types.is_date(column.type):
        return f"{column.name},Date,8"
    return f"{column.name},Double,16,6" if pa.types.is_floating(column.type) else f"{column.name},Char,60"
