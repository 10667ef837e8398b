"""What CONTRACT.md 3 (green-balance) and 4 (green ledger) say, in exact fractions, one park at a time.

Where the contract is silent, the choices of this oracle:
- A green row whose park is unknown (no `park_id` and in no park, or a `park_id` that no park has) takes no part at all.
- `change` or `area_m2` unknown: the park's uncovered area lies between a best and a worst case (in the worst the row
  is a reduction without end or a new green of nought; in the best the reverse). Nought in the worst case holds, more
  than nought in the best case is broken, else the requirement is unknown. It says so for every park of the district.
- `district_balance_approved` unknown touches only its own park ("it draws its share in the ledger"): other parks
  are judged by the ledger in which it draws.
- A park without `district` takes its own green only and gives nothing in the ledger; its verdict is unknown where the
  surplus of some district could cover it. Another park counts it as drawing in the worst case, as giving in the best.
- No --green, or one without any row: whether a park has a reduction is unknown. Rows, but none of this park: none.
- `uncovered_m2` = 0 within 1e-9 of the need.
- A giving park needs no qualification, zone or approval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kleene import FALSE, NOTHING, TOLERANCE, TRUE, Fact, all_of, any_of, negation
from oracle import Judgement, Requirement, Row, judge, number, one_of, truth

ENDLESS_M2 = Fraction(10**13)
BUILDING_WORKS = ("expansion", "renovation")


@dataclass(frozen=True)
class Account:
    """One park's green: what it must replace, what it plants, and with whom it may balance."""

    park_id: str
    district: str | None
    need_m2: Fraction
    have_m2: Fraction
    draws: bool
    gives: bool = True

    @property
    def short_m2(self) -> Fraction:
        # "First each park covers itself."
        return max(self.need_m2 - self.have_m2, Fraction(0))

    @property
    def surplus_m2(self) -> Fraction:
        return max(self.have_m2 - self.need_m2, Fraction(0))


@dataclass(frozen=True)
class LedgerRow:
    park_id: str
    district: str | None
    need_m2: Fraction
    have_m2: Fraction
    from_district_m2: Fraction
    uncovered_m2: Fraction


def settle(accounts: Sequence[Account]) -> dict[str, LedgerRow]:
    at: dict[str | None, list[Account]] = {}
    for account in accounts:
        at.setdefault(account.district, []).append(account)
    return {account.park_id: settle_one(account, at[account.district]) for account in accounts}


def settle_one(account: Account, accounts: Sequence[Account]) -> LedgerRow:
    # "What is still short is covered from the surplus of the other parks of the same district"
    partners = [a for a in accounts if a.district == account.district] if account.district is not None else [account]
    surplus = sum((a.surplus_m2 for a in partners if a.gives), Fraction(0))
    # "A short park whose `district_balance_approved` is false draws nothing and leaves its share to the others"
    shortfall = sum((a.short_m2 for a in partners if a.draws), Fraction(0))
    drawn = Fraction(0)
    if account.draws and account.short_m2 > 0:
        # "where that is not enough it is shared pro rata to the shortfalls"
        drawn = account.short_m2 * min(Fraction(1), surplus / shortfall)
    # "`uncovered_m2` = need - own - from_district"
    left = account.short_m2 - drawn
    return LedgerRow(account.park_id, account.district, account.need_m2, account.have_m2, drawn, left)


def worth(green: Row, case: str) -> tuple[Fraction, Fraction]:
    """(need, have) of one green row in the `best`, the `worst` or the `known` case."""
    if case == "known":
        change, area = green.get("change"), number(green, "area_m2").value or Fraction(0)
    else:
        change = green.get("change") or ("reduction" if case == "worst" else "new_planned")
        endless = (change == "reduction") == (case == "worst")
        area = number(green, "area_m2").value
        area = (ENDLESS_M2 if endless else Fraction(0)) if area is None else area
    return (area if change == "reduction" else Fraction(0), area if change == "new_planned" else Fraction(0))


def account_of(park: Row, greens: Sequence[Row], case: str) -> Account:
    amounts = [worth(green, case) for green in greens]
    return Account(
        park_id=str(park["park_id"]),
        district=None if park.get("district") is None else str(park["district"]),
        need_m2=sum((need for need, _ in amounts), Fraction(0)),
        have_m2=sum((have for _, have in amounts), Fraction(0)),
        # "unknown: it draws its share in the ledger"
        draws=park.get("district_balance_approved") is not False,
    )


