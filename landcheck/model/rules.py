"""Rule packs as they are read from their cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from landcheck.messages import Text
from landcheck.model.values import Modality, Operator, Validity


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule stands in the text: number, the sentence itself, and the words that carry the comparison."""

    number: str
    quote: str
    words: tuple[str, ...]
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of ``[applies]``: a field or measure is one of the values, or its value is known at all."""

    subject: str
    values: tuple[str | bool, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. ``limit`` is a number in ``unit``, True, a set of words, or the name of a parameter."""

    measure: str
    operator: Operator
    limit: Decimal | bool | tuple[str, ...]
    unit: str = ""
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a rule demands: any of its tests holds."""

    name: str
    label: Text
    any: tuple[Test, ...]
    modality: Modality
    remedy: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One card of a pack."""

    id: str
    per: str
    title: Text
    clause: Clause
    applies: tuple[Condition, ...]
    requires: tuple[Requirement, ...]
    evidence: Text
    pack: str
    in_force_from: dt.date


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the pack that a user may override, with its own source."""

    name: str
    value: Decimal
    unit: str
    source: str
    meaning: Text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence of the text that no card encodes, and why."""

    clause: str
    quote: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Pack:
    """One policy text as rules."""

    id: str
    title: Text
    issuer: str
    number: str
    issued: dt.date
    in_force_from: dt.date
    in_force_until: dt.date | None
    validity: Validity
    validity_source: Text
    parameters: tuple[Parameter, ...]
    rules: tuple[Rule, ...]
    left_out: tuple[LeftOut, ...]
    text: str
