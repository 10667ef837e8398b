"""What a judge says against a file, and the short list of what is let stand, each entry with its reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path


class NotHadError(Exception):
    """A judge that cannot be asked here, and why."""


@dataclass(frozen=True, slots=True)
class Objection:
    """``said`` is one line: the judge's own name for it, a colon, its words."""

    judge: str
    file: str
    said: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Objections of a judge in which the pattern ``says`` is found stand for ``reason``."""

    judge: str
    says: str
    reason: str

    def covers(self, one: Objection) -> bool:
        return one.judge == self.judge and re.search(self.says, one.said) is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stays against the reports; entries of the list that nobody needs; how often each other entry was needed."""

    objections: list[Objection]
    idle: list[Allowed]
    used: dict[Allowed, int]


def read_list(path: Path) -> tuple[list[Allowed], dict[str, str]]:
    """The entries of the list, and by name the judges that are never asked, with the reason."""
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Allowed(**entry) for entry in held["allowed"]], held["not_asked"]


def weigh(objections: Iterable[Objection], allowed: Collection[Allowed], heard: Collection[str]) -> Outcome:
    """Each objection goes to the first entry that covers it; of a judge that was not heard no entry is idle."""
    left, used = [], dict.fromkeys(allowed, 0)
    for one in dict.fromkeys(objections):
        entry = next((entry for entry in allowed if entry.covers(one)), None)
        if entry is None:
            left.append(one)
        else:
            used[entry] += 1
    idle = [entry for entry, times in used.items() if not times and entry.judge in heard]
    return Outcome(left, idle, {entry: times for entry, times in used.items() if times})
