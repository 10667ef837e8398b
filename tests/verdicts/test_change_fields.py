"""What a broken requirement says may be changed are fields, in their units, and each change alone is enough."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from landcheck import Request, check
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.measures import LAYER_OF, nameable
from landcheck.model import Finding, Kind, Operator, Outcome, Role
from landcheck.model import Test as Comparison
from landcheck.verdicts import remedies

NUMERIC = [of for per in ("parcel", "park") for of in nameable(per).values() if of.kind is Kind.NUMBER]
OPERATORS = (Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUALS)
AREAS = "parcel_id,land_class,single_use,in_high_tech_zone,special_process_recognised,site_area_m2,far_gfa_m2,"
HEAD = AREAS + (
    "above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2,pool_id,pool_recognised,pool_above_ground_gfa_m2,"
    "pool_other_industry_gfa_m2,pool_living_gfa_m2,owner"
)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_measure_names_fields_only_with_their_units(operator: Operator) -> None:
    limit = 0 if operator is Operator.EQUALS else 1
    for of in NUMERIC:
        columns = {name: np.array([float(number)]) for number, name in enumerate(of.inputs, 3)}
        columns |= {"pool_recognised": np.array([-1], np.int8)}
        for way in remedies.ways(Comparison(of.name, operator, Decimal(limit), of.unit), of.per, float(limit), columns):
            for change in way:
                role, _, name = change.field.rpartition(".")
                field = catalogue_field(Role(role) if role else LAYER_OF[of.per], name)
                assert field.unit == change.unit, (of.name, change.field)


def judged(row: str, rule: str, *packs: str, head: str = HEAD, day: str = "2026-06-01") -> Finding:
    Path("p.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    report = check(Request("p.csv", packs=packs, as_of=dt.date.fromisoformat(day), show_all=True))
    return next(one for one in report.findings if one.rule.id == rule)


def changes(outcome: Outcome) -> list[list[tuple[str, float, str]]]:
    return [[(one.field, one.by, one.unit) for one in way] for way in outcome.ways]


PLOT = "A,industrial_project,true,true,true,10000,20000,20000,5000,4000"


def test_a_plot_of_its_own_is_told_areas_and_a_remedy_of_both_shares() -> None:
    # of 20,000 m² 3,000 may be living, 4,000 are; 6,000 other uses in all, 9,000 are
    shares = {
        rule: judged(f"{PLOT},,false,,,,", rule, "shanghai-2025-28") for rule in ("living-2025-28", "mixed-use-2025-28")
    }
    living, other = (one.requirements[0] for one in shares.values())
    assert (living.margin_m2, other.margin_m2) == (-1_000, -3_000)
    # 4,000 are 15 % of 26,666.67; 9,000 are 30 % of 30,000
    assert changes(living) == [[("living_gfa_m2", -1_000, "m2")], [("above_ground_gfa_m2", 6_666.67, "m2")]]
    assert changes(other) == [[("other_industry_gfa_m2", -3_000, "m2")], [("above_ground_gfa_m2", 10_000, "m2")]]
    for one in shares.values():
        assert one.joint is not None
        assert one.joint.total_m2 == 3_000


def test_a_pool_is_told_its_own_area_and_no_change_of_the_plot() -> None:
    # 20,000 of 100,000 m² are living, 5,000 too much; the plot itself is over by 1,000
    found = judged(f"{PLOT},T,true,100000,10000,20000,O", "living-2025-28", "shanghai-2025-28")
    assert (found.requirements[0].margin_m2, changes(found.requirements[0]), found.joint) == (-5_000, [], None)


@pytest.mark.parametrize(("living", "margin"), [(16_000, -1_000), (50_000, -35_000)])
def test_of_a_pool_that_may_be_none_the_area_is_that_of_the_share_told(living: int, margin: float) -> None:
    # the plot has 20 %, over by 1,000 of 20,000 m²; the pool 16 % or 50 %: the graver is told
    found = judged(f"{PLOT},T,,100000,10000,{living},O", "living-2025-28", "shanghai-2025-28")
    assert (found.verdict.word, found.requirements[0].margin_m2) == ("fail", margin)
    assert (changes(found.requirements[0]), found.joint) == ([], None)


def test_green_years_and_money_are_named_by_their_fields() -> None:
    # 20 % of 10,000 m² are 2,000 of green; 50 % transferred are 0.2 beyond 30 %, as the field counts it
    share = Comparison("transferred_share", Operator.AT_MOST, Decimal(30), "percent", scale=Decimal("0.01"))
    ((change,),) = remedies.ways(share, "parcel", 30.0, {"transferred_share": np.array([0.5])})
    assert (change.field, change.by.tolist(), change.unit) == ("transferred_share", [-0.2], "1")
    green = judged("A,industrial_project,10000,1500,false", "green-plot-20", "shanghai-green",
                   head="parcel_id,land_class,site_area_m2,plot_green_m2,in_industrial_park")  # fmt: skip
    assert [changes(one) for one in green.requirements] == [[[("plot_green_m2", 500, "m2")]]]
    lease = judged("A,industrial_project,10,45", "term-lease-2021-6", "shanghai-2021-6", day="2022-06-01",
                   head="parcel_id,land_class,lease_years,term_years")  # fmt: skip
    # 10 years leased and 45 granted are 35 beyond 20
    assert [changes(one) for one in lease.requirements] == [[[("term_years", -35, "years")]]]
