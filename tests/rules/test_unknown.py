"""Unknown is never false, in every pack: each fact of each case is taken away, or made unreadable, one at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landcheck.fields.catalogue import field
from landcheck.model import Case, Kind, Pack, Role, Rule, Verdict
from landcheck.rulebook import load_pack, pack_names
from landcheck.rulebook.gate.trial import case_groups

SETTLED = {"in_high_tech_zone": True, "single_use": True, "is_stock": False, "is_surplus_part": False}
UNREADABLE = {Kind.NUMBER: "约三成", Kind.BOOL: "部分", Kind.ENUM: "待核", Kind.DATE: "31/08/2021"}
Facts = dict[str, Any]


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


def judged(rules: Sequence[Rule], pack: Pack, cases: Sequence[Case]) -> NDArray[np.int8]:
    """Cases x rules: what each rule says of each case, whosever it is; the cases' facts are read once for all rules."""
    given = tuple(replace(case, rule=rules[0].id) for case in cases)
    verdicts = np.empty((len(given), len(rules)), np.int8)
    place = {id(case): at for at, case in enumerate(given)}
    for group in case_groups(rules[0], replace(pack, cases=given)):
        verdicts[[place[id(case)] for case in group.cases]] = group.judge(rules).T
    return verdicts


def parcels(rule: Rule, pack: Pack) -> Iterator[tuple[Case, Facts]]:
    """Every case of the pack's rules per parcel, at the rule's date where it has none."""
    for case in pack.cases:
        if not case.parks and (facts := whole(case, rule)) is not None:
            yield replace(case, given=facts, assume=False), facts


def rules_of_a_date() -> list[Any]:
    """The rules per parcel of each pack that came into force together."""
    packs = [load_pack(name) for name in pack_names()]
    dates = [(pack, day) for pack in packs for day in {rule.in_force_from: None for rule in pack.rules}]
    found = [(pack, [rule for rule in pack.rules if rule.per == "parcel" and rule.in_force_from == day])
             for pack, day in dates]  # fmt: skip
    return [pytest.param(rules, pack, id=f"{pack.id}-{rules[0].in_force_from}") for pack, rules in found if rules]


def rules_of_parks() -> list[Any]:
    packs = [load_pack(name) for name in pack_names()]
    return [pytest.param(rule, pack, id=rule.id) for pack in packs for rule in pack.rules if rule.per == "park"]


def told(facts: Mapping[str, Any]) -> list[str]:
    return [name for name in facts if field(Role.PARCELS, name).kind is not Kind.TEXT]


@pytest.mark.parametrize(("rules", "pack"), rules_of_a_date())
def test_a_fact_taken_away_or_unreadable_never_decides(rules: Sequence[Rule], pack: Pack) -> None:
    whole_cases = list(parcels(rules[0], pack))
    places = [(at, name) for at, (_, facts) in enumerate(whole_cases) for name in told(facts)]
    without, unreadable = [], []
    for at, name in places:
        case, facts = whole_cases[at]
        without.append(replace(case, given={other: fact for other, fact in facts.items() if other != name}))
        written = UNREADABLE[field(Role.PARCELS, name).kind]
        unreadable.append(replace(case, given={**facts, name: written}, assume=True, as_of=dt.date(2026, 6, 30)))
    before = judged(rules, pack, [case for case, _ in whole_cases])[[at for at, _ in places]]
    lacking, unread = judged(rules, pack, without), judged(rules, pack, unreadable)
    # asked for where it is known
    hidden = [{condition.subject for condition in rule.applies if condition.known} for rule in rules]
    asked = np.array([[name not in names for names in hidden] for _, name in places])
    open_now = lacking == Verdict.UNDETERMINED
    assert named(asked & ~open_now & (lacking != before), places, rules) == []
    assert named(asked & open_now & (unread != Verdict.UNDETERMINED), places, rules) == []
    assert open_now.any(axis=0).all()


def named(
    wrong: NDArray[np.bool_], places: Sequence[tuple[int, str]], rules: Sequence[Rule]
) -> list[tuple[int, str, str]]:
    """The case, the fact and the rule of each that is wrong."""
    return [(*places[at], rules[number].id) for at, number in np.argwhere(wrong)]


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


@pytest.mark.parametrize(("rule", "pack"), rules_of_parks())
def test_a_fact_of_a_park_or_its_green_taken_away_or_unreadable_never_decides(rule: Rule, pack: Pack) -> None:
    cases = [settled_park(case) for case in pack.cases if case.rule == rule.id]
    before = dict(zip(range(len(cases)), judged([rule], pack, cases)[:, 0], strict=True))
    lacking = [(at, one) for at, case in enumerate(cases) for one in park_variants(case, None)]
    unread = [one for case in cases for one in park_variants(replace(case, assume=True), UNREADABLE)]
    verdicts = judged([rule], pack, [case for _, case in lacking])[:, 0]
    turned = [(case, v) for (at, case), v in zip(lacking, verdicts, strict=True)
              if v not in (before[at], Verdict.UNDETERMINED)]  # fmt: skip
    assert turned == []
    needed = [case for case, v, w in zip(unread, judged([rule], pack, unread)[:, 0], verdicts, strict=True)
              if v != Verdict.UNDETERMINED and w == Verdict.UNDETERMINED]  # fmt: skip
    assert needed == []
    assert Verdict.UNDETERMINED in verdicts
