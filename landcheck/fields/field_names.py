"""The fields that a user names: in ``--map`` by canonical name, by label or by any heading they are known by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from landcheck.errors import UsageError, nearest
from landcheck.fields.catalogue import ATTRIBUTES, OWNERS, field, fields, has_field, known_headings, qualified
from landcheck.fields.headings import key
from landcheck.model import Field, Role
from landcheck.request import ColumnRef

LAYERS = {
    "地块": "parcels", "宗地": "parcels", "园区": "parks", "高新区": "zones", "绿地": "green", "建筑": "buildings",
    "属性表": ATTRIBUTES,
}  # fmt: skip


def parse_map(text: str) -> tuple[str, ColumnRef]:
    """``FIELD=COLUMN[:UNIT]`` or ``LAYER.FIELD=COLUMN[:UNIT]`` taken apart: the canonical field, and the column.

    UsageError for another form or a field that no layer has. ``map_columns`` checks the unit: a name may hold a colon.
    """
    found = re.fullmatch(r"\s*([^=＝]+?)\s*[=＝]\s*(.+?)\s*", text, re.DOTALL)
    if not found:
        raise UsageError("fields-map-form", text=text)
    column, unit = re.fullmatch(r"(.+?)(?:\s*[:：]\s*([^:：]*))?", found[2], re.DOTALL).groups()  # type: ignore[union-attr]  # matches any text
    return _canonical(unicodedata.normalize("NFKC", found[1]).casefold()), ColumnRef(column, unit or "")


def _canonical(name: str) -> str:
    """The field as it is called everywhere else."""
    layer, point, last = name.rpartition(".")
    layer = LAYERS.get(layer, layer)
    meant = named_field(f"{layer}{point}{last}")
    return f"{layer}.{meant.name}" if layer == ATTRIBUTES else qualified(meant)


def named_field(name: str) -> Field:
    """The field of ``FIELD`` or ``LAYER.FIELD``; alone it is the parcels' field, else of the first layer that has it.

    UsageError where there is none, with the nearest names.
    """
    layer, _, last = name.rpartition(".")
    owner = Role.PARCELS.value if layer == ATTRIBUTES else layer
    roles = [role for role in OWNERS if owner in ("", role.value)]
    for role in roles:
        if has_field(role, last):
            return field(role, last)
    words = dict(_words(roles))
    if key(last) in words:
        return words[key(last)]
    known = {word: meant.name for word, meant in words.items()} | {one.name: one.name for one in words.values()}
    near = list(dict.fromkeys(known[word] for word in nearest(last, known)))
    raise UsageError("fields-map-field", name=name, near=near)


def _words(roles: list[Role]) -> Iterator[tuple[str, Field]]:
    """The headings and labels of the fields; of several layers the first one's counts."""
    for role in reversed(roles):
        yield from ((word, field(role, name)) for word, (name, _) in known_headings(role).items())
        yield from ((key(one.label.zh), one) for one in fields(role))
