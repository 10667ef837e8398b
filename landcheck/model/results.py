"""What a run found out, and what lies between two results."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from landcheck.errors import UsageError
from landcheck.messages import Lang, Message, RowAt, Text
from landcheck.model.findings import Baseline, Conflict, Covered, Finding, Grant
from landcheck.model.groups import Headroom, Rollup
from landcheck.model.layers import DataFinding, InputInfo, Subject
from landcheck.model.rules import Pack, Rule
from landcheck.model.values import Origin, Verdict
from landcheck.request import GROUPINGS, Reading

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


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
    """A missing fact: in how many open verdicts it is wanted, and in how many of these it is the only one wanted.

    ``unreadable``: in how many a cell is there whose value cannot be used.
    """

    subject: str
    field: str
    verdicts: int
    alone: int
    unreadable: int = 0


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

    ``waivers`` and ``baseline`` are None where the run was given none; ``project`` is what was said of it, by option.
    ``saved_in`` is the language in which a saved result holds what is said of its data, None of a run itself;
    ``headroom`` is there where it was asked for. ``not_judged`` are the rules of the packs that the user had left out:
    they gave no verdict, and none may be read.
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
    project: Mapping[str, str] = field(default_factory=dict)
    saved_in: Lang | None = None
    rollups: tuple[Rollup, ...] = ()
    headroom: Headroom | None = None
    not_judged: tuple[Rule, ...] = ()

    def rollup(self, by: str) -> tuple[Rollup, ...]:
        """The parcels added up by ``park``, ``district``, ``land_class`` or ``rule``. UsageError for another word."""
        if by not in GROUPINGS:
            raise UsageError("bad-choice", name="by", value=by, known=list(GROUPINGS))
        return tuple(one for one in self.rollups if one.by == by)

    @property
    def waived(self) -> Mapping[str, Covered]:
        """By rule, how many failures and verdicts for review the waivers cover."""
        fails, reviews = Counter[str](), Counter[str]()
        for grant in self.waivers or ():
            fails[grant.rule] += grant.covers.fail
            reviews[grant.rule] += grant.covers.review
        return {rule: Covered(fails[rule], reviews[rule]) for rule in sorted(fails) if fails[rule] or reviews[rule]}

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
    """One value behind a verdict, in the field's own unit, and where it was read; ``row`` counts from 1, ``at`` is that
    row as people find it."""

    field: str
    value: float | bool | str | None
    unit: str
    origin: Origin
    file: str | None = None
    column: str | None = None
    row: int | None = None
    at: RowAt | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sum behind a verdict: the facts used, and each measure as its formula, then with numbers, then its result."""

    finding: Finding
    facts: tuple[Fact, ...]
    formula: tuple[Text, ...]


Pair = tuple[Finding, Finding]


@dataclass(frozen=True, slots=True)
class Topic:
    """What verdicts of two results are set side by side by: a rule of both, else the ``matter`` of rules of each.

    ``per`` is the kind of subject, ``old`` and ``new`` are the rules of either side.
    """

    name: str
    label: Text
    per: str
    matter: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """How many subjects went from one verdict to another on a topic."""

    topic: Topic
    old: Verdict
    new: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The findings of two results by what became of them.

    Each entry holds the old finding and the new one; None where that result tells of none. ``dropped`` were open, and
    no rule of the new result speaks of their subject or topic. ``settled`` went from ``pass`` to ``not_applicable`` or
    back; these, the transitions, and the side of ``new`` and ``fixed`` that is not open are known where both results
    hold every verdict. ``reread``: what of ``fixed`` and ``dropped`` is so because another fact was read, or the same
    files were read otherwise, by the old finding's rule and subject: nothing was resolved there.
    """

    new: tuple[tuple[Finding | None, Finding], ...]
    fixed: tuple[tuple[Finding, Finding | None], ...]
    changed: tuple[Pair, ...]
    worse: tuple[Pair, ...]
    better: tuple[Pair, ...]
    settled: tuple[Pair, ...] = ()
    dropped: tuple[tuple[Finding, Finding | None], ...] = ()
    transitions: tuple[Transition, ...] = ()
    topics: tuple[Topic, ...] = ()
    reread: frozenset[tuple[str, Subject]] = frozenset()

    @property
    def clean(self) -> bool:
        """Whether nothing is new, nothing got worse, and no verdict is graver or lost its waiver."""
        return not (self.new or self.worse) and not any(
            new.verdict > old.verdict or (new.verdict is old.verdict and new.waived is None)
            for old, new in self.changed
        )
