"""``landcheck`` without a command: the plan that lies in this folder and how it is checked, else the help page."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landcheck.cli import console
from landcheck.cli.invocation import Invocation
from landcheck.cli.option_table import options_of
from landcheck.errors import InputError, LandcheckError
from landcheck.messages import Lang, say
from landcheck.messages.visible import logged

if TYPE_CHECKING:
    from landcheck.fields.candidates import Survey
    from landcheck.run.plans import Plan

LOOKED_AT = 6
"""Sources whose columns are looked at."""
Seen = tuple["Plan", "Survey | LandcheckError"]


def tell(help_page: str) -> None:
    """Say what a check would read in this folder, and the command; the help page and a next step where it is nothing.

    LandcheckError for a configuration that cannot be read.
    """
    with console.guarded():
        asked = _asked({})
        lang = asked.lang
        try:
            seen, others = _plans(asked)
        except InputError as error:  # of a folder of very many files
            console.put([help_page, "\n\n", *_lines([error.say(lang), say("here-next", lang)])])
            return
        if not seen:
            console.put([help_page, "\n\n", *_lines([say("here-nothing", lang), say("here-next", lang)])])
            return
        console.put(_lines([*_plan(seen[0], lang), *_further(seen[1:], others, lang)]))


def _asked(inputs: dict[str, str]) -> Invocation:
    """A call of ``landcheck fields`` with these inputs and what the configuration says."""
    return Invocation("fields", {option.name: option.default for option in options_of("fields")} | inputs)


def _plans(asked: Invocation) -> tuple[list[Seen], list[str]]:
    """The plans of this folder, the best known first, and the names of what is in none; a guess needs its columns."""
    from landcheck.run.plans import PARTS, plans_in

    found, others = plans_in(Path(), [part for part in PARTS if asked.config.options.get(part)])
    seen = [(plan, _surveyed(plan)) for plan in found[:LOOKED_AT]]
    kept = [one for one in seen if one[0].certain or _columns(one[1])]
    told = {plan.parcels for plan, _ in kept}
    others += [plan.parcels for plan in found if plan.parcels not in told]
    return sorted(kept, key=lambda one: -_columns(one[1])), others


def _surveyed(plan: Plan) -> Survey | LandcheckError:
    from landcheck import api

    try:
        return api.survey_fields(_asked({"parcels": _path(plan.parcels), **plan.beside}).request())
    except LandcheckError as error:
        return error


def _columns(survey: Survey | LandcheckError) -> int:
    """How many columns of the parcels hold a field that is known, none where there is no row."""
    if isinstance(survey, LandcheckError):
        return 0
    return sum(len(one.used) for one in survey.layers if one.name == "parcels" and one.info.rows)


def _plan(one: Seen, lang: Lang) -> Iterator[str]:
    """The layers of a plan, what is open, and the commands."""
    from landcheck.report.content import labels

    plan, survey = one
    yield say("here-plan", lang)
    if isinstance(survey, LandcheckError):
        yield f"  {survey.say(lang)}"
    else:
        for layer in survey.layers:
            yield "  " + say("here-layer", lang, layer=labels.layer(layer.name, lang), file=layer.info.path,
                             name=layer.info.layer, rows=layer.info.rows, used=len(layer.used),
                             columns=len(layer.columns))  # fmt: skip
        if problems := sum(len(layer.problems) for layer in survey.layers):
            yield say("here-open", lang, count=problems)
    yield say("here-check", lang)
    yield f"  {_command('check', plan)}"
    yield say("here-fields", lang)
    yield f"  {_command('fields', plan)}"


def _further(seen: Sequence[Seen], others: Sequence[str], lang: Lang) -> Iterator[str]:
    if seen:
        yield say("here-also", lang, commands=[_command("check", plan) for plan, _ in seen])
    if others:
        yield say("here-others", lang, files=list(others))


def _command(name: str, plan: Plan) -> str:
    """The command as a shell takes it."""
    words = ["landcheck", name, _path(plan.parcels)]
    words += [word for part, file in plan.beside.items() for word in (f"--{part}", _path(file))]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _path(name: str) -> str:
    """A file here, also where its name looks like an option."""
    return f"./{name}" if name.startswith("-") else name


def _lines(texts: Sequence[str]) -> list[str]:
    return [logged(text) + "\n" for text in texts]
