"""No waiver and no baseline ever turns undetermined into a pass, whatever is combined with what."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace as Plan
from typing import Any

import pytest

RULES = ("far-industrial", "term-50", "living-15", "mixed-use-30", "roof-greening")
GAPS = ("far_gfa_m2", "term_years", "recognition", "living_gfa_m2", "above_ground_gfa_m2", "land_class")
BREAKS = {"far_gfa_m2": "30000", "term_years": "60", "living_gfa_m2": "9000", "other_industry_gfa_m2": "20000"}


def some_rows(plan: Plan, chance: random.Random) -> list[dict[str, str]]:
    """Five parcels, each with gaps and faults of its own; at least one has a gap."""
    rows = []
    for number in range(5):
        values = {name: value for name, value in BREAKS.items() if chance.random() < 0.4}
        values |= {name: "" for name in GAPS if chance.random() < 0.2}
        rows.append(plan.row(f"P{number}", 300 * number, **values))
    rows[chance.randrange(5)][chance.choice(GAPS)] = ""
    return rows


def some_register(plan: Plan, chance: random.Random) -> list[dict[str, str]]:
    entries = []
    for number in range(5):
        for rule in RULES:
            if chance.random() < 0.8:
                scope = {"parcel": f"P{number}", "fingerprint": plan.mark(plan.square(300 * number))}
                if chance.random() < 0.3:
                    scope |= {"polygon": plan.square(300 * number, 250), "crs": "EPSG:4549"}
                entries.append({**plan.WAIVER, "rule": rule, **scope})
    whole = "POLYGON ((639000 3454000, 645000 3454000, 645000 3456000, 639000 3456000, 639000 3454000))"
    own = {name: value for name, value in plan.WAIVER.items() if name not in ("parcel", "fingerprint")}
    entries += [{**own, "rule": rule, "polygon": whole, "crs": "EPSG:4549"} for rule in RULES if chance.random() < 0.5]
    return entries


def undetermined(result: Any) -> int:
    return sum(counts["undetermined"] for counts in result["summary"]["verdicts"].values())


@pytest.mark.parametrize("seed", range(40))
def test_undetermined_stays_undetermined_and_ends_no_run_with_0(plan: Plan, seed: int) -> None:
    chance = random.Random(seed)
    before, now = some_rows(plan, chance), some_rows(plan, chance)
    plan.write(*before)
    plan.check("-o", "old.json")
    plan.register(*some_register(plan, chance))
    plan.write(*now)
    _, bare = plan.check()
    options = [*(["--waivers", "waivers.toml"] if chance.random() < 0.8 else []),
               *(["--baseline", "old.json"] if chance.random() < 0.8 else [])]  # fmt: skip
    status, result = plan.check(*options)
    assert result["summary"]["verdicts"] == bare["summary"]["verdicts"]
    assert status != 0 or not undetermined(result)
    for one in result["findings"]:
        excused = "waived" in one or "known" in one
        lacking = [outcome for outcome in one["requirements"] if outcome["verdict"] == "undetermined"]
        assert not (excused and (one["verdict"] not in ("fail", "review") or lacking)), one
    assert {(f["rule"], f["subject"]["id"], f["verdict"]) for f in result["findings"]} == {
        (f["rule"], f["subject"]["id"], f["verdict"]) for f in bare["findings"]
    }
    for path in Path().glob("*.json"):
        path.unlink()
