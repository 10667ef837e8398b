"""The lines of a coordinate report: what each plot's line says, its points, and whatever does not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.survey.coordinate_rings import (
    NEAR_DEGREES,
    NEAR_M,
    BoundaryPoints,
    DrawnRings,
    Ints,
    outlines,
)
from landcheck.read.drivers.survey.text_lines import as_numbers
from landcheck.read.layer import table_of
from landcheck.read.source import DataSource

NUMBER = r"[-+]?\d+(?:\.\d*)?"
PLACE = rf"\s*(?P<north>{NUMBER})\s*,\s*(?P<east>{NUMBER})\s*(?:,\s*(?:{NUMBER})?\s*)*"
POINT = rf"^(?P<label>[^,]*),\s*(?P<ring>\d+)\s*,{PLACE}$"
PLOT = r"^(?P<before>.*?),\s*(?P<kind>[面线点])\s*,(?P<after>.*?)@[\s,]*$"
PLOT_END = r"@[\s,]*$"
CELL = r"\s*(?P<{}>[^,]*?)\s*"
BEFORE = "^(?:(?:{},)?{},(?:.*,)?)?{},{}$".format(*map(CELL.format, ("count", "area", "number", "name")))
AFTER = "^{},{},{}".format(*map(CELL.format, ("sheet", "use", "code"))) + r",[\s,]*(?P<rest>.*?)[\s,]*$"
AREA = rf"^(?P<value>{NUMBER})\s*(?P<unit>公顷|hm2|ha|平方米|m2|㎡)?$"
SIZES = {"公顷": 1e4, "hm2": 1e4, "ha": 1e4, "平方米": 1.0, "m2": 1.0, "㎡": 1.0}
UNITS = pa.array(SIZES)
DEGREES = 360
AREA_HA, AGREE = "地块面积(公顷)", 0.01
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Plots:
    """``lines`` that are plots are ``heads``; ``areas`` are those of them that are areas, by number; the rest by row.

    ``strange``: lines that are neither a plot nor a point of one. ``owner``: of each line the row of its plot, or -1.
    """

    lines: pa.Array
    numbers: Ints
    cells: dict[str, pa.Array]
    heads: Ints
    areas: Ints
    owner: Ints
    strange: Mask
    points: Ints
    xy: NDArray[np.float64]
    drawn: DrawnRings
    shapes: NDArray[np.object_]
    in_metres: bool

    @classmethod
    def of(cls, lines: pa.Array, numbers: Ints, *, in_metres: bool) -> Plots:
        """Read the lines; a plot with a line in it that is no point has no shape, as its boundary is not known."""
        is_plot = matching(lines, pc.match_substring(lines, "@"), PLOT_END)
        point, at = _points(lines)
        is_point = np.zeros(len(lines), bool)
        is_point[at] = True
        is_point &= ~is_plot
        heads = np.flatnonzero(is_plot)
        cells = _cells(lines.take(pa.array(heads)))
        kinds = np.asarray(cells["kind"].to_pylist(), object)
        areas = np.flatnonzero(kinds == "面")
        rows = np.full(len(heads) + 1, -1)
        rows[areas] = np.arange(len(areas))
        number = np.cumsum(is_plot) - 1
        strange = ~is_plot & (~is_point | (number < 0))
        strange[heads[kinds == None]] = True  # noqa: E711
        owner = rows[number]
        points = np.flatnonzero(is_point & (owner >= 0))
        taken = point.take(pa.array(np.searchsorted(at, points)))
        xy = np.column_stack([np.asarray(taken.column(name)) for name in ("east", "north")])
        ring, label = taken.column("ring"), taken.column("label")
        in_metres &= bool(np.abs(xy).max(initial=0) > DEGREES)
        near = NEAR_M if in_metres else NEAR_DEGREES
        rings = BoundaryPoints(owner[points], ring, label, xy, near).rings()
        drawn = outlines(rings, owner[points], xy, near, len(areas))
        shapes = drawn.shapes.copy()
        shapes[owner[strange & (owner >= 0)]] = None
        cells = {name: cell.take(pa.array(areas)) if name != "kind" else cell for name, cell in cells.items()}
        return cls(lines, numbers, cells, heads, areas, owner, strange, points, xy, drawn, shapes, in_metres)

    def wkb(self) -> pa.Array:
        """The shapes, None where a plot has none that is known."""
        return pa.array(shapely.to_wkb(self.shapes), pa.binary())

    def prefix(self) -> int | None:
        """The zone's number that most eastings carry, in whichever column they stand."""
        zones, rest = np.divmod(np.median(self.xy, axis=0) if len(self.xy) else np.zeros(2), 1e6)
        carried = (zones >= 13) & (zones <= 45) & (rest >= 1e5) & (rest <= 9e5)
        return int(zones[carried][0]) if carried.any() else None

    def table(self) -> pa.RecordBatch:
        """What the lines say; a plot without a number has its name, and the area is in hectares."""
        columns = {
            "界址点数": self.cells["count"],
            AREA_HA: self.stated[0],
            "地块编号": pc.coalesce(self.cells["number"], self.cells["name"]),
            "地块名称": self.cells["name"],
            "图幅号": self.cells["sheet"],
            "地块用途": self.cells["use"],
            "地类编码" if self._has_codes() else "字段 8": self.cells["code"],
            "其他": self.cells["rest"],
        }
        held = {name: cells for name, cells in columns.items() if cells.null_count < len(cells)}
        return table_of(list(held.values()), list(held), len(self.areas))

    def _has_codes(self) -> bool:
        """Whether the field of the land code holds codes; some programs write 地上 there."""
        return bool(pc.all(pc.match_substring_regex(self.cells["code"], r"[0-9A-Za-z]")).as_py())

    @cached_property
    @np.errstate(all="ignore")
    def stated(self) -> tuple[pa.Array, Mask, Mask]:
        """The areas in hectares, which of them stood in square metres, and which agree with the shape in neither.

        The standard has hectares, some programs write square metres, and some leave what their template holds: without
        a unit the shape decides, and what agrees in neither is no number.
        """
        raw = self.cells["area"]
        found = pc.extract_regex(raw, AREA)
        value = np.asarray(pc.cast(pc.struct_field(found, "value"), pa.float64()).to_numpy(zero_copy_only=False), float)
        size = np.array([*SIZES.values(), np.nan])[
            np.asarray(pc.fill_null(pc.index_in(pc.struct_field(found, "unit"), UNITS), -1))
        ]
        shape = shapely.area(self.shapes)  # NaN without one
        digits = pc.fill_null(pc.utf8_length(pc.replace_substring_regex(raw, r"^[^.]*\.?", "")), 0)
        rounding = 0.5 / 10.0 ** np.minimum(np.asarray(digits, float), 12)
        bare = np.isnan(size) & np.isfinite(value) & (value != 0) & self.in_metres
        for one in (1e4, 1.0):
            agrees = np.abs(value - shape / one) <= np.maximum(AGREE * shape / one, rounding)
            size = np.where(bare & np.isnan(size) & agrees, one, size)
        square, unclear = size == 1.0, bare & np.isnan(size)
        plain = pc.coalesce(pc.struct_field(found, "value"), raw)
        texts = pc.if_else(pa.array(square), pc.cast(pa.array(value / 1e4), pa.string()), plain)
        texts = pc.if_else(pa.array(unclear), pc.binary_join_element_wise(raw, "?", ""), texts)
        return pc.if_else(pa.array(value == 0), pa.scalar(None, pa.string()), texts), square & bare, unclear

    def notes(self, source: DataSource) -> Iterator[Message]:
        """Plots called by their names, and areas in square metres."""
        nameless = pc.and_(pc.is_null(self.cells["number"]), pc.is_valid(self.cells["name"]))
        if named := int(pc.sum(nameless).as_py()):
            yield Message("read-report-named", {"file": source.file, "count": named})
        if square := int(self.stated[1].sum()):
            yield Message("read-report-square-metres", {"file": source.file, "count": square})

    def findings(self, source: DataSource) -> Iterator[DataFinding]:
        """What is left out, what is not understood, and what contradicts itself, each with its first line."""
        drawn, at = self.drawn, self.numbers[self.heads[self.areas]]
        known = ~shapely.is_missing(self.shapes)
        ring_at = self.numbers[self.points[drawn.first]]
        lines = np.flatnonzero(self.strange)
        text = "".join(self.lines.take(pa.array(lines[:1])).to_pylist())
        yield from _told(source, "read-report-lines", self.numbers[lines], text=text)
        few = np.union1d(ring_at[drawn.few], at[np.bincount(drawn.plot, minlength=len(at)) == 0])
        yield from _told(source, "read-report-few", few)
        if drawn.closed.any():
            yield from _told(source, "read-report-open", ring_at[~drawn.closed & ~drawn.few])
        short, more = self._miscounted()
        yield from _told(source, "read-report-count", at[known & short])
        yield from _told(source, "read-report-more", at[known & more], level=Level.WARNING)
        bare = np.logical_and.reduce([np.asarray(pc.is_null(self.cells[one])) for one in ("count", "number", "name")])
        several = bare & (np.bincount(drawn.plot, minlength=len(at)) > 1)
        yield from _told(source, "read-report-parts", at[several], level=Level.WARNING)
        yield from _told(source, "read-report-area", at[known & self.stated[2]], "data/value")
        others = self.heads[np.isin(self.cells["kind"].to_pylist(), ["线", "点"])]
        names = [text.rstrip("@, ") for text in self.lines.take(pa.array(others)).to_pylist()]
        yield from _told(source, "read-report-others", self.numbers[others], level=Level.WARNING, plots=names)

    def _miscounted(self) -> tuple[Mask, Mask]:
        """Plots that state more points than follow, and fewer: closing points, which may be left out, count or not."""
        drawn, plots = self.drawn, len(self.areas)
        lines = np.bincount(self.owner[self.points], minlength=plots)
        left_out, closing = (np.bincount(drawn.plot[one], minlength=plots) for one in (~drawn.closed, drawn.closed))
        digits = pc.struct_field(pc.extract_regex(self.cells["count"], r"^(?P<n>\d{1,9})$"), "n")
        stated = np.asarray(pc.cast(pc.fill_null(digits, "0"), pa.int64()))
        return stated > lines + left_out, (stated > 0) & (stated < lines - closing)


