"""What the other commands print as JSON: explain, whatif, diff and compare, fields."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from landcheck.model import Reading
from landcheck.report.result.finding_types import (
    Count,
    FindingRecord,
    MessageRecord,
    Number,
    Record,
    Row,
    Word,
    one_of,
)
from landcheck.report.result.types import VERSION, HeadRecord

Version = Literal["1"]
assert VERSION == "1"


class FactRecord(Record):
    """A value behind a verdict in the field's own unit, and where it was read; row counts from 1."""

    field: str
    value: Number | bool | str | None
    unit: str
    origin: str
    file: str | None
    column: str | None
    row: Row


class ExplanationRecord(FindingRecord, kw_only=True):
    """A finding with the values it rests on and the sum, step by step."""

    facts: list[FactRecord]
    formula: list[str]


class ExplainRecord(HeadRecord, kw_only=True):
    """What landcheck explain prints."""

    explanations: list[ExplanationRecord]


class WhatIfRuleRecord(Record):
    """A rule on the parcel as it is and as it would be."""

    rule: str
    before: Word
    after: FindingRecord


class WhatIfRecord(HeadRecord, kw_only=True):
    """What landcheck whatif prints; changes are the values that were set, as they were written."""

    changes: dict[str, str]
    whatif: list[WhatIfRuleRecord]


class LevelsRecord(Record):
    """How many findings about the data a result has."""

    errors: Count
    warnings: Count


class EitherRecord(Record):
    """What one of two results was checked against."""

    packs: list[str]
    as_of: dt.date
    reading: Reading
    parameters: dict[str, Number]
    subjects: dict[str, Count]
    data: LevelsRecord
    notices: list[MessageRecord]


class TopicRecord(Record):
    """What verdicts are set side by side by: a rule of both results, or the matter of rules of each."""

    name: str
    label: str
    by: Annotated[str, one_of("matter", "rule")]
    per: str
    old_rules: tuple[str, ...]
    new_rules: tuple[str, ...]


class TransitionRecord(Record):
    """How many subjects went from one verdict to the other; topic is its place among the topics, from 0."""

    topic: Count
    old: Word
    new: Word
    count: Count


class NewRecord(FindingRecord, kw_only=True):
    """A finding that the old result does not have; null where its verdict there is not known."""

    was: Word | None


class EndedRecord(FindingRecord, kw_only=True):
    """A finding that the new result does not have; reread: nothing was resolved, another fact was read."""

    now: Word | None
    reread: bool


class PairRecord(Record):
    """A finding in both results."""

    old: FindingRecord
    new: FindingRecord


class DifferenceRecord(Record):
    """What landcheck diff and compare print."""

    schema_version: Version
    old_result: EitherRecord
    new_result: EitherRecord
    topics: list[TopicRecord]
    transitions: list[TransitionRecord]
    new: list[NewRecord]
    fixed: list[EndedRecord]
    dropped: list[EndedRecord]
    changed: list[PairRecord]
    worse: list[PairRecord]
    better: list[PairRecord]
    settled: list[PairRecord]


class ColumnRecord(Record):
    """A column of a layer and the field it was taken for."""

    column: str
    field: str | None
    unit: str | None
    evidence: str | None
    filled: Count
    unread: Count
    first_unread: str | None
    samples: list[str]


class ProblemRecord(Record):
    """What is open and stops a check, with the columns that may be meant and how to say which."""

    field: str
    columns: list[str]
    message: str
    choices: list[str]


class SurveyedLayerRecord(Record):
    """A layer and its columns."""

    role: str
    path: str
    layer: str | None
    crs: str | None
    encoding: str | None
    rows: Count
    looked_at: Count
    columns: list[ColumnRecord]
    problems: list[ProblemRecord]
    suspected_units: list[str]
    notes: list[str]


class GapRecord(Record):
    """A field that no column gives, and the rules that want it."""

    layer: str
    field: str
    rules: list[str]
    instead: str | None
    document: str


class SurveyRecord(Record):
    """What landcheck fields prints of files; configuration is the text of a landcheck.toml."""

    schema_version: Version
    layers: list[SurveyedLayerRecord]
    missing: list[GapRecord]
    configuration: str


class FieldRecord(Record):
    """A field of the catalogue."""

    layer: str
    field: str
    label: str
    kind: str
    unit: str
    values: tuple[str, ...]
    required: bool
    document: str
    aliases: tuple[str, ...]


class CatalogueRecord(Record):
    """What landcheck fields prints without a file."""

    schema_version: Version
    fields: list[FieldRecord]


PAGES = (ExplainRecord, WhatIfRecord, DifferenceRecord, SurveyRecord, CatalogueRecord)
