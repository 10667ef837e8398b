"""``landcheck report`` and ``landcheck diff``: what can be done with saved results."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from landcheck.cli import console, options
from landcheck.cli.explain import FORMATS, Format
from landcheck.cli.language import LANG, told
from landcheck.errors import UsageError
from landcheck.messages import Lang

if TYPE_CHECKING:
    from landcheck.report import Show

Result = Annotated[str, typer.Argument(metavar="RESULT.json", help=told("help-result"))]
Old = Annotated[str, typer.Argument(metavar="OLD.json", help=told("help-result"))]
New = Annotated[str, typer.Argument(metavar="NEW.json", help=told("help-result"))]
SavedPacks = Annotated[list[str] | None, typer.Option("--pack", metavar="DIR", help=told("help-saved-pack"))]
WORSE = 1


def report(
    result: Result,
    output: options.Outputs = None,
    output_format: options.OutputFormat = None,
    show: options.Shows = None,
    keep_geometry: options.KeepGeometry = False,
    pack: SavedPacks = None,
    lang: options.Languages = None,
) -> None:
    """Write a saved result in other formats."""
    with console.guarded():
        from landcheck.report import Options, destinations, render, write_files
        from landcheck.report.result.saved import load_report

        destinations(output or [], [result])
        saved = load_report(result, pack or [])
        shown: Show = "all" if show == options.ShowName.all else "findings"
        write_files(saved, output or [], _lang(lang), shown, [result], keep_geometry=keep_geometry)
        if output_format or not output:
            width = shutil.get_terminal_size((100, 24)).columns
            shape = Options(_lang(lang), shown, width, colour=sys.stdout.isatty(), keep_geometry=keep_geometry)
            console.put(render(saved, output_format or ("table" if sys.stdout.isatty() else "plain"), shape))


def diff(
    old: Old,
    new: New,
    pack: SavedPacks = None,
    output_format: Format = "plain",
    lang: options.Languages = None,
) -> None:
    """Compare two saved results; 1 where something is new or worse."""
    with console.guarded():
        from landcheck.report import Options
        from landcheck.report import diff as told_as
        from landcheck.report.result.saved import load_report
        from landcheck.verdicts.difference import difference

        if output_format not in FORMATS:
            raise UsageError("bad-choice", name="output-format", value=output_format, known=FORMATS)
        before, after = load_report(old, pack or []), load_report(new, pack or [])
        found = difference(before, after)
        write = told_as.json if output_format == "json" else told_as.text
        console.put(write(before, after, found, Options(_lang(lang))))
        raise typer.Exit(0 if found.clean else WORSE)


def _lang(asked: options.LangName | None) -> Lang:
    return LANG if asked is None else "zh" if asked == "zh" else "en"
