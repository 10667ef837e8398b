"""The ``landcheck`` command: what there is, and nothing heavy until a command runs."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from landcheck.cli import console
from landcheck.cli.language import told
from landcheck.lean import leave, own_process
from landcheck.version import __version__

# Where each command stands; its help text is the message ``help-NAME``.
COMMANDS = {
    "check": "landcheck.cli.check:command",
    "explain": "landcheck.cli.explain:command",
    "whatif": "landcheck.cli.whatif:command",
    "report": "landcheck.cli.saved:report",
    "diff": "landcheck.cli.saved:diff",
    "compare": "landcheck.cli.compare:command",
    "rules": "landcheck.cli.rules:app",
    "waivers": "landcheck.cli.waivers:app",
    "baseline": "landcheck.cli.baseline:command",
    "fields": "landcheck.cli.fields:command",
    "init": "landcheck.cli.init:command",
}


class Commands(TyperGroup):
    """The commands by name, each loaded when it is called: typer takes longer to read them all than Python to start."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as typer calls it
        """Every command, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of that name; None where there is none."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.commands[cmd_name] = _load(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command called. A slip of the pen is answered with the name meant, sought among the commands loaded."""
        for name in COMMANDS if args[0] not in COMMANDS else ():
            self.get_command(ctx, name)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The list of commands on the help page."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told(f"help-{name}")) for name in COMMANDS])


def _load(name: str) -> Any:
    module, attribute = COMMANDS[name].split(":")
    found = getattr(import_module(module), attribute)
    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name, help=told(f"help-{name}"))(found)
    return typer.main.get_group(alone).commands[name]


app = typer.Typer(
    name="landcheck",
    cls=Commands,
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


def main() -> None:
    """Run the command line."""
    console.prepare()
    own_process()
    try:
        app()
    except SystemExit as end:
        leave(console.flushed(end))
    except OSError as error:
        leave(console.unwritten(error))
