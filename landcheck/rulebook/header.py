"""``pack.toml``: what a pack is, how long it binds, and which sentences no card encodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from landcheck.measures import Measure, nameable
from landcheck.messages import Message, Text
from landcheck.model import Condition, Document, LeftOut, NotAtHand, Parameter, Precedence, Rank, Section, Validity
from landcheck.rulebook.cards import read_conditions
from landcheck.rulebook.lawtext import DATE, fold
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
    rank: Rank | None
    text_source: Text
    in_force_source: Text
    precedence: Precedence | None
    documents: tuple[Document, ...]
    not_at_hand: tuple[NotAtHand, ...]

    @property
    def of_sections(self) -> Mapping[str, Document]:
        """The further text of each section that belongs to one."""
        known = {document.number: document for document in self.documents}
        return {s.number: known[s.document] for s in self.sections if s.document in known}


def read_header(table: Table, directory: str, vocabulary: Vocabulary, measures: dict[str, Measure]) -> Header:
    """The pack's own table; each fault is noted and stands for an empty value."""
    validity, until, why = _validity(table)
    excerpt = table.flag("excerpt", default=False)
    header = Header(
        id=table.text("id"), title=table.both("title"), issuer=table.text("issuer"), number=table.text("number"),
        issued=table.date("issued") or NO_DAY, in_force_from=table.date("in_force_from") or NO_DAY,
        in_force_quote=table.text("in_force_quote", required=not excerpt), in_force_until=until, validity=validity,
        validity_source=why, rank=_rank(table), excerpt=excerpt,
        text_source=table.both("text_source", required=excerpt), in_force_source=_in_force_source(table, excerpt),
        precedence=_precedence(table.table("precedence", required=False)),
        documents=tuple(_document(entry) for entry in table.tables("document", required=False)),
        not_at_hand=tuple(_not_at_hand(entry) for entry in table.tables("not_at_hand", required=False)),
        parameters=tuple(_parameter(entry, vocabulary) for entry in table.tables("parameter", required=False)),
        sections=tuple(_section(entry) for entry in table.tables("section")),
        left_out=tuple(_left_out(entry) for entry in table.tables("left_out", required=False)),
        applies=read_conditions(table.table("applies", required=False), nameable("parcel", measures)),
        rules=table.texts("rules"),
    )  # fmt: skip
    table.close()
    _check(table, header, directory)
    return header


def cut(header: Header, text: str, table: Table) -> dict[str, str]:
    """The folded text of each section. ``begins`` must stand in the text once, ``until`` after it."""
    folded = fold(text)
    if header.in_force_quote and fold(header.in_force_quote) not in folded:
        table.fault("pack-quote-not-in-text", "in_force_quote", number=header.number, quote=header.in_force_quote)
    if header.precedence and fold(header.precedence.quote) not in folded:
        quote = header.precedence.quote
        table.fault("pack-quote-not-in-text", "precedence.quote", number=header.number, quote=quote)
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


def _rank(table: Table) -> Rank | None:
    name = table.choice("rank", [rank.value for rank in Rank])
    return Rank(name) if name else None


def _in_force_source(table: Table, excerpt: bool) -> Text:  # noqa: FBT001 - private, one caller
    """An excerpt without the sentence that prints the first day has to say where the day comes from."""
    return table.both("in_force_source", required=excerpt and "in_force_quote" not in table.values)


def _precedence(table: Table | None) -> Precedence | None:
    if table is None:
        return None
    precedence = Precedence(table.text("quote"), table.both("reading"))
    table.close()
    return precedence


def _document(table: Table) -> Document:
    validity, until, why = _validity(table)
    document = Document(
        number=table.text("number"), title=table.both("title"), issuer=table.text("issuer"), rank=_rank(table),
        in_force_from=table.date("in_force_from") or NO_DAY, in_force_until=until, validity=validity,
        validity_source=why,
    )  # fmt: skip
    table.close()
    return document


def _not_at_hand(table: Table) -> NotAtHand:
    entry = NotAtHand(table.text("clause"), table.both("what"))
    table.close()
    return entry


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
    until, document = table.text("until", required=False), table.text("document", required=False)
    section = Section(table.text("number"), table.text("begins"), until, document)
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
    if header.not_at_hand and not header.excerpt:
        table.fault("pack-not-at-hand-without-excerpt", "not_at_hand")
    documents = [document.number for document in header.documents]
    for number, section in enumerate(header.sections, start=1):
        if section.document and section.document not in documents:
            key = f"section[{number}].document"
            table.fault("pack-document-unknown", key, name=section.document, known=documents)
    printed = DATE.search(fold(header.in_force_quote))
    if printed and tuple(map(int, printed.groups())) != header.in_force_from.timetuple()[:3]:
        table.fault("pack-date-not-in-quote", "in_force_from", date=header.in_force_from, quote=header.in_force_quote)
    for key, names in (
        ("rules", header.rules),
        ("parameter", tuple(p.name for p in header.parameters)),
        ("section", tuple(s.number for s in header.sections)),
        ("document", tuple(documents)),
    ):
        for name in dict.fromkeys(n for n in names if n and names.count(n) > 1):
            table.faults.append(Message("pack-named-twice", {"file": table.file, "key": key, "name": name}))
