"""What a park of a district that is short is told to add is enough, though it then draws less from the others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from landcheck import Request, check
from landcheck.model import Finding

PARKS = "park_id,district,management_qualified,district_balance_approved\n" + "".join(
    f"K{number},D1,true,true\n" for number in (1, 2, 3)
)
GREEN = (
    "green_id,park_id,change,area_m2,project_completed,reason\nG1,K1,reduction,1000,true,expansion\n"
    "G2,K2,reduction,100,true,expansion\nG3,K3,new_planned,500,,\n"
)
SOURCES = {"parks": "parks.csv", "green": "green.csv"}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def balance(park: str, added: str = "0") -> Finding:
    for name, text in {
        "p": "parcel_id\nA\n",
        "parks": PARKS,
        "green": f"{GREEN}G4,{park},new_planned,{added},,\n",
    }.items():
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    report = check(Request("p.csv", sources=SOURCES, as_of=dt.date(2022, 6, 1), show_all=True))
    return next(one for one in report.findings if (one.rule.id, one.subject.id) == ("green-balance", park))


# 1,100 asked for and 500 there: with 600 more of K1, or all 100 of its own by K2, the park is covered
@pytest.mark.parametrize(("park", "wanted", "less"), [("K1", 600, "599.95"), ("K2", 100, "99.95")])
def test_the_green_told_is_enough_and_less_is_not(park: str, wanted: float, less: str) -> None:
    told = balance(park)
    uncovered = next(one for one in told.requirements if one.ways)
    assert [[(c.field, c.by) for c in way] for way in uncovered.ways] == [[("green.area_m2", wanted)]]
    assert balance(park, str(wanted)).verdict.word == "pass"
    assert balance(park, less).verdict.word == "fail"
