"""What a saved result says of texts: the packs as they were read, conflicts, and what may be read otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landcheck.model import Alternative, Conflict, Hanging, Interpretation, Pack, Rule, Side, Standing, Subject, Verdict
from landcheck.verdicts.interpretations import as_read

Json = Mapping[str, Any]


def as_read_then(packs: Sequence[Pack], saved: Json) -> tuple[Pack, ...]:
    """The packs read as they were when the result was made."""
    taken = {one["name"]: one["taken"] for one in saved["interpretations"]}
    return as_read(packs, taken.get("share_denominator", "above_ground"))


def interpretations(saved: Json, packs: Sequence[Pack]) -> Iterator[Interpretation]:
    """Each as it was saved."""
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    for one in saved["interpretations"]:
        others = (
            Alternative(other["choice"], tuple(_hanging(hanging, rules) for hanging in other["verdicts"]))
            for other in one["alternatives"]
        )
        yield Interpretation(one["name"], one["taken"], tuple(others))


def _hanging(saved: Json, rules: Mapping[str, Rule]) -> Hanging:
    verdict, other = Verdict[saved["verdict"].upper()], Verdict[saved["other"].upper()]
    return Hanging(rules[saved["rule"]], verdict, other, tuple(saved["ids"]))


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