GreenByPark = Mapping[str, Sequence[Row]]


def ledger(parks: Sequence[Row], green: GreenByPark) -> dict[str, LedgerRow]:
    return settle([account_of(park, green.get(str(park["park_id"]), ()), "known") for park in parks])


def uncovered_m2(park: Row, parks: Sequence[Row], green: GreenByPark, case: str) -> tuple[Fraction, Fraction]:
    """(need, uncovered) of one park in the best or the worst case."""
    own_id = str(park["park_id"])
    mine = account_of(park, green.get(own_id, ()), case)
    if case == "worst" and park.get("district_balance_approved") is None:
        mine = replace(mine, draws=False)
    others = [account_of(p, green.get(str(p["park_id"]), ()), case) for p in parks if str(p["park_id"]) != own_id]
    results = []
    for district in districts_of(mine, others, case):
        at_home = [placed(other, district, case) for other in others]
        me = replace(mine, district=district)
        results.append(settle_one(me, [me, *at_home]).uncovered_m2)
    return mine.need_m2, min(results)


def districts_of(mine: Account, others: Sequence[Account], case: str) -> list[str | None]:
    if mine.district is not None:
        return [mine.district]
    if case == "worst":
        return [None]
    return ["(a district of its own)", *sorted({o.district for o in others if o.district is not None})]


def placed(other: Account, district: str | None, case: str) -> Account:
    if other.district is not None or district is None:
        return other
    return replace(other, district=district, draws=other.draws and case == "worst", gives=case == "best")


def covered(park: Row, parks: Sequence[Row], green: GreenByPark) -> Fact:
    # "uncovered area = 0 (section 4)"
    need, worst = uncovered_m2(park, parks, green, "worst")
    if worst <= need * TOLERANCE:
        return TRUE
    need, best = uncovered_m2(park, parks, green, "best")
    if best > need * TOLERANCE:
        return FALSE
    return Fact(None, lacking_for_cover(park, green))


def lacking_for_cover(park: Row, green: GreenByPark) -> frozenset[str]:
    """The fields of this park's own which leave its cover open (those of its neighbours may be named)."""
    lacking = {name for name in ("district", "district_balance_approved") if park.get(name) is None}
    for row in green.get(str(park["park_id"]), ()):
        lacking |= green_lacks(row)
    return frozenset(lacking)


def green_lacks(row: Row) -> set[str]:
    if row.get("change") == "existing":
        return set()
    return {name for name in ("change", "area_m2") if row.get(name) is None}


def is_reduction(green: Row) -> Fact:
    return one_of(green, "change", ("reduction",))


def judge_park(park: Row, zone: Fact, parks: Sequence[Row], green: GreenByPark | None, *, in_force: bool) -> Judgement:
    """`green-balance` for one park whose assumptions have been filled already; green None = no such layer."""
    if green is None:
        # "An empty layer, a rule that never ran can never read as a pass."
        has_reduction = Fact(None, NOTHING)
        return judge(all_of(zone, Fact(in_force), has_reduction), [], NOTHING)
    rows = green.get(str(park["park_id"]), ())
    # "the park has a reduction"
    has_reduction = any_of(*(is_reduction(row) for row in rows))
    requirements = [
        # "management_qualified; every reduction has project_completed and reason expansion or renovation;
        #  uncovered area = 0"
        Requirement(truth(park, "management_qualified")),
        Requirement(all_of(*(any_of(negation(is_reduction(r)), truth(r, "project_completed")) for r in rows))),
        Requirement(all_of(*(any_of(negation(is_reduction(r)), one_of(r, "reason", BUILDING_WORKS)) for r in rows))),
        Requirement(covered(park, parks, green)),
    ]
    return judge(all_of(zone, Fact(in_force), has_reduction), requirements)


def is_certain(park: Row, parks: Sequence[Row], green: GreenByPark) -> bool:
    """Whether nothing unknown touches this park's line of the ledger."""
    district = park.get("district")
    circle = [p for p in parks if p["park_id"] == park["park_id"] or (district and p.get("district") == district)]
    return not any(green_lacks(row) for p in circle for row in green.get(str(p["park_id"]), ()))
