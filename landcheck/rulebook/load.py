"""Packs from their directories: every file read and checked, every fault reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from landcheck.errors import PackError, UsageError
from landcheck.measures import MEASURES, Measure
from landcheck.messages import Message
from landcheck.model import Case, Pack, Rule
from landcheck.rulebook.cards import Common, read_card
from landcheck.rulebook.cases import read_cases
from landcheck.rulebook.header import Header, cut, read_header
from landcheck.rulebook.lawtext import fold, uncovered
from landcheck.rulebook.proof import Source, prove_quote
from landcheck.rulebook.tables import Faults, Table, read_table, read_text
from landcheck.rulebook.vocabulary import NAME as VOCABULARY
from landcheck.rulebook.vocabulary import Lexicon, read_vocabulary

HEADER, TEXT, CASES = "pack.toml", "policy.txt", ".cases.toml"
PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Place:
    """A pack's directory, and how its files are called in faults."""

    directory: Path

    @property
    def name(self) -> str:
        """The pack's name, as its directory is called."""
        return self.directory.resolve().name

    def file(self, name: str) -> tuple[Path, str]:
        """The path of a file, and its name with the pack's."""
        return self.directory / name, f"{self.name}/{name}"


def load_pack(name_or_dir: str, measures: Mapping[str, Measure] = MEASURES) -> Pack:
    """The pack of that name, or in that directory. UsageError where there is none, PackError with all its faults."""
    place = Place(pack_directory(name_or_dir))
    faults: Faults = []
    lexicon = _lexicon(place, faults)
    table = read_table(*place.file(HEADER), faults) or Table({}, place.file(HEADER)[1], [])
    text = read_text(*place.file(TEXT), faults) or ""
    header = read_header(table, place.name, lexicon.words, dict(measures))
    parameters = {parameter.name: parameter for parameter in header.parameters}
    source = Source(cut(header, text, table), lexicon.words, parameters, measures, lexicon.matters)
    rules, cases = _rules(place, header, source, faults)
    _check_coverage(table, header, rules, source)
    if faults:
        raise PackError("pack-faulty", faults, pack=place.name, count=len(faults))
    return _pack(header, rules, cases, text)


def pack_names() -> tuple[str, ...]:
    """The packs that come with the program, sorted."""
    return tuple(sorted(path.parent.name for path in _home().glob(f"*/{HEADER}")))


def _home() -> Path:
    """rules/ stands in the wheel beside the code, in a checkout beside the package."""
    inside = PACKAGE / "rules"
    return inside if inside.is_dir() else PACKAGE.parent / "rules"


def pack_directory(name_or_dir: str) -> Path:
    """Where the pack of that name lies, or the directory itself. UsageError where there is no pack."""
    if name_or_dir in pack_names():
        return _home() / name_or_dir
    directory = Path(name_or_dir)
    if (directory / HEADER).is_file():
        return directory
    if directory.is_dir():
        raise UsageError("pack-no-header", pack=name_or_dir, file=HEADER)
    raise UsageError("pack-unknown", pack=name_or_dir, known=pack_names())


def _lexicon(place: Place, faults: Faults) -> Lexicon:
    shared = read_vocabulary(_home() / VOCABULARY, VOCABULARY, faults, Lexicon())
    path, label = place.file(VOCABULARY)
    return read_vocabulary(path, label, faults, shared) if path.exists() else shared


def _rules(place: Place, header: Header, source: Source, faults: Faults) -> tuple[tuple[Rule, ...], tuple[Case, ...]]:
    """Every card in the order of the pack, then whatever card or case file the pack does not list: a fault each."""
    common = Common(
        header.id, header.in_force_from, header.in_force_until, header.validity, header.applies, header.of_sections
    )
    rules: list[Rule] = []
    cases: list[Case] = []
    for name in (*dict.fromkeys(header.rules), *_unlisted(place, header, faults)):
        table = read_table(*place.file(f"{name}.toml"), faults)
        if table is None:
            continue
        rule = read_card(table, name, common, source)
        rules.append(rule)
        tests = read_table(*place.file(name + CASES), faults)
        cases += read_cases(tests, rule, frozenset(source.parameters)) if tests else ()
    return tuple(rules), tuple(cases)


def _unlisted(place: Place, header: Header, faults: Faults) -> list[str]:
    found = sorted(path.name for path in place.directory.glob("*.toml"))
    cards = [name.removesuffix(".toml") for name in found if not name.endswith(CASES)]
    unlisted = [card for card in cards if card not in (*header.rules, "pack", "vocabulary")]
    for card in unlisted:
        faults.append(Message("pack-card-unlisted", {"file": place.file(f"{card}.toml")[1], "name": card}))
    for name in found:
        if name.endswith(CASES) and name.removesuffix(CASES) not in (*header.rules, *cards):
            faults.append(Message("pack-cases-without-card", {"file": place.file(name)[1]}))
    return unlisted


def _check_coverage(table: Table, header: Header, rules: tuple[Rule, ...], source: Source) -> None:
    """Word by word, each section is quoted by a card or left out with a reason."""
    for number, left_out in enumerate(header.left_out, start=1):
        entry = Table({}, table.file, table.faults, f"left_out[{number}]")
        prove_quote(entry, left_out.clause, left_out.quote, source)
    quotes = [(rule.clause.number, rule.clause.quote) for rule in rules]
    quotes += [(left_out.clause, left_out.quote) for left_out in header.left_out]
    for name, section in source.sections.items():
        for stretch in uncovered(section, [fold(quote) for clause, quote in quotes if clause == name]):
            table.fault("pack-text-uncovered", "left_out", number=name, text=stretch)


def _pack(header: Header, rules: tuple[Rule, ...], cases: tuple[Case, ...], text: str) -> Pack:
    return Pack(
        id=header.id, title=header.title, issuer=header.issuer, number=header.number, issued=header.issued,
        in_force_from=header.in_force_from, in_force_until=header.in_force_until, validity=header.validity,
        validity_source=header.validity_source, parameters=header.parameters, rules=rules, left_out=header.left_out,
        text=text, in_force_quote=header.in_force_quote, sections=header.sections, cases=cases, excerpt=header.excerpt,
        rank=header.rank, text_source=header.text_source, in_force_source=header.in_force_source,
        precedence=header.precedence, documents=header.documents, not_at_hand=header.not_at_hand,
    )  # fmt: skip
