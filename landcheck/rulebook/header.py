"""``pack.toml``: what a pack is, how long it binds, and which sentences no card encodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from landcheck.measures import Measure, nameable
from landcheck.messages import Message, Text
from landcheck.model import Condition, Document, LeftOut, NotAtHand, Pack, Parameter, Precedence, Section, Validity
from landcheck.rulebook.lawtext import DATE, UNITS, fold
from landcheck.rulebook.proof import prove_parameter
from landcheck.rulebook.requirements import read_conditions
from landcheck.rulebook.tables import NO_DAY, NO_TEXT, TomlTable
from landcheck.rulebook.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Header:
    """A pack without its rules, the names of its cards, and the conditions that all of them share."""

    pack: Pack
    cards: tuple[str, ...]
    applies: tuple[Condition, ...]

    def document_of(self, section: str) -> Document | None:
        """The further text that a section of the pack belongs to; None for the pack's own."""
        owner = {one.number: one.document for one in self.pack.sections}.get(section)
        return next((document for document in self.pack.documents if document.number == owner), None)


def read_header(
    table: TomlTable, directory: str, text: str, vocabulary: Vocabulary, measures: Mapping[str, Measure]
) -> Header:
    """The pack's own table; each fault is noted and stands for an empty value."""
    validity, until, why = _validity(table)
    excerpt = table.flag("excerpt", default=False)
    pack = Pack(
        id=table.text("id"), title=table.both("title"), issuer=table.text("issuer"), number=table.text("number"),
        issued=table.date("issued") or NO_DAY, in_force_from=table.date("in_force_from") or NO_DAY,
        in_force_quote=table.text("in_force_quote", required=not excerpt), in_force_until=until, validity=validity,
        validity_source=why, rank=table.rank("rank"), excerpt=excerpt,
        text_source=table.both("text_source", required=excerpt),
        # an excerpt without the sentence that prints the first day has to say where the day comes from
        in_force_source=table.both("in_force_source", required=excerpt and "in_force_quote" not in table.values),
        precedence=table.entry("precedence", Precedence),
        documents=tuple(_document(entry) for entry in table.tables("document", required=False)),
        not_at_hand=table.entries("not_at_hand", NotAtHand),
        parameters=tuple(_parameter(entry, vocabulary) for entry in table.tables("parameter", required=False)),
        sections=table.entries("section", Section, required=True), left_out=table.entries("left_out", LeftOut),
        rules=(), text=text,
    )  # fmt: skip
    applies = read_conditions(table.table("applies", required=False), nameable("parcel", measures))
    header = Header(pack, table.texts("rules"), applies)
    table.close()
    _check(table, header, directory)
    return header


def cut(pack: Pack, table: TomlTable) -> dict[str, str]:
    """The folded text of each section. ``begins`` must stand in the text once, ``until`` after it."""
    folded = fold(pack.text)
    for key, quote in (
        ("in_force_quote", pack.in_force_quote),
        ("precedence.quote", pack.precedence.quote if pack.precedence else ""),
    ):
        if quote and fold(quote) not in folded:
            table.fault("pack-quote-not-in-text", key, number=pack.number, quote=quote)
    sections = {}
    for number, section in enumerate(pack.sections, start=1):
        begins, until = fold(section.begins), fold(section.until)
        start = folded.find(begins)
        end = folded.find(until, start + len(begins)) if until else len(folded)
        if not begins or folded.count(begins) != 1 or end < 0:
            table.fault("pack-section-not-found", f"section[{number}]", number=section.number)
            start, end = 0, 0
        sections[section.number] = folded[start:end]
    return sections


def _validity(table: TomlTable) -> tuple[Validity, dt.date | None, Text]:
    inner = table.table("validity")
    if inner is None:
        return Validity.NONE, None, NO_TEXT
    kind = Validity(inner.choice("kind", [validity.value for validity in Validity]) or Validity.NONE)
    until = inner.date("until", required=kind is not Validity.NONE)
    if kind is Validity.NONE and until is not None:
        inner.fault("pack-until-without-end", "until")
    source = inner.both("source")
    inner.close()
    return kind, until, source


def _document(table: TomlTable) -> Document:
    validity, until, why = _validity(table)
    return table.read(Document, in_force_until=until, validity=validity, validity_source=why)


def _parameter(table: TomlTable, vocabulary: Vocabulary) -> Parameter:
    parameter = Parameter(
        table.text("name"), table.number("value") or Decimal(0), table.choice("unit", list(UNITS)),
        table.text("source"), table.both("meaning"), table.text("quote"), table.texts("words"),
    )  # fmt: skip
    table.close()
    prove_parameter(table, parameter, vocabulary)
    return parameter


def _check(table: TomlTable, header: Header, directory: str) -> None:
    pack = header.pack
    if pack.id and pack.id != directory:
        table.fault("pack-id-not-directory", "id", id=pack.id, name=directory)
    if pack.in_force_until and pack.in_force_until < pack.in_force_from:
        table.fault("pack-ends-before-it-begins", "validity.until")
    if pack.not_at_hand and not pack.excerpt:
        table.fault("pack-not-at-hand-without-excerpt", "not_at_hand")
    documents = [document.number for document in pack.documents]
    for number, section in enumerate(pack.sections, start=1):
        if section.document and section.document not in documents:
            key = f"section[{number}].document"
            table.fault("pack-document-unknown", key, name=section.document, known=documents)
    printed = DATE.search(fold(pack.in_force_quote))
    if printed and tuple(map(int, printed.groups())) != pack.in_force_from.timetuple()[:3]:
        table.fault("pack-date-not-in-quote", "in_force_from", date=pack.in_force_from, quote=pack.in_force_quote)
    table.faults += _named_twice(table, header, documents)


def _named_twice(table: TomlTable, header: Header, documents: list[str]) -> Iterator[Message]:
    for key, names in (
        ("rules", header.cards),
        ("parameter", tuple(p.name for p in header.pack.parameters)),
        ("section", tuple(s.number for s in header.pack.sections)),
        ("document", tuple(documents)),
    ):
        for name in dict.fromkeys(n for n in names if n and names.count(n) > 1):
            yield Message("pack-named-twice", {"file": table.file, "key": key, "name": name})
