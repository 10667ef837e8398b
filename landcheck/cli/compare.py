"""``landcheck compare``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from landcheck.cli import config, console, options
from landcheck.cli.check import language
from landcheck.cli.explain import FORMATS, Format
from landcheck.cli.language import told
from landcheck.cli.progress import watched
from landcheck.cli.request import make_request
from landcheck.cli.saved import WORSE
from landcheck.errors import UsageError

Dates = Annotated[list[str] | None, typer.Option("--as-of", metavar="DATE", help=told("help-compare-as-of"))]
TwoPacks = Annotated[list[str] | None, typer.Option("--pack", metavar="NAME|DIR", help=told("help-compare-pack"))]


def command(  # noqa: PLR0913, PLR0917 - the options of check that decide a verdict, one parameter each
    parcels: options.Parcels,
    as_of: Dates = None,
    pack: TwoPacks = None,
    parks: options.ParksFile = None,
    zones: options.ZonesFile = None,
    green: options.GreenFile = None,
    buildings: options.BuildingsFile = None,
    attributes: options.AttributesFile = None,
    layer: options.LayerName = None,
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
    quiet: options.Quiet = False,
) -> None:
    """Judge the parcels at two dates, or by two packs, and tell which verdicts change."""
    given = {
        "parks": parks, "zones": zones, "green": green, "buildings": buildings, "attributes": attributes,
        "layer": layer, "reading": reading, "set": sets, "map": maps, "no_assumptions": no_assumptions,
        "encoding": encoding, "crs": crs, "area_basis": area_basis,
        "share_denominator": share_denominator, "lang": lang,
    }  # fmt: skip
    with console.guarded():
        from landcheck.report import Options
        from landcheck.report import diff as told_as
        from landcheck.run.compare import compare

        if output_format not in FORMATS:
            raise UsageError("bad-choice", name="output-format", value=output_format, known=FORMATS)
        project = config.load(config_file)
        old, new = (make_request(parcels, given | side, project) for side in _sides(as_of or [], pack or []))
        with watched(quiet=quiet) as progress:
            found = compare(old, new, progress)
        write = told_as.json if output_format == "json" else told_as.text
        console.put(write(found.old, found.new, found.difference, Options(language(given, project))))
        raise typer.Exit(0 if found.difference.clean else WORSE)


def _sides(dates: list[str], packs: list[str]) -> list[dict[str, Any]]:
    """The options in which the two differ. UsageError where there are not two dates or two packs, but not both."""
    if len(dates) == 2 and len(packs) != 2:
        return [{"as_of": date, "pack": packs} for date in dates]
    if len(packs) == 2 and len(dates) < 2:
        return [{"as_of": "".join(dates) or None, "pack": [pack]} for pack in packs]
    raise UsageError("compare-two-of-one", dates=len(dates), packs=len(packs))
