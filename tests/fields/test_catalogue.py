"""The catalogue against CONTRACT section 2, and against itself."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import landcheck.fields
from landcheck.fields.catalogue import cut_headings, field, fields, known_headings, look_alikes
from landcheck.fields.headings import heading, key
from landcheck.fields.mapping import map_columns
from landcheck.fields.units import UNITS
from landcheck.model import Kind, Role

ROLES = list(Role)
RAW = tomllib.loads((Path(landcheck.fields.__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))

CONTRACT = {
    Role.PARCELS: """parcel_id name park_id district in_high_tech_zone approval_date land_class land_code single_use
        recognition term_years site_area_m2 far_gfa_m2 far above_ground_gfa_m2 other_industry_gfa_m2 living_gfa_m2
        is_stock far_before underground_gfa_m2 underground_gfa_before_m2 increase_approved extra_land_price_cny
        is_surplus_part parent_id subdivision_permitted transfer_channel listing transferee roof_greening""",
    Role.PARKS: "park_id name district management_qualified district_balance_approved",
    Role.ZONES: "zone_id name",
    Role.GREEN: "green_id park_id district change area_m2 project_completed reason",
    Role.BUILDINGS: "building_id parcel_id use floors_above floors_below gfa_m2",
}

# What the further packs ask for, behind the contract's own.
FURTHER = {
    Role.PARCELS: """statutory_use lease_years major_project district_quota district_decision investment_cny
        special_process_recognised overlay_m0 remarks smart_space pool_id owner pool_recognised pool_above_ground_gfa_m2
        pool_other_industry_gfa_m2 pool_living_gfa_m2 pool_concentrated_gfa_m2 holder transferred_share
        in_industrial_park toxic_gas plot_green_m2 ground_green_m2 protection_belt_m""",
    Role.PARKS: """park_area_m2 park_green_m2 attached_green_m2 new_park greening_plan_approved balance_plan_approved
        replanting_impossible compensation_fee_paid""",
}

KINDS = {
    Kind.BOOL: """in_high_tech_zone single_use is_stock increase_approved is_surplus_part subdivision_permitted
        roof_greening management_qualified district_balance_approved project_completed district_quota district_decision
        special_process_recognised overlay_m0 smart_space pool_recognised in_industrial_park toxic_gas new_park
        greening_plan_approved balance_plan_approved replanting_impossible compensation_fee_paid""",
    Kind.ENUM: """land_class recognition transfer_channel listing transferee change reason use statutory_use
        major_project holder""",
    Kind.DATE: "approval_date",
    Kind.TEXT: "parcel_id name park_id district land_code parent_id zone_id green_id building_id pool_id remarks owner",
}

CHOICES = {
    "land_class": "industrial_project industrial_standard rd_general rd_project other",
    "recognition": """national_strategic_project municipal_key_project manufacturing_innovation_centre
        enterprise_technology_centre none""",
    "transfer_channel": "land_market other",
    "listing": "with_industry_project other",
    "transferee": "park_platform admitted_project other",
}


@pytest.mark.parametrize("role", ROLES)
def test_every_field_of_the_contract_then_those_of_the_further_packs_and_no_other(role: Role) -> None:
    assert [each.name for each in fields(role)] == CONTRACT[role].split() + FURTHER.get(role, "").split()


def test_kinds_are_the_contract_s() -> None:
    named = {name: kind for kind, names in KINDS.items() for name in names.split()}
    for role in ROLES:
        for each in fields(role):
            assert each.kind is named.get(each.name, Kind.NUMBER), each.name


@pytest.mark.parametrize("name", CHOICES)
def test_choices_are_the_contract_s(name: str) -> None:
    assert field(Role.PARCELS, name).values == tuple(CHOICES[name].split())


def test_values_of_green_and_buildings() -> None:
    assert field(Role.GREEN, "change").values == ("reduction", "new_planned", "existing")
    assert field(Role.GREEN, "reason").values == ("expansion", "renovation", "other")
    assert field(Role.BUILDINGS, "use").values == ("main_industry", "other_industry", "living")


def test_assumptions_are_the_contract_s_and_the_drawn_area_of_a_park() -> None:
    assumed = {
        (each.role, each.name): each.assumed for role in ROLES for each in fields(role) if each.assumed is not None
    }
    assert assumed == {
        (Role.PARCELS, "in_high_tech_zone"): True,
        (Role.PARCELS, "approval_date"): "as_of",
        (Role.PARCELS, "single_use"): True,
        (Role.PARCELS, "site_area_m2"): "geometry",
        (Role.PARCELS, "is_stock"): False,
        (Role.PARCELS, "is_surplus_part"): False,
        (Role.PARKS, "management_qualified"): True,
        (Role.PARKS, "park_area_m2"): "geometry",
        (Role.GREEN, "area_m2"): "geometry",
        (Role.BUILDINGS, "gfa_m2"): "footprint_floors",
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_field_says_what_it_is_in_both_languages(role: Role) -> None:
    for each in fields(role):
        for text in (each.label, each.meaning, each.document, *(choice.label for choice in each.choices)):
            assert text.zh.strip()
            assert text.en.strip()
            assert text.en.isascii() or "“" in text.en, text.en


@pytest.mark.parametrize("role", ROLES)
def test_numbers_have_a_unit_and_nothing_else_has(role: Role) -> None:
    for each in fields(role):
        assert (each.unit in UNITS) == (each.kind is Kind.NUMBER), each.name
        for suffix, unit in (("_m2", "m2"), ("_cny", "CNY"), ("_years", "years"), ("_m", "m")):
            assert not each.name.endswith(suffix) or each.unit == unit


@pytest.mark.parametrize("role", ROLES)
def test_no_heading_is_claimed_twice(role: Role) -> None:
    owner: dict[str, str] = {}
    for each in fields(role):
        for name in (each.name, *each.aliases):
            assert owner.setdefault(key(name), f"{each.name}: {name}") == f"{each.name}: {name}"


@pytest.mark.parametrize("role", ROLES)
def test_a_look_alike_is_no_alias(role: Role) -> None:
    assert not look_alikes(role).keys() & known_headings(role).keys()
    assert {name for names in look_alikes(role).values() for name in names} <= {each.name for each in fields(role)}


@pytest.mark.parametrize("role", ROLES)
def test_every_alias_alone_maps_to_its_field(role: Role) -> None:
    for each in fields(role):
        for name in (each.name, *each.aliases):
            (use,) = map_columns(role, [name], {}, "file")
            assert use.field == each, name
            written = heading(name).unit
            assert use.unit == (written.symbol if written else each.unit)


@pytest.mark.parametrize("role", ROLES)
def test_every_field_has_a_short_name_that_maps_back(role: Role) -> None:
    spelt = [(each.name, *each.aliases) for each in fields(role)]
    names = [next(one for one in names if one.isascii() and len(one) <= 10 and " " not in one) for names in spelt]
    assert len(set(names)) == len(names)
    assert [use.field.name for use in map_columns(role, names, {}, "file")] == [each.name for each in fields(role)]


@pytest.mark.parametrize("role", ROLES)
def test_no_word_of_an_enumeration_means_two_values(role: Role) -> None:
    for each in fields(role):
        seen: dict[str, str] = {}
        for choice in each.choices:
            for word in (choice.value, choice.label.zh, choice.label.en, *choice.aliases):
                assert seen.setdefault(key(word), choice.value) == choice.value, word


def test_words_for_yes_and_no_are_apart() -> None:
    for role in ROLES:
        for name, entry in RAW[role.value].items():
            assert not {key(w) for w in entry.get("true", ())} & {key(w) for w in entry.get("false", ())}, name


def test_abbreviations_of_limits_are_no_far() -> None:
    for column in ("RJLSX", "RJLXX", "容积率上限", "约定容积率下限", "ZMJ", "成交价格(万元)"):
        assert map_columns(Role.PARCELS, [column], {}, "file") == ()


def test_cut_names_of_the_two_underground_areas_are_one() -> None:
    assert cut_headings(Role.PARCELS)["undergroun"] == {"underground_gfa_m2", "underground_gfa_before_m2"}


def test_metres_are_said_in_brackets_or_by_the_name_itself() -> None:
    for column in ("防护绿地宽度(米)", "防护绿地宽度(m)", "protection_belt_m"):
        (use,) = map_columns(Role.PARCELS, [column], {}, "file")
        assert (use.field.name, use.unit, use.factor) == ("protection_belt_m", "m", 1.0)
    assert map_columns(Role.PARCELS, ["YDMJ_M"], {}, "file") == ()  # as before there were metres


def test_the_catalogue_loads_nothing_heavy() -> None:
    code = (
        "import sys, landcheck.fields.mapping, landcheck.fields.catalogue as c; from landcheck.model import Role;"
        "c.fields(Role.PARCELS); print(sorted({'numpy', 'pyarrow', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_documents_that_may_stand_for_one_another_are_named_in_one_order() -> None:
    """What to supply is said once for several fields: named the other way round it would be asked for twice."""
    named = {each.document.zh for role in ROLES for each in fields(role) if each.document}
    assert len({frozenset(one.split("或")) for one in named}) == len(named)
