"""A table of results: kept as JSON, shown as Markdown on the terminal and in the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Table:
    """Headings in both languages; ``notes`` tell what the columns mean and what was made equal first."""

    title: str
    title_zh: str
    notes: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """The section of the page."""
        lines = [self.head, [":---", *["---:"] * (len(self.head) - 1)], *self.rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        notes = "\n".join(f"- {note}" for note in self.notes)
        return f"## {self.title} / {self.title_zh}\n\n{table}\n\n{notes}\n"


def save(path: Path, tables: Sequence[Table]) -> None:
    """Keep the tables of one part."""
    path.write_text(json.dumps([asdict(table) for table in tables], ensure_ascii=False, indent=1), encoding="utf-8")


def load(path: Path) -> list[Table]:
    """The tables of one part."""
    return [Table(**kept) for kept in json.loads(path.read_text(encoding="utf-8"))]
