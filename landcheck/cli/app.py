"""The ``landcheck`` command: what there is, and nothing heavy until a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from landcheck import __version__
from landcheck.cli import check, console, explain, fields, init, rules, saved, whatif
from landcheck.cli.language import told

app = typer.Typer(
    name="landcheck",
    help=told("help-landcheck"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - the form typer calls back with
    if wanted:
        console.put([f"landcheck {__version__}\n"])
        raise typer.Exit


@app.callback()
def landcheck(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=told("help-version"))
    ] = False,
) -> None:
    """Options of the program itself."""


app.command("check", help=told("help-check"))(check.command)
app.command("explain", help=told("help-explain"))(explain.command)
app.command("whatif", help=told("help-whatif"))(whatif.command)
app.command("report", help=told("help-report"))(saved.report)
app.command("diff", help=told("help-diff"))(saved.diff)
app.add_typer(rules.app, name="rules")
app.command("fields", help=told("help-fields"))(fields.command)
app.command("init", help=told("help-init"))(init.command)


def main() -> None:
    """Run the command line."""
    console.prepare()
    app()
