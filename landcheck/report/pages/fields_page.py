"""The page of ``landcheck fields``: what each column was taken for, what is missing, and the mapping as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import to_builtins

from landcheck.fields.candidates import Gap, LayerSurvey, Problem, Survey, SurveyedColumn
from landcheck.fields.catalogue import OWNERS, fields
from landcheck.messages import Lang, say
from landcheck.messages import catalogue as texts
from landcheck.messages.visible import escaped, visible
from landcheck.model import Field, Kind
from landcheck.report.content import labels
from landcheck.report.content.report_tables import Table
from landcheck.report.plain import lines, section, table_lines
from landcheck.report.result.finding_types import Record
from landcheck.report.result.page_types import (
    CatalogueRecord,
    ColumnRecord,
    FieldRecord,
    GapRecord,
    ProblemRecord,
    SurveyedLayerRecord,
    SurveyRecord,
)
from landcheck.report.result.types import VERSION
from landcheck.report.toml import configuration

SEPARATOR = " | "
BETWEEN = re.compile(r"\s*‖\s*")


def text(survey: Survey, settings: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Plain text, layer by layer, and the configuration last so that it can be taken off the end."""
    for layer in survey.layers:
        yield from _layer(layer, [gap for gap in survey.gaps if gap.field.role is layer.role], lang)
    roles = {layer.role for layer in survey.layers}
    absent = [gap for gap in survey.gaps if gap.field.role not in roles]
    rows = [(labels.layer(gap.field.role.value, lang), *_gap_row(gap, lang)) for gap in absent]
    yield from _table("survey-absent", ("layer", *GAP), rows, lang)
    yield f"\n{say('survey-configuration', lang)}\n\n"
    yield configuration(settings, survey.lines, survey.layers, lang)


def as_json(survey: Survey, settings: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """The same as one JSON object; ``configuration`` is the text of the file."""
    page = SurveyRecord(
        VERSION,
        [_layer_record(layer, lang) for layer in survey.layers],
        [_gap_record(gap, lang) for gap in survey.gaps],
        configuration(settings, survey.lines, survey.layers, lang),
    )
    yield _indented(page)


def catalogue_json(lang: Lang) -> Iterator[str]:
    """Every field of every layer as one JSON object."""
    known = [
        FieldRecord(role.value, one.name, one.label.say(lang), one.kind.value, one.unit, one.values, one.required,
                    one.document.say(lang), one.aliases)
        for role in OWNERS
        for one in fields(role)
    ]  # fmt: skip
    yield _indented(CatalogueRecord(VERSION, known))


def _indented(page: Record) -> str:
    return escaped(json.dumps(to_builtins(page), ensure_ascii=False, indent=1)) + "\n"


def catalogue(lang: Lang) -> Iterator[str]:
    """Every field of every layer, for those who have no file yet."""
    heads = tuple(say(f"survey-head-{name}", lang) for name in ("field", "label", "holds", "aliases"))
    for role in OWNERS:
        rows = tuple(
            (one.name, one.label.say(lang), _holds(one, lang), SEPARATOR.join(one.aliases)) for one in fields(role)
        )
        yield from table_lines(Table(labels.layer(role.value, lang), heads, rows))
    yield from _table("survey-formats", FORMAT, list(formats(lang)), lang)


def formats(lang: Lang) -> Iterator[tuple[str, ...]]:
    """Every format that is read: its name, how it is recognised, what of it is taken and what is not."""
    return (tuple(BETWEEN.split(say(code, lang))) for code in texts() if code.startswith("format-"))


def _holds(a_field: Field, lang: Lang) -> str:
    kind = say(f"survey-kind-{a_field.kind.value}", lang)
    if a_field.kind is Kind.NUMBER and a_field.unit != "1":
        return labels.with_unit(kind, a_field.unit, lang)
    return SEPARATOR.join(a_field.values) if a_field.kind is Kind.ENUM else kind


USED = ("column", "field", "label", "unit", "evidence", "filled", "unread", "samples")
FORMAT = ("format", "recognised", "taken", "not-taken")
GAP = ("field", "label", "instead", "document", "needed-by")


def _layer(layer: LayerSurvey, gaps: list[Gap], lang: Lang) -> Iterator[str]:
    info = layer.info
    yield from lines(
        say("survey-layer", lang, layer=labels.layer(layer.name, lang), file=info.path, name=info.layer,
            rows=info.rows, crs=info.crs, encoding=info.encoding)
    )  # fmt: skip
    if layer.looked_at < info.rows:
        yield f"  {say('survey-looked-at', lang, rows=layer.looked_at)}\n"
    seen = {column.name: column for column in layer.columns}
    yield from _list("survey-problems", [line for one in layer.problems for line in _problem(one, seen, lang)], lang)
    yield from _table("survey-used", USED, [_used_row(column, lang) for column in layer.used], lang, (5, 6))
    unused = [(column.name, str(column.filled), _samples(column)) for column in layer.unused]
    yield from _table("survey-unused", ("column", "filled", "samples"), unused, lang, (1,))
    unread = [column.first_unread.say(lang) for column in layer.used if column.first_unread]
    yield from _list("survey-unread", unread, lang)
    yield from _list("survey-suspicions", [one.say(lang) for one in layer.suspicions], lang)
    yield from _list("survey-notes", [one.say(lang) for one in layer.notes], lang)
    if layer.name != "attributes":
        yield from _table("survey-missing", GAP, [_gap_row(gap, lang) for gap in gaps], lang)
    yield "\n"


def _list(head: str, texts: list[str], lang: Lang) -> Iterator[str]:
    if texts:
        yield "\n"
        yield from section(say(head, lang), texts)


def _table(
    title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], lang: Lang, numbers: tuple[int, ...] = ()
) -> Iterator[str]:
    if rows:
        names = tuple(say(f"survey-head-{name}", lang) for name in heads)
        yield from table_lines(Table(say(title, lang), names, tuple(rows), numbers))


