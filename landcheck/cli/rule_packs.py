"""``landcheck rules``: read the packs, check them, run their cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landcheck.cli import console
from landcheck.cli.invocation import Invocation, command
from landcheck.errors import UsageError
from landcheck.messages import say

if TYPE_CHECKING:
    from landcheck.model import Pack

BROKEN = 1


@command("rules list")
def list_rules(asked: Invocation) -> None:
    """List the rules of the packs."""
    from landcheck.report.pages import rules_page

    console.put(rules_page.list_rules(_packs(asked["pack"]), asked.lang))


@command("rules show")
def show_rule(asked: Invocation) -> None:
    """Show one rule whole."""
    from landcheck.report.pages import rules_page
    from landcheck.rulebook import find_rule

    packs = _packs(asked["pack"])
    found = find_rule(packs, asked["rule"])
    console.put(rules_page.show_rule(next(pack for pack in packs if pack.id == found.pack), found, asked.lang))


@command("rules docs")
def docs(asked: Invocation) -> None:
    """Build the catalogue page of the packs."""
    from landcheck.report.pages import rules_page as page

    if asked["directories"] and asked["pack"]:
        raise UsageError("docs-two-namings")
    packs = _packs(asked["directories"] or asked["pack"])
    page.write_docs(packs, asked["output"] or [], asked.lang)
    if asked["output_format"] or not asked["output"]:
        console.put(page.docs(packs, asked["output_format"] or "md", asked.lang))


@command("rules new")
def new_pack(asked: Invocation) -> None:
    """Write a pack to start from."""
    from landcheck.report.plain import lines
    from landcheck.rulebook import new_pack as write_pack

    console.put(lines(*(path.as_posix() for path in write_pack(asked["directory"]))))


@command("rules test")
def examine_packs(asked: Invocation) -> int:
    """Load the packs, run their cases, and end 1 where one comes out otherwise."""
    from landcheck.report.plain import lines
    from landcheck.rulebook import gate

    named, lang = asked["directory"], asked.lang
    reports = [gate.examine_pack(pack) for pack in _packs([named] if named else None)]
    for report in reports:
        console.put(lines(*(fault.say(lang) for fault in report.faults)))
        console.put([say("rules-tested", lang, pack=report.pack.id, rules=len(report.pack.rules),
                         cases=len(report.results), faults=len(report.faults)) + "\n"])  # fmt: skip
    return BROKEN if any(not report.ok for report in reports) else 0


def _packs(names: Sequence[str] | None) -> tuple[Pack, ...]:
    from landcheck import api

    return api.load_packs(names or api.pack_names())
