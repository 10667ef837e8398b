"""The entities of a drawing's model space: which are closed shapes, which outlines are open, what texts lie in them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
NO_OUTLINES = ("AcDbArc", "AcDbEllipse", "AcDbLeader", "AcDbDimension")

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class CadDrawing:
    """The entities: GDAL's columns, the layer each is in, its shape as drawn, and as what it bounds if it is closed."""

    table: pa.Table
    layers: NDArray[Any]
    drawn: NDArray[Any]
    shapes: NDArray[Any]

    @classmethod
    def of(cls, whole: Layer) -> CadDrawing:
        """Of all that GDAL reads, but for paper space, which is no ground."""
        batches = list(whole.batches())
        if not batches:
            return cls(pa.table({"SubClasses": pa.array([], pa.string())}), *(np.empty(0, object) for _ in range(3)))
        table = pa.Table.from_batches([rows.table for rows in batches])
        drawn: NDArray[Any] = np.concatenate([np.asarray(rows.wkb, object) for rows in batches])
        if "PaperSpace" in table.column_names:
            ground = pc.invert(pc.fill_null(table.column("PaperSpace"), fill_value=False))
            table, drawn = table.filter(ground), drawn[np.asarray(ground)]
        return cls.made(table, np.asarray(shapely.from_wkb(drawn, on_invalid="ignore"), object))

    @classmethod
    def made(cls, table: pa.Table, drawn: NDArray[Any]) -> CadDrawing:
        """Of entities of the ground: their columns, and their shapes as drawn."""
        layers = np.array([_decoded(name) for name in table.column("Layer").to_pylist()], object)
        table = table.set_column(table.column_names.index("Layer"), "Layer", pa.array(layers, pa.string()))
        return cls(table, layers, drawn, _polygons(drawn))

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
        named = pc.match_substring(self.table.column("SubClasses"), name)
        return np.asarray(pc.fill_null(named, fill_value=False))

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

    def texts_in(self, at: Rows) -> tuple[dict[str, list[str | None]], list[str]]:
        """By layer of texts what stands in each of these shapes, and the layers of which some shape holds several."""
        worded = np.asarray(pc.fill_null(pc.not_equal(self.table.column("Text"), ""), fill_value=False))
        which = np.flatnonzero(worded & (shapely.get_type_id(self.drawn) == shapely.GeometryType.POINT))
        said = self.table.column("Text").take(pa.array(which)).to_pylist()
        place, inside = shapely.STRtree(self.shapes[at]).query(self.drawn[which], predicate="within")
        held: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for text, shape in sorted(zip(place.tolist(), inside.tolist(), strict=True)):
            held[str(self.layers[which[text]])][shape].append(" ".join(_decoded(said[text]).split()))
        several = sorted(layer for layer, cells in held.items() if any(len(cell) > 1 for cell in cells.values()))
        columns = {
            layer: [" / ".join(held[layer].get(shape, ())) or None for shape in range(len(at))]
            for layer in sorted(held)
        }
        return columns, several


def _decoded(text: str | None) -> str:
    r"""The text with ``\U+7528`` as the character it stands for."""
    return CODED.sub(lambda found: chr(int(found[1], 16)), text or "")


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
