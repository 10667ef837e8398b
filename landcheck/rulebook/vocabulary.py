"""The vocabulary: what a word of law means on a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from landcheck.messages import Text
from landcheck.model import Modality, Operator
from landcheck.rulebook.tables import Faults, Table, read_table

Vocabulary = Mapping[str, "Word"]

NAME = "vocabulary.toml"
FORCE = (Modality.MUST, Modality.MAY, Modality.CONTROL, Modality.ENCOURAGE)


@dataclass(frozen=True, slots=True)
class Word:
    """The comparisons a word may stand for, its force, and the number it holds itself (不再增收: 0)."""

    compare: tuple[Operator, ...]
    modality: Modality
    note: Text
    number: Decimal | None = None


def read_vocabulary(path: Path, label: str, faults: Faults, known: Vocabulary) -> dict[str, Word]:
    """The words of a file, added to those already known; no word may be given a second meaning."""
    table = read_table(path, label, faults)
    words = dict(known)
    for word, _ in table.items() if table else ():
        entry = table.table(word) if table else None
        if entry is None:
            continue
        if word in known:
            entry.fault("pack-word-twice", "", word=word)
        words[word] = _word(entry)
    return words


def modality(words: tuple[str, ...], vocabulary: Vocabulary) -> Modality:
    """The force of several words together: the weakest among them; words without one leave a duty."""
    return max((vocabulary[w].modality for w in words if w in vocabulary), key=FORCE.index, default=Modality.MUST)


def _word(entry: Table) -> Word:
    compare = _operators(entry)
    force = entry.choice("modality", [m.value for m in Modality], required=False) or Modality.MUST
    number = entry.number("number") if "number" in entry.values else None
    word = Word(compare, Modality(force), entry.both("note"), number)
    entry.close()
    if not compare and word.modality is Modality.MUST:
        entry.fault("pack-word-empty", "")
    return word


def _operators(entry: Table) -> tuple[Operator, ...]:
    names = entry.texts("compare", required=False)
    for name in names:
        if name not in {o.value for o in Operator}:
            entry.fault("pack-choice", "compare", value=name, choices=[o.value for o in Operator])
    return tuple(Operator(name) for name in names if name in {o.value for o in Operator})
