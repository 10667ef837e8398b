"""Picking from packs."""

from __future__ import annotations

from collections.abc import Sequence

from landcheck.errors import UsageError
from landcheck.model import Pack, Rule


def find_rule(packs: Sequence[Pack], rule_id: str) -> Rule:
    """The rule of that name. UsageError with the names there are."""
    rules = [rule for pack in packs for rule in pack.rules]
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise UsageError("rule-unknown", rule=rule_id, known=[rule.id for rule in rules])
