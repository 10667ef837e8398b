"""The files of a project: ``landcheck fields``, ``convert`` and ``init``, and ``landcheck waivers new``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landcheck.cli import config, console
from landcheck.cli.invocation import Invocation, command
from landcheck.errors import UsageError
from landcheck.messages import LANGUAGES, Lang, say
from landcheck.messages.visible import logged

WRONG, UNSETTLED = 1, 3
TEMPLATE = "plan.gpkg"
EXAMPLE = "example.gpkg"
README = "README.md"
FILES = (config.NAME, TEMPLATE, EXAMPLE, README)
# The forms of options that `landcheck fields` writes, in the order of the file it writes.
WRITTEN = ("path", "text", "list", "date", "amount")


@command("fields")
def fields(asked: Invocation) -> int:
    """Tell how columns map onto fields; 3 where something is open that stops a check."""
    from landcheck import api
    from landcheck.report.pages import fields_page

    lang, as_json = asked.lang, asked["output_format"] == "json"
    if asked["parcels"] is None:
        console.put((fields_page.catalogue_json if as_json else fields_page.catalogue)(lang))
        return 0
    survey = api.survey_fields(asked.request())
    page = fields_page.as_json if as_json else fields_page.text
    console.put(page(survey, _settings(asked), lang))
    return UNSETTLED if any(layer.problems for layer in survey.layers) else 0


def _settings(asked: Invocation) -> dict[str, Any]:
    """The options that were chosen, as the configuration holds them."""
    chosen: dict[str, Any] = {
        key: asked.written(option)
        for form in WRITTEN
        for key, option in config.KEYS.items()
        if option.form == form and option.group != "cluster"
    }
    if not asked.setting("assumptions"):
        chosen["assumptions"] = False
    chosen["set"] = dict(text.split("=", 1) for text in asked.config.tables["set"])
    return {key: value for key, value in chosen.items() if value not in (None, [], {})}


@command("convert")
def convert(asked: Invocation) -> int:
    """Write the layers in another format; 1 where something in them is wrong, which is told."""
    from landcheck import api
    from landcheck.model import Level
    from landcheck.report.content import labels

    request, lang = asked.request(), asked.lang
    made = api.convert(request, asked["output"], request.paths)
    for name, rows, crs in made.layers:
        values = {"file": asked["output"], "layer": name, "rows": rows, "crs": crs}
        console.put([say("convert-done", lang, **values) + "\n"])
    told = [(one.level, one.message) for one in made.findings]
    console.put(f"{labels.level(level, lang)}: {message.say(lang)}\n" for level, message in told)
    console.put(f"{message.say(lang)}\n" for message in made.notes)
    return WRONG if any(level is Level.ERROR for level, _ in told) else 0


@command("waivers new")
def new_waiver(asked: Invocation) -> None:
    """Print an entry of the register with the fingerprint of the parcel or park."""
    from landcheck.exceptions.waivers import current_fingerprint
    from landcheck.model import UNMET
    from landcheck.report.content.sentences import verdict_word
    from landcheck.report.toml import waiver_entry
    from landcheck.run.one_parcel import current_findings

    if (asked["parcel"] is None) is (asked["park"] is None):
        raise UsageError("waiver-new-one-subject")
    kind = "parcel" if asked["park"] is None else "park"
    request, rule, subject = asked.request(), asked["rule"], asked[kind]
    fingerprint = current_fingerprint(request, rule, kind, subject)
    found = current_findings(request, rule, kind, subject)
    for one in (one for one in found if one.verdict not in UNMET):
        verdict, named = verdict_word(one, asked.lang), one.rule.named
        console.note(say("waiver-covers-nothing", asked.lang, rule=named, subject=subject, verdict=verdict))
    measured = {of.name: of.measured for one in found for of in one.requirements if isinstance(of.measured, float)}
    console.put(waiver_entry(kind, subject, rule, fingerprint, measured, asked.lang))


@command("init")
def init(asked: Invocation) -> None:
    """Begin a project."""
    folder = Path(asked["directory"])
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError("init-not-a-folder", folder=str(folder))
        if there := [name for name in FILES if (folder / name).exists()]:
            raise UsageError("init-exists", folder=str(folder), files=there)
        _fill(folder, asked["crs"], asked.lang)
    except (OSError, RuntimeError) as error:  # the latter of GDAL, for a folder whose name it does not take
        from landcheck.bounded import reason

        raise UsageError("init-cannot-write", folder=asked["directory"], reason=reason(error)) from error
    example = (folder / EXAMPLE).as_posix()
    console.put([logged(say("init-done", asked.lang, folder=asked["directory"], files=FILES, example=example)) + "\n"])


def _fill(folder: Path, crs: str, lang: Lang) -> None:
    """Everything is made beside the folder's files first, so that they appear whole or not at all."""
    from landcheck.run.template import write_example, write_template
    from landcheck.temporary import Folder

    made_here = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Folder(folder) as workshop:
            made = Path(workshop)
            write_template(made / TEMPLATE, crs, lang)
            write_example(made / EXAMPLE, lang)
            (made / config.NAME).write_text(say("init-configuration", lang).lstrip(), encoding="utf-8")
            readme = "\n".join(say("init-readme", one).strip() + "\n" for one in LANGUAGES)
            (made / README).write_text(readme, encoding="utf-8")
            for name in FILES:
                (made / name).rename(folder / name)
    except BaseException:
        if made_here and not any(folder.iterdir()):
            folder.rmdir()
        raise
