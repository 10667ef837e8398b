"""Rule packs as they are read from their cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from landcheck.messages import Text
from landcheck.model.values import Modality, Operator, Rank, Validity, Verdict
from landcheck.request import Reading

NO_TEXT = Text("", "")


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule stands in the text: number, the sentence itself, and the words that carry the comparison.

    ``asides`` are words of permission in the quote that no requirement of the rule rests on, each with the reason.
    """

    number: str
    quote: str
    words: tuple[str, ...]
    translation: str = ""
    asides: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of ``[applies]``: a field or measure is one of the values, or its value is known at all."""

    subject: str
    values: tuple[str | bool, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. ``limit`` is a number in ``unit`` (where named, of ``parameter``), a truth value, or words.

    ``limit * scale`` is the limit in the measure's own unit: 30 percent of a share held as a fraction has scale 0.01.
    """

    measure: str
    operator: Operator
    limit: Decimal | bool | tuple[str, ...]
    unit: str = ""
    parameter: str | None = None
    scale: Decimal = Decimal(1)

    @property
    def number(self) -> Decimal | None:
        """The limit where it is a number, in ``unit``."""
        return self.limit if isinstance(self.limit, Decimal) else None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a rule demands: any of its tests holds. ``words`` are the words of law its force comes from.

    ``{limit}``, ``{gap}``, ``{gap_m2}`` and ``{measured}`` in the remedy speak of ``numeric``.
    """

    name: str
    label: Text
    any: tuple[Test, ...]
    modality: Modality
    remedy: Text
    words: tuple[str, ...] = ()

    @property
    def numeric(self) -> Test | None:
        """The first test against a number, None where there is none."""
        return next((test for test in self.any if test.number is not None), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """One card of a pack. ``document`` is the number of the further text it comes from, empty for the pack's own.

    ``matter`` is what the rule is about: rules of different texts with the same one can be set side by side.
    """

    id: str
    per: str
    title: Text
    clause: Clause
    applies: tuple[Condition, ...]
    requires: tuple[Requirement, ...]
    evidence: Text
    pack: str
    in_force_from: dt.date
    document: str = ""
    matter: str = ""
    matter_label: Text = NO_TEXT
    in_force_until: dt.date | None = None
    validity: Validity = Validity.NONE

    def __hash__(self) -> int:
        return hash((self.pack, self.id))

    @property
    def named(self) -> Text:
        """What a message calls the rule: in Chinese by its title, in English by its id."""
        return Text(self.title.zh, self.id)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The measures and fields that its conditions and tests name, each once."""
        tests = (test.measure for requirement in self.requires for test in requirement.any)
        return tuple(dict.fromkeys((*(condition.subject for condition in self.applies), *tests)))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the pack that a user may override, with its own source and the words it stands in there."""

    name: str
    value: Decimal
    unit: str
    source: str
    meaning: Text
    quote: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence of the text that no card encodes, and why."""

    clause: str
    quote: str
    reason: Text


@dataclass(frozen=True, slots=True)
class NotAtHand:
    """What a text is known to say where an excerpt does not hold its wording, so that no card encodes it."""

    clause: str
    what: Text


@dataclass(frozen=True, slots=True)
class Precedence:
    """The sentence by which a text says how it stands to others, and how far that reaches."""

    quote: str
    reading: Text


@dataclass(frozen=True, slots=True)
class Document:
    """A further text of a pack, with its own rank and dates: sections may belong to it."""

    number: str
    title: Text
    issuer: str
    rank: Rank | None
    in_force_from: dt.date
    in_force_until: dt.date | None
    validity: Validity
    validity_source: Text


@dataclass(frozen=True, slots=True)
class Standing:
    """A text of a pack as it stands to others: number, rank, when it binds, and what it says of other texts."""

    pack: str
    document: str
    number: str
    rank: Rank | None
    in_force_from: dt.date
    in_force_until: dt.date | None
    validity: Validity
    validity_source: Text
    precedence: Precedence | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text that cards and left-out sentences cover word by word; it ends where ``until`` begins,
    or with the text.

    ``document`` is the number of the further text it belongs to, empty for the pack's own.
    """

    number: str
    begins: str
    until: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule must say of made-up facts, written as they would stand in a file.

    ``given`` is the parcel; of a rule per park ``parks`` and ``green`` are the layers, and the first park is judged.
    """

    rule: str
    name: Text
    kind: str
    expect: Verdict
    given: Mapping[str, Any] = field(default_factory=dict)
    parks: tuple[Mapping[str, Any], ...] = ()
    green: tuple[Mapping[str, Any], ...] = ()
    reading: Reading = Reading.THRESHOLD
    as_of: dt.date | None = None
    assume: bool = True
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One policy text as rules. ``excerpt``: the text at hand is not the whole one.

    ``text_source`` says where the text at hand was taken from and how good a source that is, ``in_force_source`` where
    the first day comes from if no sentence of the text at hand prints it.
    """

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
    in_force_quote: str = ""
    sections: tuple[Section, ...] = ()
    cases: tuple[Case, ...] = ()
    excerpt: bool = False
    rank: Rank | None = None
    text_source: Text = NO_TEXT
    in_force_source: Text = NO_TEXT
    precedence: Precedence | None = None
    documents: tuple[Document, ...] = ()
    not_at_hand: tuple[NotAtHand, ...] = ()

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The pack's own text and its further ones, those that rules come from."""
        own = Standing(
            self.id, "", self.number, self.rank, self.in_force_from, self.in_force_until, self.validity,
            self.validity_source, self.precedence,
        )  # fmt: skip
        further = (
            Standing(
                self.id, d.number, d.number, d.rank, d.in_force_from, d.in_force_until, d.validity, d.validity_source
            )
            for d in self.documents
        )
        used = {rule.document for rule in self.rules}
        return tuple(standing for standing in (own, *further) if standing.document in used)
