"""What the program says, in Chinese and English.

Every sentence has a code and stands once a language in one of the TOML files beside this one, each named by the room
that says it or by the reports that hold it. Code elsewhere names the code and gives the values; only a report or the
command line turns them into words. What depends on a count is written ``{count} {count:row|rows}``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Any, Literal, NamedTuple

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
ITEMS, LONGEST = 12, 200
"""How many items of a list a message names, and how many characters of each."""
CHOICES = frozenset(("known", "allowed", "choices", "formats", "suffixes"))
"""Values that list what a user may choose from, which are named whole."""
COUNTS = frozenset(
    ("count", "rows", "parcels", "verdicts", "same", "errors", "warnings", "notices", "entries", "stale", "fail",
     "review")
)  # fmt: skip
"""Values that say how many, in groups of three digits; other whole numbers are names: of a row, a year, a zone."""
NOTHING = {"zh": ("未注明", "无"), "en": ("not stated", "none")}
"""What is said for a value that is not there, and for a list of nothing."""
ROWS = frozenset(("row", "row_a", "row_b"))
"""Values that are rows, also where they say nothing but a number; ``rows`` is a list of such, or a count."""
COMMAS = ("、", "，", ", ")
FOLDER = Path(__file__).parent
# most runs need no more than these, in this order; the help page of the program needs only the first
FIRST = ("commands", "cli", "report", "run", "facts", "quality", "verdicts", "green", "geometry")


class Counted(str):
    """A value as it is said; ``{count:row|rows}`` is the first of both words where it is 1."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        if not words:
            return str(self)
        one, many = words.split("|")
        return one if self == "1" else many


class RowAt(NamedTuple):
    """A row, or several, as people find them: ``of`` the data, the sheet or the lines of the text, all from 1."""

    of: str
    number: Any

    def say(self, lang: Lang) -> str:
        """The row in words."""
        many = "rows" if isinstance(self.number, (list, tuple)) else "row"
        return say(f"{many}-of-{self.of}", lang, number=self.number)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """The text in that language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by its code, with the values it speaks of; ``said`` is the sentence itself where it was saved so."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    said: str | None = None

    def say(self, lang: Lang) -> str:
        """The sentence in that language."""
        return _filled(self.code, lang, self.values) if self.said is None else self.said


@cache
def catalogue() -> dict[str, Text]:
    """Every code with its text; the files are read once."""
    texts: dict[str, Text] = {}
    for path in _files():
        for code, text in _texts(path).items():
            if code in texts:
                raise ValueError(f"message {code} stands twice, the second time in {path.name}")
            texts[code] = text
    return texts


@cache
def _files() -> tuple[Path, ...]:
    """Those that most runs need come first."""
    first = [FOLDER / f"{room}.toml" for room in FIRST]
    return (*first, *sorted(set(FOLDER.glob("*.toml")) - set(first)))


@cache
def _texts(path: Path) -> dict[str, Text]:
    return {code: Text(**text) for code, text in tomllib.loads(path.read_text(encoding="utf-8")).items()}


@cache
def template(code: str, lang: Lang) -> str:
    """The sentence of a code, its values still open. KeyError for a code that stands nowhere.

    No more files are read than it takes to find it: the help texts stand in the first, those of a report in the next.
    """
    found = (texts[code] for texts in map(_texts, _files()) if code in texts)
    return (next(found, None) or catalogue()[code]).say(lang)


def say(code: str, lang: Lang, **values: Any) -> str:
    """A sentence at once: ``Message(code, values).say(lang)``."""
    return _filled(code, lang, values)


def _filled(code: str, lang: Lang, values: Mapping[str, Any]) -> str:
    if not values:
        return _bare(code, lang)
    spoken = {
        name: value if type(value) is str else _spoken(value, lang, whole=name in CHOICES, count=name in COUNTS)
        for name, value in _in_rows(values)
    }
    pattern = template(code, lang)
    if "|" in pattern:
        spoken = {name: Counted(value) for name, value in spoken.items()}
    return pattern.format_map(spoken)


def _in_rows(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        many = name == "rows" and isinstance(value, (list, tuple))
        row = many or (name in ROWS and isinstance(value, Integral))
        yield name, RowAt("data", value) if row and not isinstance(value, RowAt) else value


@cache
def _bare(code: str, lang: Lang) -> str:
    return template(code, lang).format_map({})


def number(value: float) -> str:
    """A number as people write it: up to 10 significant digits, no exponent, no trailing zeros."""
    text = f"{value:.10g}"
    if "e" in text:
        text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _spoken(value: Any, lang: Lang, *, whole: bool = False, count: bool = False) -> str:
    if value is None:
        return NOTHING[lang][0]
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (Text, Message, RowAt)):
        return value.say(lang)
    if isinstance(value, (list, tuple)):
        return _in_one(list(_listed(value, lang, None if whole else ITEMS)), lang)
    return f"{value:,}" if count and isinstance(value, int) else str(value)


def _in_one(items: Sequence[str], lang: Lang) -> str:
    """The items one after the other, by semicolons where one of them has commas of its own."""
    if not items:
        return NOTHING[lang][1]
    comma, semicolon = ("、", "；") if lang == "zh" else (", ", "; ")
    return (semicolon if any(mark in item for item in items for mark in COMMAS) else comma).join(items)


def _listed(items: Sequence[Any], lang: Lang, most: int | None) -> Iterator[str]:
    """The items of a list, the first ones of a long one and how many more there are; a very long item is cut."""
    for item in items[:most]:
        text = _spoken(item, lang)
        yield text if len(text) <= LONGEST else text[:LONGEST] + "…"
    if len(items[:most]) < len(items):
        more = len(items) - len(items[:most])
        yield f"另有 {more} 项" if lang == "zh" else f"and {more} more"
