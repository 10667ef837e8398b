"""A coordinate report (勘测定界 .txt) of parcels, as land offices take it: GBK, north before east, to the mm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from landcheck.errors import UsageError
from landcheck.messages import Message
from landcheck.read.drivers.survey.gauss_kruger import zone_with_code
from landcheck.report.gis.gis_layers import GisLayer

HEAD = {
    "格式版本号": "1.01版本", "数据产生单位": "", "数据产生日期": "", "坐标系": "", "几度分带": "",
    "投影类型": "高斯克吕格", "计量单位": "米", "带号": "", "精度": "0.001", "转换参数": ",,,,,,",
}  # fmt: skip
SYSTEMS = ("2000国家大地坐标系", "80国家大地坐标系", "1954北京坐标系")
SHEET, USE, CODE, REST = "图幅号", "地块用途", "地类编码", "其他"
FIELDS = ("parcel_id", "name", "site_area_m2", "land_code", SHEET, USE, CODE, REST, "界址点数")
Lines = list[str]


def written(layer: GisLayer, code: int | None, unread: Lines) -> tuple[bytes, tuple[Message, ...]]:
    """The text, and what of the layer does not stand in it; ``unread``: areas that are no numbers, by row.

    UsageError for a system that no such report can state.
    """
    head, decimals = _head(code)
    shapes, ids = layer.shapes, _texts(layer, "parcel_id")
    told = []
    if bare := [ids[row] or str(row + 1) for row in np.flatnonzero(shapely.is_missing(shapes)).tolist()]:
        told.append(Message("convert-no-shape", {"count": len(bare), "ids": bare}))
    if others := [name for name in layer.table.column_names if name not in FIELDS]:
        told.append(Message("convert-fields-left-out", {"count": len(others), "fields": others}))
    lines = ["[属性描述]", *(f"{key}={value}" for key, value in head.items()), "[地块坐标]"]
    lines += _plots(layer, ids, unread, decimals)
    return "\r\n".join([*lines, ""]).encode("gb18030"), tuple(told)


def _head(code: int | None) -> tuple[dict[str, str], int]:
    """The head, and the decimals of the coordinates: three in metres, nine in degrees."""
    if code is None:
        return {key: value for key, value in HEAD.items() if key not in ("坐标系", "几度分带", "带号")}, 3
    found = zone_with_code(code)
    if found is None:
        raise UsageError("convert-report-system", crs=f"EPSG:{code}")
    datum, width, zone = found
    head = HEAD | {"坐标系": SYSTEMS[datum]}
    if width:
        return head | {"几度分带": str(width), "带号": str(zone)}, 3
    return head | {"投影类型": "", "计量单位": "度", "精度": "0.000000001"}, 9


def _plots(layer: GisLayer, ids: Lines, unread: Lines, decimals: int) -> Iterator[str]:
    """The line of each plot that has a shape, and those of its points, ring by ring; labels go on through the rings."""
    polygons, row = shapely.get_parts(layer.shapes, return_index=True)
    rings, part = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    row_of_ring = row[part] if len(rings) else np.zeros(0, np.int64)
    first_ring = np.searchsorted(row_of_ring, row_of_ring)
    start = np.searchsorted(ring, np.arange(len(rings)))
    size = np.bincount(ring, minlength=len(rings))
    closing = np.arange(len(xy)) == (start + size - 1)[ring] if len(rings) else np.zeros(0, bool)
    before = np.cumsum(size - 1) - (size - 1)  # points of the rings before, each once
    label = before[ring] - before[first_ring][ring] + np.arange(len(xy)) - start[ring] + 1
    label[closing] = (before - before[first_ring] + 1)[ring[closing]]
    number = np.arange(len(rings)) - first_ring + 1
    kind = pa.decimal128(24, decimals)
    north, east = (pc.cast(pc.cast(pa.array(xy[:, one]), kind), pa.string()) for one in (1, 0))
    labels = pc.binary_join_element_wise("J", pc.cast(pa.array(label), pa.string()), "")
    points = pc.binary_join_element_wise(
        labels, pc.cast(pa.array(number[ring]), pa.string()), north, east, ","
    ).to_pylist()
    counts = np.bincount(row_of_ring[ring], minlength=len(ids))
    ends = np.cumsum(counts)
    for at, head in enumerate(_heads(layer, ids, unread, counts.tolist())):
        if counts[at]:
            yield head
            yield from points[ends[at] - counts[at] : ends[at]]


def _heads(layer: GisLayer, ids: Lines, unread: Lines, counts: Sequence[int]) -> Iterator[str]:
    """What each plot's line says: its points, area in hectares, number, name, kind, sheet, use, code."""
    hectares = [text and _plain(text) + "?" for text in unread]  # which the reader takes for no number either
    if "site_area_m2" in layer.table.column_names:
        hectares = list(map(_number, layer.table.column("site_area_m2").to_pylist()))
    names, sheets, uses, codes, rest = (_texts(layer, one) for one in ("name", SHEET, USE, CODE, REST))
    for at, land_code in enumerate(_texts(layer, "land_code")):
        word = not any(sign.isascii() and sign.isalnum() for sign in land_code)
        use, code = (land_code if word and not uses[at] else uses[at]), codes[at] or ("" if word else land_code)
        cells = [str(counts[at]), hectares[at], ids[at], names[at], "面", sheets[at], use, code, rest[at]]
        yield ",".join(cells if rest[at] else cells[:-1]) + ",@"


def _number(value: float | None) -> str:
    """Square metres as hectares, without a loss down to a square centimetre."""
    return "" if value is None else f"{value / 1e4:.8f}".rstrip("0").rstrip(".")


def _texts(layer: GisLayer, name: str) -> Lines:
    """A column as text, empty without it; a comma would begin another field, so it becomes 、."""
    if name not in layer.table.column_names:
        return [""] * layer.table.num_rows
    texts = layer.table.column(name).cast(pa.string()).to_pylist()
    return ["" if text is None else _plain(text) for text in texts]


def _plain(text: str) -> str:
    for sign, other in ((",", "、"), ("，", "、"), ("@", "＠")):
        text = text.replace(sign, other)
    return " ".join(text.split())
