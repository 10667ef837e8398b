"""The ``landcheck`` command: what there is, and nothing heavy until a command runs."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from landcheck.cli import console
from landcheck.cli.console import help_text
from landcheck.cli.wrong_calls import refuse_call
from landcheck.lean import leave, own_process
from landcheck.version import __version__

# The module of each command; its help text is the message ``help-NAME``.
COMMANDS = {
    "check": "judging",
    "explain": "judging",
    "whatif": "judging",
    "report": "saved_results",
    "diff": "saved_results",
    "compare": "judging",
    "rules": "rule_packs",
    "waivers": "project",
    "baseline": "saved_results",
    "fields": "project",
    "convert": "project",
    "init": "project",
    "serve": "served",
    "qgis": "qgis_door",
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

    def main(self, *args: Any, **extra: Any) -> Any:
        """The whole call; what is wrong with it is said in the language of the run."""
        if not extra.pop("standalone_mode", True):
            return super().main(*args, **extra | {"standalone_mode": False})
        try:
            sys.exit(super().main(*args, **extra | {"standalone_mode": False}) or 0)
        except Exception as wrong:
            if not hasattr(wrong, "exit_code"):
                raise
            refuse_call(wrong)

    def invoke(self, ctx: Any) -> Any:
        """The command, or what an interruption makes of it while it is still being loaded."""
        with console.interruptible():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The list of commands on the help page."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text(f"help-{name}")) for name in COMMANDS])


def _load(name: str) -> Any:
    """The command of that name, or the group of those whose first word it is."""
    from landcheck.cli import invocation
    from landcheck.cli.option_table import GroupedCommand

    import_module(f"landcheck.cli.{COMMANDS[name]}")
    whole = group = typer.Typer(rich_markup_mode=None, add_completion=False)
    mine = [command for command in invocation.COMMANDS if command.split()[0] == name]
    if mine != [name]:
        group = typer.Typer(help=help_text(f"help-{name}"), no_args_is_help=True)
        whole.add_typer(group, name=name)
    for command in mine:
        text = help_text("help-" + command.replace(" ", "-"))
        group.command(command.split()[-1], help=text, cls=GroupedCommand)(invocation.callback(command))
    return typer.main.get_group(whole).commands[name]


app = typer.Typer(
    name="landcheck",
    cls=Commands,
    help=help_text("help-landcheck"),
    invoke_without_command=True,
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
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - told by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help=help_text("help-version"))
    ] = False,
) -> None:
    """Options of the program itself; without a command, what there is to check here."""
    if context.invoked_subcommand is None:
        from landcheck.cli.here import tell

        tell(context.get_help())


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
