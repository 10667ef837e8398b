"""Tables of boundary points (界址点成果表): one row a point, with the number of the plot in each, read as plots.

North and east are told apart by their headings (纵坐标, 北坐标, northing), X and Y by the size of what stands in them;
where neither tells, no shape is made. Rings and holes are found as in a coordinate report.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.fields.catalogue import fields, role_of
from landcheck.fields.cells import UNREAD, set_aside
from landcheck.fields.headings import key
from landcheck.fields.mapping import match
from landcheck.messages import RowAt
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.survey.coordinate_rings import NEAR_DEGREES, NEAR_M, BoundaryPoints, Floats, Ints, outlines
from landcheck.read.drivers.survey.text_lines import as_numbers
from landcheck.read.layer import Layer, Rows, Tell, cut_up, table_of
from landcheck.read.source import DataSource

WORDS = {
    "north": ("北坐标", "纵坐标", "纵坐标x", "x北", "北", "n", "north", "northing", "纬度", "lat", "latitude"),
    "east": ("东坐标", "横坐标", "横坐标y", "y东", "东", "e", "east", "easting", "经度", "lon", "lng", "longitude"),
    "x": ("x", "x坐标", "坐标x", "界址点x", "xcoord"),
    "y": ("y", "y坐标", "坐标y", "界址点y", "ycoord"),
    "ring": ("圈号", "环号", "地块圈号", "界址圈号", "ring"),
    "label": ("点号", "界址点号", "界址点", "界址点编号", "point", "pointid"),
    "order": ("序号", "顺序", "顺序号", "点序", "点序号", "界址点顺序号", "order", "seq"),
}
OF_A_POINT = (("id", "fid", "no"), ("z", "h", "高程", "高程h", "elevation", "height"), ("边长", "距离", "间距"))
"""What more a list of points has, which says nothing of plots; an id may be the plot's as well as the point's."""
UNIT = ("m", "米", "(m)", "(米)", "度", "(度)")
POINTS_AT_LEAST = 3
LOOKED_AT = 200
NORTHINGS = (1e6, 6e6)
"""Between these lie the northings of the country in metres; eastings have six digits, or eight with a zone number."""


@dataclass(frozen=True, slots=True)
class PointColumns:
    """The columns of a table of points: the number of the plot, the two coordinates, and those that say the order."""

    plot: str
    first: str
    second: str
    told: bool
    rest: Mapping[str, str]

    @property
    def dropped(self) -> set[str]:
        """The columns that speak of a point and not of its plot."""
        return {self.first, self.second, *self.rest.values()}


def with_plots(source: DataSource, layer: Layer) -> Layer:
    """The layer itself, or where its rows are the boundary points of plots, one row a plot with its shape."""
    if layer.has_geometry or source.role == "attributes":
        return layer
    columns = _point_columns(source, layer.columns)
    if columns is None or not _several_a_plot(layer, columns.plot):
        return layer
    read = layer.read
    kept = tuple(name for name in layer.columns if name not in columns.dropped)

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        parts = list(read(size, tell))
        table = pa.Table.from_batches([one.table for one in parts]).combine_chunks().to_batches()[0]
        plots = _Plots(table, columns, kept)
        stand = [one.lines for one in parts if one.lines is not None]
        lines = np.concatenate(stand) if stand else None
        for finding in plots.findings(source):
            tell(_found(finding, layer.numbered, lines))
        first = np.unique(plots.plot, return_index=True)[1]
        yield from cut_up(plots.table(), plots.wkb(), size, lines=None if lines is None else lines[first])

    return replace(layer, columns=kept, has_geometry=True, read=rows, expected=None)


def _found(finding: DataFinding, numbered: str, lines: Ints | None) -> DataFinding:
    """With the row of a point as people find it: of the layer, a row is a plot."""
    if lines is None or finding.row is None:
        return finding
    at = RowAt(numbered, int(lines[finding.row - 1]))
    return replace(finding, message=replace(finding.message, values={**finding.message.values, "row": at}))


def _point_columns(source: DataSource, columns: Sequence[str]) -> PointColumns | None:
    """InputError for a table of points and nothing else, which does not say of what plot each is."""
    role = source.role
    called = {word: _called(columns, words) for word, words in WORDS.items()}
    told = called["north"] is not None and called["east"] is not None
    first, second = (called["north"], called["east"]) if told else (called["x"], called["y"])
    named = next((field.name for field in fields(role_of(role)) if field.name.endswith("_id")), "")
    plots = [name for name in columns if match(role_of(role), name, columns).field == named]
    only_points = set(columns) <= {*called.values(), *(_called(columns, words) for words in OF_A_POINT)}
    if first is not None and second is not None and only_points:
        raise InputError("read-points-no-plot", file=source.file, columns=list(columns))
    if first is None or second is None or len(plots) != 1:
        return None
    rest = {word: name for word in ("ring", "label", "order") if (name := called[word]) not in (None, plots[0])}
    return PointColumns(plots[0], first, second, told, {word: str(name) for word, name in rest.items()})


def _called(columns: Sequence[str], words: Sequence[str]) -> str | None:
    spelled = {name: key(unicodedata.normalize("NFKC", name)) for name in columns}
    forms = {key(word + unit) for word in words for unit in ("", *UNIT)}
    return next((name for name in columns if spelled[name] in forms), None)


def _several_a_plot(layer: Layer, plot: str) -> bool:
    """Whether the first plots have rows enough for a boundary; a table of plots has one each."""
    batches = list(islice(layer.read(LOOKED_AT, lambda _: None), 1))
    if not batches:
        return False
    ids = _plot_ids(batches[0].table.column(batches[0].table.schema.names.index(plot)))
    counts = pc.value_counts(pc.drop_null(pc.fill_null_forward(ids)))
    many = [one["counts"].as_py() >= POINTS_AT_LEAST for one in counts]
    return len(many) > 0 and sum(many) * 2 > len(many)


def _texts(column: pa.Array) -> pa.Array:
    """The cells as text, whole numbers without a point, empty ones null."""
    if pa.types.is_floating(column.type):
        whole = pc.equal(pc.round(column), column)
        number = pc.cast(pc.cast(pc.if_else(whole, column, 0.0), pa.int64()), pa.string())
        return pc.if_else(whole, number, pc.cast(column, pa.string()))
    text = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _plot_ids(column: pa.Array) -> pa.Array:
    """The numbers of the plots; a point whose own could not be read is of the plot before it."""
    return _texts(set_aside(column)[0])


class _Plots:
    """The plots in the order in which they begin; ``order`` are the rows in that of the boundary."""

    def __init__(self, table: pa.RecordBatch, columns: PointColumns, kept: Sequence[str]) -> None:
        self.rows, self.columns, self.kept = table, columns, kept
        ids = pc.fill_null(pc.fill_null_forward(_plot_ids(self._column(columns.plot))), "")
        self.plot = np.asarray(ids.dictionary_encode().indices, np.int64)
        self.count = int(self.plot.max(initial=-1)) + 1
        first, second = (as_numbers(_texts(self._column(name))) for name in (columns.first, columns.second))
        self.swapped = not columns.told and _northing(second) and not _northing(first)
        self.unsure = not columns.told and _northing(first) == _northing(second)
        north, east = (second, first) if self.swapped else (first, second)
        self.xy: Floats = np.column_stack([east, north])
        self.unread = ~np.isfinite(self.xy).all(axis=1)
        self.order = self._ordered()
        self._draw()

    def _column(self, name: str) -> pa.Array:
        return self.rows.column(self.rows.schema.names.index(name))

    def _of(self, word: str, other: str) -> pa.Array:
        """The texts of a column in the order of the boundary; without it the same everywhere."""
        if word not in self.columns.rest:
            return pa.array([other] * len(self.order), pa.string())
        return pc.fill_null(_texts(self._column(self.columns.rest[word])), "").take(pa.array(self.order))

    def _ordered(self) -> Ints:
        """By plot, within it by the column of the order where that counts up or down in another way than the rows."""
        order = np.arange(len(self.plot))
        if "order" not in self.columns.rest:
            return np.argsort(self.plot, kind="stable")
        number = as_numbers(_texts(self._column(self.columns.rest["order"])))
        ring = np.zeros(len(order), np.int64)
        if "ring" in self.columns.rest:
            ring = np.asarray(_texts(self._column(self.columns.rest["ring"])).fill_null("").dictionary_encode().indices)
        pairs = np.unique(np.column_stack([self.plot, ring, np.nan_to_num(number, nan=-1)]), axis=0)
        if not np.isfinite(number).all() or len(pairs) < len(order):
            return np.argsort(self.plot, kind="stable")
        return np.lexsort((number, ring, self.plot))

    def _draw(self) -> None:
        plot, xy = self.plot[self.order], np.nan_to_num(self.xy[self.order])
        near = NEAR_DEGREES if np.abs(xy).max(initial=0) <= 360 else NEAR_M
        labels = self._of("label", "") if "label" in self.columns.rest else pa.array(map(str, range(len(plot))))
        ring = BoundaryPoints(plot, self._of("ring", "1"), labels, xy, near).rings()
        drawn = outlines(ring, plot, xy, near, self.count)
        self.few = np.unique(drawn.plot[drawn.few])
        self.shapes: NDArray[np.object_] = drawn.shapes
        self.shapes[np.unique(self.plot[self.unread])] = None
        if self.unsure:
            self.shapes[:] = None

    def wkb(self) -> pa.Array:
        """The shapes, null where a plot has none."""
        return pa.array(shapely.to_wkb(self.shapes), pa.binary())

    def table(self) -> pa.RecordBatch:
        """What the rows of each plot say, once; what they say differently, joined, so that it decides nothing."""
        texts = {name: _texts(self._column(name)) for name in self.kept}
        texts[self.columns.plot] = pc.fill_null_forward(_plot_ids(self._column(self.columns.plot)))
        return table_of([self._said_once(texts[name]) for name in self.kept], self.kept, self.count)

    def _said_once(self, texts: pa.Array) -> pa.Array:
        coded = texts.dictionary_encode()
        known = np.asarray(texts.is_valid())
        code = np.asarray(pc.fill_null(coded.indices, 0), np.int64)[known]
        plot, value = np.unique(np.column_stack([self.plot[known], code]), axis=0).T if len(code) else (code, code)
        words = coded.dictionary.to_pylist()
        said = np.full(self.count, None, object)
        said[plot] = np.array(words, object)[value] if len(words) else None
        for one in np.flatnonzero(np.bincount(plot, minlength=self.count) > 1).tolist():
            those = [words[at] for at in value[plot == one].tolist()]
            said[one] = next((word for word in those if word.startswith(UNREAD)), " / ".join(those))
        return pa.array(said, pa.string())

    def findings(self, source: DataSource) -> Iterator[DataFinding]:
        """What keeps plots from having a shape."""
        if self.unsure:
            names = [self.columns.first, self.columns.second]
            yield source.finding(Level.ERROR, "read-points-axes", "data/crs", columns=names)
            return
        unread = np.flatnonzero(self.unread)
        if len(unread):
            values = {"count": len(unread), "row": int(unread[0]) + 1}
            yield source.finding(Level.ERROR, "read-points-unread", "data/geometry", **values)
        if len(self.few):
            ids = self.table().column(self.kept.index(self.columns.plot)).take(pa.array(self.few)).to_pylist()
            yield source.finding(Level.ERROR, "read-points-few", "data/geometry", count=len(ids), ids=ids)
        if self.swapped:
            names = [self.columns.first, self.columns.second]
            yield source.finding(Level.WARNING, "read-points-swapped", "data/crs", columns=names)


def _northing(values: Floats) -> bool:
    """Whether these are northings in metres, or degrees of latitude."""
    low, high = (float(np.nanmin(values)), float(np.nanmax(values))) if np.isfinite(values).any() else (0.0, 0.0)
    return (NORTHINGS[0] < low and high < NORTHINGS[1]) or (low > 15 and high < 55)
