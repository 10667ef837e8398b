"""Verdicts from columns: three values, both readings, limits to the full value."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landcheck.fields.catalogue import fields
from landcheck.model import Kind, Operator, Reading, Role, Rule, Verdict
from landcheck.rulebook import load_pack
from landcheck.verdicts.decide import CHUNK, against_limit, judge

PACK = load_pack("shanghai-2021-9")
RULES = [rule for rule in PACK.rules if rule.per == "parcel"]
BY_ID = {rule.id: n for n, rule in enumerate(RULES)}
PARAMETERS = {parameter.name: parameter.value for parameter in PACK.parameters}
DAY = (dt.date(2022, 1, 1) - dt.date(1970, 1, 1)).days
EMPTY = {Kind.NUMBER: np.nan, Kind.BOOL: 0, Kind.ENUM: -1, Kind.DATE: -(2**31)}
TYPES = {Kind.NUMBER: np.float64, Kind.BOOL: np.int8, Kind.ENUM: np.int8, Kind.DATE: np.int32}


def columns(rows: int = 1, **given: object) -> dict[str, np.ndarray]:
    """Parcels in the zone and in force, everything else missing but what is given."""
    facts = {"in_high_tech_zone": 1, "approval_date": DAY, **given}
    table = {}
    for field in fields(Role.PARCELS):
        if field.kind is Kind.TEXT:
            continue
        value = facts.get(field.name, EMPTY[field.kind])
        if isinstance(value, str):
            value = field.values.index(value)
        table[field.name] = np.full(rows, value, TYPES[field.kind])
    return table


def verdict(rule: str, reading: Reading = Reading.THRESHOLD, **given: object) -> Verdict:
    return Verdict(judge(RULES, columns(**given), 1, reading, PARAMETERS)[BY_ID[rule], 0])


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        # 36,000 m² on 20,000 m² is 1.8, under 2.0; 40,000 is 2.0 and 以上 includes it
        ("far-industrial", {"far_gfa_m2": 36000, "site_area_m2": 20000}, Verdict.FAIL),
        ("far-industrial", {"far_gfa_m2": 40000, "site_area_m2": 20000}, Verdict.PASS),
        # what can be computed counts before what is declared
        ("far-industrial", {"far_gfa_m2": 36000, "site_area_m2": 20000, "far": 2.5}, Verdict.FAIL),
        ("far-industrial", {"far": 2.5}, Verdict.PASS),
        ("far-industrial", {"far_gfa_m2": 36000}, Verdict.UNDETERMINED),
        # the 3.0 of 通用类研发 does not speak of industrial land
        ("far-rd-general", {"far": 1.0}, Verdict.NOT_APPLICABLE),
        # 20 years need no recognition, 30 do, and 51 are over the law's 50 whoever recognises
        ("term-50", {"term_years": 20}, Verdict.PASS),
        ("term-50", {"term_years": 30}, Verdict.UNDETERMINED),
        ("term-50", {"term_years": 30, "recognition": "none"}, Verdict.FAIL),
        ("term-50", {"term_years": 50, "recognition": "municipal_key_project"}, Verdict.PASS),
        ("term-50", {"term_years": 51, "recognition": "municipal_key_project"}, Verdict.FAIL),
        # 51 years fail at once: false and unknown is false
        ("term-50", {"term_years": 51}, Verdict.FAIL),
        # recognised, but the term unknown
        ("term-50", {"recognition": "municipal_key_project"}, Verdict.UNDETERMINED),
        # no land above ground: no share can be formed
        ("living-15", {"living_gfa_m2": 0, "above_ground_gfa_m2": 0, "single_use": 1}, Verdict.UNDETERMINED),
        # either increase is enough, and one known to be true settles an unknown other
        (
            "stock-approval",
            {"is_stock": 1, "underground_gfa_m2": 5, "underground_gfa_before_m2": 0},
            Verdict.UNDETERMINED,
        ),
        (
            "stock-approval",
            {"is_stock": 1, "underground_gfa_m2": 5, "underground_gfa_before_m2": 0, "increase_approved": -1},
            Verdict.FAIL,
        ),
        # no increase of either kind
        (
            "stock-approval",
            {"is_stock": 1, "far": 1.0, "far_before": 1.0, "underground_gfa_m2": 5, "underground_gfa_before_m2": 5},
            Verdict.NOT_APPLICABLE,
        ),
        ("roof-greening", {}, Verdict.NOT_APPLICABLE),
        ("roof-greening", {"roof_greening": -1}, Verdict.REVIEW),
    ],
)
def test_verdict(rule: str, given: dict[str, object], expected: Verdict) -> None:
    assert verdict(rule, land_class="industrial_project", **given) is expected


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("far-industrial", {"far": 1.8}, Verdict.REVIEW),
        ("term-50", {"term_years": 30, "recognition": "none"}, Verdict.REVIEW),
        ("term-50", {"term_years": 51, "recognition": "none"}, Verdict.FAIL),
        ("living-15", {"living_gfa_m2": 16, "above_ground_gfa_m2": 100, "single_use": 1}, Verdict.FAIL),
    ],
)
def test_a_permission_read_to_the_letter(rule: str, given: dict[str, object], expected: Verdict) -> None:
    assert verdict(rule, Reading.LITERAL, land_class="industrial_project", **given) is expected


def test_applicability_unknown_is_never_a_failure() -> None:
    assert verdict("far-industrial", far=1.0) is Verdict.UNDETERMINED
    assert (
        verdict("far-industrial", far=1.0, land_class="industrial_project", in_high_tech_zone=0) is Verdict.UNDETERMINED
    )
    assert verdict("far-industrial", far=1.0, land_class="other", in_high_tech_zone=0) is Verdict.NOT_APPLICABLE


def test_a_day_before_the_text_was_in_force() -> None:
    day = (dt.date(2021, 8, 31) - dt.date(1970, 1, 1)).days
    given = {"land_class": "industrial_project", "far": 1.0}
    assert verdict("far-industrial", approval_date=day, **given) is Verdict.NOT_APPLICABLE
    assert verdict("far-industrial", approval_date=day + 1, **given) is Verdict.FAIL


def test_a_parameter_of_the_user_counts() -> None:
    given = columns(land_class="industrial_project", term_years=25.0, recognition="none")
    line = BY_ID["term-50"]
    assert judge(RULES, given, 1, Reading.THRESHOLD, PARAMETERS)[line, 0] == Verdict.FAIL
    assert judge(RULES, given, 1, Reading.THRESHOLD, {"base_term_years": Decimal(30)})[line, 0] == Verdict.PASS


def test_rows_do_not_know_their_chunk() -> None:
    rows = CHUNK * 2 + 7
    table = columns(rows, land_class="industrial_project")
    table["far"] = np.where(np.arange(rows) % 3 == 0, 1.0, 2.0)
    verdicts = judge(RULES, table, rows, Reading.THRESHOLD, PARAMETERS)[BY_ID["far-industrial"]]
    assert (verdicts == np.where(np.arange(rows) % 3 == 0, Verdict.FAIL, Verdict.PASS)).all()


@given(st.floats(0.01, 1e6), st.sampled_from([Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUALS]))
def test_the_tolerance_is_that_of_binary_floating_point_and_no_more(limit: float, operator: Operator) -> None:
    value = np.array([limit * (1 - 1e-8), limit * (1 - 1e-10), limit, limit * (1 + 1e-10), limit * (1 + 1e-8), np.nan])
    expected = {
        Operator.AT_LEAST: [-1, 1, 1, 1, 1, 0],
        Operator.AT_MOST: [1, 1, 1, 1, -1, 0],
        Operator.EQUALS: [-1, 1, 1, 1, -1, 0],
    }[operator]
    assert against_limit(value, operator, limit).tolist() == expected


def test_nought_is_nought() -> None:
    assert against_limit(np.array([0.0, -0.0, 1e-12]), Operator.EQUALS, 0.0).tolist() == [1, 1, -1]


def days(*dates: str) -> np.ndarray:
    return np.array(dates, "datetime64[D]").astype(np.int32)


FAR_2021_6 = [rule for rule in load_pack("shanghai-2021-6").rules if rule.id == "far-rd-general-2021-6"]
ROUND_THE_DAYS = ("2021-09-19", "2021-09-20", "2026-09-19", "2026-09-20")


def far_by_day(rules: list[Rule], dates: np.ndarray, recorded: np.ndarray) -> list[Verdict]:
    table = columns(4, land_class="rd_general", far=1.0) | {"approval_date": dates, "recorded_date": recorded}
    return [Verdict(v) for v in judge(rules, table, 4, Reading.THRESHOLD, PARAMETERS)[0].tolist()]


def test_a_stated_end_binds_by_the_recorded_date_from_its_first_day_to_its_last() -> None:
    dates = days(*ROUND_THE_DAYS)
    assert far_by_day(FAR_2021_6, dates, dates) == [
        Verdict.NOT_APPLICABLE, Verdict.FAIL, Verdict.FAIL, Verdict.NOT_APPLICABLE,
    ]  # fmt: skip


def test_an_assumed_date_after_the_stated_end_changes_no_verdict_and_a_missing_one_leaves_it_open() -> None:
    none = np.full(4, -(2**31), np.int32)
    assert far_by_day(FAR_2021_6, days(*ROUND_THE_DAYS), none)[1:] == [Verdict.FAIL] * 3
    assert far_by_day(FAR_2021_6, none, none) == [Verdict.UNDETERMINED] * 4


def test_a_presumed_end_changes_no_verdict() -> None:
    rules = [rule for rule in RULES if rule.id == "far-rd-general"]
    dates = days("2021-08-31", "2021-09-01", "2026-08-31", "2026-09-01")
    assert far_by_day(rules, dates, dates) == [Verdict.NOT_APPLICABLE, *[Verdict.FAIL] * 3]
