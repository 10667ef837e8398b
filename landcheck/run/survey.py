"""What the columns of a run's layers are taken for, and why: nothing is judged here, and a doubt ends nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pyarrow as pa

from landcheck.errors import InputError
from landcheck.facts.layers import COMPANIONS, Sheetful, refuse_unmeant_maps, role_of
from landcheck.fields.candidates import LayerSurvey, MapLine, Problem, Survey, SurveyedColumn, unit_candidates
from landcheck.fields.catalogue import field, qualified
from landcheck.fields.mapping import ColumnUse, map_columns, named_field, notes, parse_map, require
from landcheck.fields.normalise import ValueFault, normalise
from landcheck.geometry.area import ellipsoidal_area_m2
from landcheck.geometry.shapes.batch import shapes
from landcheck.messages import Message, number
from landcheck.model import Batch, Field, Role
from landcheck.read import Layer, Rows, layer_names, open_layer
from landcheck.request import ColumnRef, Request
from landcheck.rulebook import load_packs
from landcheck.run.gaps import gaps_of
from landcheck.verdicts.interpretations import as_read

LOOKED_AT = 20_000
SAMPLES = 3
SAMPLE_ROWS = 200
LONGEST_SAMPLE = 24


def survey_fields(request: Request) -> Survey:
    """How the columns of every layer map onto the fields.

    Raises UsageError and InputError as reading does and for a ``--map`` that cannot be meant; what would only end a
    check (two columns for one field, a required field without a column) is a ``Problem`` of its layer instead.
    """
    packs = as_read(load_packs(request.packs), request.share_denominator)
    request = replace(request, batch_rows=LOOKED_AT)
    opened = _open(request)
    refuse_unmeant_maps(opened, request.maps)
    mapped = {name: _mapped(name, layer, opened, request.maps) for name, layer in opened.items()}
    sheets = {name: Sheetful(name, role_of(name), layer, mapped[name].uses) for name, layer in opened.items()}
    layers = tuple(_surveyed(sheet, mapped[name].problems, request) for name, sheet in sheets.items())
    settled = {name: ref for one in mapped.values() for name, ref in one.settled.items()}
    lines = [line for sheet in sheets.values() for line in _lines(sheet, sheets, request.maps, settled)]
    rules = [rule for pack in packs for rule in pack.rules]
    doubtful = [problem.field for layer in layers for problem in layer.problems if problem.columns]
    return Survey(layers, gaps_of(rules, sheets, request, doubtful), tuple(dict.fromkeys(lines)))


@dataclass(frozen=True, slots=True)
class _Mapped:
    """The columns that hold fields, what a check would stop at, and a mapping under which it would not."""

    uses: tuple[ColumnUse, ...]
    problems: tuple[Problem, ...]
    settled: Mapping[str, ColumnRef]


def _open(request: Request) -> dict[str, Layer]:
    paths: dict[str, tuple[str, str | None]] = {"parcels": (request.parcels, request.layer)}
    paths |= {name: (path, None) for name, path in request.sources.items()}
    for name in layer_names(request.parcels):
        if name in COMPANIONS:
            paths.setdefault(name, (request.parcels, name))
    return {
        name: open_layer(path, name, layer=layer, encoding=request.encoding) for name, (path, layer) in paths.items()
    }


def _mapped(name: str, layer: Layer, opened: Mapping[str, Layer], given: Mapping[str, ColumnRef]) -> _Mapped:
    """One layer's columns; a field in doubt has none."""
    role, file = role_of(name), layer.info.path
    elsewhere = [c for other, its in opened.items() if other != name and role_of(other) is role for c in its.columns]
    settled, problems = dict(given), list[Problem]()
    while True:
        try:
            uses = map_columns(role, layer.columns, settled, file, elsewhere=elsewhere)
        except InputError as error:
            problem = _problem(role, layer.columns, error)
            if problem is None or any(problem.field == other.field for other in problems):
                raise
            problems.append(problem)
            settled[qualified(problem.field)] = ColumnRef(problem.columns[0], problem.field.unit)
            continue
        doubtful = {problem.field for problem in problems}
        uses = tuple(use for use in uses if use.field not in doubtful)
        return _Mapped(uses, (*problems, *_required(role, layer.columns, uses, problems, file)), settled)


def _problem(role: Role, columns: Sequence[str], error: InputError) -> Problem | None:
    """Two columns for one field, or a heading whose unit does not fit; None for any other error."""
    values = error.message.values
    if error.message.code not in ("fields-two-columns", "fields-heading-unit") or not columns:
        return None
    a_field = field(role, values["field"])
    named = tuple(values["columns"]) if "columns" in values else (values["column"],)
    unit = f":{a_field.unit}" if "unit" in values and a_field.unit else ""
    return Problem(a_field, named, error.message, tuple(f"{qualified(a_field)}={name}{unit}" for name in named))


