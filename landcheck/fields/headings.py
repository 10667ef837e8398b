"""How column headings are compared: their key, the unit in their brackets, and what a shapefile leaves of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from landcheck.fields.units import Unit, find

CUT = 10
"""Bytes a .dbf keeps of a column name."""

_BRACKETS = str.maketrans("【〔[{】〕]}", "(((())))")
_IGNORED = re.compile(r"[\s_\-“”\"'‘’「」『』\u200b\ufeff]+")
_IN_BRACKETS = re.compile(r"(.+?)\((?:单位)?:?([^()]+)\)")
_AFTER_MARK = re.compile(r"(.+)[/_]([^/_]+)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is compared: all of it, and what stands before its unit or bracket."""

    whole: str
    stem: str
    unit: Unit | None
    bracket: bool
    unclosed: bool


def key(text: str) -> str:
    """What two spellings of one heading or word have in common."""
    return _IGNORED.sub("", _folded(text))


def heading(column: str) -> Heading:
    """A column name taken apart: ``用地面积（公顷）`` is ``用地面积`` in ha."""
    text = _folded(column).strip()
    unclosed = text.count("(") > text.count(")")
    if found := _IN_BRACKETS.fullmatch(text):
        return Heading(key(text), key(found[1]), find(found[2]), bracket=True, unclosed=unclosed)
    # a bare _m is as often a mark as metres, which are said in brackets
    if (found := _AFTER_MARK.fullmatch(text)) and (unit := find(found[2])) and unit.dimension != "length":
        return Heading(key(text), key(found[1]), unit, bracket=False, unclosed=False)
    return Heading(key(text), key(text.partition("(")[0]), None, bracket=unclosed, unclosed=unclosed)


def cuts(name: str) -> Iterator[str]:
    """What a .dbf in UTF-8 or GBK leaves of a name that is too long for it, half a character dropped."""
    for codec in ("utf-8", "gb18030"):
        data = name.encode(codec)
        if len(data) > CUT:
            yield data[:CUT].decode(codec, errors="ignore")


def may_be_cut(column: str) -> bool:
    """Whether a name is as long as what a cut leaves: 10 bytes, or a few less where half a character was dropped."""
    lengths = {len(column.encode(codec, errors="replace")) for codec in ("utf-8", "gb18030")}
    return bool(lengths & ({CUT} if column.isascii() else {CUT, CUT - 1, CUT - 2}))


def twin(column: str, columns: Iterable[str]) -> str | None:
    """A second column cut to the same ten bytes, which drivers number (``undergro_1``): which is which is lost."""
    if not may_be_cut(column):
        return None
    stems = {
        column.encode(codec, errors="replace")[: CUT - 2].decode(codec, "ignore") for codec in ("utf-8", "gb18030")
    }
    for other in columns:
        if other != column and any(re.fullmatch(re.escape(stem) + r"(_\d|\d\d)", other) for stem in stems):
            return other
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_BRACKETS)
