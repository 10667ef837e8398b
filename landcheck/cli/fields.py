"""``landcheck fields``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from landcheck.cli import config, console, options
from landcheck.cli.check import language
from landcheck.cli.language import told
from landcheck.cli.request import make_request
from landcheck.errors import UsageError

FORMATS = ("plain", "json")
SETTINGS = (*config.PATHS, *config.WORDS, *config.LISTS, "as_of")
UNSETTLED = 3

Parcels = Annotated[str | None, typer.Argument(metavar="[PARCELS]", help=told("help-parcels"))]
Format = Annotated[str, typer.Option("--output-format", metavar="FORMAT", help=told("help-fields-format"))]


def command(  # noqa: PLR0913, PLR0917 - the options of check that decide how columns are read, one parameter each
    parcels: Parcels = None,
    parks: options.ParksFile = None,
    zones: options.ZonesFile = None,
    green: options.GreenFile = None,
    buildings: options.BuildingsFile = None,
    attributes: options.AttributesFile = None,
    layer: options.LayerName = None,
    pack: options.Packs = None,
    maps: options.Maps = None,
    no_assumptions: options.NoAssumptions = False,
    config_file: options.ConfigFile = None,
    encoding: options.Encoding = None,
    crs: options.Crs = None,
    output_format: Format = "plain",
    lang: options.Languages = None,
) -> None:
    """Tell how columns map onto fields."""
    given = {
        "parks": parks, "zones": zones, "green": green, "buildings": buildings, "attributes": attributes,
        "layer": layer, "pack": pack, "map": maps, "no_assumptions": no_assumptions, "encoding": encoding,
        "crs": crs, "lang": lang,
    }  # fmt: skip
    with console.guarded():
        if output_format not in FORMATS:
            raise UsageError("bad-choice", name="output-format", value=output_format, known=FORMATS)
        raise typer.Exit(_run(parcels, given, config.load(config_file), output_format))


def _run(parcels: str | None, given: Mapping[str, Any], project: config.Config, output_format: str) -> int:
    from landcheck.report import fields_page

    lang = language(given, project)
    if parcels is None:
        console.put(fields_page.catalogue(lang))
        return 0
    from landcheck.run.survey import survey_fields

    survey = survey_fields(make_request(parcels, given, project))
    page = fields_page.as_json if output_format == "json" else fields_page.text
    console.put(page(survey, settings(given, project), lang))
    return UNSETTLED if any(layer.problems for layer in survey.layers) else 0


def settings(given: Mapping[str, Any], project: config.Config) -> dict[str, Any]:
    """The options that were chosen, as the configuration holds them."""
    chosen = {name: project.get(name, given.get(name)) for name in SETTINGS}
    if given["no_assumptions"] or project.options.get("assumptions") is False:
        chosen["assumptions"] = False
    parameters = dict(text.split("=", 1) for text in project.sets)
    return {name: value for name, value in {**chosen, "set": parameters}.items() if value not in (None, [], {})}
