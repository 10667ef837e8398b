"""The layers of a report as Arrow tables: parcels and parks with their verdicts, findings as points, overlaps."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from landcheck.messages.visible import visible
from landcheck.model import USES, DataFinding, Finding, Report, Verdict
from landcheck.report.content import labels, overview
from landcheck.report.content.filled import remarks
from landcheck.report.content.report_tables import BALANCE
from landcheck.report.content.rollup_tables import room_words
from landcheck.report.content.sentences import Remark, remark
from landcheck.report.options import Options
from landcheck.report.site_map import gravest

IDS = {"parcel": "parcel_id", "park": "park_id"}
REMARKS = ("message", "remedy", "missing", "data")
ROOMS = ("floor_short_m2", *(f"{use}_room_{kind}" for kind in ("m2", "text") for use in USES))
JOIN = {"zh": "\u3000", "en": " | "}
FINDING_COLUMNS = ("source", "rule", "verdict", "verdict_text", "subject_type", "subject", "row", "other_row", "clause",
                   "message", "remedy", "missing")  # fmt: skip

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GisLayer:
    """``table`` holds the attributes, ``shapes`` a GEOS object or None a row, ``wkt`` the coordinate system if known.

    ``titles`` are the columns that hold verdicts, each with the title of its rule.
    """

    name: str
    table: pa.Table
    shapes: NDArray[np.object_]
    geometry_type: str
    wkt: str | None
    titles: dict[str, str] = field(default_factory=dict)


def gis_layers(report: Report, options: Options, file: str) -> list[GisLayer]:
    """Parcels, parks where they are drawn, findings, and overlaps where there are any. UsageError without shapes."""
    made = {"parcel": parcel_layer(report, options, file)}
    parks = subject_layer(report, "park", options, file) if "park" in report.summary.subjects else None
    if parks is not None:
        made["park"] = parks
    findings = _findings(report, made, options)
    # The findings that speak of a piece of ground stand there once more as that piece, with the same attributes.
    first = findings.table.num_rows - len(report.data)
    drawn_on = [(first + i, fault.shape) for i, fault in enumerate(report.data) if fault.shape is not None]
    if not drawn_on:
        return [*made.values(), findings]
    rows, shared = zip(*drawn_on, strict=True)
    table, ground = findings.table.take(pa.array(rows)), polygons(pa.array(shared, pa.binary()))
    return [*made.values(), findings, GisLayer("overlaps", table, ground, "MultiPolygon", findings.wkt)]


def parcel_layer(report: Report, options: Options, file: str) -> GisLayer:
    """All parcels with every verdict on them. UsageError without shapes."""
    layer = subject_layer(report, "parcel", options, file)
    if layer is None:
        raise UsageError("ci-no-shapes", file=file)
    return layer


def subject_layer(report: Report, kind: str, options: Options, file: str) -> GisLayer | None:
    """All drawn subjects of a kind; None where none are drawn. UsageError where there is no drawing at all."""
    drawing, lang = report.drawing, options.lang
    if drawing is None:
        raise UsageError("ci-no-drawing", file=file)
    batches = list(drawing.of(kind))
    if not batches:
        return None
    ids = [ident for batch in batches for ident in batch.ids]
    rows = np.concatenate([batch.rows for batch in batches]) + 1
    verdicts = np.concatenate([batch.verdicts for batch in batches], axis=1)
    remarks = _remarks(report, kind, lang)
    of_rows = [remarks.get(row, {}) for row in rows.tolist()]
    words = [verdict.word for verdict in Verdict]
    worst, rules = gravest(verdicts), batches[0].rules
    names = columns(rules)
    table = {
        IDS[kind]: pa.array(list(map(visible, ids)), pa.string()),
        "row": pa.array(rows),
        "worst": _decoded(worst, words),
        "worst_text": _decoded(worst, [labels.verdict(verdict, lang) for verdict in Verdict]),
        **{name: _decoded(row, words) for name, row in zip(names, verdicts, strict=True)},
        **{
            name: pa.array([JOIN[lang].join(of.get(name, ())) or None for of in of_rows], pa.string())
            for name in REMARKS
        },
        **(_balance(report, ids) if kind == "park" else _headroom(report, rows - 1, lang)),
    }
    titles = {rule.id: rule.title.say(lang) for rule in overview.rules(report)}
    return GisLayer(
        f"{kind}s", pa.table(table), np.concatenate([polygons(batch.wkb) for batch in batches]), "MultiPolygon",
        drawing.crs(kind), {name: titles.get(rule, rule) for name, rule in zip(names, rules, strict=True)},
    )  # fmt: skip


def _decoded(verdicts: NDArray[np.int8], words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(verdicts), pa.array(words, pa.string())).dictionary_decode()


def _remarks(report: Report, kind: str, lang: Lang) -> Mapping[int, Mapping[str, list[str]]]:
    """What is said of each subject of a kind, by its row from 1 and by column; of most nothing."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for finding, said in remarks(report, "findings", lang):
        if finding.subject.type == kind and finding.row is not None:
            of, rule = found[finding.row], finding.rule.id
            of["message"].append(visible(f"{rule}: {said.message}"))
            of["missing"] += [name for name in finding.missing if name not in of["missing"]]
            of["remedy"] += [visible(f"{rule}: {said.remedy}")] if said.remedy else []
    for fault in report.data:
        if fault.subject.type == kind:
            words = visible(f"{fault.rule}: {fault.message.say(lang)}")
            for row in dict.fromkeys((fault.row, fault.other_row)):
                if row is not None:
                    found[row]["data"].append(words)
    return found


