"""Findings: a verdict with its reason, what excuses it, and texts that disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from landcheck.messages import RowAt, Text
from landcheck.model.layers import Subject
from landcheck.model.rules import Rule, Standing
from landcheck.model.values import Operator, Verdict


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
    unreadable: tuple[str, ...] = ()
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
    ``park``: the one that the parcel lies in, where that is known.
    ``unreadable``: the fields that leave the verdict open because their cells cannot be used.
    ``out_of_force``: ``before`` or ``after`` the text's days, where it is for the date that the rule does not apply.
    ``at``: the row as people find it, where it is one of a table.
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
    unreadable: tuple[str, ...] = ()
    park: str | None = None
    at: RowAt | None = None

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
class Waived:
    """The document that covers a finding; ``expires`` is the last day it holds."""

    number: str
    approver: str
    expires: dt.date
    reason: str


class Covered(NamedTuple):
    """How many failures and how many verdicts for review are covered."""

    fail: int = 0
    review: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """One entry of the register of waivers, and what it covers in this run.

    ``scope`` is ``parcel`` or ``park`` (then ``subject`` is its id) or ``area``, and then ``subject`` may be None.
    """

    waived: Waived
    granted: dt.date | None
    rule: str
    scope: str
    subject: str | None
    covers: Covered


class FindingKey(NamedTuple):
    """A finding as it is known again in another run."""

    rule: str
    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings held against those of an earlier run.

    ``known``: by rule, what was there before and is no worse. Of what was known: ``stale`` is no longer found,
    ``undetermined`` cannot be judged, wholly or in part, and ``worse`` counts as new.
    """

    known: Mapping[str, Covered] = field(default_factory=dict)
    stale: tuple[FindingKey, ...] = ()
    undetermined: tuple[FindingKey, ...] = ()
    worse: tuple[FindingKey, ...] = ()
