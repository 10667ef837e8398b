"""Every option of every command, a row each; from the rows come typer's parameters and the sections of a help page."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from inspect import Parameter
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand

from landcheck.cli.console import help_text
from landcheck.messages import LANGUAGES
from landcheck.request import GROUPINGS, JUDGING, OPTIONS, READING, Group, Option

PAGED = ("explain", "whatif", "compare", "diff")
PAGES = ("plain", "json")
INSTALLED = ("rules list", "rules show", "rules docs")
SPEAKING = (*READING, *INSTALLED, "rules test", "report", "diff", "baseline", "init", "serve", "qgis install")

# What a command is asked about.
QUESTIONS = (
    Option("parcels", "text", "arguments", (*JUDGING, "waivers new"), "PARCELS", required=True),
    Option("parcels", "text", "arguments", ("fields",), "[PARCELS]"),
    Option("parcels", "text", "arguments", ("convert",), "SOURCE", required=True),
    Option("result", "text", "arguments", ("report", "baseline"), "RESULT.json", required=True),
    Option("old", "text", "arguments", ("diff",), "OLD.json", help="help-result", required=True),
    Option("new", "text", "arguments", ("diff",), "NEW.json", help="help-result", required=True),
    Option("rule", "text", "arguments", ("rules show",), "RULE", help="help-rule-id", required=True),
    Option("directory", "text", "arguments", ("rules test",), "DIR", help="help-pack-dir"),
    Option("directory", "text", "arguments", ("rules new",), "DIR", help="help-new-dir", required=True),
    Option("directory", "text", "arguments", ("init",), "DIR", help="help-init-dir", required=True),
    Option("directories", "list", "arguments", ("rules docs",), "[DIR]...", help="help-docs-dirs"),
    Option("rule", "text", "inputs", ("waivers new",), "R", help="help-waived-rule", required=True),
    Option("parcel", "text", "inputs", ("explain", "whatif"), "ID", required=True),
    Option("parcel", "text", "inputs", ("waivers new",), "ID", help="help-waived-parcel"),
    Option("park", "text", "inputs", ("waivers new",), "ID", help="help-waived-park"),
    Option("rule", "list", "inputs", ("explain",), "R"),
    Option("set", "list", "inputs", ("whatif",), "FIELD=VALUE", help="help-whatif-set", required=True),
    Option("as_of", "list", "rules", ("compare",), "DATE", help="help-compare-as-of"),
    Option("pack", "list", "rules", ("compare",), "NAME|DIR", help="help-compare-pack"),
    Option("pack", "list", "rules", INSTALLED, "NAME|DIR"),
    Option("pack", "list", "rules", ("report", "diff"), "DIR", help="help-saved-pack"),
    Option("profile", "text", "inputs", ("qgis install",), "NAME", help="help-qgis-profile"),
    Option("folder", "text", "inputs", ("qgis install",), "DIR", help="help-qgis-folder"),
    Option("large", "switch", "inputs", ("report", "diff", "baseline")),
    Option("port", "number", "output", ("serve",), "N"),
    Option("no_browser", "switch", "output", ("serve",)),
    Option("crs", "text", "reading", ("init",), "CRS", help="help-init-crs", default="EPSG:4549"),
)
# What becomes of the answer, and where the work is done.
DELIVERY = (
    Option("config", "text", "inputs", READING, "F", key=""),
    Option("output_format", "text", "output", ("check", "report"), "FORMAT", key=""),
    Option("output_format", "text", "output", PAGED, "FORMAT", PAGES, key="", help="help-explain-format",
           default="plain"),
    Option("output_format", "text", "output", ("fields",), "FORMAT", PAGES, key="", help="help-fields-format",
           default="plain"),
    Option("output_format", "text", "output", ("rules docs",), "FORMAT", key="", help="help-docs-format"),
    Option("output", "list", "output", ("check", "report"), "FILE", key="", short="-o"),
    Option("output", "list", "output", ("rules docs",), "FILE", key="", help="help-docs-output", short="-o"),
    Option("output", "text", "output", ("baseline",), "FILE", key="", help="help-baseline-output", short="-o"),
    Option("by", "list", "output", ("check", "report"), choices=GROUPINGS),
    Option("output", "text", "output", ("convert",), "FILE", key="", help="help-convert-output", short="-o",
           required=True),
    Option("keep_geometry", "switch", "output", ("check", "report")),
    Option("lang", "text", "output", SPEAKING, choices=LANGUAGES),
    Option("summary", "switch", "output", ("check", "report"), key=""),
    Option("quiet", "switch", "output", ("check", "compare"), key="", short="-q"),
    Option("verbose", "switch", "output", ("check", "report"), key="", short="-v"),
    Option("fail_on", "list", "status", ("check",), choices=("fail", "review", "undetermined", "lapsed")),
    Option("exit_zero", "switch", "status", ("check",), key=""),
    Option("engine", "text", "cluster", ("check",), choices=("local", "dask")),
    Option("scheduler", "text", "cluster", ("check",), "ADDRESS"),
    Option("workers", "number", "cluster", ("check",), "N"),
)  # fmt: skip
GROUPS: tuple[Group, ...] = get_args(Group)


def options_of(command: str) -> list[Option]:
    """The options of a command, group by group."""
    mine = [option for option in (*QUESTIONS, *OPTIONS, *DELIVERY) if command in option.commands]
    return sorted(mine, key=lambda option: GROUPS.index(option.group))


def parameters(command: str) -> Iterator[Parameter]:
    """The options of a command as typer takes them from a function's signature."""
    for option in options_of(command):
        kind, default = _type(option), False if option.form in ("switch", "off") else option.default
        code = option.help or "help-" + option.name.replace("_", "-")
        text = help_text(code, **_formats()) if code == "help-output-format" else help_text(code)
        flags = [] if option.short is None else [option.short]
        if option.group == "arguments":
            shown = typer.Argument(metavar=option.metavar, help=text)
        else:
            flags.append("--" + option.name.replace("_", "-"))
            section = help_text(f"help-group-{option.group}")
            shown = typer.Option(*flags, metavar=option.metavar, help=text, rich_help_panel=section)
        yield Parameter(
            option.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if option.required else default,
            annotation=Annotated[kind if option.required or default is not None else kind | None, shown],
        )


def _formats() -> dict[str, Any]:
    from landcheck.report.output_formats import standard_output_formats

    return {"formats": standard_output_formats()}


def _type(option: Option) -> Any:
    """Words that are allowed make an enumeration, which typer shows and checks; behind a metavar they stay words."""
    one: Any = {"switch": bool, "off": bool, "number": int, "amount": float}.get(option.form, str)
    if option.choices and option.metavar is None:
        enumeration: Any = StrEnum
        one = enumeration(option.name, [(word, word) for word in option.choices])
    return list[one] if option.form in ("list", "set", "map") else one


class GroupedCommand(TyperCommand):
    """A command whose help page has a section for each group of options."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The sections, in the order of the parameters."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                is_argument = parameter.param_type_name == "argument"
                section = getattr(parameter, "rich_help_panel", None) or ("Arguments" if is_argument else "Options")
                sections.setdefault(section, []).append(record)
        for section, records in sections.items():
            with formatter.section(section):
                formatter.write_dl(records)
