"""A key that stands twice in the properties of a feature: GDAL takes the last value, other readers the first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from landcheck.model import Level
from landcheck.read.repair import CellsAsText
from landcheck.read.source import CHUNK, DataSource

LOOKED_THROUGH = 1 << 20
PARSED_AT_MOST = 64 << 20
BETWEEN = re.compile(
    rb'"(?:properties|attributes|coordinates)"'
    rb'|"type"\s*:\s*"(?:Feature|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection)"'
)
"""What stands between the properties of two features."""
NUMBERS = re.compile(rb"[-+0-9.,eE\[\]\s]{64,}")


class KeysTwice(CellsAsText):
    """The columns with a cell that two different values are given for, as the text in the file, both in that cell."""

    def __init__(self, source: DataSource, names: Sequence[str], rows: int) -> None:
        self.rows: list[_Properties] = []
        size = source.path.stat().st_size
        seen = _seen_twice(source.path, names) if size > LOOKED_THROUGH else None
        if size > PARSED_AT_MOST and seen:
            self.findings = (source.finding(Level.ERROR, "read-keys-more", columns=sorted(seen)),)
        if size > PARSED_AT_MOST or seen == set():
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


def _seen_twice(path: Path, names: Sequence[str]) -> set[str] | None:
    """The names that stand twice between the marks of features, if not always as keys; None: not known."""
    ways = {name: {f'"{name}"'.encode(errors="replace"), json.dumps(name).encode()} for name in names}
    often: Counter[str] = Counter()
    for piece in _pieces(path):
        if b"\\u00" in piece:  # a letter that is written as its number
            return None
        for name, forms in ways.items():
            often[name] = max(often[name], sum(map(piece.count, forms)))
    # a name that is nowhere is written in yet another way
    return None if 0 in often.values() else {name for name, count in often.items() if count > 1}


def _pieces(path: Path) -> Iterator[bytes]:
    """What stands between the marks, without long rows of numbers; not what is before the first."""
    start, rest = 1, b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            *pieces, rest = BETWEEN.split(rest + NUMBERS.sub(b"", chunk))
            yield from pieces[start:]
            start = 0 if pieces else start
    yield rest


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
