"""The field catalogue (CONTRACT section 2), read from ``catalogue.toml`` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from landcheck.fields.headings import cuts, key
from landcheck.messages import Text
from landcheck.model import Choice, Field, Kind, Role

NOT_A_FIELD = ""
"""Stands among the candidates of a cut name for the headings that are known to mean something else."""

FALLBACK = 2
"""Ranks of a heading: 0 canonical name, 1 alias, from here on fallbacks in their order."""


ATTRIBUTES = "attributes"
"""The layer of the run that holds fields of parcels in a table of its own."""

OWNERS = (Role.PARCELS, Role.PARKS, Role.GREEN, Role.BUILDINGS, Role.ZONES)
"""A field named without its layer is the one of the first of these that has it."""


@cache
def fields(role: Role) -> tuple[Field, ...]:
    """Every field of a layer, in the order of the contract."""
    return tuple(_field(role, name, entry) for name, entry in _data()[role.value].items())


def field(role: Role, name: str) -> Field:
    """One field by its canonical name. KeyError where the layer has none of that name."""
    return _by_name(role)[name]


def titled(role: Role, name: str) -> Text:
    """What a message calls a field: in Chinese by its label, in English by its canonical name."""
    return field(role, name).named


def has_field(role: Role, name: str) -> bool:
    """Whether the layer has a field of that canonical name."""
    return name in _by_name(role)


def qualified(a_field: Field) -> str:
    """The name of a field in ``--map``: with its layer only where the name alone means another layer's field."""
    owner = next(role for role in OWNERS if has_field(role, a_field.name))
    return a_field.name if owner is a_field.role else f"{a_field.role.value}.{a_field.name}"


def line_name(a_field: Field, layer: str = "") -> str:
    """The name of a field in a line of ``--map`` for a layer of the run: that of a table of attributes is its own."""
    return f"{ATTRIBUTES}.{a_field.name}" if layer == ATTRIBUTES else qualified(a_field)


def role_of(layer: str) -> Role:
    """Whose fields a layer of the run holds: a table of attributes the parcels'."""
    return Role(layer) if layer in set(Role) else Role.PARCELS


@cache
def known_headings(role: Role) -> Mapping[str, tuple[str, int]]:
    """The key of every heading: its field and its rank."""
    ranks: dict[str, tuple[str, int]] = {}
    for name, entry in _data()[role.value].items():
        for alias in entry.get("aliases", ()):
            ranks[key(alias)] = (name, 1)
        for rank, alias in enumerate(entry.get("fallback", ()), start=FALLBACK):
            ranks[key(alias)] = (name, rank)
        ranks[key(name)] = (name, 0)
    return ranks


@cache
def cut_headings(role: Role) -> Mapping[str, frozenset[str]]:
    """What a shapefile leaves of each heading, and the fields it may have been; ``NOT_A_FIELD`` for a look-alike."""
    found: dict[str, set[str]] = {}
    for name, entry in _data()[role.value].items():
        for heading in (name, *entry.get("aliases", ()), *entry.get("fallback", ())):
            for cut in cuts(heading):
                found.setdefault(key(cut), set()).add(name)
    for heading in chain.from_iterable(_data()["look_alikes"].get(role.value, {}).values()):
        for cut in cuts(heading):
            found.setdefault(key(cut), set()).add(NOT_A_FIELD)
    return {cut: frozenset(names) for cut, names in found.items()}


@cache
def english_words(role: Role, name: str) -> frozenset[str]:
    """The English words by which a field is called, in lower case."""
    a_field = field(role, name)
    texts = (name.replace("_", " "), a_field.label.en, *a_field.aliases)
    return frozenset(word for text in texts if text.isascii() for word in text.casefold().split())


@cache
def look_alikes(role: Role) -> Mapping[str, tuple[str, ...]]:
    """The keys of headings that look like a field and often mean something else: the fields that they may be."""
    found: dict[str, tuple[str, ...]] = {}
    for name, headings in _data()["look_alikes"].get(role.value, {}).items():
        for heading in headings:
            found[key(heading)] = (*found.get(key(heading), ()), *([] if name == "no_field" else [name]))
    return found


@cache
def spellings(role: Role, name: str) -> Mapping[str, str]:
    """The words written for the values of a field, by their key: enumerations, ``true``/``false``, districts."""
    entry = _data()[role.value][name]
    found = {key(word): value for value in ("true", "false") for word in entry.get(value, ())}
    for choice in _choices(entry.get("choices", ())):
        for word in (*choice.aliases, choice.label.zh, choice.label.en, choice.value):
            found[key(word)] = choice.value
    return found


@cache
def _by_name(role: Role) -> dict[str, Field]:
    return {a_field.name: a_field for a_field in fields(role)}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))


def _field(role: Role, name: str, entry: Mapping[str, Any]) -> Field:
    kind = Kind(entry["kind"])
    return Field(
        name, role, kind, Text(**entry["label"]), Text(**entry["meaning"]), Text(**entry["document"]),
        unit=entry.get("unit", ""),
        aliases=(*entry.get("aliases", ()), *entry.get("fallback", ())),
        choices=_choices(entry["choices"]) if kind is Kind.ENUM else (),
        assumed=entry.get("assumed"),
        required=entry.get("required", False),
        at_least=entry.get("at_least"),
        more_than=entry.get("more_than"),
        possible=tuple(entry["possible"]) if "possible" in entry else None,
        slip=Text(**entry["slip"]) if "slip" in entry else None,
        zero_is_none=entry.get("zero_is_none", False),
    )  # fmt: skip


def _choices(entries: Any) -> tuple[Choice, ...]:
    listed = _data()["words"][entries] if isinstance(entries, str) else entries
    return tuple(Choice(entry["value"], Text(**entry["label"]), tuple(entry["aliases"])) for entry in listed)