def _balance(report: Report, ids: Sequence[str]) -> dict[str, pa.Array]:
    """The green ledger, a column each; null for a park without an account."""
    rows = {row.park_id: row for row in report.ledger}
    found = [rows.get(ident) for ident in ids]
    district = [None if row is None or row.district is None else visible(row.district) for row in found]
    amounts = {name: [None if row is None else getattr(row, name) for row in found] for name in BALANCE}
    return {
        "district": pa.array(district, pa.string()),
        **{name: pa.array(column, pa.float64()) for name, column in amounts.items()},
    }


def _headroom(report: Report, rows: NDArray[np.int64], lang: Lang) -> dict[str, pa.Array]:
    """What must be built and, by use, what may be added to a parcel, in m², with the reason where it is no number."""
    if report.headroom is None:
        return {}
    found, words = {"floor_short_m2": report.headroom.uses["floor"].short_m2}, {}
    for use, one in report.headroom.uses.items():
        found[f"{use}_room_m2"] = one.room_m2
        unknown = np.where(np.isnan(one.short_m2), np.nan, one.room_m2)
        words[f"{use}_room_text"] = room_words(one._replace(room_m2=unknown), lang)
    held = {name: pa.array(column[rows], mask=~np.isfinite(column[rows])) for name, column in found.items()}
    return held | {name: pa.array(column[rows], pa.string()) for name, column in words.items()}


def columns(rules: Sequence[str]) -> tuple[str, ...]:
    """A column name a rule: its id with underscores, apart from the layer's own columns and from each other."""
    taken = {*IDS.values(), "row", "worst", "worst_text", "fid", "geom", *REMARKS, *BALANCE, "district", *ROOMS}
    names: list[str] = []
    for rule in rules:
        name = re.sub(r"\W", "_", rule)
        while name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
    return tuple(names)


def polygons(wkb: pa.Array) -> NDArray[np.object_]:
    """The outlines as drawn, all as MultiPolygons; None for what is no polygon."""
    geoms = shapes(wkb).geoms()
    geoms[~np.isin(shapely.get_type_id(geoms), POLYGONAL) | shapely.is_empty(geoms)] = None
    parts, index = shapely.get_parts(geoms, return_index=True)
    out = np.full(len(geoms), None, object)
    if len(parts):
        shapely.multipolygons(parts, indices=index, out=out)
    return out


def _findings(report: Report, made: Mapping[str, GisLayer], options: Options) -> GisLayer:
    """Every finding and every data finding as a point: where the trouble is, else a point in its subject, else none."""
    worded: list[tuple[Finding | DataFinding, Remark]] = [*remarks(report, options.show, options.lang)]
    worded += [(fault, remark(fault, options.lang)) for fault in report.data]
    every, rows = [one for one, _ in worded], [_row(*one, options.lang) for one in worded]
    held = zip(*rows, strict=True) if rows else [()] * len(FINDING_COLUMNS)
    kinds = {"row": pa.int64(), "other_row": pa.int64()}
    table = {
        name: pa.array(list(column), kinds.get(name, pa.string()))
        for name, column in zip(FINDING_COLUMNS, held, strict=True)
    }
    points = _places(every, made)
    known = np.isfinite(points).all(axis=1)
    geometry = np.full(len(every), None, object)
    geometry[known] = shapely.points(points[known])
    return GisLayer("findings", pa.table(table), geometry, "Point", made["parcel"].wkt)


def _row(one: Finding | DataFinding, words: Remark, lang: Lang) -> tuple[Any, ...]:
    subject = (one.subject.type, visible(one.subject.id), one.row)
    if isinstance(one, Finding):
        verdict = (one.rule.id, one.verdict.word, labels.verdict(one.verdict, lang))
        said = (visible(words.message), visible(words.remedy) or None)
        return ("rule", *verdict, *subject, None, one.rule.clause.number, *said, ", ".join(one.missing) or None)
    level = (one.rule, one.level.value, labels.level(one.level, lang))
    return ("data", *level, *subject, one.other_row, None, visible(words.message), None, None)


def _places(every: Sequence[Finding | DataFinding], made: Mapping[str, GisLayer]) -> Points:
    """x, y in the parcels' system; NaN where no place is known."""
    wkt = made["parcel"].wkt
    points = np.full((len(every), 2), np.nan)
    for kind, layer in made.items():
        inner = _moved(_inside(layer.shapes), layer.wkt, wkt)
        by_row = dict(zip(layer.table["row"].to_pylist(), inner, strict=True))
        for i, one in enumerate(every):
            if one.subject.type == kind and one.row in by_row:
                points[i] = by_row[one.row]
    crs = None if wkt is None else pyproj.CRS.from_wkt(wkt)
    located = [i for i, one in enumerate(every) if isinstance(one, DataFinding) and one.location]
    if located and crs is not None and systems.on_grs80(crs):
        lonlat = np.array([every[i].location for i in located], float)
        points[located] = np.column_stack(from_degrees(crs)(*np.ascontiguousarray(lonlat.T)))
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
