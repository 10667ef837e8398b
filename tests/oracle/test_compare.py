"""The comparison itself: a report written from the oracle agrees with it, and each thing told wrongly is found."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from compare import VERDICTS, differences
from oracle import Options
from oracle_plan import Answer, Plan, answer
from program import outcome
from random_plans import Recipe, random_plan

OPTIONS = Options(assumptions=True)


def finding(key: tuple[str, str, str], truth: Answer) -> dict[str, Any]:
    judgement = truth.verdicts[key]
    named = sorted(judgement.must_name or judgement.may_name) or ["change"]
    return {
        "rule": key[0],
        "subject": {"type": key[1], "id": key[2]},
        "verdict": judgement.verdict,
        "requirements": [{"name": "x", "verdict": judgement.verdict, **numbers(key, truth)}],
        "missing": named if judgement.verdict == "undetermined" else [],
    }


def numbers(key: tuple[str, str, str], truth: Answer) -> dict[str, Any]:
    if key not in truth.measured:
        return {}
    part = float(truth.measured[key])
    operator = "at_least" if key[0].startswith("far") else "at_most"
    return {
        "measured": part,
        "operator": operator,
        "limit": 1.0,
        "margin": part - 1 if operator == "at_least" else 1 - part,
    }


def summary(truth: Answer) -> dict[str, Any]:
    counted: dict[str, Counter[str]] = {}
    for key, judgement in truth.verdicts.items():
        counted.setdefault(key[0], Counter())[judgement.verdict] += 1
    kinds = Counter(kind for kind, _ in {key[1:] for key in truth.verdicts})
    return {**kinds, "verdicts": {rule: {v: numbers[v] for v in VERDICTS} for rule, numbers in counted.items()}}


def report(truth: Answer) -> dict[str, Any]:
    lines = [
        {"park_id": row.park_id, "district": row.district}
        | {n: float(getattr(row, n)) for n in ("need_m2", "have_m2", "from_district_m2", "uncovered_m2")}
        for row in truth.ledger.values()
    ]
    return {
        "as_of": OPTIONS.as_of.isoformat(),
        "reading": OPTIONS.reading,
        "assumptions": [{"field": name, "value": None, "rows": rows} for name, rows in truth.assumed.items()],
        "summary": summary(truth),
        "findings": [finding(key, truth) for key in truth.verdicts],
        "data": [],
        "green_ledger": lines,
    }


def sample() -> tuple[Plan, Answer, dict[str, Any]]:
    plan = random_plan(1, Recipe(parcels=300))
    truth = answer(plan, OPTIONS)
    return plan, truth, report(truth)


def test_a_report_from_the_oracle_agrees_with_it() -> None:
    _, truth, told = sample()
    assert differences(outcome(1, json.dumps(told)), truth, OPTIONS) == []


def first(told: dict[str, Any], verdict: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in told["findings"] if f["verdict"] == verdict)
    return found


def far(told: dict[str, Any]) -> dict[str, Any]:
    wanted = ("far-industrial", "fail")
    found: dict[str, Any] = next(f for f in told["findings"] if (f["rule"], f["verdict"]) == wanted)["requirements"][0]
    return found


SPOILERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "verdict": lambda told: first(told, "fail").update(verdict="pass"),
    "left out": lambda told: told["findings"].pop(),
    "requirements": lambda told: first(told, "pass").update(requirements=[{"verdict": "fail"}]),
    "measured": lambda told: far(told).update(measured=far(told)["measured"] + 0.01),
    "margin": lambda told: far(told).update(margin=-far(told)["margin"] - 1),
    "own numbers": lambda told: far(told).update(operator="at_most"),
    "missing not named": lambda told: first(told, "undetermined").update(missing=[]),
    "no such field": lambda told: first(told, "undetermined")["missing"].append("colour"),
    "not missing": lambda told: first(told, "undetermined")["missing"].append("parcel_id"),
    "count": lambda told: told["summary"]["verdicts"]["term-50"].update({"pass": 0}),
    "subjects": lambda told: told["summary"].update(parcel=299),
    "assumption": lambda told: told["assumptions"][0].update(rows=1),
    "ledger": lambda told: told["green_ledger"][0].update(need_m2=told["green_ledger"][0]["need_m2"] + 0.01),
    "reading": lambda told: told.update(reading="literal"),
    "day": lambda told: told.update(as_of="2021-09-01"),
}


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS.keys())
def test_each_thing_told_wrongly_is_found(spoil: Callable[[dict[str, Any]], object]) -> None:
    _, truth, told = sample()
    wrong = copy.deepcopy(told)
    spoil(wrong)
    assert differences(outcome(1, json.dumps(wrong)), truth, OPTIONS)


def test_a_wrong_exit_status_is_found() -> None:
    _, truth, told = sample()
    assert differences(outcome(3, json.dumps(told)), truth, OPTIONS) == ["exit 3, by the contract 1"]


def test_a_second_verdict_for_one_subject_is_found() -> None:
    _, _, told = sample()
    told["findings"].append(told["findings"][0])
    with pytest.raises(AssertionError, match="two verdicts"):
        outcome(1, json.dumps(told))
