"""The layers of a report as Arrow tables: parcels and parks with their verdicts, findings as points, overlaps."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck.errors import UsageError
from landcheck.geometry.crs import systems
from landcheck.geometry.crs.frame import Frame, from_degrees, transformer
from landcheck.geometry.shapes.batch import POLYGONAL, shapes
from landcheck.messages import Lang
from landcheck.model import DataFinding, Drawing, Finding, Report, Verdict
from landcheck.report.content import labels
from landcheck.report.content.sentences import message, remedy
from landcheck.report.content.text import visible
from landcheck.report.options import Options, shown

IDS = {"parcel": "parcel_id", "park": "park_id"}
JOIN = {"zh": "\u3000", "en": " | "}
# From the least to the worst, as a reader weighs them.
WEIGHT = (Verdict.NOT_APPLICABLE, Verdict.PASS, Verdict.REVIEW, Verdict.UNDETERMINED, Verdict.FAIL)
BALANCE = ("need_m2", "have_m2", "from_district_m2", "uncovered_m2", "given_m2", "left_over_m2")

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReportLayer:
    """``table`` holds the attributes, ``shapes`` a GEOS object or None a row, ``wkt`` the coordinate system if known.

    ``titles`` are the columns that hold verdicts, each with the title of its rule.
    """

    name: str
    table: pa.Table
    shapes: NDArray[np.object_]
    geometry_type: str
    wkt: str | None
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Said:
    """What is said of one subject, by column."""

    message: list[str] = field(default_factory=list)
    remedy: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)


def layers(report: Report, options: Options, file: str) -> list[ReportLayer]:
    """Parcels, parks where they are drawn, findings, and overlaps where there are any. UsageError without shapes."""
    drawing = drawn(report, file)
    kinds = [kind for kind in IDS if kind == "parcel" or "park" in report.summary.subjects]
    made = {kind: layer for kind in kinds if (layer := subjects(report, drawing, kind, options)) is not None}
    if "parcel" not in made:
        raise UsageError("ci-no-shapes", file=file)
    told = findings(report, made, options)
    shared = overlaps(report, told)
    return [*made.values(), told, *([] if shared is None else [shared])]


def drawn(report: Report, file: str) -> Drawing:
    """The drawing of a report. UsageError where it has none."""
    if report.drawing is None:
        raise UsageError("ci-no-drawing", file=file)
    return report.drawing


def subjects(report: Report, drawing: Drawing, kind: str, options: Options) -> ReportLayer | None:
    """All drawn subjects of a kind with every verdict on them; None where none are drawn."""
    batches = list(drawing.of(kind))
    if not batches:
        return None
    ids = [visible(ident) for batch in batches for ident in batch.ids]
    rows = np.concatenate([batch.rows for batch in batches]) + 1
    verdicts = np.concatenate([batch.verdicts for batch in batches], axis=1)
    rules, worst = batches[0].rules, _worst(verdicts)
    said = _said(report, kind, options.lang)
    told = [said.get(row) or Said() for row in rows.tolist()]
    names = columns(rules)
    held: dict[str, Any] = {
        IDS[kind]: ids,
        "row": rows,
        "worst": _words(worst, [verdict.word for verdict in Verdict]),
        "worst_text": _words(worst, [labels.verdict(verdict, options.lang) for verdict in Verdict]),
        **{name: _words(row, [verdict.word for verdict in Verdict]) for name, row in zip(names, verdicts, strict=True)},
        **{name: [JOIN[options.lang].join(getattr(one, name)) or None for one in told] for name in Said.__slots__},
    }
    if kind == "park":
        held |= _balance(report, [ident for batch in batches for ident in batch.ids])
    table = pa.table(
        {name: column if isinstance(column, pa.Array) else _array(column) for name, column in held.items()}
    )
    titles = {rule.id: rule.title.say(options.lang) for pack in report.packs for rule in pack.rules}
    return ReportLayer(
        f"{kind}s", table, np.concatenate([polygons(batch.wkb) for batch in batches]), "MultiPolygon",
        drawing.crs(kind), {name: titles.get(rule, rule) for name, rule in zip(names, rules, strict=True)},
    )  # fmt: skip


def polygons(wkb: pa.Array) -> NDArray[np.object_]:
    """The outlines as drawn, all as MultiPolygons; None for what is no polygon."""
    geoms = shapes(wkb).geoms()
    geoms[~np.isin(shapely.get_type_id(geoms), POLYGONAL) | shapely.is_empty(geoms)] = None
    parts, index = shapely.get_parts(geoms, return_index=True)
    out = np.full(len(geoms), None, object)
    if len(parts):
        shapely.multipolygons(parts, indices=index, out=out)
    return out


def columns(rules: Sequence[str]) -> tuple[str, ...]:
    """A column name a rule: its id with underscores, apart from the layer's own columns and from each other."""
    taken = {*IDS.values(), "row", "worst", "worst_text", "fid", "geom", *Said.__slots__, *BALANCE, "district"}
    names: list[str] = []
    for rule in rules:
        name = re.sub(r"\W", "_", rule)
        while name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
    return tuple(names)


