"""``--pack auto``: which texts bind a parcel by its approval date, and what is said where they end or disagree.

One parcel, approved on twelve different days: 50 years without recognition, an investment of CNY 2 billion, FAR 2.6.
What each text says of it is worked out by hand from the wording:

* the national regulation: industrial land 50 years at most, so 50 holds on any day since 1990;
* 沪府规〔2021〕9号 from 2021-09-01, end presumed: 50 years only if recognised (fails), FAR 2.0 or more (holds);
* 沪规划资源规〔2021〕6号 from 2021-09-20, states 2026-09-19 as its last day: the same two verdicts;
* 沪规划资源产〔2025〕28号 from 2025-01-27, no end: CNY 1 billion allows 50 years (holds), FAR 2.0 is a control value
  (review);
* the greening regulation from 2019-01-01: in a park the plot has no share of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from landcheck.cli.app import app

DAYS = {
    "A": "2013-05-01", "B": "2021-08-31", "C": "2021-09-01", "D": "2021-09-19", "E": "2021-09-20", "F": "2025-01-26",
    "G": "2025-01-27", "H": "2026-08-31", "I": "2026-09-01", "J": "2026-09-19", "K": "2026-09-20", "L": "",
}  # fmt: skip
HEAD = (
    "parcel_id,approval_date,land_class,site_area_m2,far_gfa_m2,term_years,recognition,investment_cny,"
    "above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2,in_high_tech_zone,single_use,is_stock,is_surplus_part,"
    "in_industrial_park,major_project,special_process_recognised,smart_space,pool_recognised,lease_years"
)
ROW = (
    "industrial_project,10000,26000,50,none,2000000000,40000,4000,4000,true,true,false,false,true,"
    "none,false,false,false,0"
)
NA = "not_applicable"


def said_of(parcels: str, verdict: str) -> dict[str, str]:
    return dict.fromkeys(parcels, verdict)


EXPECTED = {
    "max-term-industrial": said_of("ABCDEFGHIJKL", "pass"),
    "term-50": said_of("AB", NA) | said_of("CDEFGHIJKL", "fail"),
    "far-industrial": said_of("AB", NA) | said_of("CDEFGHIJKL", "pass"),
    "term-project-2021-6": said_of("ABCDK", NA) | said_of("EFGHIJL", "fail"),
    "far-industrial-2021-6": said_of("ABCDK", NA) | said_of("EFGHIJL", "pass"),
    "term-2025-28": said_of("ABCDEF", NA) | said_of("GHIJKL", "pass"),
    "far-control-2025-28": said_of("ABCDEF", NA) | said_of("GHIJKL", "review"),
    "mixed-use-30": said_of("AB", NA) | said_of("CDEFGHIJKL", "pass"),
    "green-plot-20": said_of("ABCDEFGHIJKL", NA),
}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [f"{parcel},{day},{ROW}" for parcel, day in DAYS.items()]
    Path("parcels.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def run(*more: str) -> Result:
    return CliRunner().invoke(app, ["check", "parcels.csv", "--as-of", "2026-11-22", "--lang", "en", *more])


def report(*more: str) -> dict[str, Any]:
    result = run("--output-format", "json", "--show", "all", *more)
    assert result.exit_code == 1, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def verdicts(told: dict[str, Any]) -> dict[str, dict[str, str]]:
    by_rule: dict[str, dict[str, str]] = {}
    for finding in told["findings"]:
        by_rule.setdefault(finding["rule"], {})[finding["subject"]["id"]] = finding["verdict"]
    return by_rule


def notice(told: dict[str, Any], code: str) -> str:
    (message,) = (n["message"] for n in told["notices"] if n["code"] == code)
    return str(message)


def test_each_text_binds_the_parcels_of_its_days() -> None:
    told = report("--pack", "auto")
    found = verdicts(told)
    assert {rule: found[rule] for rule in EXPECTED} == EXPECTED
    assert {pack["id"]: pack["parcels_in_force"] for pack in told["pack"]} == {
        "china-terms": 12, "shanghai-2021-6": 7, "shanghai-2021-9": 10, "shanghai-2025-28": 6, "shanghai-green": 11,
    }  # fmt: skip


def test_a_fifty_year_grant_of_2013_is_bound_by_the_national_regulation_alone() -> None:
    found = verdicts(report("--pack", "auto"))
    assert {rule: of["A"] for rule, of in found.items() if of.get("A", NA) != NA} == {"max-term-industrial": "pass"}


def test_ends_are_told_with_how_many_parcels_they_concern_and_which() -> None:
    told = report("--pack", "auto")
    assert "1 parcel without an approval date" in notice(told, "pack-lapsed")
    assert "1 parcel was approved after that and is not judged by it (not applicable): K." in notice(
        told, "dated-after-end"
    )
    assert "3 parcels were approved after that and are still judged by it" in notice(told, "dated-after-presumed-end")
    assert "沪府规〔2021〕9号" in notice(told, "pack-presumed-lapsed")


def test_the_finding_says_that_it_is_the_date() -> None:
    said = {(f["rule"], f["subject"]["id"]): f for f in report("--pack", "auto")["findings"]}
    early, late = said["term-2025-28", "F"], said["term-project-2021-6", "K"]
    assert (early["out_of_force"], late["out_of_force"]) == ("before", "after")
    assert "2025-01-27" in early["message"]
    assert "2026-09-19" in late["message"]
    assert said["green-plot-20", "G"]["out_of_force"] is None


def test_explain_tells_the_window_as_the_reason() -> None:
    result = CliRunner().invoke(
        app, ["explain", "parcels.csv", "--parcel", "K", "--pack", "auto", "--rule", "term-project-2021-6", "--as-of",
              "2026-11-22", "--lang", "en"],
    )  # fmt: skip
    assert "approved after 2026-09-19, the end the text states for itself" in result.stdout


def test_a_text_that_binds_no_parcel_is_still_named() -> None:
    Path("parcels.csv").write_text(f"{HEAD}\nA,2013-05-01,{ROW}\n", encoding="utf-8")
    result = run("--pack", "auto", "--output-format", "json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {pack["id"]: pack["parcels_in_force"] for pack in told["pack"]}["shanghai-2025-28"] == 0
    assert told["summary"]["verdicts"]["term-2025-28"][NA] == 1
    assert "parcels bound by it by their date: 0" in run("--pack", "auto").stdout


def test_without_assumptions_a_missing_date_leaves_every_text_open() -> None:
    found = verdicts(report("--pack", "auto", "--no-assumptions"))
    parcel_rules = {rule: of["L"] for rule, of in found.items() if "L" in of}
    # in a park, no smart space, nothing surplus, no stock: what surely does not apply needs no date
    assert parcel_rules["term-50"] == parcel_rules["far-industrial-2021-6"] == "undetermined"
    assert parcel_rules["max-term-industrial"] == parcel_rules["term-2025-28"] == "undetermined"


def test_auto_stands_beside_explicit_packs_and_in_the_configuration() -> None:
    ids = [pack["id"] for pack in report("--pack", "auto", "--pack", "shanghai-2021-9")["pack"]]
    assert len(ids) == len(set(ids)) == 5
    Path("landcheck.toml").write_text('pack = "auto"\n', encoding="utf-8")
    assert [pack["id"] for pack in report()["pack"]] == ids


def conflicts(told: dict[str, Any]) -> dict[str, list[str]]:
    by_matter: dict[str, list[str]] = {}
    for conflict in told["conflicts"]:
        by_matter.setdefault(conflict["matter"], []).append(conflict["subject"]["id"])
    return by_matter


def test_texts_in_force_that_disagree_are_set_side_by_side() -> None:
    told = report("--pack", "auto")
    # before 2025 both texts fail the term and pass the FAR; the shares of 20 % and 10 % hold everywhere
    assert conflicts(told) == {"term": list("GHIJKL"), "far": list("GHIJKL")}
    (term,) = [c for c in told["conflicts"] if (c["matter"], c["subject"]["id"]) == ("term", "G")]
    assert [(s["number"], s["rank"], s["in_force_from"], s["verdict"]) for s in term["sides"]] == [
        ("沪规划资源规〔2021〕6号", "bureau_document", "2021-09-20", "fail"),
        ("沪府规〔2021〕9号", "government_document", "2021-09-01", "fail"),
        ("沪规划资源产〔2025〕28号", "bureau_document", "2025-01-27", "pass"),
    ]
    assert (term["sides"][1]["measured"], term["sides"][1]["limit"], term["sides"][1]["margin"]) == (50, 20, -30)
    # 2026-09-20 is past the stated end of the text of 2021, which therefore says nothing more
    (far,) = [c for c in told["conflicts"] if (c["matter"], c["subject"]["id"]) == ("far", "K")]
    assert [(s["rule"], s["verdict"]) for s in far["sides"]] == [
        ("far-industrial", "pass"), ("far-control-2025-28", "review"),
    ]  # fmt: skip
    assert (far["sides"][1]["measured"], round(far["sides"][1]["margin"], 9)) == (2.6, -0.6)


def test_the_notice_counts_conflicts_by_matter_and_quotes_what_a_text_says_of_itself() -> None:
    told = report("--pack", "auto")
    assert "term of grant: 6" in notice(told, "texts-conflict")
    assert "floor area ratio: 6" in notice(told, "texts-conflict")
    assert "does not choose" in notice(told, "texts-conflict")
    assert "此前政策规定与本指导意见不一致的,以本指导意见为准" in notice(told, "text-precedence")


def test_texts_that_agree_are_no_conflict_and_a_stricter_text_within_the_statutory_maximum_is_none() -> None:
    assert report("--pack", "shanghai-2021-9", "--pack", "shanghai-2021-6")["conflicts"] == []
    # 50 years hold under the national maximum and fail under the municipal text: different matters
    assert report("--pack", "china-terms", "--pack", "shanghai-2021-9")["conflicts"] == []


def test_conflicts_stand_in_every_report_for_people_and_survive_saving() -> None:
    files = ["r.json", "r.html", "r.md", "r.xlsx", "r.docx"]
    result = run("--pack", "auto", "--output-format", "plain", *(x for name in files for x in ("-o", name)))
    for text in (result.stdout, Path("r.md").read_text(encoding="utf-8"), Path("r.html").read_text(encoding="utf-8")):
        assert "Conflicts between texts (12 in all" in text
        assert "document of a municipal bureau" in text or "bureau" in text
    again = CliRunner().invoke(app, ["report", "r.json", "--output-format", "json", "--lang", "en"])
    assert json.loads(again.stdout)["conflicts"] == json.loads(Path("r.json").read_text(encoding="utf-8"))["conflicts"]


def test_rows_and_batches_in_any_order_give_the_same_conflicts_and_windows() -> None:
    from landcheck import Request, check

    def told(size: int) -> Any:
        found = check(Request("parcels.csv", packs=("auto",), as_of=dt.date(2026, 11, 22), batch_rows=size))
        return list(found.conflicts), found.notices, found.summary

    whole = told(65_536)
    assert told(1) == told(5) == whole
    head, *rows = Path("parcels.csv").read_text(encoding="utf-8").splitlines()
    Path("parcels.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    turned = told(3)
    assert [(c.matter, c.subject, c.sides) for c in turned[0]] == [(c.matter, c.subject, c.sides) for c in whole[0]]
    assert turned[1:] == whole[1:]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_longest_report_has_a_number_for_every_part(lang: str) -> None:
    plan = Path(__file__).parents[2] / "sample_parcels" / "plan.gpkg"
    result = CliRunner().invoke(
        app, ["check", str(plan), "--pack", "auto", "--as-of", "2026-06-30", "--lang", lang, "-o", "r.docx"]
    )
    assert result.exit_code == 1, result.output
    assert Path("r.docx").stat().st_size
