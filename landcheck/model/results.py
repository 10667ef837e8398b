"""What a run found out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from landcheck.messages import Message, Text
from landcheck.model.exceptions import Baseline, Grant, Waived
from landcheck.model.layers import DataFinding, InputInfo, Subject
from landcheck.model.rules import Pack, Rule, Standing
from landcheck.model.values import Operator, Origin, Verdict
from landcheck.request import Reading

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


class Change(NamedTuple):
    """A field to change and by how much, with its sign; ``green.area_m2`` is new planned green of the park.

    As ``Outcome`` a tuple: a long report makes them by the hundred thousand, and a frozen dataclass takes five times as
    long.
    """

    field: str
    by: float
    unit: str


@dataclass(frozen=True, slots=True)
class JointRemedy:
    """Changes that meet several requirements at once, and the floor area touched in all."""

    changes: tuple[Change, ...]
    total_m2: float


class Outcome(NamedTuple):
    """How one requirement came out. ``margin`` is negative where the limit is missed, in the limit's unit.

    ``ways`` holds the changes that would each by itself make a broken requirement hold.
    """

    name: str
    label: Text
    verdict: Verdict
    measured: float | bool | str | None
    operator: Operator
    limit: float | bool | tuple[str, ...]
    unit: str
    margin: float | None = None
    margin_m2: float | None = None
    missing: tuple[str, ...] = ()
    alternatives: tuple[Outcome, ...] = ()
    ways: tuple[tuple[Change, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Areas:
    """The site area a verdict was given with, and both areas of the drawing, in m²; None where there is none."""

    taken_m2: float | None
    ellipsoidal_m2: float | None
    planar_m2: float | None


class Finding(NamedTuple):
    """The verdict of one rule on one subject, with the reason.

    ``waived`` and ``known`` (in the baseline) excuse it and leave the verdict as it is.
    ``out_of_force``: ``before`` or ``after`` the text's days, where it is for the date that the rule does not apply.
    """

    rule: Rule
    subject: Subject
    verdict: Verdict
    requirements: tuple[Outcome, ...]
    missing: tuple[str, ...]
    row: int | None = None
    location: tuple[float, float] | None = None
    areas: Areas | None = None
    joint: JointRemedy | None = None
    out_of_force: str | None = None
    waived: Waived | None = None
    known: bool = False

    @property
    def excused(self) -> bool:
        """Whether a run does not fail on it."""
        return self.waived is not None or self.known


@dataclass(frozen=True, slots=True)
class Side:
    """What one text says in a conflict; numbers are in ``unit``, None where the verdict rests on no number."""

    rule: Rule
    standing: Standing
    verdict: Verdict
    measured: float | None = None
    limit: float | None = None
    unit: str = ""
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules of one matter and different texts that apply to a subject and do not agree; nothing is chosen."""

    subject: Subject
    row: int | None
    matter: str
    label: Text
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """The subjects (ids in their order) to which a rule gives ``verdict``, and would give ``other``."""

    rule: Rule
    verdict: Verdict
    other: Verdict
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One other way to read, and the verdicts that would be others."""

    choice: str
    hanging: tuple[Hanging, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Something that may be read in more than one way: the way taken, and the others."""

    name: str
    taken: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value taken for a missing field, and for how many rows."""

    role: str
    field: str
    value: Any
    rows: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A missing fact: in how many open verdicts it is wanted, and in how many of these it is the only one wanted."""

    subject: str
    field: str
    verdicts: int
    alone: int


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The green balance of one park, in m² (CONTRACT section 4); ``left_over_m2`` is surplus nobody drew."""

    park_id: str
    district: str | None
    need_m2: float
    have_m2: float
    from_district_m2: float
    uncovered_m2: float
    given_m2: float
    left_over_m2: float


@dataclass(frozen=True, slots=True)
class Transfer:
    """Green that one park gave to another of its district."""

    giver: str
    taker: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Summary:
    """How many subjects, and how often each rule gave each verdict (indexed by ``Verdict``).

    ``in_force``: by pack, how many parcels lie within the days of any of its texts.
    """

    subjects: Mapping[str, int]
    verdicts: Mapping[str, tuple[int, int, int, int, int]]
    in_force: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """Some subjects with their shapes: ``wkb`` an Arrow binary array in the layer's own coordinates.

    ``rows`` count from 0; ``verdicts`` (rules x subjects, int8 ``Verdict``) follow the order of ``rules``.
    """

    ids: tuple[str, ...]
    rows: NDArray[np.int64]
    wkb: pa.Array
    rules: tuple[str, ...]
    verdicts: NDArray[np.int8]


class Drawing(Protocol):
    """The drawn subjects of a run, read again from the inputs when a map or a layer is made of them."""

    def crs(self, subject: str) -> str | None:
        """The coordinate system of ``parcel`` or ``park`` as WKT; None where it is unknown."""

    def of(self, subject: str) -> Iterator[DrawnRows]:
        """All subjects of that kind, batch by batch in the order of the file; none where there are no shapes."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run found out. Reports render it; nothing in it depends on a language or a format.

    ``waivers`` and ``baseline`` are None where the run was given none.
    """

    packs: tuple[Pack, ...]
    as_of: dt.date
    reading: Reading
    notices: tuple[Message, ...]
    inputs: tuple[InputInfo, ...]
    assumptions: tuple[Assumption, ...]
    summary: Summary
    findings: Sequence[Finding]
    data: tuple[DataFinding, ...]
    ledger: tuple[LedgerRow, ...]
    transfers: tuple[Transfer, ...]
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    drawing: Drawing | None = None
    asks: tuple[Ask, ...] = ()
    conflicts: Sequence[Conflict] = ()
    interpretations: tuple[Interpretation, ...] = ()
    waivers: tuple[Grant, ...] | None = None
    baseline: Baseline | None = None

    @property
    def excused(self) -> Mapping[Verdict, int]:
        """How many failures and verdicts for review are waived or known: no other verdict ever is."""
        covered = [grant.covers for grant in self.waivers or ()]
        covered += self.baseline.known.values() if self.baseline is not None else ()
        return {
            Verdict.FAIL: sum(one.fail for one in covered),
            Verdict.REVIEW: sum(one.review for one in covered),
        }


@dataclass(frozen=True, slots=True)
class Fact:
    """One value behind a verdict, in the field's own unit, and where it was read; ``row`` counts from 1."""

    field: str
    value: float | bool | str | None
    unit: str
    origin: Origin
    file: str | None = None
    column: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sum behind a verdict: the facts used, and each measure as its formula, then with numbers, then its result."""

    finding: Finding
    facts: tuple[Fact, ...]
    formula: tuple[Text, ...]