def findings(report: Report, made: dict[str, ReportLayer], options: Options) -> ReportLayer:
    """Every finding and every data finding as a point: where the trouble is, else a point in its subject, else none."""
    lang, wkt = options.lang, made["parcel"].wkt
    every: list[Finding | DataFinding] = [*shown(report, options.show), *report.data]
    told = [_told(one, lang) for one in every]
    names = ("source", "rule", "verdict", "verdict_text", "subject_type", "subject", "row", "other_row", "clause",
             "message", "remedy", "missing")  # fmt: skip
    held = zip(*told, strict=True) if told else [()] * len(names)
    kinds = {"row": pa.int64(), "other_row": pa.int64()}
    table = pa.table(
        {name: pa.array(list(column), kinds.get(name, pa.string())) for name, column in zip(names, held, strict=True)}
    )
    points = _places(every, made)
    known = np.isfinite(points).all(axis=1)
    drawn_at = np.full(len(every), None, object)
    drawn_at[known] = shapely.points(points[known])
    return ReportLayer("findings", table, drawn_at, "Point", wkt)


def overlaps(report: Report, told: ReportLayer) -> ReportLayer | None:
    """The findings that speak of a piece of ground, as that piece, with the attributes they have as points."""
    of_data = told.table.num_rows - len(report.data)
    drawn_on = [(of_data + i, fault.shape) for i, fault in enumerate(report.data) if fault.shape is not None]
    if not drawn_on:
        return None
    rows, shared = zip(*drawn_on, strict=True)
    return ReportLayer(
        "overlaps", told.table.take(pa.array(rows)), polygons(pa.array(shared, pa.binary())), "MultiPolygon", told.wkt
    )


def _told(one: Finding | DataFinding, lang: Lang) -> tuple[Any, ...]:
    subject = (one.subject.type, visible(one.subject.id), one.row)
    if isinstance(one, Finding):
        said = (one.rule.clause.number, visible(message(one, lang)), visible(remedy(one, lang) or "") or None)
        verdict = (one.rule.id, one.verdict.word, labels.verdict(one.verdict, lang))
        return ("rule", *verdict, *subject, None, *said, ", ".join(one.missing) or None)
    fault = (one.rule, one.level.value, labels.level(one.level, lang))
    return ("data", *fault, *subject, one.other_row, None, visible(one.message.say(lang)), None, None)


