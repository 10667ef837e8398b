"""``pack.toml``: what a pack is, how long it binds, and which sentences no card encodes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from landcheck.messages import Message, Text
from landcheck.model import Condition, LeftOut, Parameter, Section, Validity
from landcheck.rulebook.cards import read_conditions
from landcheck.rulebook.lawtext import DATE, fold
from landcheck.rulebook.measurable import Measurable, facts
from landcheck.rulebook.proof import prove_parameter
from landcheck.rulebook.tables import Table
from landcheck.rulebook.units import UNITS
from landcheck.rulebook.vocabulary import Vocabulary

NO_DAY = dt.date.min


@dataclass(frozen=True, slots=True)
class Header:
    """A pack without its rules."""

    id: str
    title: Text
    issuer: str
    number: str
    issued: dt.date
    in_force_from: dt.date
    in_force_quote: str
    in_force_until: dt.date | None
    validity: Validity
    validity_source: Text
    parameters: tuple[Parameter, ...]
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...]
    applies: tuple[Condition, ...]
    rules: tuple[str, ...]
    excerpt: bool


def read_header(table: Table, directory: str, vocabulary: Vocabulary, measures: dict[str, Measurable]) -> Header:
    """The pack's own table; each fault is noted and stands for an empty value."""
    validity, until, why = _validity(table)
    header = Header(
        id=table.text("id"), title=table.both("title"), issuer=table.text("issuer"), number=table.text("number"),
        issued=table.date("issued") or NO_DAY, in_force_from=table.date("in_force_from") or NO_DAY,
        in_force_quote=table.text("in_force_quote"), in_force_until=until, validity=validity, validity_source=why,
        parameters=tuple(_parameter(entry, vocabulary) for entry in table.tables("parameter", required=False)),
        sections=tuple(_section(entry) for entry in table.tables("section")),
        left_out=tuple(_left_out(entry) for entry in table.tables("left_out", required=False)),
        applies=read_conditions(table.table("applies", required=False), facts("parcel", measures)),
        rules=table.texts("rules"), excerpt=table.flag("excerpt", default=False),
    )  # fmt: skip
    table.close()
    _check(table, header, directory)
    return header


def cut(header: Header, text: str, table: Table) -> dict[str, str]:
    """The folded text of each section. ``begins`` must stand in the text once, ``until`` after it."""
    folded = fold(text)
    if header.in_force_quote and fold(header.in_force_quote) not in folded:
        table.fault("pack-quote-not-in-text", "in_force_quote", number=header.number, quote=header.in_force_quote)
    sections = {}
    for number, section in enumerate(header.sections, start=1):
        begins, until = fold(section.begins), fold(section.until)
        start = folded.find(begins)
        end = folded.find(until, start + len(begins)) if until else len(folded)
        if not begins or folded.count(begins) != 1 or end < 0:
            table.fault("pack-section-not-found", f"section[{number}]", number=section.number)
            start, end = 0, 0
        sections[section.number] = folded[start:end]
    return sections


def _validity(table: Table) -> tuple[Validity, dt.date | None, Text]:
    inner = table.table("validity")
    if inner is None:
        return Validity.NONE, None, Text("", "")
    kind = inner.choice("kind", [validity.value for validity in Validity]) or Validity.NONE.value
    until = inner.date("until", required=kind != Validity.NONE.value)
    if kind == Validity.NONE.value and until is not None:
        inner.fault("pack-until-without-end", "until")
    source = inner.both("source")
    inner.close()
    return Validity(kind), until, source


def _parameter(table: Table, vocabulary: Vocabulary) -> Parameter:
    parameter = Parameter(
        table.text("name"), table.number("value") or Decimal(0),
        table.choice("unit", list(UNITS)),
        table.text("source"), table.both("meaning"), table.text("quote"), table.texts("words"),
    )  # fmt: skip
    table.close()
    prove_parameter(table, parameter, vocabulary)
    return parameter


def _section(table: Table) -> Section:
    section = Section(table.text("number"), table.text("begins"), table.text("until", required=False))
    table.close()
    return section


def _left_out(table: Table) -> LeftOut:
    left_out = LeftOut(table.text("clause"), table.text("quote"), table.both("reason"))
    table.close()
    return left_out


def _check(table: Table, header: Header, directory: str) -> None:
    if header.id and header.id != directory:
        table.fault("pack-id-not-directory", "id", id=header.id, name=directory)
    if header.in_force_until and header.in_force_until < header.in_force_from:
        table.fault("pack-ends-before-it-begins", "validity.until")
    printed = DATE.search(fold(header.in_force_quote))
    if printed and tuple(map(int, printed.groups())) != header.in_force_from.timetuple()[:3]:
        table.fault("pack-date-not-in-quote", "in_force_from", date=header.in_force_from, quote=header.in_force_quote)
    for key, names in (
        ("rules", header.rules),
        ("parameter", tuple(p.name for p in header.parameters)),
        ("section", tuple(s.number for s in header.sections)),
    ):
        for name in dict.fromkeys(n for n in names if n and names.count(n) > 1):
            table.faults.append(Message("pack-named-twice", {"file": table.file, "key": key, "name": name}))
