"""What excuses a finding without changing its verdict: waivers that were granted, and what a baseline knows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


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
    ``undetermined`` can no longer be judged, and ``worse`` counts as new.
    """

    known: Mapping[str, Covered] = field(default_factory=dict)
    stale: tuple[FindingKey, ...] = ()
    undetermined: tuple[FindingKey, ...] = ()
    worse: tuple[FindingKey, ...] = ()


def sums(grants: tuple[Grant, ...]) -> dict[str, Covered]:
    """What the waivers cover, by rule."""
    fails, reviews = Counter[str](), Counter[str]()
    for grant in grants:
        fails[grant.rule] += grant.covers.fail
        reviews[grant.rule] += grant.covers.review
    return {rule: Covered(fails[rule], reviews[rule]) for rule in sorted(fails) if fails[rule] or reviews[rule]}