def _places(every: Sequence[Finding | DataFinding], made: dict[str, ReportLayer]) -> Points:
    """x, y in the parcels' system; NaN where no place is known."""
    wkt = made["parcel"].wkt
    points = np.full((len(every), 2), np.nan)
    for kind, layer in made.items():
        by_row = dict(zip(layer.table["row"].to_pylist(), _moved(_inside(layer.shapes), layer.wkt, wkt), strict=True))
        for i, one in enumerate(every):
            if one.subject.type == kind and one.row in by_row:
                points[i] = by_row[one.row]
    lonlat = np.array(
        [one.location if isinstance(one, DataFinding) and one.location else (np.nan, np.nan) for one in every], float
    ).reshape(-1, 2)
    exact = np.isfinite(lonlat).all(axis=1)
    crs = None if wkt is None else pyproj.CRS.from_wkt(wkt)
    if exact.any() and crs is not None and systems.on_grs80(crs):
        points[exact] = np.column_stack(from_degrees(crs)(*np.ascontiguousarray(lonlat[exact].T)))
    return points


def _inside(geoms: NDArray[np.object_]) -> Points:
    """A point inside each polygon; of a broken one the middle of its extent, as no point is surely inside."""
    box = shapely.bounds(geoms)
    points = np.column_stack([box[:, [0, 2]].mean(axis=1), box[:, [1, 3]].mean(axis=1)])
    sound = shapely.is_valid(geoms)
    inner = shapely.point_on_surface(geoms[sound])
    points[sound] = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
    return points


def _moved(points: Points, own: str | None, to: str | None) -> Points:
    if own == to:
        return points
    frames = [Frame(None, None, known=None if wkt is None else pyproj.CRS.from_wkt(wkt)) for wkt in (own, to)]
    change = transformer(*frames)
    if change is None:
        return np.full_like(points, np.nan)
    return np.column_stack(change(*np.ascontiguousarray(points.T)))


def _said(report: Report, kind: str, lang: Lang) -> dict[int, Said]:
    """What is said of each subject of a kind that anything is said of, by its row from 1."""
    said: defaultdict[int, Said] = defaultdict(Said)
    for finding in shown(report, "findings"):
        if finding.subject.type == kind and finding.row is not None:
            of = said[finding.row]
            of.message.append(visible(f"{finding.rule.id}: {message(finding, lang)}"))
            of.missing += [name for name in finding.missing if name not in of.missing]
            advice = remedy(finding, lang)
            of.remedy += [visible(f"{finding.rule.id}: {advice}")] if advice else []
    for fault in report.data:
        if fault.subject.type == kind:
            told = visible(f"{fault.rule}: {fault.message.say(lang)}")
            rows = (fault.row, fault.other_row)
            for row in dict.fromkeys(row for row in rows if row is not None):
                said[row].data.append(told)
    return said


def _balance(report: Report, ids: Sequence[str]) -> dict[str, pa.Array]:
    """The green ledger, a column each; null for a park without an account."""
    rows = {row.park_id: row for row in report.ledger}
    found = [rows.get(ident) for ident in ids]
    amounts = {
        name: pa.array([None if row is None else getattr(row, name) for row in found], pa.float64()) for name in BALANCE
    }
    district = [None if row is None or row.district is None else visible(row.district) for row in found]
    return {"district": pa.array(district, pa.string()), **amounts}


def _worst(verdicts: NDArray[np.int8]) -> NDArray[np.int8]:
    weights = np.empty(len(Verdict), np.int8)
    weights[list(WEIGHT)] = np.arange(len(WEIGHT))
    heaviest = weights[verdicts].max(axis=0, initial=0)
    worst: NDArray[np.int8] = np.array(WEIGHT, np.int8)[heaviest]
    return worst


def _words(verdicts: NDArray[np.int8], words: Sequence[str]) -> pa.Array:
    coded = pa.DictionaryArray.from_arrays(pa.array(verdicts), pa.array(words, pa.string()))
    return coded.dictionary_decode()


def _array(column: Any) -> pa.Array:
    return pa.array(column) if isinstance(column, np.ndarray) else pa.array(column, pa.string())
