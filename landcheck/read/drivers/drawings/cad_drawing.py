"""The entities of a drawing's model space: which are closed shapes, which outlines are open, what texts lie in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.read.layer import Layer

GAP = 0.01
GAP_OF_LENGTH = 1e-4
"""An outline is closed where its ends lie no further apart than so many units, and such a part of its length."""
CODED = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
IN_GBK = re.compile(r"\\M\+5([0-9A-Fa-f]{4})")
NO_OUTLINES = ("AcDbArc", "AcDbEllipse")

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class CadMarks:
    """By handle the tag of each block attribute; by column (``SOUTH.2``: an application's second value) and handle the
    extended data."""

    tags: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class CadDrawing:
    """The entities: GDAL's columns, the layer each is in, its shape as drawn, and as what it bounds if it is closed.

    ``called``: what column a text is for, its tag in a block or its layer; ``data``: as in the marks.
    """

    table: pa.Table
    layers: NDArray[Any]
    drawn: NDArray[Any]
    shapes: NDArray[Any]
    called: NDArray[Any]
    data: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, whole: Layer, marks: CadMarks, curves: Mapping[str, NDArray[np.float64]]) -> CadDrawing:
        """Of all that GDAL reads, but for paper space, which is no ground, and of what it leaves out.

        The name of a hatch's pattern is no text. Of splines those ``curves`` alone are taken, by their handle: GDAL's
        own miss the curve by any distance, or do not close.
        """
        batches = list(whole.batches())
        if not batches:
            names = ("Layer", "SubClasses", "EntityHandle", "Text")
            return cls.made(pa.table({name: pa.array([], pa.string()) for name in names}), np.empty(0, object), marks)
        table = pa.Table.from_batches([rows.table for rows in batches])
        drawn: NDArray[Any] = np.concatenate([np.asarray(rows.wkb, object) for rows in batches])
        if "PaperSpace" in table.column_names:
            ground = pc.invert(pc.fill_null(table.column("PaperSpace"), fill_value=False))
            table, drawn = table.filter(ground), drawn[np.asarray(ground)]
        drawn = np.asarray(shapely.from_wkb(drawn, on_invalid="ignore"), object)
        table, drawn = _with_curves(table, drawn, curves)
        place = pa.array(shapely.get_type_id(drawn) == shapely.GeometryType.POINT)
        text = pc.if_else(place, table.column("Text"), pa.scalar(None, pa.string()))
        return cls.made(table.set_column(table.column_names.index("Text"), "Text", text), drawn, marks)

    @classmethod
    def made(cls, table: pa.Table, drawn: NDArray[Any], marks: CadMarks) -> CadDrawing:
        """Of entities of the ground: their columns, and their shapes as drawn."""
        layers = np.array([decoded_text(name) for name in table.column("Layer").to_pylist()], object)
        table = table.set_column(table.column_names.index("Layer"), "Layer", pa.array(layers, pa.string()))
        called = layers.copy()
        if marks.tags:
            handles = table.column("EntityHandle").to_pylist()
            tags = (marks.tags.get(handle, layer) for handle, layer in zip(handles, layers, strict=True))
            called = np.array(list(tags), object)
        return cls(table, layers, drawn, _polygons(drawn), called, marks.data)

    @property
    def names(self) -> list[str]:
        """The layers with a closed shape."""
        return sorted(set(self.layers[self.closed].tolist()) - {""})

    @cached_property
    def closed(self) -> Mask:
        """Which entities are areas. A hatch fills a boundary that is drawn as well: it counts only where none is."""
        area = shapely.get_dimensions(self.shapes) == 2
        hatch = self._of_class("AcDbHatch")
        bounded = np.isin(self.layers.astype(str), np.unique(self.layers[area & ~hatch].astype(str)))
        return np.asarray(area & ~(hatch & bounded))

    @cached_property
    def joined(self) -> Mask:
        """Which outlines were closed by taking their ends, which lie apart by less than the tolerance, for one."""
        return np.asarray(_lines(self.drawn) & self.closed & ~shapely.is_closed(self.drawn))

    @cached_property
    def open_outlines(self) -> Mask:
        """Which lines have corners enough to bound an area and do not."""
        corners = shapely.get_num_points(self.drawn) >= 3
        others = np.logical_or.reduce([self._of_class(name) for name in NO_OUTLINES])
        return np.asarray(_lines(self.drawn) & corners & ~self.closed & ~others)

    def _of_class(self, name: str) -> Mask:
        return _is_of(self.table, name)

    def told(self, at: Rows) -> dict[str, Any]:
        """For a sentence about these entities: how many, where each begins, the widest gap between the ends of one."""
        points = [shapely.get_coordinates(line)[[0, -1]] for line in self.drawn[at]]
        gaps = [float(np.hypot(*(first - last))) for first, last in points]
        places = [f"{first[0]:.3f}, {first[1]:.3f}" for first, _ in points]
        return {"count": len(at), "places": places, "gap": round(max(gaps), 6), "row": None}

    def areas_between(self, at: Rows) -> int:
        """How many areas single lines among these entities bound together."""
        lines = self.drawn[at][_lines(self.drawn[at])]
        return len(shapely.get_parts(shapely.polygonize(lines))) if len(lines) > 2 else 0

    def wkb(self, at: Rows) -> pa.Array:
        """The shapes of these entities."""
        return pa.array(shapely.to_wkb(self.shapes[at]), pa.binary())

    def data_of(self, at: Rows) -> dict[str, list[str | None]]:
        """The extended data of these entities, of columns in which any of them has some."""
        handles = self.table.column("EntityHandle").take(pa.array(at)).to_pylist() if self.data else []
        known = {name: [of.get(handle) for handle in handles] for name, of in self.data.items()}
        return {name: values for name, values in known.items() if any(values)}

    def texts_in(self, at: Rows) -> TextColumns:
        """By layer, of block attributes by tag, what stands in each of these shapes; of nested ones in the smallest."""
        worded = np.asarray(pc.fill_null(pc.not_equal(self.table.column("Text"), ""), fill_value=False))
        which = np.flatnonzero(worded & (shapely.get_type_id(self.drawn) == shapely.GeometryType.POINT))
        said = self.table.column("Text").take(pa.array(which)).to_pylist()
        shapes = self.shapes[at]
        text, shape = shapely.STRtree(shapes).query(self.drawn[which], predicate="within")
        smallest = np.lexsort((shapely.area(shapes[shape]), text))
        text, first = np.unique(text[smallest], return_index=True)
        held: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for number, inside in zip(text.tolist(), shape[smallest][first].tolist(), strict=True):
            held[str(self.called[which[number]])][inside].append(" ".join(decoded_text(said[number]).split()))
        columns = {
            name: [" / ".join(held[name].get(inside, ())) or None for inside in range(len(at))] for name in sorted(held)
        }
        several = sorted(name for name, cells in held.items() if any(len(cell) > 1 for cell in cells.values()))
        lacking = {name: len(at) - len(cells) for name, cells in sorted(held.items())}
        return TextColumns(columns, several, {name: none for name, none in lacking.items() if 0 < none * 2 <= len(at)})


class TextColumns(NamedTuple):
    """Texts as columns, the names of those of which some shape holds several, and of how many shapes hold none of a
    text that most of them hold."""

    columns: dict[str, list[str | None]]
    several: list[str]
    lacking: dict[str, int]


def decoded_text(text: str | None) -> str:
    r"""The text with ``\U+7528``, or ``\M+5D3C3`` of its GBK, as the character it stands for."""
    text = CODED.sub(lambda found: chr(int(found[1], 16)), text or "")
    return IN_GBK.sub(lambda found: bytes.fromhex(found[1]).decode("gbk", errors="replace"), text)


def _is_of(table: pa.Table, name: str) -> Mask:
    return np.asarray(pc.fill_null(pc.match_substring(table.column("SubClasses"), name), fill_value=False))


def _with_curves(
    table: pa.Table, drawn: NDArray[Any], curves: Mapping[str, NDArray[np.float64]]
) -> tuple[pa.Table, NDArray[Any]]:
    """The entities, splines as these curves by their handle, others left out."""
    spline, handles = _is_of(table, "AcDbSpline"), table.column("EntityHandle").to_pylist()
    for row in np.flatnonzero(spline).tolist():
        if handles[row] in curves:
            drawn[row], spline[row] = shapely.linestrings(curves[handles[row]]), False
    return table.filter(pa.array(~spline)), drawn[~spline]


def _lines(shapes: NDArray[Any]) -> Mask:
    return np.asarray(shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING)


def _polygons(shapes: NDArray[Any]) -> NDArray[Any]:
    """The shapes with every closed line of three corners or more as the polygon it bounds."""
    result = np.array(shapes, object)
    line = _lines(shapes)
    gap = np.full(len(shapes), np.inf)
    gap[line] = shapely.distance(shapely.get_point(shapes[line], 0), shapely.get_point(shapes[line], -1))
    near = gap <= np.minimum(GAP, GAP_OF_LENGTH * shapely.length(shapes))
    ring = line & near & (shapely.get_num_points(shapes) >= np.where(gap > 0, 3, 4))
    if ring.any():
        points, indices = shapely.get_coordinates(shapes[ring], return_index=True)
        result[ring] = shapely.polygons(shapely.linearrings(points, indices=indices))
    return result
