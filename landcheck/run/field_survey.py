"""What the columns of a run's layers are taken for, and which fields the rules would miss in a row that is all filled.

Nothing is judged here, and a doubt ends nothing.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.facts.mapped import (
    MappedLayer,
    columns_elsewhere,
    distinct_columns,
    maps_of,
    open_sources,
    together,
    without_rows,
)
from landcheck.facts.pools import POOLED
from landcheck.facts.unused_columns import overlooked_columns
from landcheck.fields.candidates import (
    ColumnValues,
    Gap,
    LayerSurvey,
    MapLine,
    Problem,
    Survey,
    SurveyedColumn,
    map_with_problems,
    unit_candidates,
)
from landcheck.fields.catalogue import field, has_field, role_of
from landcheck.fields.cells import set_aside
from landcheck.fields.normalise import ValueFault, normalise
from landcheck.fields.overlooked import notes
from landcheck.geometry.area import area_m2
from landcheck.geometry.shapes.batch import shapes
from landcheck.measures import measure
from landcheck.messages import Message, number
from landcheck.model import NO_DATE, DataFinding, Field, Kind, Role, Rule
from landcheck.request import Request
from landcheck.rulebook import load_packs
from landcheck.verdicts.interpretations import as_read

LOOKED_AT = 20_000
SAMPLES = 3
SAMPLE_ROWS = 200
LONGEST_SAMPLE = 24
BY_PLACE = ("park_id", "district", "in_high_tech_zone", "in_industrial_park")
BY_BUILDINGS = ("above_ground_gfa_m2", "other_industry_gfa_m2", "living_gfa_m2", "underground_gfa_m2")
SOME = {Kind.NUMBER: 1.0, Kind.BOOL: np.int8(1), Kind.ENUM: np.int8(0), Kind.DATE: np.int32(0)}
NONE = {Kind.NUMBER: np.nan, Kind.BOOL: np.int8(0), Kind.ENUM: np.int8(-1), Kind.DATE: np.int32(NO_DATE)}
# a park is judged by facts of its own, of its green, and of the pack's time and place
LAYERS = {"parcel": (Role.PARCELS, Role.BUILDINGS), "park": (Role.PARKS, Role.GREEN, Role.PARCELS)}


def survey_fields(request: Request) -> Survey:
    """How the columns of every layer map onto the fields.

    Raises UsageError and InputError as reading does and for a ``--map`` that cannot be meant; what would only end a
    check (two columns for one field, a required field without a column) is a ``Problem`` of its layer instead.
    """
    packs = as_read(load_packs(request.packs), request.share_denominator)
    request = replace(request, batch_rows=LOOKED_AT)
    opened = open_sources(request)
    mapped = {
        name: map_with_problems(
            role_of(name),
            one.columns,
            maps_of(name, one.columns, request.maps),
            one.info.path,
            columns_elsewhere(name, opened),
            name,
            ColumnValues(together(one, differing=False), partial(distinct_columns, one)),
        )
        for name, one in opened.items()
    }
    layers = {name: MappedLayer(name, role_of(name), source, mapped[name].uses) for name, source in opened.items()}
    overlooked = overlooked_columns(layers)
    surveyed = tuple(_surveyed(layer, mapped[name].problems, overlooked, request) for name, layer in layers.items())
    lines = tuple(MapLine(name, use.field, f"{use.column}:{use.unit}" if use.unit else use.column)
                  for name, layer in layers.items() for use in layer.uses if not use.others)  # fmt: skip
    rules = [rule for pack in packs for rule in pack.rules]
    doubtful = [problem.field for one in surveyed for problem in one.problems if problem.columns]
    return Survey(surveyed, _gaps(rules, layers, request, doubtful), lines)


def _surveyed(
    layer: MappedLayer, problems: tuple[Problem, ...], overlooked: Sequence[DataFinding], request: Request
) -> LayerSurvey:
    """A layer by its first rows."""
    source, file = layer.source, layer.file
    batches = source.batches(request.batch_rows)
    rows = next(batches, None)
    if not source.info.rows:
        deque(batches, maxlen=0)  # a source that announces no rows is counted
    table = pa.RecordBatch.from_pydict({name: [] for name in source.columns}) if rows is None else rows.table
    faults = normalise(layer.role, table, layer.uses, 0)[1]
    next(layer.batches(request), None)  # settles the coordinate system
    found = [finding.message for finding in layer.told if finding.message.code != "fields-value"]
    if not source.info.rows:
        problems, found = (), [without_rows(layer.name, source).message, *found]
    in_doubt = {name for problem in problems for name in problem.columns}
    unused = notes(layer.role, [name for name in source.columns if name not in in_doubt], layer.uses, file)
    found += [one.message for one in overlooked
              if one.subject.id == layer.name and one.message.values["column"] not in in_doubt]  # fmt: skip
    written, _ = normalise(layer.role, table, layer.uses, 0, impossible=True)
    drawn = None if rows is None or rows.wkb is None else area_m2(shapes(rows.wkb), layer.frame, "ellipsoidal")
    return LayerSurvey(
        layer.name, layer.role, layer.info, table.num_rows, _columns(layer, table, faults), problems,
        (*source.info.notes, *found, *unused), unit_candidates(written, layer.uses, file, drawn),
    )  # fmt: skip


def _columns(layer: MappedLayer, table: pa.RecordBatch, faults: Sequence[ValueFault]) -> tuple[SurveyedColumn, ...]:
    uses, lines = {column: use for use in layer.uses for column in use.columns}, layer.source.info.lines
    unread = defaultdict[str, list[ValueFault]](list)
    for fault in faults:
        unread[fault.column].append(fault)
    columns = []
    for name in layer.source.columns:
        values, told = set_aside(table.column(table.schema.names.index(name)))
        those = unread[name]
        first = those[0].message(layer.file) if those else None
        first = first if lines is None or first is None else lines.said(first)
        filled, lost = len(values) - values.null_count + len(told), len(those) + len(told)
        columns.append(SurveyedColumn(name, filled, samples(values), uses.get(name), lost, first))
    return tuple(columns)


def samples(values: pa.Array) -> tuple[str, ...]:
    """Some different values of a column as text, the first ones; none for what cannot be shown."""
    head = values.slice(0, SAMPLE_ROWS).drop_null()
    try:
        if pa.types.is_floating(head.type):
            texts = [number(float(value)) for value in head.to_pylist()]
        else:
            texts = head.cast(pa.string()).to_pylist()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return ()
    shown = (text.strip() for text in texts)
    cut = (text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1] + "…" for text in shown if text)
    return tuple(islice(dict.fromkeys(cut), SAMPLES))


def _gaps(
    rules: Sequence[Rule], layers: Mapping[str, MappedLayer], request: Request, doubtful: Collection[Field]
) -> tuple[Gap, ...]:
    """The fields that rules need and no column holds, in the order of the rules; with what is taken instead.

    ``doubtful`` fields have a column as soon as someone says which.
    """
    there = {use.field for layer in layers.values() for use in layer.uses} | set(doubtful)
    instead = {a_field: message for a_field in _needed(rules, set()) if (message := _instead(a_field, layers, request))}
    wanted = _needed(rules, there | instead.keys())
    replaced = {a_field: names for a_field, names in _needed(rules, there).items() if a_field in instead}
    gaps = {**wanted, **replaced}
    return tuple(Gap(a_field, tuple(names), instead.get(a_field)) for a_field, names in gaps.items())


class SupposedRow(dict[str, NDArray[Any]]):
    """One row in which a field holds something where it is there, else nothing; worked out as it is asked for."""

    def __init__(self, per: str, there: Callable[[Field], bool]) -> None:
        super().__init__()
        self.per = per
        self.there = there

    def __missing__(self, name: str) -> NDArray[Any]:
        """The column of a field, or of a fact of the ledger: what a park's green lacks, or what is not yet known."""
        lacked = name.removeprefix("ledger_").removeprefix("lacks_")
        of = _field_of(self.per, lacked)
        if lacked != name:
            return np.array([of is not None and not self.there(of)])
        if of is None or of.kind is Kind.TEXT:
            return np.zeros(1, np.int8)
        return np.array([(SOME if self.there(of) else NONE)[of.kind]])


