"""What a database says of its columns beside their names: titles for people, and what the codes in them stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from landcheck.read.layer import Tell
from landcheck.read.repair import Repair


@dataclass(frozen=True, slots=True)
class ColumnNotes:
    """By column: its title or alias, and the words for its codes."""

    titles: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def called(self) -> dict[str, str]:
        """The titles that say something else than the name does."""
        return {name: title for name, title in self.titles.items() if title not in ("", name)}


class CodedValues(Repair):
    """Puts the words of a coded domain in the place of its codes; a value that is none of them stays."""

    def __init__(self, names: Sequence[str], codes: Mapping[str, Mapping[str, str]]) -> None:
        self.words = {names.index(name): words for name, words in codes.items() if name in names and words}
        self.as_text = tuple(self.words)

    def mend(self, table: pa.RecordBatch, _first_row: int, _tell: Tell) -> pa.RecordBatch:
        """The rows with words for codes; each different value is looked up once."""
        columns = table.columns
        for number, words in self.words.items():
            coded = columns[number].dictionary_encode()
            said = [_code(value) for value in coded.dictionary.to_pylist()]
            columns[number] = pa.array([words.get(one, one) for one in said], pa.string()).take(coded.indices)
        return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table


def _code(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole and isinstance(value, float) else value)
