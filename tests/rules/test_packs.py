"""The packs that come along: what each demands, derived from its text by hand, and that each passes its gate."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from landcheck.fields.catalogue import fields
from landcheck.measures import MEASURES, nameable
from landcheck.measures.registry import register
from landcheck.messages import say
from landcheck.model import Kind, Modality, Operator, Pack, Rank, Role, Rule, Validity
from landcheck.rulebook import load_pack, pack_names
from landcheck.rulebook.gate import examine_pack

MUST, MAY, CONTROL = Modality.MUST, Modality.MAY, Modality.CONTROL
AT_LEAST, AT_MOST, EQUALS, ONE_OF, IS = Operator
FURTHER = ("china-terms", "shanghai-2021-6", "shanghai-2025-28", "shanghai-green")
ALL_FOUR = ("industrial_project", "industrial_standard", "rd_general", "rd_project")

# pack: rank, first day, last day, validity
STANDING = {
    "china-terms": (Rank.NATIONAL_REGULATION, dt.date(1990, 5, 19), None, Validity.NONE),
    "shanghai-2021-6": (Rank.BUREAU_DOCUMENT, dt.date(2021, 9, 20), dt.date(2026, 9, 19), Validity.STATED),
    "shanghai-2021-9": (Rank.GOVERNMENT_DOCUMENT, dt.date(2021, 9, 1), dt.date(2026, 8, 31), Validity.PRESUMED),
    "shanghai-2025-28": (Rank.BUREAU_DOCUMENT, dt.date(2025, 1, 27), None, Validity.NONE),
    "shanghai-green": (Rank.LOCAL_REGULATION, dt.date(2019, 1, 1), None, Validity.NONE),
}

# rule: force and tests of each requirement, limits in the measure's own unit
DEMANDS = {
    "term-project-2021-6": [
        (MUST, [("term_years", AT_MOST, 50)]),
        (MAY, [("term_years", AT_MOST, 20), ("national_or_municipal_project", IS, True),
               ("strategic_emerging_project", IS, True)]),
    ],
    "term-lease-2021-6": [(MAY, [("lease_and_grant_years", AT_MOST, 20)])],
    "term-other-2021-6": [(MUST, [("term_years", AT_MOST, 50)])],
    "far-industrial-2021-6": [(MAY, [("far", AT_LEAST, 2), ("special_process_recognised", IS, True)])],
    "far-rd-general-2021-6": [(MUST, [("far", AT_LEAST, 3)])],
    "mixed-use-2021-6": [(MUST, [("other_use_share", AT_MOST, Decimal("0.3"))])],
    "living-2021-6": [(MUST, [("living_share", AT_MOST, Decimal("0.15"))])],
    "surplus-2021-6": [
        (MUST, [("subdivision_permitted", IS, True)]), (MUST, [("transfer_channel", ONE_OF, ("land_market",))]),
        (MUST, [("listing", ONE_OF, ("with_industry_project",))]),
    ],
    "stock-approval-2021-6": [(MUST, [("increase_approved", IS, True)])],
    "stock-no-premium-2021-6": [(MUST, [("extra_land_price_cny", EQUALS, 0)])],
    "term-2025-28": [
        (MUST, [("term_years", AT_MOST, 50)]),
        (MAY, [("term_years", AT_MOST, 20), ("investment_cny", AT_LEAST, 1_000_000_000),
               ("national_or_municipal_project", IS, True), ("district_project_decided", IS, True)]),
    ],
    "far-control-2025-28": [(CONTROL, [("far", AT_MOST, 2), ("special_process_recognised", IS, True)])],
    "far-control-rd-2025-28": [(CONTROL, [("far", AT_MOST, 3)])],
    "far-smart-space-2025-28": [(CONTROL, [("far", AT_MOST, 3)])],
    "mixed-use-2025-28": [(MUST, [("pooled_other_use_share", AT_MOST, Decimal("0.3"))])],
    "living-2025-28": [(MUST, [("pooled_living_share", AT_MOST, Decimal("0.15"))])],
    "pool-cap-2025-28": [(MUST, [("pool_concentrated_excess_m2", AT_MOST, 0)])],
    "transfer-30-2025-28": [(MUST, [("transferred_share", AT_MOST, Decimal("0.3"))])],
    "underground-no-premium-2025-28": [(MUST, [("extra_land_price_cny", EQUALS, 0)])],
    "green-new-park-20": [(MUST, [("attached_green_share", AT_LEAST, Decimal("0.2"))])],
    "green-plot-20": [(MUST, [("plot_green_share", AT_LEAST, Decimal("0.2"))])],
    "green-toxic-30": [
        (MUST, [("plot_green_share", AT_LEAST, Decimal("0.3"))]), (MUST, [("protection_belt_m", AT_LEAST, 50)]),
    ],
    "green-park-20": [(MUST, [("park_green_share", AT_LEAST, Decimal("0.2"))])],
    "green-plan": [(MUST, [("greening_plan_approved", IS, True)])],
    "green-balance-plan": [(MUST, [("balance_plan_approved", IS, True)])],
    "green-reduction-covered": [(MUST, [("uncovered_m2", EQUALS, 0), ("fee_instead", IS, True)])],
    "green-ground-12": [(MUST, [("ground_green_share", AT_LEAST, Decimal("0.12"))])],
    "max-term-residential": [(MUST, [("term_years", AT_MOST, 70)])],
    "max-term-industrial": [(MUST, [("term_years", AT_MOST, 50)])],
    "max-term-science-education": [(MUST, [("term_years", AT_MOST, 50)])],
    "max-term-commercial": [(MUST, [("term_years", AT_MOST, 40)])],
    "max-term-other": [(MUST, [("term_years", AT_MOST, 50)])],
}  # fmt: skip

APPLIES = {
    "term-project-2021-6": {"land_class": ("industrial_project",), "is_stock": (False,)},
    "term-lease-2021-6": {"land_class": ("industrial_project",), "leased_first": (True,)},
    "term-other-2021-6": {"land_class": ("industrial_standard", "rd_general", "rd_project")},
    "far-industrial-2021-6": {"land_class": ("industrial_project", "industrial_standard")},
    "far-rd-general-2021-6": {"land_class": ("rd_general",)},
    "mixed-use-2021-6": {"land_class": ALL_FOUR, "single_use": (True,)},
    "living-2025-28": {"land_class": ALL_FOUR, "single_use": (True,)},
    "surplus-2021-6": {"is_surplus_part": (True,), "land_class": ("industrial_project", "rd_project")},
    "stock-approval-2021-6": {
        "is_stock": (True,), "use_of_land": ("industrial", "storage"), "intensified": (True,),
    },
    "far-control-2025-28": {"use_of_land": ("industrial", "storage"), "smart_space": (False,)},
    "far-control-rd-2025-28": {"land_class": ("rd_general", "rd_project")},
    "far-smart-space-2025-28": {"smart_space": (True,)},
    "pool-cap-2025-28": {"pool_recognised": (True,), "land_class": ALL_FOUR},
    "transfer-30-2025-28": {"land_class": ("rd_general",), "holder": ("other",)},
    "underground-no-premium-2025-28": {"use_of_land": ("industrial", "storage"), "underground_added": (True,)},
    "green-plot-20": {"use_of_land": ("industrial",), "in_industrial_park": (False,), "is_stock": (False,)},
    "green-toxic-30": {"use_of_land": ("industrial",), "toxic_gas": (True,), "is_stock": (False,)},
    "green-park-20": {},
    "green-plan": {"has_reduction": (True,)},
    "max-term-other": {"use_of_land": ("other", "storage")},
}  # fmt: skip


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {name: load_pack(name) for name in pack_names()}


@pytest.fixture(scope="module")
def rules(packs: dict[str, Pack]) -> dict[str, Rule]:
    return {rule.id: rule for pack in packs.values() for rule in pack.rules}


def test_there_are_five(packs: dict[str, Pack]) -> None:
    assert set(packs) == set(STANDING)


@pytest.mark.parametrize("name", FURTHER)
def test_each_passes_its_gate(packs: dict[str, Pack], name: str) -> None:
    assert [fault.say("en") for fault in examine_pack(packs[name]).faults] == []


@pytest.mark.parametrize("name", STANDING)
def test_rank_and_validity(packs: dict[str, Pack], name: str) -> None:
    pack = packs[name]
    assert (pack.rank, pack.in_force_from, pack.in_force_until, pack.validity) == STANDING[name]


def test_no_rule_is_called_like_one_of_another_pack(packs: dict[str, Pack]) -> None:
    names = Counter(rule.id for pack in packs.values() for rule in pack.rules)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_rule_of_the_further_packs_is_named_here(packs: dict[str, Pack]) -> None:
    assert {rule.id for name in FURTHER for rule in packs[name].rules} == set(DEMANDS)


@pytest.mark.parametrize("name", DEMANDS)
def test_each_rule_demands_what_its_text_says(rules: dict[str, Rule], name: str) -> None:
    found = [
        (r.modality, [(t.measure, t.operator, t.limit if t.number is None else t.number * t.scale) for t in r.any])
        for r in rules[name].requires
    ]
    assert found == DEMANDS[name]


@pytest.mark.parametrize("name", APPLIES)
def test_each_rule_applies_where_its_text_says(rules: dict[str, Rule], name: str) -> None:
    assert {c.subject: c.values for c in rules[name].applies} == APPLIES[name]


@pytest.mark.parametrize("name", FURTHER)
def test_an_excerpt_says_so_and_where_it_comes_from(packs: dict[str, Pack], name: str) -> None:
    pack = packs[name]
    assert pack.excerpt
    for text in (pack.text_source, *(entry.what for entry in pack.not_at_hand)):
        assert text.zh
        assert text.en
    assert "http" in pack.text
    assert pack.in_force_quote or pack.in_force_source.zh


def test_numbers_of_a_weak_source_say_so(packs: dict[str, Pack]) -> None:
    pack = packs["china-terms"]
    for said in (pack.text_source.zh, pack.text_source.en):
        assert "[S]" in said
    for said in (pack.in_force_source.zh, pack.in_force_source.en):
        assert "[B]" in said


def test_the_text_of_2025_says_how_it_stands_to_others(packs: dict[str, Pack]) -> None:
    precedence = packs["shanghai-2025-28"].precedence
    assert precedence is not None
    assert precedence.quote == "此前政策规定与本指导意见不一致的,以本指导意见为准"
    assert [name for name, pack in packs.items() if pack.precedence] == ["shanghai-2025-28"]


def test_rules_of_a_further_text_take_its_first_day(packs: dict[str, Pack]) -> None:
    green = packs["shanghai-green"]
    days = {rule.id: (rule.document, rule.in_force_from) for rule in green.rules}
    assert days["green-plot-20"] == ("", dt.date(2019, 1, 1))
    assert days["green-park-20"] == ("沪绿容〔2020〕413号", dt.date(2020, 10, 1))
    assert days["green-ground-12"] == ("沪绿容〔2024〕154号", dt.date(2024, 4, 15))
    assert [document.rank for document in green.documents] == [Rank.BUREAU_DOCUMENT] * 2


def test_ranks_are_ordered_and_named() -> None:
    order = [Rank.NATIONAL_REGULATION, Rank.LOCAL_REGULATION, Rank.GOVERNMENT_DOCUMENT, Rank.BUREAU_DOCUMENT]
    assert sorted(order, key=lambda rank: rank.order) == order
    assert len({say(rank.label, "zh") for rank in Rank} | {say(rank.label, "en") for rank in Rank}) == 2 * len(Rank)


def test_every_measure_says_of_what_and_in_what_unit_it_is():
    assert len(MEASURES) == 27
    for name, of in MEASURES.items():
        assert of.name == name
        assert of.per in ("parcel", "park")
        assert (of.kind is Kind.NUMBER) == bool(of.unit), name
        assert (of.kind is Kind.ENUM) == bool(of.values), name
        assert of.kind is Kind.NUMBER or not (of.area or of.in_m2 or of.sum or of.lowest is not None), name
        assert of.label.zh, name
        assert of.label.en, name
        assert of.formula.zh, name
        assert of.formula.en, name


def test_a_measure_stands_in_the_registry_once():
    with pytest.raises(ValueError, match="far"):
        register(MEASURES["far"])


def test_a_card_may_name_the_measures_of_its_own_kind_of_subject():
    parcel, park = nameable("parcel"), nameable("park")
    assert {name for name in MEASURES if name in parcel} == {
        name for name, of in MEASURES.items() if of.per == "parcel"
    }
    assert {name for name in MEASURES if name in park} == {name for name, of in MEASURES.items() if of.per == "park"}
    assert {field.name for field in fields(Role.PARKS)} <= set(park)


def test_every_rule_names_its_matter_and_rules_of_one_matter_are_put_to_the_same_kind_of_subject(packs):
    rules = [rule for pack in packs.values() for rule in pack.rules]
    assert all(rule.matter and rule.matter_label.zh and rule.matter_label.en for rule in rules)
    assert len({(rule.matter, rule.per) for rule in rules}) == len({rule.matter for rule in rules})


def test_statutory_maxima_are_a_matter_of_their_own(packs):
    assert {rule.matter for rule in packs["china-terms"].rules} == {"term_maximum"}
    others = (rule for name, pack in packs.items() if name != "china-terms" for rule in pack.rules)
    assert "term_maximum" not in {rule.matter for rule in others}
