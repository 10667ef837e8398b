"""Conflicts between texts out of a saved result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landcheck.model import Conflict, Pack, Rule, Side, Standing, Subject, Verdict

Json = Mapping[str, Any]


def conflicts(saved: Json, packs: Sequence[Pack]) -> Iterator[Conflict]:
    """Each as it was saved, its rules and texts those of the packs at hand."""
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    texts = {(text.pack, text.document): text for pack in packs for text in pack.standings}
    for one in saved["conflicts"]:
        sides = tuple(_side(side, rules[side["rule"]], texts) for side in one["sides"])
        label = sides[0].rule.matter_label
        yield Conflict(Subject(**one["subject"]), one["row"], one["matter"], label, sides)


def _side(saved: Json, rule: Rule, texts: Mapping[tuple[str, str], Standing]) -> Side:
    return Side(
        rule, texts[rule.pack, rule.document], Verdict[saved["verdict"].upper()], saved["measured"], saved["limit"],
        saved["unit"], saved["margin"],
    )  # fmt: skip
