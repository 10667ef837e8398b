"""The pack of 沪府规〔2021〕9号 says what the contract says, word by word."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from landcheck.model import Condition, Modality, Operator, Pack, Validity
from landcheck.rulebook import load_pack, pack_names

RULES = Path(__file__).resolve().parents[2] / "rules"
INDUSTRY = ("industrial_project", "industrial_standard")
ALL_FOUR = (*INDUSTRY, "rd_general", "rd_project")
MUST, MAY, ENCOURAGE = Modality.MUST, Modality.MAY, Modality.ENCOURAGE
ZONE = Condition("in_high_tech_zone", (True,))

# name of the requirement, its force, and its tests as (measure, comparison, limit, limit in the measure's unit)
DEMANDS = {
    "term-50": [
        ("term_cap", MUST, [("term_years", Operator.AT_MOST, Decimal(50), Decimal(50))]),
        ("recognised_or_base_term", MAY, [
            ("term_years", Operator.AT_MOST, Decimal(20), Decimal(20)),
            ("recognition", Operator.ONE_OF, ("national_strategic_project", "municipal_key_project",
             "manufacturing_innovation_centre", "enterprise_technology_centre"), None),
        ]),
    ],
    "far-industrial": [("far", MAY, [("far", Operator.AT_LEAST, Decimal("2.0"), Decimal(2))])],
    "far-rd-general": [("far", MAY, [("far", Operator.AT_LEAST, Decimal("3.0"), Decimal(3))])],
    "stock-approval": [("increase_approved", MUST, [("increase_approved", Operator.IS, True, None)])],
    "stock-no-premium": [
        ("extra_land_price_cny", MUST, [("extra_land_price_cny", Operator.EQUALS, Decimal(0), Decimal(0))])
    ],
    "surplus-transfer": [
        ("land_class", MUST, [("land_class", Operator.ONE_OF, ("industrial_project",), None)]),
        ("subdivision_permitted", MUST, [("subdivision_permitted", Operator.IS, True, None)]),
        ("transfer_channel", MUST, [("transfer_channel", Operator.ONE_OF, ("land_market",), None)]),
        ("listing", MUST, [("listing", Operator.ONE_OF, ("with_industry_project",), None)]),
        ("transferee", MUST, [("transferee", Operator.ONE_OF, ("park_platform", "admitted_project"), None)]),
    ],
    "mixed-use-30": [
        ("other_use_share", MUST, [("other_use_share", Operator.AT_MOST, Decimal(30), Decimal("0.3"))])
    ],
    "living-15": [("living_share", MUST, [("living_share", Operator.AT_MOST, Decimal(15), Decimal("0.15"))])],
    "green-balance": [
        ("management_qualified", MUST, [("management_qualified", Operator.IS, True, None)]),
        ("reductions_completed", MUST, [("reductions_completed", Operator.IS, True, None)]),
        ("reductions_for_building_works", MUST, [("reductions_for_building_works", Operator.IS, True, None)]),
        ("uncovered_m2", MUST, [("uncovered_m2", Operator.EQUALS, Decimal(0), Decimal(0))]),
    ],
    "roof-greening": [("roof_greening", ENCOURAGE, [("roof_greening", Operator.IS, True, None)])],
}  # fmt: skip

STOCK = [
    Condition("is_stock", (True,)), Condition("land_class", INDUSTRY), Condition("intensified", (True,)),
]  # fmt: skip
SINGLE_USE = [Condition("land_class", ALL_FOUR), Condition("single_use", (True,))]
APPLIES = {
    "term-50": [Condition("land_class", ("industrial_project",))],
    "far-industrial": [Condition("land_class", INDUSTRY)],
    "far-rd-general": [Condition("land_class", ("rd_general",))],
    "stock-approval": STOCK,
    "stock-no-premium": [*STOCK, Condition("increase_approved", (True,))],
    "surplus-transfer": [Condition("is_surplus_part", (True,))],
    "mixed-use-30": SINGLE_USE,
    "living-15": SINGLE_USE,
    "green-balance": [Condition("has_reduction", (True,))],
    "roof-greening": [Condition("roof_greening", known=True)],
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("shanghai-2021-9")


def test_it_comes_with_the_program():
    assert "shanghai-2021-9" in pack_names()


def test_its_rules_stand_in_the_order_of_the_contract(pack):
    assert [rule.id for rule in pack.rules] == list(DEMANDS)
    assert {rule.id: rule.per for rule in pack.rules if rule.per != "parcel"} == {"green-balance": "park"}


@pytest.mark.parametrize("name", DEMANDS)
def test_each_rule_demands_what_the_contract_says(pack, name):
    rule = next(rule for rule in pack.rules if rule.id == name)
    found = [
        (r.name, r.modality, [
            (t.measure, t.operator, t.limit, None if t.number is None else t.number * t.scale) for t in r.any
        ])
        for r in rule.requires
    ]  # fmt: skip
    assert found == DEMANDS[name]


@pytest.mark.parametrize("name", APPLIES)
def test_each_rule_applies_where_the_contract_says(pack, name):
    rule = next(rule for rule in pack.rules if rule.id == name)
    assert list(rule.applies) == [ZONE, *APPLIES[name]]
    assert rule.in_force_from == dt.date(2021, 9, 1)


def test_the_clause_numbers(pack):
    last_two = {"green-balance", "roof-greening"}
    assert {rule.id for rule in pack.rules if rule.clause.number == "五(四)"} == last_two
    assert {rule.id for rule in pack.rules if rule.clause.number == "五(二)"} == set(DEMANDS) - last_two


def test_the_far_is_told_as_a_pure_number_and_shares_in_percent(pack):
    units = {t.measure: t.unit for rule in pack.rules for r in rule.requires for t in r.any if t.number is not None}
    assert (units["far"], units["living_share"], units["other_use_share"]) == ("1", "percent", "percent")


def test_validity_and_the_base_term(pack):
    assert (pack.validity, pack.in_force_until) == (Validity.PRESUMED, dt.date(2026, 8, 31))
    assert pack.number == "沪府规〔2021〕9号"
    (base,) = pack.parameters
    assert (base.name, base.value, base.unit) == ("base_term_years", Decimal(20), "years")
    assert base.source == "沪规划资源规〔2021〕6号 第十条"
    (test,) = [t for rule in pack.rules for r in rule.requires for t in r.any if t.parameter]
    assert (test.parameter, test.measure) == ("base_term_years", "term_years")


def test_quotes_and_left_out_sentences_rebuild_both_sections():
    """By plain string work on the files, without the program: nothing of 五(二) and 五(四) is missing."""
    text = _letters((RULES / "shanghai-2021-9" / "policy.txt").read_text(encoding="utf-8"))
    pack = load_pack("shanghai-2021-9")
    for number, start, end in (("五(二)", "二提高土地资源配置效率", "三推进园区数字化转型"),
                               ("五(四)", "四推进园区绿色低碳转型", "五强化金融服务效能")):  # fmt: skip
        section = text[text.index(start) : text.index(end)]
        quotes = {rule.clause.quote for rule in pack.rules if rule.clause.number == number}
        quotes |= {left_out.quote for left_out in pack.left_out if left_out.clause == number}
        for quote in sorted(map(_letters, quotes), key=len, reverse=True):
            assert section.count(quote) == 1
            section = section.replace(quote, "")
        assert section == ""


def _letters(text: str) -> str:
    digits = str.maketrans("０１２３４５６７８９", "0123456789")
    return re.sub(r"[^\w]", "", text.translate(digits))


def test_every_left_out_sentence_has_a_reason_in_both_languages(pack):
    assert len(pack.left_out) == 7
    assert all(left_out.reason.zh and left_out.reason.en for left_out in pack.left_out)


def test_loading_a_pack_needs_no_library_but_numpy():
    code = (
        "import sys; from landcheck.rulebook import load_pack; load_pack('shanghai-2021-9');"
        "print(sorted({'pyarrow', 'pandas', 'shapely', 'pyproj'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_pack_may_be_given_as_a_directory(copy, pack):
    assert load_pack(str(copy)) == pack


def test_a_byte_order_mark_does_no_harm(copy, pack):
    for path in copy.glob("*.toml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_pack(str(copy)) == pack


def test_the_card_in_the_readme_is_the_real_one():
    readme = (RULES / "README.md").read_text(encoding="utf-8")
    (card,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert card == (RULES / "shanghai-2021-9" / "living-15.toml").read_text(encoding="utf-8")


def test_the_readme_names_every_unit_comparison_and_kind_of_case():
    from landcheck.rulebook.cards import KINDS
    from landcheck.rulebook.lawtext import UNITS
    from landcheck.rulebook.requirements import PLACEHOLDERS

    readme = (RULES / "README.md").read_text(encoding="utf-8")
    words = [*UNITS, *(o.value for o in Operator), *KINDS, *(f"{{{name}}}" for name in PLACEHOLDERS)]
    assert [word for word in words if f"`{word}" not in readme] == []
