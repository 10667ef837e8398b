"""``landcheck check``."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from landcheck.cli import config, console, options
from landcheck.cli.language import LANG
from landcheck.cli.progress import watched
from landcheck.cli.request import make_request
from landcheck.errors import UsageError
from landcheck.messages import Lang, say

if TYPE_CHECKING:
    from landcheck.model import Report
    from landcheck.report import Show
    from landcheck.request import Request


def command(  # noqa: PLR0913, PLR0917 - the options of the contract, one parameter each
    parcels: options.Parcels,
    parks: options.ParksFile = None,
    zones: options.ZonesFile = None,
    green: options.GreenFile = None,
    buildings: options.BuildingsFile = None,
    attributes: options.AttributesFile = None,
    waivers: options.WaiversFile = None,
    baseline: options.BaselineFile = None,
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
    fail_on: options.FailOns = None,
    exit_zero: options.ExitZero = False,
    engine: options.Engines = None,
    scheduler: options.Scheduler = None,
    workers: options.Workers = None,
    show: options.Shows = None,
    output_format: options.OutputFormat = None,
    output: options.Outputs = None,
    keep_geometry: options.KeepGeometry = False,
    lang: options.Languages = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Check parcels against the rule pack."""
    given = {
        "parks": parks, "zones": zones, "green": green, "buildings": buildings, "attributes": attributes,
        "waivers": waivers, "baseline": baseline,
        "layer": layer, "pack": pack, "as_of": as_of, "reading": reading, "set": sets, "map": maps,
        "no_assumptions": no_assumptions, "encoding": encoding, "crs": crs, "area_basis": area_basis,
        "share_denominator": share_denominator, "engine": engine, "scheduler": scheduler, "workers": workers,
        "fail_on": fail_on, "show": show, "lang": lang, "keep_geometry": keep_geometry,
    }  # fmt: skip
    wanted = Wanted(output_format, output or [], exit_zero, quiet, verbose)
    with console.guarded():
        raise typer.Exit(_run(parcels, given, config.load(config_file), wanted))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the report goes, and what is said beside it."""

    format: str | None
    files: list[str]
    exit_zero: bool
    quiet: bool
    verbose: bool


def _run(parcels: str, given: Mapping[str, Any], project: config.Config, wanted: Wanted) -> int:
    from landcheck.cli import exits
    from landcheck.cli.engine import engine
    from landcheck.report import destinations, write_files
    from landcheck.report.formats import format_named

    request, lang = make_request(parcels, given, project), language(given, project)
    check = engine(given, project)
    stops = _fail_on(project.get("fail_on", given["fail_on"]) or ("undetermined",))
    inputs = _inputs(request)
    destinations(wanted.files, inputs)
    name = wanted.format or ("table" if sys.stdout.isatty() else "plain")
    format_named(name)
    if project.path and not wanted.quiet:
        console.note(say("config-read", lang, file=project.path))
    show: Show = "all" if request.show_all else "findings"
    keep = given["keep_geometry"] or project.options.get("keep_geometry", False)
    with watched(quiet=wanted.quiet) as progress:
        report = check(request, progress)
        progress.stage("progress-writing")
        write_files(report, wanted.files, lang, show, inputs, keep_geometry=keep)
    if wanted.verbose:
        _notes(report, lang)
    console.put(render(report, name, lang, show, keep_geometry=keep))
    return 0 if wanted.exit_zero else exits.status(report, stops)


def render(
    report: Report, name: str, lang: Lang, show: Show, *, keep_geometry: bool = False
) -> Iterator[str] | Iterator[bytes]:
    """The report for standard output, shaped to the terminal."""
    from landcheck.report import Options
    from landcheck.report import render as rendered

    width = shutil.get_terminal_size((100, 24)).columns
    colour = sys.stdout.isatty()
    return rendered(report, name, Options(lang, show, width, colour, keep_geometry))


def _inputs(request: Request) -> list[str]:
    """Every file the run reads: no report is written over one."""
    from landcheck.exceptions.register import area_files

    areas = area_files(request.waivers) if request.waivers else []
    exceptions = filter(None, (request.waivers, request.baseline))
    return [request.parcels, *request.sources.values(), *exceptions, *areas]


def language(given: Mapping[str, Any], project: config.Config) -> Lang:
    """The report's language: the command line's, the configuration's, else the run's own."""
    asked = given.get("lang") or project.options.get("lang")
    if asked not in (None, "zh", "en"):
        raise UsageError("bad-choice", name="lang", value=asked, known=["zh", "en"])
    return "zh" if asked == "zh" else "en" if asked == "en" else LANG


def _fail_on(words: Collection[str]) -> tuple[str, ...]:
    known = [choice.value for choice in options.FailOn]
    for word in words:
        if word not in known:
            raise UsageError("bad-choice", name="fail_on", value=word, known=known)
    return tuple(words)


def _notes(report: Report, lang: Lang) -> None:
    for info in report.inputs:
        console.note(say("input-read", lang, path=info.path, layer=info.layer or "-", rows=info.rows,
                         crs=info.crs or "-", encoding=info.encoding or "-"))  # fmt: skip
        for told in info.notes:
            console.note("  " + told.say(lang))
