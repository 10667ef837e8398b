"""Packs from their directories, one or several together, and a pack to start from.

Every file is read and checked, and every fault is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

from landcheck.bounded import reason
from landcheck.errors import PackError, UsageError, nearest
from landcheck.measures import MEASURES, Measure
from landcheck.messages import Message
from landcheck.model import Case, Pack, Rule
from landcheck.rulebook.cards import read_card, read_cases
from landcheck.rulebook.header import Header, cut, read_header
from landcheck.rulebook.lawtext import fold, uncovered
from landcheck.rulebook.proof import LawSource, prove_quote
from landcheck.rulebook.tables import Faults, TomlTable, read_table, read_text
from landcheck.rulebook.vocabulary import NAME as VOCABULARY
from landcheck.rulebook.vocabulary import Lexicon, read_vocabulary

HEADER, TEXT, CASES = "pack.toml", "policy.txt", ".cases.toml"
PACKAGE = Path(__file__).resolve().parents[1]
AUTO = "auto"
TEMPLATE, PLACE_OF_NAME = Path(__file__).parent / "template", "@PACK@"
NAME_OF_PACK = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True, slots=True)
class PackFiles:
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
    place = PackFiles(pack_directory(name_or_dir))
    faults: Faults = []
    lexicon = read_vocabulary(_home() / VOCABULARY, VOCABULARY, faults, Lexicon())
    if (place.directory / VOCABULARY).exists():
        lexicon = read_vocabulary(*place.file(VOCABULARY), faults, lexicon)
    table = read_table(*place.file(HEADER), faults) or TomlTable({}, place.file(HEADER)[1], [])
    text = read_text(*place.file(TEXT), faults) or ""
    header = read_header(table, place.name, text, lexicon.words, measures)
    parameters = {parameter.name: parameter for parameter in header.pack.parameters}
    source = LawSource(cut(header.pack, table), lexicon.words, parameters, measures, lexicon.matters)
    rules, cases = _rules(place, header, source, faults)
    _check_coverage(table, header.pack, rules, source)
    if faults:
        raise PackError("pack-faulty", faults, pack=place.name, count=len(faults))
    return replace(header.pack, rules=rules, cases=cases)


def load_packs(names: Sequence[str]) -> tuple[Pack, ...]:
    """The packs of those names or directories, in their order, one named twice once.

    ``auto`` stands for all that come with the program, each of whose rules applies to what its days bind.
    PackError where two of them could not be told apart in a report: the same id, a rule of the same id, or a parameter
    of the same name that is another number. Otherwise as ``load_pack``.
    """
    named: dict[Path, str] = {}
    wanted = [one for name in names for one in (pack_names() if name == AUTO else (name,))]
    for name in wanted:
        named.setdefault(pack_directory(name).resolve(), name)
    packs = tuple(map(load_pack, named.values()))
    clashes = [clash for pair in combinations(packs, 2) for clash in _clashes(*pair)]
    if clashes:
        raise PackError("packs-clash", clashes, count=len(clashes))
    return packs


def find_rule(packs: Sequence[Pack], rule_id: str) -> Rule:
    """The rule of that name. UsageError with the names there are."""
    rules = [rule for pack in packs for rule in pack.rules]
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise UsageError("rule-unknown", rule=rule_id, known=nearest(rule_id, [rule.id for rule in rules]))


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
    try:
        if (directory / HEADER).is_file():
            return directory
        if directory.is_dir():
            raise UsageError("pack-no-header", pack=name_or_dir, file=HEADER)
    except OSError as error:
        raise UsageError("pack-unreadable", file=name_or_dir, detail=reason(error)) from error
    raise UsageError("pack-unknown", pack=name_or_dir, known=nearest(name_or_dir, pack_names()))


def _rules(
    place: PackFiles, header: Header, source: LawSource, faults: Faults
) -> tuple[tuple[Rule, ...], tuple[Case, ...]]:
    """Every card in the order of the pack, then whatever card or case file the pack does not list: a fault each."""
    rules: list[Rule] = []
    cases: list[Case] = []
    for name in (*dict.fromkeys(header.cards), *_unlisted(place, header, faults)):
        table = read_table(*place.file(f"{name}.toml"), faults)
        if table is None:
            continue
        rule = read_card(table, name, header, source)
        rules.append(rule)
        tests = read_table(*place.file(name + CASES), faults)
        cases += read_cases(tests, rule, frozenset(source.parameters)) if tests else ()
    return tuple(rules), tuple(cases)


def _unlisted(place: PackFiles, header: Header, faults: Faults) -> list[str]:
    found = sorted(path.name for path in place.directory.glob("*.toml"))
    cards = [name.removesuffix(".toml") for name in found if not name.endswith(CASES)]
    unlisted = [card for card in cards if card not in (*header.cards, "pack", "vocabulary")]
    for card in unlisted:
        faults.append(Message("pack-card-unlisted", {"file": place.file(f"{card}.toml")[1], "name": card}))
    for name in found:
        if name.endswith(CASES) and name.removesuffix(CASES) not in (*header.cards, *cards):
            faults.append(Message("pack-cases-without-card", {"file": place.file(name)[1]}))
    return unlisted


def _check_coverage(table: TomlTable, pack: Pack, rules: tuple[Rule, ...], source: LawSource) -> None:
    """Word by word, each section is quoted by a card or left out with a reason."""
    for number, left_out in enumerate(pack.left_out, start=1):
        entry = TomlTable({}, table.file, table.faults, f"left_out[{number}]")
        prove_quote(entry, left_out.clause, left_out.quote, source)
    quotes = [(rule.clause.number, rule.clause.quote) for rule in rules]
    quotes += [(left_out.clause, left_out.quote) for left_out in pack.left_out]
    for name, section in source.sections.items():
        for stretch in uncovered(section, [fold(quote) for clause, quote in quotes if clause == name]):
            table.fault("pack-text-uncovered", "left_out", number=name, text=stretch)


def _clashes(a: Pack, b: Pack) -> Iterator[Message]:
    if a.id == b.id:
        yield Message("packs-same-id", {"id": a.id, "a": a.number, "b": b.number})
        return
    both = {"a": a.id, "b": b.id}
    ours = {rule.id for rule in a.rules}
    for rule in b.rules:
        if rule.id in ours:
            yield Message("packs-same-rule", {"rule": rule.id, **both})
    known = {parameter.name: _amount(parameter.value, parameter.unit) for parameter in a.parameters}
    for p in b.parameters:
        amount = _amount(p.value, p.unit)
        if known.get(p.name, amount) != amount:
            yield Message("packs-same-parameter", {"name": p.name, **both, "in_a": known[p.name], "in_b": amount})


def _amount(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f} {unit}"


def new_pack(directory: str | Path) -> tuple[Path, ...]:
    """Write a pack to start from, one card that passes the gate, into a new or empty directory: the files, sorted.

    The directory's name becomes the pack's. UsageError where something is there already, where the name cannot be a
    pack's, or where nothing can be written.
    """
    home = Path(directory)
    name = home.resolve().name
    if not NAME_OF_PACK.fullmatch(name):
        raise UsageError("new-pack-name", name=name)
    if name in (AUTO, *pack_names()):
        raise UsageError("new-pack-name-taken", name=name)
    try:
        return _write(home, name)
    except OSError as error:
        raise UsageError("new-pack-unwritable", directory=str(directory), detail=reason(error)) from error


def _write(home: Path, name: str) -> tuple[Path, ...]:
    if home.exists() and not home.is_dir():
        raise UsageError("new-pack-no-directory", directory=str(home))
    if home.is_dir() and any(home.iterdir()):
        raise UsageError("new-pack-not-empty", directory=str(home))
    home.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(TEMPLATE.iterdir()):
        path = home / source.name
        text = source.read_text(encoding="utf-8").replace(PLACE_OF_NAME, name)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)
