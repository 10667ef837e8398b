"""A key that stands twice in the properties of a feature: GDAL takes the last value, other readers the first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from landcheck.model import Level
from landcheck.read.repair import CellsAsText
from landcheck.read.source import CHUNK, DataSource

LOOKED_THROUGH = 1 << 20
PARSED_AT_MOST = 64 << 20
OVERLAP = 1024


class KeysTwice(CellsAsText):
    """The columns with a cell that two different values are given for, as the text in the file, both in that cell."""

    def __init__(self, source: DataSource, names: Sequence[str], rows: int) -> None:
        self.rows: list[_Properties] = []
        size = source.path.stat().st_size
        count = _counts(source.path, names) if size > LOOKED_THROUGH else {}
        if size > PARSED_AT_MOST:
            if more := sorted(name for name, number in count.items() if number > rows):
                self.findings = (source.finding(Level.ERROR, "read-keys-more", columns=more),)
            return
        if count and all(number == rows for number in count.values()):
            return
        found = [_Properties(one) for one in _properties(source.path)]
        twice = [(row, name) for row, one in enumerate(found) for name in one.twice if name in names]
        if not twice:
            return
        named = sorted({name for _, name in twice})
        about: dict[str, Any] = {"columns": named, "count": len(twice), "row": twice[0][0] + 1}
        self.findings = (source.finding(Level.ERROR, "read-keys-twice", **about),)
        if len(found) == rows:
            self.rows, self.names = found, dict(zip(map(names.index, named), named, strict=True))
            self.as_text = tuple(self.names)

    def cells(self, first_row: int, rows: int) -> dict[int, list[str | None]]:
        """By column the text of the cells, two different ones joined."""
        part = self.rows[first_row : first_row + rows]
        return {number: [one.get(name) for one in part] for number, name in self.names.items()}


class _Properties(dict[str, str | None]):
    """The text of each property of one feature, different ones of the same name joined; ``twice`` are their names."""

    def __init__(self, pairs: _Pairs) -> None:
        super().__init__()
        self.twice: set[str] = set()
        for name, value in pairs:
            text = value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if name in self and self[name] != text:
                self.twice.add(name)
                text = f"{self[name] or ''} / {text or ''}"
            self[name] = text


def _counts(path: Path, names: Sequence[str]) -> dict[str, int]:
    """How often each name stands there, which is once a row where every row has all of them; -1: not known."""
    written = {name: {f'"{name}"'.encode(), json.dumps(name).encode()} for name in names}
    count, tail = dict.fromkeys(names, 0), b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            window = tail + chunk
            if b"\\u00" in window:  # a letter that is written as its number
                return dict.fromkeys(names, -1)
            for name, forms in written.items():
                count[name] += sum(window.count(form) - tail.count(form) for form in forms)
            tail = window[-OVERLAP:]
    return count


def _properties(path: Path) -> Iterator[_Pairs]:
    """The pairs of each feature's properties (in ESRI's JSON attributes); nothing of a document of another make."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    features: list[_Pairs] = []
    try:
        whole = _parsed(text)
        features = whole.get("features", [whole])
    except ValueError:  # a sequence, a feature a line
        with suppress(ValueError):
            features = [_parsed(line) for line in text.replace("\x1e", "").split("\n") if line.strip()]
    for feature in features if isinstance(features, list) else ():
        given = feature.get("properties", feature.get("attributes")) if isinstance(feature, _Pairs) else None
        yield given if isinstance(given, _Pairs) else _Pairs()


def _parsed(text: str) -> _Pairs:
    try:
        found = json.loads(text, object_pairs_hook=_Pairs, parse_float=str, parse_int=str)
    except RecursionError as error:
        raise ValueError from error
    return found if isinstance(found, _Pairs) else _Pairs()


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, equal names and all."""

    def get(self, name: str, other: Any = None) -> Any:
        """The value of the last of that name."""
        return next((value for key, value in reversed(self) if key == name), other)
