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
    note: Text
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
    words = {word: _word(table, word, known) for word, _ in table.items() if word != MATTERS}
    labels = {name: _matter(matters, name, known) for name, _ in matters.items()} if matters else {}
    return Lexicon({**known.words, **{word: held for word, held in words.items() if held}}, {**known.matters, **labels})


def modality(words: tuple[str, ...], vocabulary: Vocabulary) -> Modality:
    """The force of several words together: the weakest among them; words without one leave a duty."""
    return max((vocabulary[w].modality for w in words if w in vocabulary), key=FORCE.index, default=Modality.MUST)


def _matter(table: TomlTable, name: str, known: Lexicon) -> Text:
    if name in known.matters:
        table.fault("pack-matter-twice", name, name=name)
    return table.both(name)


def _word(table: TomlTable, word: str, known: Lexicon) -> Word | None:
    entry = table.table(word)
    if entry is None:
        return None
    if word in known.words:
        entry.fault("pack-word-twice", "", word=word)
    compare = _operators(entry)
    force = entry.choice("modality", [m.value for m in Modality], required=False) or Modality.MUST
    number = entry.number("number") if "number" in entry.values else None
    held = Word(compare, Modality(force), entry.both("note"), number)
    entry.close()
    if not compare and held.modality is Modality.MUST:
        entry.fault("pack-word-empty", "")
    return held


def _operators(entry: TomlTable) -> tuple[Operator, ...]:
    names = entry.texts("compare", required=False)
    for name in names:
        if name not in {o.value for o in Operator}:
            entry.fault("pack-choice", "compare", value=name, choices=[o.value for o in Operator])
    return tuple(Operator(name) for name in names if name in {o.value for o in Operator})
