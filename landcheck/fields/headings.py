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
_IN_BRACKETS = re.compile(r"(.+)\((?:单位)?:?([^()]+)\)")
_AFTER_MARK = re.compile(r"(.+)[/_]([^/_]+)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is compared: all of it, what stands before its unit, and what before all of its brackets.

    ``said``: what stands in brackets and is no unit, as ``far`` in ``容积率(FAR)``.
    """

    whole: str
    stem: str
    base: str
    unit: Unit | None
    bracket: bool
    unclosed: bool
    said: tuple[str, ...] = ()


def key(text: str) -> str:
    """What two spellings of one heading or word have in common."""
    return _IGNORED.sub("", _folded(text))


def heading(column: str) -> Heading:
    """A column name taken apart: ``用地面积（公顷）`` is ``用地面积`` in ha, on one line or on two.

    Two units that differ are words in brackets like any others.
    """
    text = " ".join(_folded(column).split())
    unclosed = text.count("(") > text.count(")")
    if found := _IN_BRACKETS.fullmatch(text):
        before, parts = heading(found[1]), re.split("[,、;]", found[2]) if find(found[2]) is None else [found[2]]
        units = {*filter(None, map(find, parts)), *filter(None, (before.unit,))}
        unit = units.pop() if len(units) == 1 else None
        said = (*before.said, *(part.strip() for part in parts if find(part) is None or unit is None))
        stem = before.stem if before.unit and not said else before.whole
        return Heading(key(text), stem, before.base, unit, bracket=True, unclosed=unclosed, said=said)
    # a bare _m is as often a mark as metres, which are said in brackets
    if (found := _AFTER_MARK.fullmatch(text)) and (unit := find(found[2])) and unit.dimension != "length":
        return Heading(key(text), key(found[1]), key(found[1]), unit, bracket=False, unclosed=False)
    base = key(text.partition("(")[0])
    return Heading(key(text), base, base, None, bracket=unclosed, unclosed=unclosed)


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
