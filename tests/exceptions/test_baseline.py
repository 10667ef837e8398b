"""The baseline by the real command line: what is known passes, what is new, worse or open does not."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace as Plan
from typing import Any

import jsonschema
import pytest

import landcheck.report

SCHEMA = json.loads((Path(landcheck.report.__file__).parent / "schema.json").read_text(encoding="utf-8"))


def save(plan: Plan, *rows: dict[str, str], options: tuple[str, ...] = ()) -> None:
    """A baseline of that plan, as ``baseline.json``."""
    plan.write(*rows)
    plan.check("-o", "old.json", *options)
    made = plan.run("baseline", "old.json", "-o", "baseline.json")
    assert made.exit_code == 0, made.output


def codes(result: Any) -> set[str]:
    return {notice["code"] for notice in result["notices"] if notice["code"].startswith("baseline-")}


def test_what_is_known_does_not_fail_the_run_and_keeps_its_verdict(plan: Plan) -> None:
    save(plan, plan.FAIL, plan.GOOD)
    _, before = plan.check()
    status, result = plan.check("--baseline", "baseline.json")
    jsonschema.validate(result, SCHEMA)
    assert status == 0
    assert (plan.finding(result, "FAIL")["verdict"], plan.finding(result, "FAIL")["known"]) == ("fail", True)
    assert plan.finding(result, "FAIL")["message"].endswith("[known: in the baseline]")
    assert result["summary"]["verdicts"] == before["summary"]["verdicts"]
    assert result["summary"]["known"] == {"far-industrial": {"fail": 1, "review": 0}}
    assert result["baseline"] == {"stale": [], "undetermined": [], "worse": []}
    assert codes(result) == set()
    assert result["inputs"][-1]["role"] == "baseline"


def test_a_saved_result_serves_as_well(plan: Plan) -> None:
    save(plan, plan.FAIL)
    assert plan.check("--baseline", "old.json")[0] == 0


def test_the_file_is_sorted_a_finding_a_line_and_holds_no_words(plan: Plan) -> None:
    save(plan, plan.row("B", 0, far_gfa_m2="36000"), plan.row("A", 900, term_years="60"), plan.OPEN)
    lines = Path("baseline.json").read_text(encoding="utf-8").splitlines()
    known = [json.loads(line.rstrip(",")) for line in lines if line.startswith('{"rule"')]
    assert [(one["rule"], one["subject"]["id"]) for one in known] == [("far-industrial", "B"), ("term-50", "A")]
    assert known[0]["requirements"] == {"far": pytest.approx(-0.2)}
    assert plan.run("baseline", "old.json").stdout == Path("baseline.json").read_text(encoding="utf-8")
    plan.write(plan.OPEN, plan.row("A", 900, term_years="60"), plan.row("B", 0, far_gfa_m2="36000"))
    assert plan.check("--baseline", "baseline.json")[0] == 3, "rows in another order are the same plan"


@pytest.mark.parametrize(
    ("gfa", "status", "told"),
    [
        ("36000", 0, set()),
        ("38000", 0, set()),
        ("35999", 1, {"baseline-worse"}),
        ("40000", 0, {"baseline-stale"}),
        ("", 3, {"baseline-undetermined"}),
    ],
)
def test_a_known_failure_may_get_better_but_not_worse_and_never_unknown(
    plan: Plan, gfa: str, status: int, told: set[str]
) -> None:
    save(plan, plan.FAIL)
    plan.write({**plan.FAIL, "far_gfa_m2": gfa})
    code, result = plan.check("--baseline", "baseline.json")
    assert (code, codes(result)) == (status, told)
    lists = {f"baseline-{name}" for name, keys in result["baseline"].items() if keys}
    assert lists == told


@pytest.mark.parametrize(("east", "width"), [(50_000, 200), (1, 200), (0, 200.5)])
def test_a_parcel_of_another_place_or_shape_is_not_the_known_one(plan: Plan, east: float, width: float) -> None:
    save(plan, plan.FAIL)
    plan.write({**plan.FAIL, "wkt": plan.square(east, width)})
    status, result = plan.check("--baseline", "baseline.json")
    assert (status, codes(result), result["summary"]["known"]) == (1, {"baseline-stale"}, {})


def test_a_parcel_without_a_place_is_known_by_its_number_alone_where_it_had_none(plan: Plan) -> None:
    save(plan, {**plan.FAIL, "wkt": ""}, plan.GOOD)
    assert plan.check("--baseline", "baseline.json")[1]["summary"]["known"] == {
        "far-industrial": {"fail": 1, "review": 0}
    }
    plan.write(plan.FAIL, plan.GOOD)
    assert plan.check("--baseline", "baseline.json")[0] == 1


def test_a_new_failure_fails_beside_a_known_one(plan: Plan) -> None:
    save(plan, plan.FAIL)
    plan.write(plan.FAIL, plan.row("NEW", 300, far_gfa_m2="39000"))
    status, result = plan.check("--baseline", "baseline.json", "-o", "r.sarif")
    assert status == 1
    assert "known" not in plan.finding(result, "NEW")
    results = json.loads(Path("r.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    states = {one["properties"]["subject"]["id"]: one["baselineState"] for one in results}
    assert states == {"FAIL": "unchanged", "NEW": "new"}
    said = plan.run("check", "parcels.csv", "--as-of", "2024-06-01", "--crs", "4549", "--baseline", "baseline.json",
                    "--output-format", "github", "--lang", "en").stdout  # fmt: skip
    annotated = [line for line in said.splitlines() if line.startswith("::")]
    assert [("NEW" in line, line.startswith("::error ")) for line in annotated] == [(True, True)]
    assert "1 fail and 0 review are known" in said


def test_another_requirement_of_the_same_rule_is_new(plan: Plan) -> None:
    """term-50: known is 30 years without recognition; 60 years break the limit of 50 as well."""
    save(plan, plan.row("T", 0, term_years="30"))
    assert plan.check("--baseline", "baseline.json")[0] == 0
    plan.write(plan.row("T", 0, term_years="60"))
    status, result = plan.check("--baseline", "baseline.json")
    assert (status, codes(result)) == (1, {"baseline-worse"})


def test_known_for_review_and_failing_now_is_new(plan: Plan) -> None:
    save(plan, plan.FAIL, options=("--reading", "literal"))
    status, result = plan.check("--baseline", "baseline.json")
    assert (status, codes(result)) == (1, {"baseline-worse", "baseline-differs"})
    told = next(one["message"] for one in result["notices"] if one["code"] == "baseline-differs")
    assert told.endswith("reading")


def test_another_denominator_of_the_shares_is_told(plan: Plan) -> None:
    save(plan, plan.FAIL, options=("--share-denominator", "far_gfa"))
    status, result = plan.check("--baseline", "baseline.json")
    assert (status, codes(result)) == (0, {"baseline-differs", "baseline-stale"})  # its shares are of another whole
    told = next(one["message"] for one in result["notices"] if one["code"] == "baseline-differs")
    assert told.endswith("share_denominator")


def test_a_verdict_for_review_may_be_known(plan: Plan) -> None:
    save(plan, plan.FAIL, options=("--reading", "literal"))
    options = ("--reading", "literal", "--fail-on", "review")
    assert plan.check(*options)[0] == 3
    assert plan.check(*options, "--baseline", "baseline.json")[0] == 0


def test_another_parameter_is_told(plan: Plan) -> None:
    save(plan, plan.FAIL, options=("--set", "base_term_years=30"))
    _, result = plan.check("--baseline", "baseline.json")
    assert codes(result) == {"baseline-differs"}


def test_nothing_undetermined_is_ever_known(plan: Plan) -> None:
    save(plan, plan.OPEN)
    assert "OPEN" not in Path("baseline.json").read_text(encoding="utf-8")
    assert plan.check("--baseline", "baseline.json")[0] == 3
    assert plan.check("--baseline", "old.json")[0] == 3


def test_a_known_failure_does_not_hide_a_requirement_that_lacks_a_fact(plan: Plan) -> None:
    """term-50: 60 years break the first requirement; the second is known to be broken, then hangs on a missing fact."""
    save(plan, plan.row("T", 0, term_years="60"))
    plan.write(plan.row("T", 0, term_years="60", recognition=""))
    status, result = plan.check("--baseline", "baseline.json")
    assert (status, codes(result)) == (1, {"baseline-undetermined"})


def test_a_fault_of_the_data_is_never_known(plan: Plan) -> None:
    save(plan, plan.FAIL, {**plan.GOOD, "wkt": plan.square(100)})
    assert plan.check("--baseline", "baseline.json")[0] == 1, "they overlap"


def test_an_id_that_stands_twice_is_known_for_neither(plan: Plan) -> None:
    save(plan, plan.FAIL)
    plan.write(plan.FAIL, {**plan.FAIL, "wkt": plan.square(300)})
    status, result = plan.check("--baseline", "baseline.json")
    assert (status, result["summary"]["known"]) == (1, {})


def test_what_was_waived_is_not_known_when_the_waiver_lapses(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    plan.check("--waivers", "waivers.toml", "-o", "old.json")
    assert plan.check("--baseline", "old.json")[0] == 1


def test_a_waived_finding_is_not_counted_as_known_too(plan: Plan) -> None:
    save(plan, plan.FAIL)
    plan.register(plan.WAIVER)
    status, result = plan.check("--baseline", "baseline.json", "--waivers", "waivers.toml")
    assert (status, result["summary"]["known"]) == (0, {})
    plan.write(plan.FAIL, plan.row("NEW", 300, far_gfa_m2="39000"))
    assert plan.check("--baseline", "baseline.json", "--waivers", "waivers.toml")[0] == 1


def test_a_result_with_a_baseline_is_read_again_as_it_was(plan: Plan) -> None:
    save(plan, plan.FAIL, plan.row("GONE", 300, far_gfa_m2="39000"))
    plan.write(plan.FAIL)
    plan.check("--baseline", "baseline.json", "-o", "new.json")
    assert plan.run("report", "new.json", "-o", "again.json", "--lang", "en").exit_code == 0
    assert Path("again.json").read_bytes() == Path("new.json").read_bytes()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"baseline_version": "2"}', '{"baseline_version": "1"}',
                                  '{"baseline_version": "1", "pack": [], "reading": "threshold", "parameters": {}, '
                                  '"known": [{"rule": "r", "subject": {"type": "parcel", "id": "x"}, '
                                  '"verdict": "undetermined", "requirements": {}}]}'])  # fmt: skip
def test_a_file_that_is_no_baseline_is_refused(plan: Plan, text: str) -> None:
    plan.write(plan.FAIL)
    Path("baseline.json").write_text(text, encoding="utf-8")
    result = plan.run("check", "parcels.csv", "--baseline", "baseline.json")
    assert (result.exit_code, "Traceback" in result.output) == (4, False)
    assert plan.run("check", "parcels.csv", "--baseline", "nowhere.json").exit_code == 4


def test_the_baseline_is_not_written_over_its_own_result(plan: Plan) -> None:
    save(plan, plan.FAIL)
    before = Path("old.json").read_bytes()
    assert plan.run("baseline", "old.json", "-o", "old.json").exit_code == 2
    assert plan.run("check", "parcels.csv", "--baseline", "baseline.json", "-o", "baseline.json").exit_code == 2
    assert Path("old.json").read_bytes() == before
