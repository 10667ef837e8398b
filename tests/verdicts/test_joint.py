"""The remedy for several broken requirements at once: only where there are several, and only what the texts ask for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from landcheck import Request, check
from landcheck.model import JointRemedy

HEAD = (
    "parcel_id,land_class,single_use,site_area_m2,far_gfa_m2,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2,"
    "special_process_recognised"
)
AS_OF = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def joint(row: str, *packs: str) -> dict[str, JointRemedy | None]:
    Path("p.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    report = check(Request("p.csv", packs=packs, as_of=AS_OF))
    return {finding.rule.id: finding.joint for finding in report.findings if finding.verdict.word == "fail"}


def test_a_far_that_need_not_be_met_is_not_asked_for() -> None:
    # a special process spares the FAR of 1.0 the floor: of 10,000 other and living 5,000 are too much by 2,000, living
    # 2,000 by 500, and that is within the 2,000
    found = joint("A,industrial_project,true,10000,10000,10000,3000,2000,true", "shanghai-2021-6")
    assert "far-industrial-2021-6" not in found
    assert found
    for remedy in found.values():
        assert remedy is not None
        assert remedy.total_m2 == 2000
        assert {change.field for change in remedy.changes} <= {"other_industry_gfa_m2", "living_gfa_m2"}


def test_one_fault_by_two_texts_is_one_fault() -> None:
    # FAR 1.5 is below the floor of both texts, and nothing else is wrong
    found = joint("A,industrial_project,true,10000,15000,15000,0,0,false", "shanghai-2021-9", "shanghai-2021-6")
    assert {"far-industrial", "far-industrial-2021-6"} <= found.keys()
    assert set(found.values()) == {None}


def test_several_faults_are_met_together() -> None:
    # FAR 1.8 wants 2,000 m² more; of the 20,000 then there, 6,000 may be other uses: 9,000 are 3,000 too much
    found = joint("A,industrial_project,true,10000,18000,18000,8000,1000,", "shanghai-2021-9")
    assert found.keys() == {"far-industrial", "mixed-use-30"}
    assert {remedy and remedy.total_m2 for remedy in found.values()} == {2000 + 2000 + 3000}
