"""``landcheck explain``."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer

from landcheck.cli import config, console, options
from landcheck.cli.check import language
from landcheck.cli.language import told
from landcheck.cli.request import make_request
from landcheck.errors import UsageError

FORMATS = ("plain", "json")

Format = Annotated[str, typer.Option("--output-format", metavar="FORMAT", help=told("help-explain-format"))]


def command(  # noqa: PLR0913, PLR0917 - the options of check that decide a verdict, one parameter each
    parcels: options.Parcels,
    parcel: options.ParcelId,
    rule: options.RuleIds = None,
    parks: options.ParksFile = None,
    zones: options.ZonesFile = None,
    green: options.GreenFile = None,
    buildings: options.BuildingsFile = None,
    attributes: options.AttributesFile = None,
    waivers: options.WaiversFile = None,
    layer: options.LayerName = None,
    pack: options.Packs = None,
    as_of: options.AsOf = None,
    reading: options.Readings = None,
    sets: options.Sets = None,
    maps: options.Maps = None,
    no_assumptions: options.NoAssumptions = False,
    config_file: options.ConfigFile = None,
    encoding: options.Encoding = None,
    crs: options.Crs = None,
    area_basis: options.Basis = None,
    share_denominator: options.Denominators = None,
    output_format: Format = "plain",
    lang: options.Languages = None,
) -> None:
    """Tell the sum behind each verdict of one parcel."""
    given = {
        "parks": parks, "zones": zones, "green": green, "buildings": buildings, "attributes": attributes,
        "waivers": waivers, "layer": layer, "pack": pack, "as_of": as_of, "reading": reading, "set": sets, "map": maps,
        "no_assumptions": no_assumptions, "encoding": encoding, "crs": crs, "area_basis": area_basis,
        "share_denominator": share_denominator, "lang": lang,
    }  # fmt: skip
    with console.guarded():
        from landcheck.report import Options
        from landcheck.report import explain as told_as
        from landcheck.run.explain import explain

        if output_format not in FORMATS:
            raise UsageError("bad-choice", name="output-format", value=output_format, known=FORMATS)
        project = config.load(config_file)
        report, explanations = explain(make_request(parcels, given, project), parcel, rule or ())
        shape = Options(language(given, project), "all", shutil.get_terminal_size((100, 24)).columns)
        console.put((told_as.json if output_format == "json" else told_as.text)(report, explanations, shape))
