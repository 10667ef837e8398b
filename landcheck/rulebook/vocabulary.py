"""The vocabulary: what a word of law means on a card, and the matters that rules are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from landcheck.messages import Text
from landcheck.model import Modality, Operator
from landcheck.rulebook.tables import Faults, TomlTable, read_table

Vocabulary = Mapping[str, "Word"]
Matters = Mapping[str, Text]

NAME = "vocabulary.toml"
MATTERS = "matters"
FORCE = (Modality.MUST, Modality.MAY, Modality.CONTROL, Modality.ENCOURAGE)


@dataclass(frozen=True, slots=True)
class Word:
    """The comparisons a word may stand for, its force, and the number it holds itself (不再增收: 0)."""

    compare: tuple[Operator, ...]
    modality: Modality
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of law, and the matters a rule can be about with their labels."""

    words: Vocabulary = field(default_factory=dict)
    matters: Matters = field(default_factory=dict)


def read_vocabulary(path: Path, label: str, faults: Faults, known: Lexicon) -> Lexicon:
    """What a file says, added to what is already known; nothing may be given a second meaning."""
    table = read_table(path, label, faults)
    if table is None:
        return known
    matters = table.table(MATTERS, required=False)
    words = {word: _word(table, word, known) for word in table.values if word != MATTERS}
    labels = {}
    if matters is not None:
        for name in matters.values:
            if name in known.matters:
                matters.fault("pack-matter-twice", name, name=name)
            labels[name] = matters.both(name)
    return Lexicon({**known.words, **{word: held for word, held in words.items() if held}}, {**known.matters, **labels})


def modality(words: tuple[str, ...], vocabulary: Vocabulary) -> Modality:
    """The force of several words together: the weakest among them; words without one leave a duty."""
    return max((vocabulary[w].modality for w in words if w in vocabulary), key=FORCE.index, default=Modality.MUST)


def _word(table: TomlTable, word: str, known: Lexicon) -> Word | None:
    entry = table.table(word)
    if entry is None:
        return None
    if word in known.words:
        entry.fault("pack-word-twice", "", word=word)
    operators = [operator.value for operator in Operator]
    compare = entry.texts("compare", required=False)
    for name in compare:
        if name not in operators:
            entry.fault("pack-choice", "compare", value=name, choices=operators)
    force = Modality(entry.choice("modality", [m.value for m in Modality], required=False) or Modality.MUST)
    number = entry.number("number") if "number" in entry.values else None
    entry.both("note")  # for who reads the file
    entry.close()
    known_operators = tuple(Operator(name) for name in compare if name in operators)
    if not known_operators and force is Modality.MUST:
        entry.fault("pack-word-empty", "")
    return Word(known_operators, force, number)