def _required(
    role: Role, columns: Sequence[str], uses: Sequence[ColumnUse], problems: Sequence[Problem], file: str
) -> list[Problem]:
    held = [*uses, *(ColumnUse(problem.field, problem.columns[0], 1.0, "", "") for problem in problems)]
    try:
        require(role, columns, held, file)
    except InputError as error:
        a_field = field(role, error.message.values["field"])
        return [Problem(a_field, (), error.message, (f"{qualified(a_field)}=…",))]
    return []


def _surveyed(sheet: Sheetful, problems: tuple[Problem, ...], request: Request) -> LayerSurvey:
    """A layer by its first rows."""
    layer = sheet.layer
    batches = layer.batches(request.batch_rows)
    rows = next(batches, None)
    if not layer.info.rows:
        deque(batches, maxlen=0)  # a source that announces no rows is counted
    table = pa.RecordBatch.from_pydict({name: [] for name in layer.columns}) if rows is None else rows.table
    batch, faults = normalise(sheet.role, table, sheet.uses, 0)
    next(sheet.batches(request), None)  # settles the coordinate system
    found = [finding.message for finding in (*layer.findings, *sheet.findings) if finding.rule != "data/value"]
    used = {use.column for use in sheet.uses} | {name for problem in problems for name in problem.columns}
    unused = notes(sheet.role, layer.columns, used, sheet.file)
    return LayerSurvey(
        sheet.name, sheet.role, sheet.info, table.num_rows, _columns(sheet, table, faults), problems,
        (*layer.info.notes, *found, *unused), _suspicions(sheet, batch, rows),
    )  # fmt: skip


def _suspicions(sheet: Sheetful, batch: Batch, rows: Rows | None) -> tuple[Message, ...]:
    crs = sheet.frame.crs if sheet.frame else None
    drawn = None if rows is None or rows.wkb is None else ellipsoidal_area_m2(shapes(rows.wkb), crs)
    return unit_candidates(batch, sheet.uses, sheet.file, drawn)


def _columns(sheet: Sheetful, table: pa.RecordBatch, faults: Sequence[ValueFault]) -> tuple[SurveyedColumn, ...]:
    uses = {use.column: use for use in sheet.uses}
    unread: dict[str, list[ValueFault]] = {}
    for fault in faults:
        unread.setdefault(fault.column, []).append(fault)
    return tuple(_column(name, table, uses.get(name), unread.get(name, []), sheet.file) for name in sheet.layer.columns)


def _column(
    name: str, table: pa.RecordBatch, use: ColumnUse | None, faults: Sequence[ValueFault], file: str
) -> SurveyedColumn:
    values = table.column(table.schema.names.index(name))
    first = faults[0].message(file) if faults else None
    return SurveyedColumn(name, len(values) - values.null_count, samples(values), use, len(faults), first)


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


def _lines(
    sheet: Sheetful, sheets: Mapping[str, Sheetful], given: Mapping[str, ColumnRef], settled: Mapping[str, ColumnRef]
) -> list[MapLine]:
    """The mapping of a layer written down, less what would mean another thing once it is written."""
    lines = [MapLine(use.field, f"{use.column}:{use.unit}" if use.unit else use.column) for use in sheet.uses]
    theirs = {named_field(name) for name in given}
    return [line for line in lines if line.field in theirs or _means_the_same(line, sheets, settled)]


def _means_the_same(line: MapLine, sheets: Mapping[str, Sheetful], given: Mapping[str, ColumnRef]) -> bool:
    """Whether every layer of the role reads the field from the same column, with the line as without it."""
    name, ref = parse_map(f"{line.field.role.value}.{line.field.name}={line.column}")
    alike = [sheet for sheet in sheets.values() if sheet.role is line.field.role]
    return all(_reads_alike(sheet, alike, line.field, {**given, name: ref}) for sheet in alike)


def _reads_alike(sheet: Sheetful, others: Sequence[Sheetful], a_field: Field, given: Mapping[str, ColumnRef]) -> bool:
    elsewhere = [c for other in others if other is not sheet for c in other.layer.columns]
    uses = map_columns(sheet.role, sheet.layer.columns, given, sheet.file, elsewhere=elsewhere)
    return _reading(uses, a_field) == _reading(sheet.uses, a_field)


def _reading(uses: Sequence[ColumnUse], a_field: Field) -> list[tuple[str, str]]:
    return [(use.column, use.unit) for use in uses if use.field == a_field]
