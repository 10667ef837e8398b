"""Which rules are judged, where the user selects some or leaves some out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from landcheck.errors import UsageError, nearest
from landcheck.model import Pack, Rule
from landcheck.request import Request


def chosen_rules(packs: Sequence[Pack], request: Request) -> tuple[tuple[Pack, ...], tuple[Rule, ...]]:
    """The packs with the rules to judge alone, and the rules that are not judged.

    A selector is the id of a rule, the beginning of ids up to a hyphen, or the id of a pack. Of two that meet the same
    rule the longer counts (that of a pack least), of two alike ``--ignore``. UsageError for one that meets no rule, or
    if no rule is left.
    """
    every = [rule for pack in packs for rule in pack.rules]
    for option in ("select", "ignore"):
        for selector in getattr(request, option):
            if not any(_meets(selector, rule) for rule in every):
                known = [*(rule.id for rule in every), *(pack.id for pack in packs)]
                raise UsageError("selector-unknown", option=option, name=selector, known=nearest(selector, known))
    left_out = tuple(rule for rule in every if not _judged(rule, request))
    if len(left_out) == len(every):
        raise UsageError("selected-none")
    names = {rule.id for rule in left_out}
    return tuple(replace(pack, rules=tuple(r for r in pack.rules if r.id not in names)) for pack in packs), left_out


def _judged(rule: Rule, request: Request) -> bool:
    selected = _closest(request.select, rule) if request.select else 0
    return selected > _closest(request.ignore, rule)


def _closest(selectors: Iterable[str], rule: Rule) -> int:
    """How long the longest selector is that meets the rule, 0 the one of its pack; -1 where none does."""
    met = (selector for selector in selectors if _meets(selector, rule))
    return max((len(selector) * (selector != rule.pack) for selector in met), default=-1)


def _meets(selector: str, rule: Rule) -> bool:
    return selector == rule.pack or f"{rule.id}-".startswith(f"{selector}-")
