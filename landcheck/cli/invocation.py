"""One call of a command: what was given on the command line, over what the configuration says."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from inspect import Signature
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from landcheck.cli import config, console
from landcheck.cli.option_table import options_of, parameters
from landcheck.errors import UsageError
from landcheck.messages import Lang
from landcheck.request import OPTIONS, ColumnRef, Option, Request, day_of, parameters_of

if TYPE_CHECKING:
    from landcheck.report.options import Detail, Options, Show

Command = Callable[["Invocation"], int | None]
COMMANDS: dict[str, Command] = {}
GATHERED = ("sources", "project")  # fields of several options


class Invocation:
    """What a command is called with, ``given`` by the names of its options. UsageError for a page there is not."""

    def __init__(self, command: str, given: Mapping[str, Any]) -> None:
        self.command, self.given = command, given
        for option in options_of(command):
            if option.choices and option.metavar and given[option.name] not in option.choices:
                _refuse(option.name.replace("_", "-"), given[option.name], option.choices)

    def __getitem__(self, name: str) -> Any:
        """What the command line gave; None, False or the option's own default where it gave nothing."""
        return self.given[name]

    @cached_property
    def config(self) -> config.Config:
        """The configuration of the commands that take one, read when it is first asked for."""
        return config.load(self["config"]) if "config" in self.given else config.NONE

    def written(self, option: Option) -> Any:
        """An option as it stands on the command line, else in the configuration; None where it stands in neither."""
        return self._written(option, self.given.get(option.name))

    def setting(self, key: str) -> Any:
        """The value of the option with that key in the configuration, None where nobody gave one. UsageError."""
        option = config.KEYS[key]
        return self._value(option, self.given.get(option.name))

    def request(self, **instead: Any) -> Request:
        """The run asked for; ``instead``: options that are to count in place of those given. UsageError."""
        fields: dict[str, Any] = {}
        for option in OPTIONS:
            given = self.given[option.name] if self.command in option.commands else None
            value = self._value(option, instead.get(option.name, given))
            if value is None:
                continue
            if option.field in GATHERED:
                if not value:
                    raise UsageError("read-no-name", role=option.name)
                fields.setdefault(option.field, {})[option.name] = value
            else:
                fields[option.field or option.name] = value if option.value is None else option.value(value)
        return Request(self["parcels"], **fields)

    @property
    def lang(self) -> Lang:
        """The language of the answer: the one asked for, else the run's own."""
        asked = self.setting("lang")
        return "zh" if asked == "zh" else "en" if asked == "en" else console.LANG

    def shape(self, show: Show) -> Options:
        """How a report is printed here."""
        from landcheck.report.options import Options

        width, kept = shutil.get_terminal_size((100, 24)).columns, bool(self.setting("keep_geometry"))
        detail: Detail = "summary" if self.given.get("summary") else "whole" if self.given.get("verbose") else "usual"
        headroom = kept or self.command != "check" or bool(self.setting("headroom"))
        by = tuple(self.setting("by") or ()) if "by" in self.given else ()
        return Options(self.lang, show, width, console.coloured(sys.stdout), kept, headroom, by, detail)

    def put_page(self, text: Callable[..., Iterator[str]], json: Callable[..., Iterator[str]], *found: Any) -> None:
        """What was found, on standard output in the form asked for."""
        console.put((json if self["output_format"] == "json" else text)(*found, self.shape("all")))

    def _written(self, option: Option, given: Any) -> Any:
        if given in (None, [], ()) or given is False:
            return self.config.options.get(option.name if option.key is None else option.key)
        return given

    def _value(self, option: Option, given: Any) -> Any:
        """An option's value as the engine takes it; None where there is none."""
        if option.form in config.TABLES:
            texts = (*self.config.tables[option.form], *(given or ()))
            return parameters_of(texts) if option.form == "set" else _maps(texts)
        value = self._written(option, given)
        if option.form == "off":
            return not given and value is not False
        if option.choices:
            return _chosen(option, value)
        if option.form == "list":
            return tuple(value or ()) or None
        return day_of(value) if option.form == "date" and value is not None else value


def command(name: str) -> Callable[[Command], Command]:
    """Makes a function the command of that name; of two words the first names a group."""

    def register(function: Command) -> Command:
        COMMANDS[name] = function
        return function

    return register


def callback(name: str) -> Callable[..., None]:
    """A command as typer calls it: a function whose signature holds its options."""

    def call(**given: Any) -> None:
        with console.guarded():
            raise typer.Exit(COMMANDS[name](Invocation(name, given)) or 0)

    call.__signature__ = Signature(list(parameters(name)))  # type: ignore[attr-defined]  # what inspect reads
    return call


def _chosen(option: Option, value: Any) -> Any:
    """The words as written, all of them allowed. UsageError."""
    if not value:
        return None
    words = value if option.form == "list" else [value]
    for word in words:
        if word not in option.choices:
            _refuse(option.name, word, option.choices)
    return [str(word) for word in words] if option.form == "list" else str(value)


def _refuse(name: str, value: str, known: Sequence[str]) -> NoReturn:
    raise UsageError("bad-choice", name=name, value=value, known=list(known))


def _maps(texts: Sequence[str]) -> dict[str, ColumnRef]:
    from landcheck.fields.field_names import parse_map

    return dict(map(parse_map, texts))