def _field_of(per: str, name: str) -> Field | None:
    """The field of that name of the layers a subject is judged by."""
    return next((field(role, name) for role in LAYERS[per] if has_field(role, name)), None)


def _needed(rules: Sequence[Rule], there: set[Field]) -> dict[Field, list[str]]:
    """The fields lacking and the rules that want for them."""
    held = {(a_field.role, a_field.name) for a_field in there}

    def known(a_field: Field) -> bool:
        own = (a_field.role, a_field.name)
        # a park's district may stand with its green as well
        return own in held or (own == (Role.PARKS, "district") and (Role.GREEN, "district") in held)

    needed: dict[Field, list[str]] = {}
    for rule in rules:
        row = SupposedRow(rule.per, known)
        tests = (test.measure for requirement in rule.requires for test in requirement.any)
        subjects = (*(condition.subject for condition in rule.applies), "approval_date", *tests)
        lacks = (measure(subject, rule.per).lacks(row) for subject in subjects)
        for name in dict.fromkeys(name for masks in lacks for name, mask in masks.items() if mask[0]):
            if (a_field := _field_of(rule.per, name)) is not None:
                needed.setdefault(a_field, []).append(rule.id)
    return needed


def _instead(a_field: Field, layers: Mapping[str, MappedLayer], request: Request) -> Message | None:
    """What a check takes where a field has no column."""
    if (evidence := _evidence(a_field, layers)) is not None:
        return evidence
    if not request.assume or a_field.assumed is None:
        return None
    if a_field.assumed == "geometry":
        layer = layers.get(a_field.role.value)
        drawn = layer is not None and layer.source.has_geometry and layer.frame is not None and layer.frame.usable
        return Message("survey-by-drawing") if drawn else None
    if a_field.assumed == "as_of":
        return Message("survey-as-of")
    return Message("survey-assumed-true" if a_field.assumed else "survey-assumed-false")


def _evidence(a_field: Field, layers: Mapping[str, MappedLayer]) -> Message | None:
    """What the other layers tell of a field."""
    parcels = a_field.role is Role.PARCELS
    placed = layers["parcels"].source.has_geometry and (
        "parks" in layers or (a_field.name == "in_high_tech_zone" and "zones" in layers)
    )
    if parcels and a_field.name in BY_PLACE and placed:
        return Message("survey-by-place")
    if parcels and a_field.name in BY_BUILDINGS and "buildings" in layers:
        return Message("survey-by-buildings")
    pools = any(use.field.name == "pool_id" for layer in layers.values() for use in layer.uses)
    if parcels and a_field.name in POOLED and pools:
        return Message("survey-by-pool")
    if (a_field.role, a_field.name) == (Role.PARKS, "park_green_m2") and "green" in layers:
        return Message("survey-by-green")
    return None
