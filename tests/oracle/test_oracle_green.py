"""The oracle's green ledger, with every share worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from oracle import Options
from oracle_plan import Answer, Plan, answer

D = Decimal


def park(park_id: str, district: str | None = "浦东新区", *, approved: bool | None = True) -> dict[str, object]:
    return {
        "park_id": park_id,
        "district": district,
        "management_qualified": True,
        "district_balance_approved": approved,
    }


def green(park_id: str | None, change: str | None, area: str | None, **more: object) -> dict[str, object]:
    row: dict[str, object] = {"park_id": park_id, "change": change, "area_m2": None if area is None else D(area)}
    return {**row, "project_completed": True, "reason": "renovation", **more}


def ask(parks: list[dict[str, object]], rows: list[dict[str, object]] | None) -> Answer:
    return answer(Plan([], parks, rows), Options())


def verdict(given: Answer, park_id: str) -> str:
    return given.verdicts["green-balance", "park", park_id].verdict


def drawn(given: Answer, park_id: str) -> tuple[Fraction, Fraction]:
    row = given.ledger[park_id]
    return row.from_district_m2, row.uncovered_m2


THREE = [
    green("A", "reduction", "300"),
    green("B", "reduction", "150"),
    green("B", "new_planned", "50"),
    green("C", "new_planned", "200"),
]


def test_three_parks_share_what_is_left_pro_rata() -> None:
    # A short 300, B short 150 - 50 = 100, C left 200: A draws 200 x 300/400 = 150, B draws 200 x 100/400 = 50
    given = ask([park("A"), park("B"), park("C")], THREE)
    assert drawn(given, "A") == (150, 150)
    assert drawn(given, "B") == (50, 50)
    assert drawn(given, "C") == (0, 0)
    assert (verdict(given, "A"), verdict(given, "B"), verdict(given, "C")) == ("fail", "fail", "not_applicable")


def test_a_park_without_consent_leaves_its_share_to_the_others() -> None:
    # A may not draw: B's 100 come whole from C's 200
    given = ask([park("A", approved=False), park("B"), park("C")], THREE)
    assert drawn(given, "A") == (0, 300)
    assert drawn(given, "B") == (100, 0)
    assert (verdict(given, "A"), verdict(given, "B")) == ("fail", "pass")


def test_a_park_whose_consent_is_unknown_draws_in_the_ledger() -> None:
    # B still gets only 50; A's 150 do not suffice anyway, so A fails
    given = ask([park("A", approved=None), park("B"), park("C")], THREE)
    assert drawn(given, "A") == (150, 150)
    assert drawn(given, "B") == (50, 50)
    assert (verdict(given, "A"), verdict(given, "B")) == ("fail", "fail")


def test_unknown_consent_leaves_a_sufficient_share_open() -> None:
    given = ask([park("A", approved=None), park("C")], [THREE[3], green("A", "reduction", "200")])
    assert drawn(given, "A") == (200, 0)
    assert verdict(given, "A") == "undetermined"
    assert given.verdicts["green-balance", "park", "A"].must_name == {"district_balance_approved"}


def test_unknown_consent_matters_not_to_a_park_that_covers_itself() -> None:
    given = ask([park("A", approved=None)], [green("A", "reduction", "10.10"), green("A", "new_planned", "10.10")])
    assert verdict(given, "A") == "pass"


def test_green_does_not_cross_a_district_border() -> None:
    given = ask([park("A"), park("C", "闵行区")], [THREE[0], THREE[3]])
    assert drawn(given, "A") == (0, 300)


@pytest.mark.parametrize(
    ("new", "unknown", "expected"),
    [
        ("600", "90", "pass"),  # a reduction at worst: need 190 <= 600
        ("80", "10", "fail"),  # new green at best: 90 < 100
        ("150", "90", "undetermined"),  # 150 >= 100, but 150 < 190
    ],
)
def test_a_row_of_unknown_change_counts_against_and_for(new: str, unknown: str, expected: str) -> None:
    rows = [green("A", "reduction", "100"), green("A", "new_planned", new), green("A", None, unknown)]
    assert verdict(ask([park("A")], rows), "A") == expected


def test_a_neighbours_row_of_unknown_change_opens_a_verdict_that_leans_on_it() -> None:
    # C's 200 cover A's 200; if C's unknown 50 were a reduction, 150 would be left
    rows = [green("A", "reduction", "200"), THREE[3], green("C", None, "50")]
    assert verdict(ask([park("A"), park("C")], rows), "A") == "undetermined"


def test_unknown_area_of_a_reduction_is_open_and_of_a_surplus_is_not_needed() -> None:
    assert verdict(ask([park("A")], [green("A", "reduction", None), green("A", "new_planned", "5")]), "A") == (
        "undetermined"
    )
    rows = [green("A", "reduction", "5"), green("A", "new_planned", "5"), green("A", "new_planned", None)]
    assert verdict(ask([park("A")], rows), "A") == "pass"


def test_only_an_unknown_change_leaves_open_whether_there_is_a_reduction() -> None:
    given = ask([park("A")], [green("A", None, "5", project_completed=False)])
    assert verdict(given, "A") == "undetermined"


def test_a_project_not_built_or_another_reason_breaks_the_rule() -> None:
    cover = green("A", "new_planned", "9")
    assert verdict(ask([park("A")], [green("A", "reduction", "9", project_completed=False), cover]), "A") == "fail"
    assert verdict(ask([park("A")], [green("A", "reduction", "9", reason="other"), cover]), "A") == "fail"
    assert verdict(ask([park("A")], [green("A", "reduction", "9", reason=None), cover]), "A") == "undetermined"


def test_no_green_layer_is_unknown_and_no_green_row_is_none() -> None:
    assert verdict(ask([park("A")], None), "A") == "undetermined"
    assert verdict(ask([park("A")], []), "A") == "undetermined"
    assert verdict(ask([park("A"), park("B")], [green("B", "existing", "5")]), "A") == "not_applicable"


def test_a_park_of_unknown_district_may_be_covered_by_any() -> None:
    rows = [green("A", "reduction", "150"), THREE[3]]
    assert verdict(ask([park("A", None), park("C")], rows), "A") == "undetermined"
    assert verdict(ask([park("A", None), park("C")], [green("A", "reduction", "250"), THREE[3]]), "A") == "fail"


def test_green_of_no_known_park_covers_nothing() -> None:
    rows = [green("A", "reduction", "5"), green(None, "new_planned", "5"), green("Z", "new_planned", "5")]
    assert verdict(ask([park("A")], rows), "A") == "fail"
