"""The same cause said once: held against a grouping of the findings one by one, and in the words of the reports."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from landcheck import Request, check
from landcheck.model import Finding, Report, Summary, Verdict, Waived
from landcheck.report.content import filled
from landcheck.report.content.causes import Cause, cause_words, causes, entries
from landcheck.report.options import Options
from landcheck.report.write import render
from landcheck.verdicts import gather

ORDER = ("fail", "undetermined", "review", "pass", "not_applicable")
TAKEN = Waived("沪规函〔2026〕1号", "市规划资源局", dt.date(2027, 1, 1), "协议")


def reason(one: Finding) -> Any:
    """Why, as the issue has it: what is missing, the days of the text, or the requirements that gave the verdict."""
    if one.verdict.word == "undetermined":
        return set(one.missing)
    if one.verdict.word == "not_applicable":
        return one.out_of_force
    return [requirement.name for requirement in one.requirements if requirement.verdict == one.verdict]


def distance(one: Finding) -> float:
    for requirement in one.requirements:
        if requirement.verdict == one.verdict:
            return math.inf if requirement.margin is None else requirement.margin
    return math.inf


def by_hand(findings: Sequence[Finding]) -> dict[str, list[Any]]:
    """Verdict, count, the gravest and the first ten of each cause, rule by rule."""
    rules: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for one in findings:
        excuse = f"{one.waived}/{one.known}"
        told = reason(one)
        rules[one.rule.id][f"{one.verdict}/{excuse}/{sorted(told) if isinstance(told, set) else told}"].append(one)
    made = {}
    for rule, groups in rules.items():
        every = [(of[0].verdict, len(of), min(of, key=distance), tuple(of[:10])) for of in groups.values()]
        made[rule] = sorted(every, key=lambda cause: (ORDER.index(cause[0].word), -cause[1]))
    return made


def told(found: dict[str, list[Cause]]) -> dict[str, list[Any]]:
    return {rule: [(one.verdict, one.count, one.gravest, one.first) for one in each] for rule, each in found.items()}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Parcels with all kinds of gaps and faults, so many that each rule fills several blocks."""
    rng = random.Random(3)

    def some(*values: object) -> object:
        return rng.choice(values)

    heads = (
        "parcel_id,land_class,approval_date,site_area_m2,far_gfa_m2,above_ground_gfa_m2,other_industry_gfa_m2,"
        "living_gfa_m2,single_use,term_years,recognition,is_stock,far_before,increase_approved,is_surplus_part"
    )
    classes = ("industrial_project", "industrial_standard", "rd_general", "rd_project", "other", "")
    rows = [
        (f"P{number}", some(*classes), some("2022-05-01", "2020-05-01", ""), some(10_000, 9_999.5, ""),
         some(round(rng.uniform(15_000, 40_000), 2), ""), some(20_000, 25_000, ""), some(1_000, 9_000, ""),
         some(1_000, 5_000, ""), some("yes", "no", ""), some(20, 30, 70, ""), some("none", "municipal_key_project", ""),
         some("yes", "no"), some(1.2, ""), some("yes", "no", ""), some("yes", "no", "no"))
        for number in range(400)
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("causes") / "parcels.csv"
    path.write_text("\n".join([heads, *(",".join(map(str, row)) for row in rows)]), encoding="utf-8")
    return check(Request(str(path), as_of=dt.date(2026, 6, 30)))


@pytest.fixture(params=["columns", "listed"])
def both(plan: Report, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Findings in columns and as a saved result has them, some excused, in small blocks."""
    monkeypatch.setattr(gather, "BLOCK", 64)
    monkeypatch.setattr(filled, "BLOCK", 64)
    assert isinstance(plan.findings, gather.Findings)
    rule = next(one.rule.id for one in plan.findings if one.verdict is Verdict.FAIL)
    waived = {(rule, "parcel", row): TAKEN for row in range(1, 200)}
    known = {(rule, "parcel", row) for row in range(150, 300)}
    excused = replace(plan, findings=plan.findings.excused(waived, known))
    return excused if request.param == "columns" else replace(excused, findings=tuple(excused.findings))


@pytest.mark.parametrize("show", ["findings", "all"])
def test_causes_are_the_findings_put_together_one_by_one(both: Report, show: Any) -> None:
    listed = [one for one in both.findings if show == "all" or one.verdict.word in ORDER[:3]]
    expected = by_hand(listed)
    assert told(causes(both, show)) == expected
    sizes = [cause[1] for each in expected.values() for cause in each]
    assert sum(sizes) == len(listed)
    assert max(sizes) > 64
    assert len(sizes) > 30


def test_those_of_few_findings_stand_one_by_one_as_far_as_there_is_room(both: Report) -> None:
    whole = [one for each in causes(both, "findings").values() for one in each]
    every = [one for each in entries(both, "findings").values() for one in each]
    few = [one for one in whole if one.verdict is not Verdict.UNDETERMINED and one.count <= 10]
    assert few
    assert len(every) == len(whole) - len(few) + sum(one.count for one in few)
    assert sum(one.count for one in every) == sum(one.count for one in whole)
    assert {one.gravest for one in every if one.count == 1} >= {finding for one in few for finding in one.first}
    together = [one for each in entries(both, "findings", 0).values() for one in each]
    assert len(together) == len(whole)


def lacking(made: SimpleNamespace, count: int) -> list[Finding]:
    return [made.finding(made.FAR, f"U{i}", Verdict.UNDETERMINED, missing=("far",), row=i + 1) for i in range(count)]


def short(made: SimpleNamespace, count: int) -> list[Finding]:
    """Each FAR falls short by another hundredth."""
    return [
        made.finding(made.FAR, f"P{i}", Verdict.FAIL, row=i + 1, *[  # noqa: B026 - the outcome of the rule
            made.outcome(made.FAR, Verdict.FAIL, 1.99 - i / 100, margin=-(i + 1) / 100, margin_m2=-100.0 * (i + 1))])
        for i in range(count)
    ]  # fmt: skip


def reported(report: Report, found: Sequence[Finding]) -> Report:
    counts = [sum(one.verdict == verdict for one in found) for verdict in sorted(Verdict)]
    return replace(report, findings=tuple(found), summary=Summary({"parcel": len(found)}, {"far-industrial": counts}))  # type: ignore[dict-item] - five of them


def test_a_cause_names_ten_ids_how_many_more_and_the_gravest(report: Report, made: SimpleNamespace) -> None:
    fails, lacks = causes(reported(report, [*lacking(made, 1234), *short(made, 11)]), "all")["far-industrial"]
    said = cause_words(fails, "zh")
    assert said.subject == "11 个地块：P0、P1、P2、P3、P4、P5、P6、P7、P8、P9，另有 1 个"
    assert said.message.startswith("最严重的为地块 P10（第 11 行）：容积率为1.89，低于下限2.0（差0.11")
    assert said.remedy.startswith("地块 P10（第 11 行）：将容积率提高到2.0以上")
    said = cause_words(lacks, "en")
    assert said.subject == "1,234 parcels: U0, U1, U2, U3, U4, U5, U6, U7, U8, U9 and 1,224 more"
    assert said.message.startswith("missing: ")
    assert said.remedy.startswith("supply and check again")


def test_two_that_lack_the_same_are_one_line_and_ten_failures_are_ten(report: Report, made: SimpleNamespace) -> None:
    listed = entries(reported(report, [*lacking(made, 2), *short(made, 10)]), "findings")["far-industrial"]
    assert [one.count for one in listed] == [1] * 10 + [2]
    assert [one.gravest.subject.id for one in listed[:10]] == [f"P{i}" for i in range(10)]
    listed = entries(reported(report, short(made, 11)), "findings")["far-industrial"]
    assert [one.count for one in listed] == [11]


@pytest.mark.parametrize("name", ["table", "md"])
def test_a_report_says_a_cause_once_and_where_the_rest_stands(report: Report, made: SimpleNamespace, name: str) -> None:
    many = reported(report, [*lacking(made, 100), *short(made, 60)])
    text = "".join(render(many, name, Options("zh", width=200)))
    assert text.count("低于下限") == text.count("缺少：") == 1
    assert text.index("60 个地块：P0、") < text.index("100 个地块：U0、")
    assert "Excel、CSV、JSON、Parquet 或 GPKG" in text
    assert "P10、" not in text
    plain = "".join(render(many, "plain", Options("zh", width=200)))
    assert (plain.count("低于下限"), plain.count("缺少：")) == (60, 100)


def test_up_to_fifty_the_terminal_lists_each_by_subject(report: Report, made: SimpleNamespace) -> None:
    text = "".join(render(reported(report, short(made, 50)), "table", Options("zh", width=200)))
    assert text.count("低于下限") == 50
    assert "原因相同" not in text


def test_the_terminal_counts_what_it_leaves_out(report: Report, made: SimpleNamespace) -> None:
    apart = [one._replace(waived=replace(TAKEN, number=f"文{i}")) for i, one in enumerate(short(made, 160))]
    text = "".join(render(reported(report, apart), "table", Options("zh", width=200)))
    assert text.count("低于下限") == 50
    assert "还有 110 条结论未在此列出" in text
