"""The oracle's parcel rules, on cases whose verdict is read off the contract by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from oracle import Judgement, Options
from oracle_plan import Plan, answer, ellipsoidal_area_m2, share_inside
from random_plans import Recipe, random_plan

D = Decimal


def ask(rule: str, options: Options | None = None, **row: object) -> Judgement:
    full = {"parcel_id": "P", "in_high_tech_zone": True, "approval_date": date(2023, 1, 1), **row}
    return answer(Plan([full]), options or Options()).verdicts[rule, "parcel", "P"]


LITERAL = Options(reading="literal")
STRICT = Options(assumptions=False)
PROJECT = {"land_class": "industrial_project"}
RESEARCH = {"land_class": "rd_general"}


@pytest.mark.parametrize(
    ("term", "recognition", "threshold", "literal"),
    [
        ("50", "municipal_key_project", "pass", "pass"),
        ("50.5", "municipal_key_project", "fail", "fail"),
        ("20", "none", "pass", "pass"),
        ("20", None, "pass", "pass"),
        ("30", "none", "fail", "review"),
        ("30", None, "undetermined", "undetermined"),
        ("60", "none", "fail", "fail"),
        ("60", None, "fail", "fail"),
        (None, "municipal_key_project", "undetermined", "undetermined"),
        (None, "none", "undetermined", "undetermined"),
    ],
)
def test_term(term: str | None, recognition: str | None, threshold: str, literal: str) -> None:
    row = {**PROJECT, "term_years": None if term is None else D(term), "recognition": recognition}
    assert ask("term-50", **row).verdict == threshold
    assert ask("term-50", LITERAL, **row).verdict == literal


def test_term_with_another_base_and_another_class() -> None:
    thirty = Options(base_term_years=Fraction(30))
    assert ask("term-50", thirty, **PROJECT, term_years=D(30), recognition="none").verdict == "pass"
    assert ask("term-50", land_class="industrial_standard", term_years=D(90)).verdict == "not_applicable"
    assert ask("term-50", term_years=D(90)) == Judgement(
        "undetermined", frozenset({"land_class"}), frozenset({"land_class", "recognition"})
    )


@pytest.mark.parametrize(("gfa", "expected"), [("2000.02", "pass"), ("2000.01", "fail")])
def test_far_industrial_at_its_floor(gfa: str, expected: str) -> None:
    # 2 x 1000.01 = 2000.02
    row = {**PROJECT, "site_area_m2": D("1000.01"), "far_gfa_m2": D(gfa)}
    assert ask("far-industrial", **row).verdict == expected
    assert ask("far-industrial", LITERAL, **row).verdict == expected.replace("fail", "review")


def test_far_declared_speaks_only_where_it_cannot_be_computed() -> None:
    assert ask("far-rd-general", **RESEARCH, far=D(3)).verdict == "pass"
    both = {"far": D(3), "far_gfa_m2": D(29), "site_area_m2": D(10)}
    assert ask("far-rd-general", **RESEARCH, **both).verdict == "fail"
    assert ask("far-rd-general", **RESEARCH, far_gfa_m2=D(29)).must_name == {"site_area_m2"}
    assert ask("far-rd-general", **RESEARCH, **both | {"site_area_m2": D(0)}).verdict == "pass"


def test_outside_the_zone_or_before_the_day_the_pack_is_silent() -> None:
    low = {**PROJECT, "far": D(1)}
    assert ask("far-industrial", **low, in_high_tech_zone=False).verdict == "not_applicable"
    assert ask("far-industrial", **low, approval_date=date(2021, 8, 31)).verdict == "not_applicable"
    assert ask("far-industrial", **low, approval_date=date(2021, 9, 1)).verdict == "fail"
    assert ask("far-industrial", **low, approval_date=None).verdict == "fail"
    assert ask("far-industrial", STRICT, **low, approval_date=None).must_name == {"approval_date"}
    # false and unknown = false
    assert ask("far-industrial", STRICT, **RESEARCH, approval_date=None).verdict == "not_applicable"


SAME_UNDERGROUND = {"underground_gfa_m2": D(5), "underground_gfa_before_m2": D(5)}
STOCK = {**PROJECT, "is_stock": True, "far": D("2.5"), "far_before": D("2.0"), "increase_approved": True}


@pytest.mark.parametrize(
    ("change", "approval", "premium"),
    [
        ({"extra_land_price_cny": D(0)}, "pass", "pass"),
        ({"extra_land_price_cny": D("0.01")}, "pass", "fail"),
        ({}, "pass", "undetermined"),
        ({"increase_approved": False}, "fail", "not_applicable"),
        ({"increase_approved": None}, "undetermined", "undetermined"),
        ({"far_before": D("2.5")}, "undetermined", "undetermined"),  # the underground is unknown
        ({"far_before": D("2.5"), **SAME_UNDERGROUND}, "not_applicable", "not_applicable"),
        ({"far_before": None, "underground_gfa_m2": D(6), "underground_gfa_before_m2": D(5)}, "pass", "undetermined"),
        ({"is_stock": None}, "not_applicable", "not_applicable"),  # assumed false
    ],
)  # fmt: skip
def test_stock(change: dict[str, object], approval: str, premium: str) -> None:
    assert ask("stock-approval", **STOCK | change).verdict == approval
    assert ask("stock-no-premium", **STOCK | change).verdict == premium


SURPLUS = {
    **PROJECT,
    "is_surplus_part": True,
    "subdivision_permitted": True,
    "transfer_channel": "land_market",
    "listing": "with_industry_project",
    "transferee": "park_platform",
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "pass"),
        ({"transferee": "admitted_project"}, "pass"),
        ({"transferee": "other"}, "fail"),
        ({"listing": None}, "undetermined"),
        ({"listing": None, "transfer_channel": "other"}, "fail"),
        ({"land_class": "rd_general"}, "fail"),
        ({"is_surplus_part": False}, "not_applicable"),
    ],
)
def test_surplus(change: dict[str, object], expected: str) -> None:
    assert ask("surplus-transfer", **SURPLUS | change).verdict == expected


@pytest.mark.parametrize(
    ("whole", "other", "living", "mixed", "only_living"),
    [
        ("1000.2", "150.03", "150.03", "pass", "pass"),  # 30 % = 300.06, 15 % = 150.03
        ("1000.2", "150.03", "150.04", "fail", "fail"),
        ("1000.2", "150.04", "150.03", "fail", "pass"),
        ("0", "0", "0", "undetermined", "undetermined"),
        ("1000", None, "400", "undetermined", "fail"),
    ],
)
def test_shares(whole: str, other: str | None, living: str, mixed: str, only_living: str) -> None:
    parts = {"above_ground_gfa_m2": D(whole), "living_gfa_m2": D(living)}
    row = {**RESEARCH, **parts, "other_industry_gfa_m2": None if other is None else D(other)}
    assert ask("mixed-use-30", **row).verdict == mixed
    assert ask("living-15", **row).verdict == only_living
    assert ask("living-15", **row | {"land_class": "other"}).verdict == "not_applicable"
    assert ask("living-15", STRICT, **row).must_name == {"single_use"}


def test_roof() -> None:
    assert ask("roof-greening", roof_greening=True).verdict == "pass"
    assert ask("roof-greening", roof_greening=False).verdict == "review"
    assert ask("roof-greening", STRICT, roof_greening=None, in_high_tech_zone=None).verdict == "not_applicable"
    assert ask("roof-greening", STRICT, roof_greening=True, in_high_tech_zone=None).verdict == "undetermined"


def test_zone_comes_from_place_where_a_layer_is_given() -> None:
    park = {"park_id": "K", "bounds": (D(0), D(0), D(100), D(100))}

    def zone(west: str) -> str:
        bounds = (D(west), D(0), D(west) + 10, D(10))
        row = {"parcel_id": "P", "bounds": bounds, "approval_date": date(2023, 1, 1), "roof_greening": True}
        return answer(Plan([row], [park]), STRICT).verdicts["roof-greening", "parcel", "P"].verdict

    assert (zone("94.5"), zone("95.5"), zone("95")) == ("pass", "not_applicable", "not_applicable")
    assert share_inside((D(5), D(5), D(15), D(15)), park["bounds"]) == 1  # type: ignore[arg-type]  # a box of four


def test_drawn_area_is_ellipsoidal() -> None:
    # In EPSG:4549 the scale at 150 km east of the meridian is 1 + (150/6371)^2 / 2 = 1.000277: areas 554 ppm too large
    drawn = ellipsoidal_area_m2((D(649900), D(3450000), D(650100), D(3450200)))
    assert float(drawn) == pytest.approx(40000 * (1 - 554e-6), rel=1e-5)


def test_random_plans_keep_off_the_half_and_reach_every_verdict() -> None:
    plan = random_plan(7, Recipe(parcels=1500, zones=True))
    for parcel in plan.parcels:
        for layer in (plan.parks, plan.zones):
            shares = [share_inside(parcel["bounds"], area["bounds"]) for area in layer or ()]  # type: ignore[arg-type]  # boxes
            assert not any(Fraction("0.48") < share < Fraction("0.52") for share in shares)
    seen = {(key[0], judgement.verdict) for key, judgement in answer(plan, LITERAL).verdicts.items()}
    seen |= {(key[0], judgement.verdict) for key, judgement in answer(plan, Options()).verdicts.items()}
    for rule in {rule for rule, _ in seen}:
        expected = {"pass", "undetermined", "not_applicable"} | {"fail" if rule != "roof-greening" else "review"}
        if rule == "roof-greening":
            expected -= {"undetermined"}  # nothing is missing where assumptions and place fill the rest
        assert {verdict for name, verdict in seen if name == rule} >= expected, rule
