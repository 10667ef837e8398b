"""What was chosen: the forms it is chosen by, and the ``landcheck.toml`` it is written down as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from landcheck.fields.catalogue import fields, role_of
from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import Pack
from landcheck.report.content import labels
from landcheck.report.toml import toml_value
from landcheck.request import DEFAULT_PACK, OPTIONS, PROJECT, Option
from landcheck.web.sessions import CONFIGURATION, Session
from landcheck.web.uploads import ROLES

READING = ("layer", "crs", "encoding")
JUDGING = ("as_of", "reading", "area_basis", "share_denominator", "overlap_tolerance", "no_assumptions", "headroom",
           "select", "ignore", *(f"project_{key}" for key in PROJECT))  # fmt: skip
BY_NAME = {option.name: option for option in OPTIONS}
AUTO = "auto"


class Control(NamedTuple):
    """One question of a form: ``kind`` is text, date, number, switch or choice."""

    name: str
    kind: str
    help: str
    value: Any
    choices: tuple[str, ...] = ()


@cache
def packs() -> tuple[Pack, ...]:
    """The packs that come along."""
    from landcheck.rulebook import load_packs

    return load_packs([AUTO])


def controls(session: Session, names: tuple[str, ...]) -> list[Control]:
    """The form of these options, filled with what was chosen."""
    return [_control(BY_NAME[name], session.options) for name in names]


def _control(option: Option, chosen: Mapping[str, Any]) -> Control:
    kinds = {"off": "switch", "switch": "switch", "date": "date", "amount": "number"}
    kind = "choice" if option.choices else kinds.get(option.form, "text")
    value = chosen.get(key_of(option), "")
    if option.name == "as_of":
        value = value or dt.date.today().isoformat()  # noqa: DTZ011 - the day where the user is
    help_code = option.help or "help-" + option.name.replace("_", "-")
    return Control(option.name, kind, help_code, value, option.choices)


def key_of(option: Option) -> str:
    """Its key in the configuration."""
    return option.key or option.name


def choose(session: Session, form: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Take over what a form of these options holds; what is empty is not chosen."""
    for option in (BY_NAME[name] for name in names):
        text = visible(form.get(option.name, "")).strip()
        session.options.pop(key_of(option), None)
        if text:
            session.options[key_of(option)] = _typed(option.form, text)


def _typed(form: str, text: str) -> Any:
    """The value as the configuration writes it; an amount that is no number is for the command line to refuse."""
    if form == "amount":
        with suppress(ValueError):
            return float(text)
    return {"off": False, "switch": True}.get(form, text)


def choose_packs(session: Session, form: Mapping[str, str]) -> None:
    """The packs ticked, by default the one of the command line, and the parameters that are not the packs' own."""
    known = [pack.id for pack in packs()]
    ticked = [name for name in (AUTO, *known) if f"pack.{name}" in form]
    session.options["pack"] = [AUTO] if AUTO in ticked else ticked or [DEFAULT_PACK]
    session.parameters = {}
    for pack in packs():
        for parameter in pack.parameters:
            text = visible(form.get(f"set.{parameter.name}", "")).strip()
            if text and text != str(parameter.value) and (pack.id in ticked or AUTO in ticked):
                session.parameters[parameter.name] = text


def write(session: Session) -> None:
    """Lay the configuration beside the files, where every child finds it."""
    session.place(f"files/{CONFIGURATION}").write_text(configuration(session), encoding="utf-8")


def configuration(session: Session) -> str:
    """What was chosen, as the command line reads it, headed by the command that repeats the check."""
    lines = [f"# {line}" for line in say("web-toml", session.lang, file=session.parcels or "PARCELS").splitlines()]
    lines += [f"lang = {toml_value(session.lang)}"]
    lines += [f"{role} = {toml_value(name)}" for name, role in session.roles.items() if role not in ("", "parcels")]
    tables: dict[str, dict[str, Any]] = {"map": {}, "set": session.parameters, "project": {}}
    for key, value in session.options.items():
        table, point, name = key.partition(".")
        if point:
            tables[table][name] = value
        else:
            lines.append(f"{key} = {toml_value(value)}")
    for field, column in session.maps.items():
        role, _, name = field.rpartition(".")
        tables.setdefault(f"map.{role}" if role else "map", {})[name] = column
    return "\n".join([*lines, *_tables(tables)]) + "\n"


def _tables(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, content in tables.items():
        if content:
            yield f"\n[{name}]"
            yield from (f"{key} = {toml_value(value)}" for key, value in content.items())


def field_names(layer: str, lang: Lang) -> list[tuple[str, str]]:
    """The fields of a layer by name, each with what it is called."""
    return [(one.name, f"{one.label.say(lang)} ({one.name})") for one in fields(role_of(layer))]


def field_label(layer: str, name: str, lang: Lang) -> str:
    """What a field is called, with the layer it is of where that is not the parcels'."""
    label = dict(field_names(layer, lang)).get(name, name)
    return label if layer == "parcels" else f"{labels.layer(layer, lang)}: {label}"


def choose_columns(session: Session, survey: Mapping[str, Any], form: Mapping[str, str]) -> list[str]:
    """Take over which column was given to which field; the fields that were given twice."""
    twice: dict[str, None] = {}
    chosen: dict[str, str] = {}
    for number, layer in enumerate(survey["layers"]):
        for place, column in enumerate(layer["columns"]):
            field, unit = (form.get(f"{what}.{number}.{place}") for what in ("field", "unit"))
            if not field or field not in {name for name, _ in field_names(layer["role"], session.lang)}:
                continue
            named = field if layer["role"] == "parcels" else f"{layer['role']}.{field}"
            text = column["column"] + (f":{unit.strip()}" if unit and unit.strip() else "")
            if (field, unit or "") == (column["field"], column["unit"] or ""):  # as it was found
                if named not in session.maps:
                    continue
                text = session.maps[named]
            if chosen.setdefault(named, text) != text:
                twice[field_label(layer["role"], field, session.lang)] = None
    session.maps = chosen
    return list(twice)


def role_choices(lang: Lang) -> list[tuple[str, str]]:
    """The roles a file may have, with what they are called."""
    return [("", say("web-role-none", lang)), *((role, labels.layer(role, lang)) for role in ROLES)]
