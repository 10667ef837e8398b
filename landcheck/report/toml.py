"""What is written as TOML: ``landcheck.toml``, and an entry of a register of waivers to fill in."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landcheck.fields.candidates import LayerSurvey, MapLine
from landcheck.fields.catalogue import ATTRIBUTES
from landcheck.messages import Lang, say
from landcheck.messages.visible import UNSEEN
from landcheck.model import Role
from landcheck.report.content import labels

UNSEEN_ONE = re.compile(f"[{UNSEEN}]")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
TO_FILL_IN = ("number", "approver", "reason", "expires")


def configuration(
    settings: Mapping[str, Any], lines: Sequence[MapLine], layers: Sequence[LayerSurvey], lang: Lang
) -> str:
    """The file, ready to be saved: ``settings`` are its options, their ``set`` the parameters of the packs.

    What a check would stop at stands in it as a comment, with each way out.
    """
    options = {name: value for name, value in settings.items() if name != "set"}
    text = "".join(f"{name} = {toml_value(value)}\n" for name, value in options.items())
    for name in (*(role.value for role in Role), ATTRIBUTES):
        text += "".join(_table(name, lines, layers, lang))
    if parameters := settings.get("set"):
        text += "\n[set]\n" + "".join(f"{_key(name)} = {toml_value(value)}\n" for name, value in parameters.items())
    return text.lstrip("\n")


def _table(name: str, lines: Sequence[MapLine], layers: Sequence[LayerSurvey], lang: Lang) -> Iterator[str]:
    mine = [line for line in lines if line.layer == name]
    open_here = [problem for layer in layers if layer.name == name for problem in layer.problems]
    if not (mine or open_here):
        return
    yield f"\n# {labels.layer(name, lang)}\n"
    yield "[map]\n" if name == Role.PARCELS else f"[map.{name}]\n"
    yield from (f"{line.field.name} = {toml_value(line.column)}\n" for line in mine)
    for problem in open_here:
        yield f"# {say('survey-choose', lang, label=problem.field.label)}\n"
        columns = [choice.partition("=")[2] for choice in problem.choices]
        yield from (f"# {problem.field.name} = {toml_value(column)}\n" for column in columns)


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else toml_value(name)


def waiver_entry(
    kind: str, subject: str, rule: str, fingerprint: str | None, measured: Mapping[str, float], lang: Lang
) -> Iterator[str]:
    """The entry line by line: what a person knows is left open, what the layer says is there."""
    yield "[[waiver]]\n"
    yield from (f'{name} = ""  # {say(f"waiver-fill-{name}", lang)}\n' for name in TO_FILL_IN)
    values = "; ".join(f"{name} = {value!r}" for name, value in measured.items())
    known = {"rule": rule, kind: subject, "measured": values or None, "fingerprint": fingerprint}
    known = {name: value for name, value in known.items() if value is not None}
    yield from (f"{name} = {toml_value(value)}\n" for name, value in known.items())


def toml_value(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, str):
        # TOML escapes as JSON does, and knows no pairs of surrogates
        return UNSEEN_ONE.sub(lambda one: f"\\U{ord(one[0]):08x}", json.dumps(value, ensure_ascii=False))
    return str(value)
