"""``landcheck rules``: read the packs, check them, run their cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from landcheck.cli import console, options
from landcheck.cli.language import LANG, told
from landcheck.errors import UsageError
from landcheck.messages import Lang, say

if TYPE_CHECKING:
    from landcheck.model import Pack

app = typer.Typer(help=told("help-rules"), no_args_is_help=True)

RuleId = Annotated[str, typer.Argument(metavar="RULE", help=told("help-rule-id"))]
PackDir = Annotated[str | None, typer.Argument(metavar="DIR", help=told("help-pack-dir"))]
DocsDirs = Annotated[list[str] | None, typer.Argument(metavar="[DIR]...", help=told("help-docs-dirs"))]
DocsFormat = Annotated[str | None, typer.Option("--output-format", metavar="FORMAT", help=told("help-docs-format"))]
DocsFiles = Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help=told("help-docs-output"))]
NewDir = Annotated[str, typer.Argument(metavar="DIR", help=told("help-new-dir"))]
BROKEN = 1


@app.command("list", help=told("help-rules-list"))
def list_rules(pack: options.Packs = None, lang: options.Languages = None) -> None:
    """List the rules of the packs."""
    with console.guarded():
        from landcheck.report import catalogue

        console.put(catalogue.list_rules(_packs(pack), _lang(lang)))


@app.command("show", help=told("help-rules-show"))
def show_rule(rule: RuleId, pack: options.Packs = None, lang: options.Languages = None) -> None:
    """Show one rule whole."""
    with console.guarded():
        from landcheck.report import catalogue
        from landcheck.rulebook import find_rule

        packs = _packs(pack)
        found = find_rule(packs, rule)
        console.put(catalogue.show_rule(next(p for p in packs if p.id == found.pack), found, _lang(lang)))


@app.command("docs", help=told("help-rules-docs"))
def docs(
    directories: DocsDirs = None,
    pack: options.Packs = None,
    output_format: DocsFormat = None,
    output: DocsFiles = None,
    lang: options.Languages = None,
) -> None:
    """Build the catalogue page of the packs."""
    with console.guarded():
        from landcheck.report import docs as page

        if directories and pack:
            raise UsageError("docs-two-namings")
        packs = _packs(directories or pack)
        page.write_docs(packs, output or [], _lang(lang))
        if output_format or not output:
            console.put(page.docs(packs, output_format or "md", _lang(lang)))


@app.command("new", help=told("help-rules-new"))
def new_pack(directory: NewDir) -> None:
    """Write a pack to start from."""
    with console.guarded():
        from landcheck.rulebook import new_pack as write_pack

        console.put(f"{path.as_posix()}\n" for path in write_pack(directory))


@app.command("test", help=told("help-rules-test"))
def test_packs(directory: PackDir = None, lang: options.Languages = None) -> None:
    """Load the packs, run their cases, and end 1 where one comes out otherwise."""
    with console.guarded():
        from landcheck.rulebook import gate

        reports = [gate.examine(pack) for pack in _packs([directory] if directory else None)]
        for report in reports:
            console.put(f"{fault.say(_lang(lang))}\n" for fault in report.faults)
            console.put([say("rules-tested", _lang(lang), pack=report.pack.id, rules=len(report.pack.rules),
                             cases=len(report.results), faults=len(report.faults)) + "\n"])  # fmt: skip
        raise typer.Exit(BROKEN if any(not report.ok for report in reports) else 0)


def _packs(names: list[str] | None) -> tuple[Pack, ...]:
    from landcheck.rulebook import load_packs, pack_names

    return load_packs(names or pack_names())


def _lang(asked: options.LangName | None) -> Lang:
    return LANG if asked is None else "zh" if asked == "zh" else "en"
