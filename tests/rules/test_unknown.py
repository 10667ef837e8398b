"""Unknown is never false, in every pack: each fact of each case is taken away, or made unreadable, one at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from landcheck.fields.catalogue import field
from landcheck.model import Case, Kind, Pack, Role, Rule, Verdict
from landcheck.rulebook import load_pack, pack_names
from landcheck.rulebook.gate.trial import run_rule

SETTLED = {"in_high_tech_zone": True, "single_use": True, "is_stock": False, "is_surplus_part": False}
UNREADABLE = {Kind.NUMBER: "约三成", Kind.BOOL: "部分", Kind.ENUM: "待核", Kind.DATE: "31/08/2021"}
Facts = dict[str, Any]
THIRD = 3


def whole(case: Case, rule: Rule) -> Facts | None:
    """The facts of a case with nothing left to assume, each told by one source; None where two contradict."""
    facts: Facts = {"approval_date": case.as_of or rule.in_force_from} | SETTLED | dict(case.given)
    if facts.get("overlay_m0"):
        facts["single_use"] = False
    if "land_class" in facts and facts["land_class"] != "other":
        facts.pop("statutory_use", None)
    if facts.get("major_project") == "none" and facts.get("recognition") not in (None, "none"):
        return None
    if "far_gfa_m2" in facts:
        facts.pop("far", None)
    return facts


def judged(rule: Rule, pack: Pack, cases: Sequence[Case]) -> list[Verdict]:
    return [result.got for result in run_rule(rule, replace(pack, cases=tuple(cases)))]


def parcels(rule: Rule, pack: Pack) -> Iterator[tuple[Case, Facts]]:
    """The rule's own cases, and a third of the others per parcel put to it: the next rule gets the next third."""
    place = pack.rules.index(rule)
    for number, case in enumerate(pack.cases):
        if case.rule != rule.id and (number + place) % THIRD:
            continue
        if not case.parks and (facts := whole(case, rule)) is not None:
            yield replace(case, rule=rule.id, given=facts, assume=False), facts


def rules_of(per: str) -> list[Any]:
    packs = [load_pack(name) for name in pack_names()]
    return [pytest.param(rule, pack, id=rule.id) for pack in packs for rule in pack.rules if rule.per == per]


def told(facts: Mapping[str, Any]) -> list[str]:
    return [name for name in facts if field(Role.PARCELS, name).kind is not Kind.TEXT]


@pytest.mark.parametrize(("rule", "pack"), rules_of("parcel"))
def test_a_fact_taken_away_or_unreadable_never_decides(rule: Rule, pack: Pack) -> None:
    whole_cases = list(parcels(rule, pack))
    places = [(at, name) for at, (_, facts) in enumerate(whole_cases) for name in told(facts)]
    before = judged(rule, pack, [case for case, _ in whole_cases])
    without, unreadable = [], []
    for at, name in places:
        case, facts = whole_cases[at]
        without.append(replace(case, given={other: fact for other, fact in facts.items() if other != name}))
        written = UNREADABLE[field(Role.PARCELS, name).kind]
        unreadable.append(replace(case, given={**facts, name: written}, assume=True, as_of=dt.date(2026, 6, 30)))
    hidden = {condition.subject for condition in rule.applies if condition.known}  # asked for where it is known
    lacking, unread = judged(rule, pack, without), judged(rule, pack, unreadable)
    undetermined = Verdict.UNDETERMINED
    turned = [(p, before[p[0]], v) for p, v in zip(places, lacking, strict=True)
              if v not in (undetermined, before[p[0]]) and p[1] not in hidden]  # fmt: skip
    assert turned == []
    needed = [(p, v) for p, v, w in zip(places, unread, lacking, strict=True)
              if v is not undetermined and w is undetermined and p[1] not in hidden]  # fmt: skip
    assert needed == []
    assert undetermined in lacking


def park_variants(case: Case, fact: Any) -> Iterator[Case]:
    """The case without each fact of its parks and its green, or with ``fact`` of its kind in the place."""
    for layer, role in (("parks", Role.PARKS), ("green", Role.GREEN)):
        rows = getattr(case, layer)
        for at, row in enumerate(rows):
            for name in row:
                kind = field(role, name).kind
                if kind is not Kind.TEXT:
                    kept = {other: value for other, value in row.items() if other != name}
                    new = kept if fact is None else {**kept, name: fact[kind]}
                    yield replace(case, **{layer: (*rows[:at], new, *rows[at + 1 :])})


def settled_park(case: Case) -> Case:
    return replace(case, parks=tuple({"management_qualified": True, **park} for park in case.parks), assume=False)


@pytest.mark.parametrize(("rule", "pack"), rules_of("park"))
def test_a_fact_of_a_park_or_its_green_taken_away_or_unreadable_never_decides(rule: Rule, pack: Pack) -> None:
    cases = [settled_park(case) for case in pack.cases if case.rule == rule.id]
    before = dict(zip(range(len(cases)), judged(rule, pack, cases), strict=True))
    lacking = [(at, one) for at, case in enumerate(cases) for one in park_variants(case, None)]
    unread = [one for case in cases for one in park_variants(replace(case, assume=True), UNREADABLE)]
    verdicts = judged(rule, pack, [case for _, case in lacking])
    turned = [(case, v) for (at, case), v in zip(lacking, verdicts, strict=True)
              if v not in (before[at], Verdict.UNDETERMINED)]  # fmt: skip
    assert turned == []
    needed = [case for case, v, w in zip(unread, judged(rule, pack, unread), verdicts, strict=True)
              if v is not Verdict.UNDETERMINED and w is Verdict.UNDETERMINED]  # fmt: skip
    assert needed == []
    assert Verdict.UNDETERMINED in verdicts
