"""Sets what the program said beside what the oracle says, and lists every difference in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from oracle import Judgement, Options
from oracle_plan import Answer
from plan_files import CANONICAL_FIELDS
from program import Key, Outcome, data_errors

VERDICTS = ("pass", "fail", "review", "undetermined", "not_applicable")


def differences(said: Outcome, truth: Answer, options: Options) -> list[str]:
    """Empty where the report agrees with the contract in every verdict, sum, assumption, ledger line and status."""
    return [
        *verdict_differences(said, truth),
        *missing_differences(said, truth),
        *requirement_differences(said),
        *margin_differences(said),
        *measured_differences(said, truth),
        *summary_differences(said.report["summary"], truth),
        *assumption_differences(said.report["assumptions"], truth),
        *ledger_differences(said.report.get("green_ledger", []), truth),
        *status_differences(said, truth),
        *([] if said.report["reading"] == options.reading else [f"reading {said.report['reading']}"]),
        *([] if said.report["as_of"] == options.as_of.isoformat() else [f"as of {said.report['as_of']}"]),
    ]


def verdict_differences(said: Outcome, truth: Answer) -> Iterator[str]:
    for key in sorted(said.verdicts.keys() ^ truth.verdicts.keys()):
        yield f"{key}: only {'the program' if key in said.verdicts else 'the oracle'} has a verdict"
    for key, judgement in truth.verdicts.items():
        if key in said.verdicts and said.verdicts[key] != judgement.verdict:
            yield f"{key}: {said.verdicts[key]}, by the contract {judgement.verdict}"


def missing_differences(said: Outcome, truth: Answer) -> Iterator[str]:
    # "the finding names each missing field"; "`missing` names canonical fields"
    for key, judgement in truth.verdicts.items():
        if judgement.verdict == "undetermined" and said.verdicts.get(key) == "undetermined":
            yield from naming(key, judgement, set(said.findings[key]["missing"]))


def naming(key: Key, judgement: Judgement, named: set[str]) -> Iterator[str]:
    if not named:
        yield f"{key}: names no missing field"
    if judgement.must_name - named:
        yield f"{key}: does not name {sorted(judgement.must_name - named)}, names {sorted(named)}"
    if named - CANONICAL_FIELDS:
        yield f"{key}: {sorted(named - CANONICAL_FIELDS)} are no fields"
    if key[1] == "parcel" and named - judgement.may_name:
        yield f"{key}: {sorted(named - judgement.may_name)} are not missing"


def requirement_differences(said: Outcome) -> Iterator[str]:
    # "one fails -> fail; else one unknown -> undetermined; else one for review -> review; else pass"
    for key, finding in said.findings.items():
        if finding["verdict"] in ("pass", "fail", "review"):
            parts = [part["verdict"] for part in finding["requirements"]]
            worst = next((v for v in ("fail", "undetermined", "review", "pass") if v in parts), "nothing")
            if worst != finding["verdict"]:
                yield f"{key}: {finding['verdict']} from requirements {parts}"


def margin_differences(said: Outcome) -> Iterator[str]:
    """A requirement must not contradict its own numbers: "measured": 1.8, "at_least", "limit": 2.0, "margin": -0.2."""
    for key, finding in said.findings.items():
        for part in finding["requirements"]:
            if part.get("operator") in ("at_least", "at_most") and is_number(part.get("measured")):
                yield from own_numbers(key, part)


def own_numbers(key: Key, part: Mapping[str, Any]) -> Iterator[str]:
    measured, limit, margin = part["measured"], part["limit"], part["margin"]
    due = measured - limit if part["operator"] == "at_least" else limit - measured
    if margin is None or abs(margin - due) > 1e-9 * max(1, abs(limit)):
        yield f"{key}: {part['name']} has margin {margin}, by its own numbers {due}"
    holds = due >= -1e-9 * abs(limit)
    if part["verdict"] in ("pass", "fail", "review") and holds != (part["verdict"] == "pass"):
        yield f"{key}: {part['name']} is {part['verdict']} with {measured} {part['operator']} {limit}"


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def measured_differences(said: Outcome, truth: Answer) -> Iterator[str]:
    for key, exact in truth.measured.items():
        finding = said.findings.get(key)
        if finding is None or finding["verdict"] not in ("pass", "fail", "review"):
            continue
        part = finding["requirements"][0]
        if not is_number(part.get("measured")):
            yield f"{key}: measures nothing, by the contract {float(exact)} of its limit"
        elif abs(part["measured"] / part["limit"] - float(exact)) > 1e-7 * max(1, float(exact)):
            yield f"{key}: measures {part['measured']} of {part['limit']}, by the contract {float(exact)} of it"


def summary_differences(summary: Mapping[str, Any], truth: Answer) -> Iterator[str]:
    # "the totals must add up to rules x subjects"
    counted: dict[str, Counter[str]] = {}
    for (rule, _, _), judgement in truth.verdicts.items():
        counted.setdefault(rule, Counter())[judgement.verdict] += 1
    for rule, numbers in counted.items():
        said = {verdict: summary["verdicts"].get(rule, {}).get(verdict, 0) for verdict in VERDICTS}
        if said != {verdict: numbers[verdict] for verdict in VERDICTS}:
            yield f"summary of {rule}: {said}, by the contract {dict(numbers)}"
    subjects = Counter(parcel=0, park=0)
    subjects.update(kind for kind, _ in {(key[1], key[2]) for key in truth.verdicts})
    for kind, number in subjects.items():
        if summary.get(kind, 0) != number:
            yield f"summary has {summary.get(kind)} subjects of {kind}, the plan {number}"


def assumption_differences(rows: list[Mapping[str, Any]], truth: Answer) -> Iterator[str]:
    # "every assumption used is counted and listed in every report"
    said = {row["field"]: row["rows"] for row in rows if row["rows"]}
    for name in sorted(said.keys() | truth.assumed.keys()):
        if said.get(name, 0) != truth.assumed.get(name, 0):
            yield f"{name}: assumed for {said.get(name, 0)} rows, by the contract {truth.assumed.get(name, 0)}"


def ledger_differences(rows: list[Mapping[str, Any]], truth: Answer) -> Iterator[str]:
    said = {row["park_id"]: row for row in rows}
    tolerance = 1e-3 if truth.drawn_areas else 1e-6
    for park_id in sorted(truth.certain):
        line = truth.ledger[park_id]
        if park_id not in said:
            if line.need_m2 or line.have_m2:
                yield f"ledger lacks {park_id}"
            continue
        for name in ("need_m2", "have_m2", "from_district_m2", "uncovered_m2"):
            number, exact = said[park_id][name], float(getattr(line, name))
            if number is None or abs(number - exact) > tolerance:
                yield f"ledger {park_id} {name}: {number}, by the contract {exact}"


def status_differences(said: Outcome, truth: Answer) -> Iterator[str]:
    # "An error makes the run exit 1, whatever the rules say; a warning does not."
    due = 1 if data_errors(said) else truth.exit_status()
    if said.status != due:
        yield f"exit {said.status}, by the contract {due}"
