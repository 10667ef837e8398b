"""Units that stand beside the headings of a table: in a row of their own below, or in a title above."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from landcheck.fields.catalogue import field, role_of
from landcheck.fields.headings import heading
from landcheck.fields.mapping import match
from landcheck.fields.units import UNITS, find
from landcheck.model import Field, Kind

Cells = Sequence[Any]

UNIT_CELL = re.compile(r"[(\[【〔]?\s*(?:单位\s*:?)?\s*([^()\[\]【】〔〕]*?)\s*[)\]】〕]?")
NO_UNIT = frozenset(("", "-", "—", "——", "/", "\\", "计量单位"))
STATED = re.compile(
    r"(?:((?:用地|建筑|土地)?面积|金额|价款|投资|计量)|(?<![\u4e00-\u9fff]))单位\s*(?:[:：]|均?为)\s*([^()（）\[\]，,;；。:：\s]+)"
)
AMONG = re.compile(r"[、和与及]")
LIKE_A_UNIT = re.compile(r"[米亩顷元]|m2|m²|㎡|公里", re.IGNORECASE)
LIKE_A = {
    "area": re.compile(r"面积|建面|占地|建筑总量|area|gfa", re.IGNORECASE),
    "money": re.compile(r"价款|地价|金额|投资|资金|price|investment", re.IGNORECASE),
}
"""What is stated in a title counts for areas and sums of money: there is no other quantity that titles speak of."""


def field_meant(name: str, names: Sequence[str], role: str) -> Field | None:
    """The field that a column holds by its heading; None where it says nothing."""
    meant = match(role_of(role), name, names).field
    return None if meant is None else field(role_of(role), meant)


def unit_row(row: Cells) -> list[str]:
    """The units that stand in a row under the headings, one a column, empty where there is none; [] for other rows."""
    texts = ["" if cell is None else unicodedata.normalize("NFKC", str(cell)).strip() for cell in row]
    found = [UNIT_CELL.fullmatch(text) for text in texts]
    units = ["" if one is None or one[1] in NO_UNIT else one[1] for one in found]
    filled = [(text, unit) for text, unit in zip(texts, units, strict=True) if text not in NO_UNIT]
    known = sum(find(unit) is not None for _, unit in filled)
    return units if known and 2 * known >= len(filled) and all(unit or text == "单位" for text, unit in filled) else []


def with_units(
    names: Sequence[str], rows: Sequence[Cells], top: int, below: int, role: str
) -> tuple[int, list[str], tuple[str, ...]]:
    """The first row of data, the names of the columns with their units in brackets, and those that gained one.

    ``rows`` are the first ones of the table, those of the headings from ``top`` to before ``below``.
    """
    under = unit_row(rows[below]) if below < len(rows) else []
    stated = list(_stated(" ".join(str(cell) for row in rows[:top] for cell in row if cell is not None)))
    measured = [_dimension(name, names, role) for name in names] if under or stated else [""] * len(names)
    result = [
        _with(name, unit) if of is None or of else name
        for name, unit, of in zip(names, [*under, *[""] * len(names)], measured, strict=False)
    ]
    result = [
        name if heading(name).unit else _with(name, _said(stated, name, of))
        for name, of in zip(result, measured, strict=True)
    ]
    gained = tuple(name for name, before in zip(result, names, strict=True) if name != before)
    return below + bool(under), result, gained


def _with(name: str, unit: str) -> str:
    known = find(unit)
    return f"{name}({unit})" if unit and name and (known is None or heading(name).unit != known) else name


def _stated(title: str) -> Iterator[tuple[str, str]]:
    """The dimension and the word of each unit that a title states; that of an unknown one is as the words say."""
    for found in STATED.finditer(title):
        for word in AMONG.split(found[2]):
            unit = find(word)
            if unit is not None:
                yield unit.dimension, word
            elif found[1] or (len(word) < 6 and LIKE_A_UNIT.search(word)):
                money = "元" in word or found[1] in ("金额", "价款", "投资")
                yield ("money" if money else "area"), word


def _dimension(name: str, names: Sequence[str], role: str) -> str | None:
    """Of what a column holds by its heading: empty for what is no number, None where the heading says nothing."""
    a_field = field_meant(name, names, role)
    if a_field is None:
        return None
    return UNITS[a_field.unit].dimension if a_field.kind is Kind.NUMBER else ""


def _said(stated: Sequence[tuple[str, str]], name: str, dimension: str | None) -> str:
    """What the title states of that column: one unit, several between which nobody can tell, or nothing."""
    if dimension is None:
        dimension = next((one for one, pattern in LIKE_A.items() if pattern.search(name)), "")
    return "/".join(dict.fromkeys(word for one, word in stated if one == dimension and one in LIKE_A))
