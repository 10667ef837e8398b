"""What a run found, as JSON: the objects of ``findings``, ``data`` and the lists beside them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from landcheck.model import Areas, Level, Modality, Operator, Waived
from landcheck.model.values import WORDS


def one_of(*words: str) -> Meta:
    """Of a text: it is one of these."""
    return Meta(pattern=f"^({'|'.join(words)})$", extra_json_schema={"enum": list(words)})


# a whole number stays one, so that a result that is read and written again keeps its bytes
MOST = 2**53  # what a float holds exactly; the schema leaves it out
Number = Annotated[int, Meta(ge=-MOST, le=MOST)] | float
Count = Annotated[int, Meta(ge=0, le=MOST)]
Several = Annotated[int, Meta(ge=1, le=MOST)]
Nonnegative = Annotated[int, Meta(ge=0, le=MOST)] | Annotated[float, Meta(ge=0)]
Row = Annotated[Several | None, Meta(description="of the layer, counted from 1")]
Longitude = Annotated[int, Meta(ge=-180, le=180)] | Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[int, Meta(ge=-90, le=90)] | Annotated[float, Meta(ge=-90, le=90)]
Location = Annotated[tuple[Longitude, Latitude] | None, Meta(description="longitude and latitude in degrees")]
Word = Annotated[str, one_of(*WORDS)]


class Record(Struct, gc=False):
    """An object of the result; a key that may be absent is ``UNSET``."""


class LinesRecord(Record):
    """Where the rows of a table stand in its sheet or text: a row and its line, from where they follow one another."""

    of: Annotated[str, one_of("sheet", "text")]
    steps: Annotated[list[tuple[Count, Count]], Meta(min_length=1)]


class MessageRecord(Record):
    """A sentence in the language of the result, and its code."""

    code: str
    message: str


class SubjectRecord(Record):
    """Who is spoken of: a parcel, a park, a row of another layer, or a layer as a whole."""

    type: str
    id: str


class ChangeRecord(Record):
    """A field to change and by how much, with its sign; green.area_m2 is new planned green of the park."""

    field: str
    by: Number
    unit: str


class ComparisonRecord(Record):
    """A measured value, null where it is unknown, and its limit.

    Measured, limit and margin are in unit (1, percent, years, m2, cny ...; empty where the limit is no number). The
    margin is negative where the limit is missed; margin_m2 is the margin as floor or land area.
    """

    name: str
    label: str
    verdict: Word
    measured: Number | bool | str | None
    operator: Operator
    limit: Number | bool | tuple[str, ...]
    unit: str
    margin: Number | None
    margin_m2: Number | None
    missing: tuple[str, ...]


class RequirementRecord(ComparisonRecord):
    """One thing a rule demands, and the ways to meet it where there are several.

    Each entry of changes alone would make a broken requirement hold; areas are rounded to 0.01 to the side that
    complies.
    """

    modality: Modality | None
    alternatives: list[ComparisonRecord]
    changes: list[list[ChangeRecord]]
    unreadable: tuple[str, ...] | UnsetType = UNSET


class ComparisonLineRecord(Record):
    """A comparison as JSON Lines and tables have it: numbers and words apart, 1 and 0 for yes and no."""

    name: str
    label: str
    verdict: Word
    measured: Number | None
    measured_word: str | None
    operator: Operator
    limit: Number | None
    limit_words: tuple[str, ...] | None
    unit: str
    margin: Number | None
    margin_m2: Number | None
    missing: tuple[str, ...]


class RequirementLineRecord(ComparisonLineRecord):
    """A requirement of a finding in JSON Lines."""

    modality: Modality | None
    alternatives: list[ComparisonLineRecord]
    changes: list[list[ChangeRecord]]
    unreadable: tuple[str, ...] | UnsetType = UNSET


class JointRecord(Record):
    """Changes that meet FAR and both shares together, where two or more are broken; none of them can be less by itself.

    Floor area is added for main industry, and other uses become main industry; ``total_m2`` is the sum of the amounts.
    """

    changes: list[ChangeRecord]
    total_m2: Number


class FindingRecord(Record):
    """The verdict of one rule on one subject, with the reason.

    Waived and known are there for a finding that is excused; known is one that the baseline has, no worse than there.
    Park is that of the parcel, where it is known.
    Unreadable, where there are any, are fields that leave the verdict open as the value of their cell cannot be used.
    """

    rule: str
    subject: SubjectRecord
    row: Row
    verdict: Word
    clause: str
    message: str
    requirements: list[RequirementRecord]
    missing: tuple[str, ...]
    remedy: str | None
    location: Location
    areas: Areas | None
    out_of_force: Annotated[str, one_of("before", "after")] | None
    joint_remedy: JointRecord | None
    waived: Waived | UnsetType = UNSET
    known: Annotated[bool, Meta(extra_json_schema={"const": True})] | UnsetType = UNSET
    unreadable: tuple[str, ...] | UnsetType = UNSET
    park: str | UnsetType = UNSET


class FindingLineRecord(FindingRecord):
    """A finding as a line of JSON Lines."""

    requirements: list[RequirementLineRecord]  # type: ignore[assignment]  # each column has one type there


class DataRecord(Record):
    """Something wrong with the data; other_row is that of the second parcel, where two are at odds."""

    rule: Annotated[str, Meta(pattern="^data/")]
    level: Level
    subject: SubjectRecord
    row: Row
    other_row: Several | None
    location: Location
    code: str
    message: str


class LedgerRecord(Record):
    """The green balance of one park."""

    park_id: str
    district: str | None
    need_m2: Nonnegative
    have_m2: Nonnegative
    from_district_m2: Nonnegative
    uncovered_m2: Nonnegative
    given_m2: Nonnegative
    left_over_m2: Nonnegative


class TransferRecord(Record):
    """Green that one park gave to another of its district."""

    from_park: str
    to_park: str
    area_m2: Nonnegative


class SideRecord(Record):
    """What one text says in a conflict; the margin is negative where the limit is missed."""

    rule: str
    pack: str
    number: str
    rank: str | None
    in_force_from: dt.date
    verdict: Annotated[str, one_of("pass", "review", "fail")]
    measured: Number | None
    limit: Number | None
    unit: str
    margin: Number | None


class ConflictRecord(Record):
    """Rules of one matter and different texts that apply to a subject and do not agree; nothing is chosen."""

    subject: SubjectRecord
    row: Row
    matter: str
    label: str
    sides: Annotated[list[SideRecord], Meta(min_length=2)]


class HangingRecord(Record):
    """The subjects to which a rule gives verdict, and would give other."""

    rule: str
    subject_type: Annotated[str, one_of("parcel", "park")]
    verdict: Word
    other: Word
    count: Several
    ids: list[str]


class AlternativeRecord(Record):
    """One other way to read, and the verdicts that would be others."""

    choice: str
    label: str
    verdicts: list[HangingRecord]


class InterpretationRecord(Record):
    """What may be read in more than one way: the way taken, the others, and the verdicts that would be others."""

    name: str
    label: str
    taken: str
    alternatives: list[AlternativeRecord]
