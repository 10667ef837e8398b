"""The result as JSON, key by key in the order it is written: its head, and the whole document.

Encoder, decoder and the published schema (``landcheck/report/schema.json``) come from these types.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from landcheck.messages import Lang
from landcheck.model import Reading, Validity
from landcheck.report.result.finding_types import (
    ConflictRecord,
    Count,
    DataRecord,
    FindingRecord,
    InterpretationRecord,
    LedgerRecord,
    LinesRecord,
    MessageRecord,
    Number,
    Record,
    Several,
    SubjectRecord,
    TransferRecord,
    one_of,
)
from landcheck.report.result.rollup_types import CountsRecord, HeadroomRecord, RollupRecord

VERSION: Final = "1"
Packed = Annotated[str, Meta(pattern="^[A-Za-z0-9+/]+={0,2}$", extra_json_schema={"contentEncoding": "base64"})]
Letters = Annotated[str, Meta(pattern="^[prufn]*$")]


class VersionedRecord(Record):
    """What tells a result of this version from anything else."""

    schema_version: Literal["1"]


class ToolRecord(Record):
    """The program that wrote the result."""

    name: Literal["landcheck"]
    version: str


class PrecedenceRecord(Record):
    """The sentence by which a text says how it stands to others, and how far that reaches."""

    quote: str
    reading: str


class PackRecord(Record):
    """A policy text as rules; validity says how sure in_force_until is."""

    id: str
    title: str
    issuer: str
    number: str
    issued: dt.date
    in_force_from: dt.date
    in_force_until: dt.date | None
    validity: Validity
    validity_source: str
    rank: str | None
    precedence: PrecedenceRecord | None
    parcels_in_force: Count | None


class RuleRecord(Record):
    """A rule and the clause it rests on."""

    id: str
    pack: str
    per: str
    matter: str | None
    document: str | None
    title: str
    clause: str
    quote: str
    translation: str
    evidence: str


class InputRecord(Record):
    """What was read: the file, the layer in it, and what was decided about it."""

    role: str
    path: str
    layer: str | None
    crs: str | None
    encoding: str | None
    rows: Count
    sha256: str
    notes: list[MessageRecord]
    lines: LinesRecord | UnsetType = UNSET


class AssumptionRecord(Record):
    """A value taken for a missing field, and for how many rows."""

    role: str
    field: str
    value: str | Number | bool
    rows: Count


class AssumptionLineRecord(AssumptionRecord):
    """The same in JSON Lines, where each column has one type: the value as a word."""

    value: str


class CoveredRecord(Record):
    """How many failures and how many verdicts for review are excused."""

    fail: Count
    review: Count


class SummaryRecord(Record, kw_only=True):
    """How many subjects, and by rule id how often each verdict was given.

    Waived and known count, by rule id, what a register of waivers and a baseline excuse, where the run was given them.
    """

    parcel: Count | UnsetType = UNSET
    park: Count | UnsetType = UNSET
    verdicts: dict[str, CountsRecord]
    waived: dict[str, CoveredRecord] | UnsetType = UNSET
    known: dict[str, CoveredRecord] | UnsetType = UNSET


class AskRecord(Record):
    """A missing fact: in how many open verdicts it is wanted, in how many alone, and where its cell cannot be used."""

    subject: str
    field: str
    verdicts: Several
    alone: Count
    unreadable: Several | UnsetType = UNSET


class ScopeRecord(Record):
    """What a waiver is granted for; id is null where that is an area of no name."""

    type: Annotated[str, one_of("parcel", "park", "area")]
    id: str | None


class WaiverRecord(Record):
    """An entry of the register of waivers and the verdicts it covers in this run."""

    number: str
    approver: str
    expires: dt.date
    reason: str
    granted: dt.date | None
    rule: str
    scope: ScopeRecord
    covers: CoveredRecord


class KeyRecord(Record):
    """A finding as it is known again in another run."""

    rule: str
    subject: SubjectRecord


class BaselineRecord(Record):
    """Of the findings the baseline knows: no longer found, open in some requirement, and worse, which count as new."""

    stale: list[KeyRecord]
    undetermined: list[KeyRecord]
    worse: list[KeyRecord]


class PolygonsRecord(Record, kw_only=True):
    """Polygons of each subject (0 parts: not drawn), rings of each polygon (the shell first), points of each ring
    (without the one that closes it), and x and y of each point in steps of the layer's own coordinates.

    All are packed integers, each as its difference from the one before (the first from 0), zigzag (0, -1, 1, -2 become
    0, 1, 2, 3), 8 bytes; of all of them first the lowest byte, then the next; deflated with zlib, in base64.
    """

    parts: Packed
    rings: Packed
    points: Packed
    x: Packed
    y: Packed


class BatchRecord(PolygonsRecord):
    """Some subjects of a layer with their rows (packed, counted from 1) and polygons.

    The verdicts are, by rule id, a letter a subject: pass, review, undetermined, fail, not_applicable.
    """

    id: list[str]
    row: Packed
    verdicts: dict[str, Letters]


class GroundsRecord(PolygonsRecord):
    """The ground that data findings speak of, in the steps of the parcels; finding is its place in data, from 0."""

    finding: Packed


class DrawnRecord(Record):
    """All subjects of a kind, in batches; none where the layer has no shapes. crs is WKT, null where unknown.

    Coordinates are kept in whole steps: 1000 to the metre, 100000000 to the degree or where the unit is unknown, of
    other units so many that a step is a millimetre at most.
    """

    crs: str | None
    steps_per_unit: Several
    batches: list[BatchRecord]


class DrawingRecord(Record):
    """With --keep-geometry only: what maps and GIS layers are made of."""

    parcel: DrawnRecord
    park: DrawnRecord
    grounds: GroundsRecord


class ProjectRecord(Record):
    """What was said of the project."""

    name: str | UnsetType = UNSET
    number: str | UnsetType = UNSET
    applicant: str | UnsetType = UNSET
    prepared_by: str | UnsetType = UNSET


class HeadRecord(Record):
    """What was asked and read, and how much was found.

    Language is that of messages, titles and labels. Of the verdicts, ``findings`` shows fail, review and undetermined,
    ``all`` every one. Waivers and baseline are there where the run was given them, not_judged
    (ids of rules) where the user left rules out: of these nothing is known.
    """

    schema_version: Literal["1"]
    tool: ToolRecord
    language: Lang
    show: Literal["findings", "all"]
    pack: list[PackRecord]
    rules: list[RuleRecord]
    parameters: dict[str, Number]
    as_of: dt.date
    reading: Reading
    notices: list[MessageRecord]
    inputs: list[InputRecord]
    assumptions: list[AssumptionRecord]
    summary: SummaryRecord
    ask_first: list[AskRecord]
    waivers: list[WaiverRecord] | UnsetType = UNSET
    baseline: BaselineRecord | UnsetType = UNSET
    project: ProjectRecord | UnsetType = UNSET
    not_judged: list[str] | UnsetType = UNSET


class HeaderRecord(HeadRecord, kw_only=True):
    """The line that heads JSON Lines; each further one is a finding, a conflict or a data finding."""

    assumptions: list[AssumptionLineRecord]  # type: ignore[assignment]
    green_ledger: list[LedgerRecord]
    interpretations: list[InterpretationRecord]
    transfers: list[TransferRecord]
    rollups: list[RollupRecord] | UnsetType = UNSET
    headroom: HeadroomRecord | UnsetType = UNSET


class ResultRecord(HeadRecord, kw_only=True):
    """What landcheck check writes as JSON, schema_version 1."""

    findings: list[FindingRecord]
    data: list[DataRecord]
    green_ledger: list[LedgerRecord]
    transfers: list[TransferRecord]
    conflicts: list[ConflictRecord]
    interpretations: list[InterpretationRecord]
    rollups: list[RollupRecord] | UnsetType = UNSET
    headroom: HeadroomRecord | UnsetType = UNSET
    drawing: DrawingRecord | UnsetType = UNSET
