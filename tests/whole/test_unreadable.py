"""From the file to the verdicts of all packs: an unreadable cell decides nothing, and a contradiction never passes."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landcheck.fields.catalogue import field, fields
from landcheck.model import Kind, Report, Role, Verdict
from landcheck.request import Request
from landcheck.rulebook import load_pack, pack_names
from landcheck.run.batches import Run
from landcheck.run.check import run_check

SETTLED = {"in_high_tech_zone": "true", "single_use": "true", "is_stock": "false", "is_surplus_part": "false"}
UNREADABLE = {Kind.NUMBER: ("约三成", "#REF!"), Kind.BOOL: ("部分", "?"), Kind.ENUM: ("待核", "见附件"),
              Kind.DATE: ("31/08/2021", "近期")}  # fmt: skip
AS_OF = dt.date(2026, 6, 30)
UNDETERMINED, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
Facts = dict[str, str]


def wholes() -> list[Facts]:
    """The facts of every case of every pack, with nothing left to assume and each told by one source."""
    found: dict[tuple[tuple[str, str], ...], Facts] = {}
    for pack in map(load_pack, pack_names()):
        days = {rule.id: rule.in_force_from for rule in pack.rules}
        for case in (case for case in pack.cases if not case.parks):
            facts = {"approval_date": str(case.as_of or days[case.rule])} | SETTLED
            facts |= {name: str(value).lower() for name, value in case.given.items()}
            if "far_gfa_m2" in facts:
                facts.pop("far", None)
            if facts.get("overlay_m0") == "true":
                facts["single_use"] = "false"
            if facts.get("land_class", "other") != "other":
                facts.pop("statutory_use", None)
            if not contradictory(facts):
                found[tuple(sorted(facts.items()))] = facts
    return list(found.values())


def contradictory(facts: Facts) -> bool:
    if facts.get("major_project") == "none" and facts.get("recognition", "none") != "none":
        return True
    own = ("above_ground_gfa_m2", "other_industry_gfa_m2", "living_gfa_m2")
    pooled = ((facts.get(name), facts.get(f"pool_{name}")) for name in own)
    return any(one and whole and float(one) > float(whole) for one, whole in pooled)


def judged(rows: list[Facts], **options: Any) -> tuple[list[str], np.ndarray]:
    """The rules, and their verdicts (rules x rows); each row has a number and a pool of its own."""
    run, _ = reported(rows, **options)
    return [rule.id for rule in run.rules.rules], run.collected.verdicts.finish()


def reported(rows: list[Facts], **options: Any) -> tuple[Run, Report]:
    heads = ["parcel_id", *(one.name for one in fields(Role.PARCELS) if any(one.name in row for row in rows))]
    with Path("p.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [*heads, *(["pool_id"] if "pool_id" not in heads else [])])
        out.writeheader()
        out.writerows({"parcel_id": f"P{at:05}", "pool_id": f"T{at}", **row} for at, row in enumerate(rows))
    return run_check(Request("p.csv", packs=pack_names(), as_of=AS_OF, **options))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("text", [0, 1])
def test_an_unreadable_cell_decides_nothing_where_its_value_is_needed(text: int) -> None:
    facts = wholes()
    places = [(row, name) for row in facts for name in row if field(Role.PARCELS, name).kind in UNREADABLE]
    rules, unread = judged([{**row, name: UNREADABLE[field(Role.PARCELS, name).kind][text]} for row, name in places])
    _, without = judged([{n: v for n, v in row.items() if n != name} for row, name in places], assume=False)
    needed = (without == UNDETERMINED) & (unread != UNDETERMINED)
    assert [(rules[rule], *places[at]) for rule, at in zip(*np.nonzero(needed), strict=True)] == []
    roof = np.array([name == "roof_greening" for _, name in places])
    assert (unread[rules.index("roof-greening"), roof] != NOT_APPLICABLE).any()
    assert np.count_nonzero(unread == UNDETERMINED) > len(places)


@pytest.mark.parametrize("land_class", ["industrial_project", "rd_general"])
def test_the_class_takes_no_unreadable_use_s_place(land_class: str) -> None:
    facts = {"approval_date": "2025-06-01", "term_years": "45", "land_class": land_class}
    rules, verdicts = judged([{**facts, "statutory_use": text} for text in ("待核", "", "工业用地")])
    terms = [rules.index(f"max-term-{use}") for use in ("residential", "industrial", "science-education")]
    by_class = [Verdict.PASS if land_class.startswith(use) else NOT_APPLICABLE for use in ("-", "industrial", "rd")]
    assert verdicts[terms].T.tolist() == [[UNDETERMINED] * 3, by_class, [NOT_APPLICABLE, Verdict.PASS, NOT_APPLICABLE]]
    _, report = reported([{**facts, "statutory_use": "待核"}])
    assert {one.unreadable for one in report.findings if one.rule.id in {rules[at] for at in terms}} == {
        ("statutory_use",)
    }


def test_a_stated_far_that_is_set_aside_for_an_unreadable_area_is_not_called_missing() -> None:
    class_only, areas = {"land_class": "industrial_project"}, {"site_area_m2": "10000", "far_gfa_m2": "21000"}
    rows: dict[str, Facts] = {
        "gfa": areas | {"far": "2.1", "far_gfa_m2": "约两万"},
        "site": areas | {"far": "2.1", "site_area_m2": "一公顷多"},
        "all": areas | {"far": "约二", "far_gfa_m2": "约两万"}, "none": {}, "far": {"far": "约二"},
    }  # fmt: skip
    _, report = reported([class_only | row for row in rows.values()])
    found = [one for one in report.findings if one.rule.id == "far-industrial"]
    assert {name: (one.missing, one.unreadable) for name, one in zip(rows, found, strict=True)} == {
        "gfa": (("far_gfa_m2",), ("far_gfa_m2",)),
        "site": (("site_area_m2",), ("site_area_m2",)),
        "all": (("far_gfa_m2", "far"), ("far_gfa_m2", "far")),
        "none": (("far_gfa_m2", "site_area_m2", "far"), ()),
        "far": (("far_gfa_m2", "site_area_m2", "far"), ("far",)),
    }


def test_a_verdict_that_an_unreadable_cell_leaves_open_names_it() -> None:
    facts = wholes()
    places = [
        (at, name) for at, row in enumerate(facts) for name in row if field(Role.PARCELS, name).kind in UNREADABLE
    ]
    _, before = judged(facts)
    unread = [{**facts[at], name: UNREADABLE[field(Role.PARCELS, name).kind][0]} for at, name in places]
    run, report = reported(unread)
    rules = [rule.id for rule in run.rules.rules]
    nameless = [(one.rule.id, facts[at], name) for one in report.findings if one.verdict is UNDETERMINED
                for at, name in [places[(one.row or 0) - 1]]
                if before[rules.index(one.rule.id), at] != UNDETERMINED and one.unreadable != (name,)]  # fmt: skip
    assert nameless == []
    assert any(one.unreadable for one in report.findings)


def test_a_fact_taken_away_never_decides() -> None:
    facts = wholes()
    places = [(at, name) for at, row in enumerate(facts) for name in row]
    rules, before = judged(facts, assume=False)
    _, after = judged([{n: v for n, v in facts[at].items() if n != name} for at, name in places], assume=False)
    was = before[:, [at for at, _ in places]]
    turned = (after != UNDETERMINED) & (after != was)
    # asked only where it is recorded, as the contract says of this one rule
    turned[rules.index("roof-greening"), [name == "roof_greening" for _, name in places]] = False
    assert [(rules[rule], *places[at]) for rule, at in zip(*np.nonzero(turned), strict=True)] == []


SOUND = {"land_class": "industrial_project", "approval_date": "2025-06-01", "term_years": "20", "recognition": "none",
         "site_area_m2": "10000", "far_gfa_m2": "20000", "above_ground_gfa_m2": "20000", "living_gfa_m2": "1000",
         "other_industry_gfa_m2": "1000", "special_process_recognised": "false", "pool_recognised": "false",
         "smart_space": "false", "major_project": "none", **SETTLED}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({"overlay_m0": "true"}, ("living-15", "mixed-use-30", "living-2025-28", "mixed-use-2021-6")),
        ({"land_code": "M0"}, ("living-15", "mixed-use-2025-28")),
        ({"remarks": "图则备注:M0"}, ("living-15", "living-2021-6")),
        ({"overlay_m0": "false", "land_code": "M0"}, ("living-15",)),
        ({"living_gfa_m2": "15000", "other_industry_gfa_m2": "6000"}, ("living-15", "mixed-use-30", "living-2021-6")),
        ({"recognition": "municipal_key_project", "term_years": "30"}, ("term-project-2021-6", "term-2025-28")),
        ({"pool_recognised": "true", "pool_id": ""}, ("living-2025-28", "mixed-use-2025-28", "pool-cap-2025-28")),
        ({"far_gfa_m2": "500000"}, ("far-industrial", "far-industrial-2021-6", "far-control-2025-28")),
    ],
)
def test_two_facts_that_contradict_never_pass(facts: Facts, rules: tuple[str, ...]) -> None:
    names, verdicts = judged([SOUND, SOUND | facts])
    for rule in rules:
        sound, contradictory = verdicts[names.index(rule)]
        assert contradictory == UNDETERMINED, rule
        assert sound != UNDETERMINED or rule == "pool-cap-2025-28", rule