def matching(lines: pa.Array, likely: pa.Array, pattern: str) -> Mask:
    """Which lines match the pattern, of those that are likely to."""
    found, at = np.zeros(len(lines), bool), np.flatnonzero(np.asarray(likely))
    found[at] = np.asarray(pc.match_substring_regex(lines.take(pa.array(at)), pattern))
    return found


def _points(lines: pa.Array) -> tuple[pa.RecordBatch, Ints]:
    """The lines that are points: label, ring, north and east of each, and the number of its line.

    Most are four plain values, which need no expression; the others are looked at more closely.
    """
    parts = pc.split_pattern(lines, ",")
    four = np.flatnonzero(np.asarray(pc.list_value_length(parts)) == 4)
    flat = pc.utf8_trim_whitespace(parts.take(pa.array(four)).flatten())
    label, ring, north, east = (flat.take(pa.array(np.arange(at, len(flat), 4))) for at in range(4))
    places = [as_numbers(north), as_numbers(east)]
    plain = np.isfinite(places).all(axis=0) & np.asarray(pc.ascii_is_decimal(ring))
    known = np.zeros(len(lines), bool)
    known[four[plain]] = True
    rest = np.flatnonzero(~known)
    found = pc.extract_regex(lines.take(pa.array(rest)), POINT)
    far = [as_numbers(pc.struct_field(found, name)) for name in ("north", "east")]
    good = np.isfinite(far).all(axis=0)
    texts = [pc.struct_field(found.filter(pa.array(good)), name) for name in ("label", "ring")]
    columns = [
        pa.concat_arrays([label.filter(pa.array(plain)), texts[0]]),
        pa.concat_arrays([ring.filter(pa.array(plain)), texts[1]]),
        *(pa.array(np.concatenate([a[plain], b[good]])) for a, b in zip(places, far, strict=True)),
    ]
    at = np.concatenate([four[plain], rest[good]])
    order = np.argsort(at)
    points = pa.RecordBatch.from_arrays(columns, names=["label", "ring", "north", "east"])
    return points.take(pa.array(order)), at[order]


def _cells(heads: pa.Array) -> dict[str, pa.Array]:
    """The fields of the plots' lines: by the word for their kind, as some programs leave out fields before it."""
    line = pc.extract_regex(heads, PLOT)
    before = pc.extract_regex(pc.struct_field(line, "before"), BEFORE)
    after = pc.extract_regex(pc.binary_join_element_wise(pc.struct_field(line, "after"), ",,,,", ""), AFTER)
    found = {"kind": pc.struct_field(line, "kind")}
    for part in (before, after):
        found |= {one.name: pc.struct_field(part, one.name) for one in part.type}
    return {name: pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells) for name, cells in found.items()}


def _told(
    source: DataSource,
    code: str,
    lines: Ints,
    rule: str = "data/geometry",
    level: Level = Level.ERROR,
    **values: Any,
) -> Iterator[DataFinding]:
    """A finding about these lines, if there are any."""
    if len(lines):
        yield source.finding(level, code, rule, count=len(lines), line=int(lines[0]), **values)
