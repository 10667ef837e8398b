"""``landcheck whatif``."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer

from landcheck.cli import config, console, options
from landcheck.cli.check import language
from landcheck.cli.explain import FORMATS, Format
from landcheck.cli.language import told
from landcheck.cli.request import make_request
from landcheck.errors import UsageError

Supposed = Annotated[list[str], typer.Option("--set", metavar="FIELD=VALUE", help=told("help-whatif-set"))]


def command(  # noqa: PLR0913, PLR0917 - the options of check that decide a verdict, one parameter each
    parcels: options.Parcels,
    parcel: options.ParcelId,
    sets: Supposed,
    parks: options.ParksFile = None,
    zones: options.ZonesFile = None,
    green: options.GreenFile = None,
    buildings: options.BuildingsFile = None,
    attributes: options.AttributesFile = None,
    layer: options.LayerName = None,
    pack: options.Packs = None,
    as_of: options.AsOf = None,
    reading: options.Readings = None,
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
    """Judge one parcel again with values changed."""
    given = {
        "parks": parks, "zones": zones, "green": green, "buildings": buildings, "attributes": attributes,
        "layer": layer, "pack": pack, "as_of": as_of, "reading": reading, "map": maps,
        "no_assumptions": no_assumptions, "encoding": encoding, "crs": crs, "area_basis": area_basis,
        "share_denominator": share_denominator, "lang": lang,
    }  # fmt: skip
    with console.guarded():
        from landcheck.report import Options
        from landcheck.report import whatif as told_as
        from landcheck.run.whatif import whatif

        if output_format not in FORMATS:
            raise UsageError("bad-choice", name="output-format", value=output_format, known=FORMATS)
        project = config.load(config_file)
        result = whatif(make_request(parcels, given, project), parcel, _changes(sets))
        shape = Options(language(given, project), "all", shutil.get_terminal_size((100, 24)).columns)
        write = told_as.json if output_format == "json" else told_as.text
        console.put(write(result.report, result.pairs, result.changes, shape))


def _changes(sets: list[str]) -> dict[str, str]:
    changes = {}
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError("whatif-malformed", text=text)
        changes[name.strip()] = value.strip()
    return changes
