"""The gate: real cases pass, and it notices wrong, empty, mislabelled and insufficient ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from landcheck.messages import Text
from landcheck.model import Case, Operator, Pack, Verdict
from landcheck.rulebook import load_pack
from landcheck.rulebook.gate import examine_pack, run_cases

NOT_ASSUMED = "unknown whether single use, and nothing assumed"
NOT_GREEN = "roof not greened: encouraged, no duty"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("shanghai-2021-9")


def only(pack: Pack, name: str, **changes: object) -> Pack:
    """The pack with one rule and its cases, the rule changed."""
    rule = replace(next(rule for rule in pack.rules if rule.id == name), **changes)
    return replace(pack, rules=(rule,), cases=tuple(case for case in pack.cases if case.rule == name))


def without(pack: Pack, *names: str) -> Pack:
    return replace(pack, cases=tuple(case for case in pack.cases if case.name.en not in names))


def told(pack: Pack) -> set[tuple[str, ...]]:
    """Code and the telling values of every fault, said in both languages without a hitch."""
    faults = examine_pack(pack).faults
    for fault in faults:
        assert fault.say("zh") != fault.say("en")
    return {(fault.code, str(fault.values.get("kind", fault.values.get("change", "")))) for fault in faults}


def test_every_case_of_the_real_pack_comes_out_as_it_says(pack):
    results = run_cases(pack)
    assert [result.case.name.en for result in results if not result.ok] == []
    assert len(results) == len(pack.cases)
    assert {result.case.rule for result in results} == {rule.id for rule in pack.rules}


def test_the_cases_are_of_every_verdict(pack):
    assert {result.got for result in run_cases(pack)} == set(Verdict)


def test_the_real_pack_passes_the_whole_gate(pack):
    report = examine_pack(pack)
    assert report.ok
    assert report.faults == ()


def test_a_case_that_expects_another_verdict_is_told(pack):
    living = only(pack, "living-15")
    first = living.cases[0]
    wrong = replace(living, cases=(replace(first, expect=Verdict.FAIL), *living.cases[1:]))
    (result,) = [result for result in run_cases(wrong) if not result.ok]
    assert (result.case.expect, result.got) == (Verdict.FAIL, Verdict.PASS)
    assert "gate-case-wrong" in {code for code, _ in told(wrong)}


def test_a_case_that_expects_another_field_to_be_missing_is_told(pack):
    living = only(pack, "living-15")
    cases = tuple(replace(c, missing=("far",)) if c.missing == ("living_gfa_m2",) else c for c in living.cases)
    assert "gate-case-missing" in {code for code, _ in told(replace(living, cases=cases))}


def test_a_value_that_no_layer_could_hold_is_told(pack):
    living = only(pack, "living-15")
    given = {**living.cases[0].given, "living_gfa_m2": "大约一千"}
    cases = (replace(living.cases[0], given=given), *living.cases[1:])
    assert "gate-case-unreadable" in {code for code, _ in told(replace(living, cases=cases))}


@pytest.mark.parametrize(
    ("rule", "names", "kind"),
    [
        ("living-15", ["living exactly 15 %"], "at_limit"),
        ("living-15", ["living 15.1 %", "15.0001 % is not rounded down"], "past_limit"),
        ("living-15", ["living area unknown", "above-ground total unknown"], "measure_missing"),
        ("living-15", ["land class unknown", NOT_ASSUMED], "applicability_missing"),
        ("stock-approval", ["approved"], "holds"),
        ("roof-greening", [NOT_GREEN, "roof not greened: the same under the literal reading"], "broken"),
        ("surplus-transfer", ["not listed with an industry project", "one unknown, one broken: broken"], "broken"),
        ("surplus-transfer", ["transferee unknown"], "measure_missing"),
        ("roof-greening", ["roof greening not recorded: nothing to judge"], "measure_missing"),
    ],
)  # fmt: skip
def test_a_kind_that_no_case_shows_is_told(pack, rule, names, kind):
    complete = only(pack, rule)
    fewer = without(complete, *names)
    assert len(complete.cases) - len(fewer.cases) == len(names)
    assert kind in {said for code, said in told(fewer) if code in {"gate-requirement-lacking", "gate-kind-lacking"}}


def test_no_case_at_all_that_does_not_apply(pack):
    living = only(pack, "living-15")
    fewer = replace(living, cases=tuple(c for c in living.cases if c.expect is not Verdict.NOT_APPLICABLE))
    assert ("gate-kind-lacking", "not_applicable") in told(fewer)


@pytest.mark.parametrize(
    ("kind", "living", "expect"),
    [
        ("at_limit", "1499", Verdict.PASS),  # under the limit, not at it
        ("past_limit", "1600", Verdict.FAIL),  # 16 %: past it, but not just past
        ("past_limit", "1500", Verdict.PASS),
        ("not_applicable", "1600", Verdict.FAIL),
        ("measure_missing", "1600", Verdict.FAIL),
        ("applicability_missing", "1600", Verdict.FAIL),
    ],
)
def test_a_label_alone_proves_nothing(pack, kind, living, expect):
    one = only(pack, "living-15")
    given = {"land_class": "rd_general", "above_ground_gfa_m2": Decimal(10_000), "living_gfa_m2": Decimal(living)}
    case = Case("living-15", Text("标错的", "mislabelled"), kind, expect, given)
    found = examine_pack(replace(one, cases=(*one.cases, case))).faults
    assert [(f.code, f.values["name"].en) for f in found] == [("gate-kind-unproven", "mislabelled")]


@pytest.mark.parametrize(
    ("rule", "names", "change"),
    [
        ("living-15", ["mixed-use land: does not apply", NOT_ASSUMED],
         "the line on single_use is dropped"),
        ("living-15", ["general R&D land: applies as well"], "rd_general is taken out of land_class"),
        ("living-15", ["other land: does not apply"], "other is added to land_class"),
        ("living-15", ["approved before 2021-09-01"], "2021-08-31"),
        ("surplus-transfer", ["to a project admitted by industry access"], "admitted_project is taken out"),
        ("term-50", ["enterprise technology centre, 50 years"], "enterprise_technology_centre is taken out"),
    ],
)  # fmt: skip
def test_a_change_of_the_card_that_no_case_notices_is_told(pack, rule, names, change):
    fewer = without(only(pack, rule), *names)
    assert any(
        change in fault.say("en") for fault in examine_pack(fewer).faults if fault.code == "gate-mutant-survives"
    )


def test_every_number_and_comparison_changed_by_hand_breaks_a_case(pack):
    """Apart from the mutation check: the cases alone, against cards with one thing changed."""
    for rule in pack.rules:
        for at, requirement in enumerate(rule.requires):
            for number, test in enumerate(requirement.any):
                if test.number is None:
                    continue
                other = Operator.AT_MOST if test.operator is Operator.AT_LEAST else Operator.AT_LEAST
                for changed in (
                    replace(test, limit=test.number + Decimal("0.5"), parameter=None),
                    replace(test, operator=other),
                ):
                    ways = (*requirement.any[:number], changed, *requirement.any[number + 1 :])
                    requires = (*rule.requires[:at], replace(requirement, any=ways), *rule.requires[at + 1 :])
                    results = run_cases(only(pack, rule.id, requires=requires))
                    assert not all(r.got is r.case.expect for r in results), (rule.id, test.measure, changed)
