"""``landcheck waivers``: write an entry of the register."""

from __future__ import annotations

from typing import Annotated

import typer

from landcheck.cli import config, console, options
from landcheck.cli.check import language
from landcheck.cli.language import told
from landcheck.cli.request import make_request
from landcheck.errors import UsageError

app = typer.Typer(help=told("help-waivers"), no_args_is_help=True)

Parcel = Annotated[str | None, typer.Option("--parcel", metavar="ID", help=told("help-waived-parcel"))]
Park = Annotated[str | None, typer.Option("--park", metavar="ID", help=told("help-waived-park"))]
Rule = Annotated[str, typer.Option("--rule", metavar="R", help=told("help-waived-rule"))]


@app.command("new", help=told("help-waivers-new"))
def new(  # noqa: PLR0913, PLR0917 - the options that say which layer is read and how
    parcels: options.Parcels,
    rule: Rule,
    parcel: Parcel = None,
    park: Park = None,
    parks: options.ParksFile = None,
    layer: options.LayerName = None,
    pack: options.Packs = None,
    maps: options.Maps = None,
    config_file: options.ConfigFile = None,
    encoding: options.Encoding = None,
    crs: options.Crs = None,
    lang: options.Languages = None,
) -> None:
    """Print an entry with the fingerprint of the parcel or park."""
    given = {"parks": parks, "layer": layer, "pack": pack, "map": maps, "encoding": encoding, "crs": crs, "lang": lang}
    with console.guarded():
        from landcheck.exceptions.waivers import current_fingerprint
        from landcheck.report.waiver_entry import waiver_entry

        if (parcel is None) is (park is None):
            raise UsageError("waiver-new-one-subject")
        kind, subject = ("parcel", parcel) if park is None else ("park", park)
        assert subject is not None
        project = config.load(config_file)
        mark = current_fingerprint(make_request(parcels, given, project), rule, kind, subject)
        console.put(waiver_entry(kind, subject, rule, mark, language(given, project)))