def _problem(problem: Problem, seen: Mapping[str, SurveyedColumn], lang: Lang) -> Iterator[str]:
    """What is open, then each column that may be meant, with the way to say so."""
    yield problem.message.say(lang)
    for name, choice in zip(problem.columns, problem.choices, strict=False):
        yield "  " + say("survey-choice", lang, choice=choice, samples=_samples(seen[name]))


def _used_row(column: SurveyedColumn, lang: Lang) -> tuple[str, ...]:
    use = column.use
    assert use is not None
    evidence = say(f"survey-evidence-{use.evidence}", lang)
    counts = (str(column.filled), str(column.unread or ""))
    return (column.name, use.field.name, use.field.label.say(lang), use.unit, evidence, *counts, _samples(column))


def _samples(column: SurveyedColumn) -> str:
    return SEPARATOR.join(map(visible, column.samples))


def _gap_row(gap: Gap, lang: Lang) -> tuple[str, ...]:
    instead = gap.instead.say(lang) if gap.instead else say("survey-nothing", lang)
    return (gap.field.name, gap.field.label.say(lang), instead, gap.field.document.say(lang), " ".join(gap.rules))


def _layer_record(layer: LayerSurvey, lang: Lang) -> SurveyedLayerRecord:
    info = layer.info
    problems = [
        ProblemRecord(one.field.name, list(one.columns), one.message.say(lang), list(one.choices))
        for one in layer.problems
    ]
    return SurveyedLayerRecord(
        layer.name, info.path, info.layer, info.crs, info.encoding, info.rows, layer.looked_at,
        [_column_record(column, lang) for column in layer.columns],
        problems,
        [one.say(lang) for one in layer.suspicions],
        [one.say(lang) for one in layer.notes],
    )  # fmt: skip


def _column_record(column: SurveyedColumn, lang: Lang) -> ColumnRecord:
    use, unread = column.use, column.first_unread
    field, unit, evidence = (use.field.name, use.unit or None, use.evidence) if use else (None, None, None)
    first = unread.say(lang) if unread else None
    return ColumnRecord(
        column.name, field, unit, evidence, column.filled, column.unread, first, list(column.samples)
    )  # fmt: skip


def _gap_record(gap: Gap, lang: Lang) -> GapRecord:
    instead, of = gap.instead.say(lang) if gap.instead else None, gap.field
    return GapRecord(of.role.value, of.name, list(gap.rules), instead, of.document.say(lang))
