"""A hand-made pack, report and the hostile texts that every format has to survive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from landcheck.messages import Message, Text, catalogue
from landcheck.model import (
    Assumption,
    Clause,
    Condition,
    Covered,
    DataFinding,
    Finding,
    Grant,
    InputInfo,
    LedgerRow,
    LeftOut,
    Level,
    Modality,
    Operator,
    Outcome,
    Pack,
    Parameter,
    Rank,
    Reading,
    Report,
    Requirement,
    Rule,
    Subject,
    Summary,
    Test,
    Transfer,
    Validity,
    Verdict,
    Waived,
)

SINCE = dt.date(2021, 9, 1)

HOSTILE = {
    "formula": "=cmd()|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "script": "<script>alert(1)</script>",
    "annotation": "::error::gotcha",
    "old annotation": "x ##[error]gotcha",
    "ansi": "\x1b[31mred\x1b[0m",
    "markup": "[red]red[/red] [/] [link=http://x.invalid]y[/link]",
    "control": "a\x00b\x07c\x08d\x7fe\x85f",
    "lines": "one\r\ntwo\n| three |\n# four",
    "right to left": "abc\u202edef\u200b",
    "markdown": "|a|`b`*c*_d_[e](http://x.invalid)~~f~~\\",
    "percent": "100%0A::warning::x",
    "long": "长" * 10_000,
    "semicolons": 'x;=1+1; -2 ;"@y',
    "surrogate": "\udc80",
    "noncharacters": "a\ufffeb\uffffc\U0001fffed",
    "invisible letters": "a\u034fb\u115fc\u3164d\ufff9e\ufe0ff\U000e0100",
    "controls of the second set": "\x9b31mred\x9d8;;http://x.invalid\x9c",
    "another runner's": "##vso[task.complete]gotcha ##teamcity[x]",
    "quote": "a\"b';,c",
    "raised": "5 m² ✓",
}


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def hostile_texts() -> list[str]:
    """All of them but the one that TOML cannot write."""
    return [text for name, text in HOSTILE.items() if name != "surrogate"]


@pytest.fixture
def made() -> SimpleNamespace:
    """The rules and makers of this file, for tests that build findings of their own."""
    return SimpleNamespace(
        FAR=FAR, TERM=TERM, LIVING=LIVING, ROOF=ROOF, GREEN=GREEN, PACK=PACK, outcome=outcome, finding=finding,
        far_failure=far_failure, term_failure=term_failure, summary_of=summary_of,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def a_fixed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.version.__version__", "9.9.9")


@pytest.fixture(autouse=True)
def a_message_that_says_anything() -> Iterator[None]:
    catalogue()["test-said"] = Text("所见：{text}", "seen: {text}")
    yield
    del catalogue()["test-said"]


def said(text: str) -> Message:
    return Message("test-said", {"text": text})


def requirement(test: Test, label: Text, remedy: Text, modality: Modality = Modality.MUST) -> Requirement:
    return Requirement(test.measure, label, (test,), modality, remedy)


FAR = Rule(
    "far-industrial", "parcel", Text("工业用地容积率2.0以上", "Industrial land: FAR of 2.0 or more"),
    Clause("五(二)", "工业用地容积率可以２．０以上", ("可以", "以上"),
           "The FAR of industrial land may be 2.0 or more."),
    (Condition("land_class", ("industrial_project", "industrial_standard")),),
    (requirement(
        Test("far", Operator.AT_LEAST, Decimal("2.0"), "1"), Text("容积率", "FAR"),
        Text("将容积率提高到{limit}以上（计容建筑面积差{gap_m2}平方米）",
             "raise the FAR to {limit} (floor area short by {gap_m2} m²)"),
        Modality.MAY,
    ),),
    Text("建设工程规划许可证", "building permit"), "shanghai-2021-9", SINCE,
)  # fmt: skip

TERM = Rule(
    "term-50", "parcel", Text("产业项目类工业用地出让年期", "Term of grant of industrial-project land"),
    Clause("五(二)", "可按照５０年年期,出让产业项目类工业用地", ("可按照",), "may be granted for a term of 50 years"),
    (Condition("land_class", ("industrial_project",)),),
    (
        requirement(Test("term_years", Operator.AT_MOST, Decimal(50), "years"), Text("出让年期", "term of grant"),
                    Text("将出让年期调整到{limit}年以内", "shorten the term to {limit} years")),
        Requirement(
            "recognised_or_base_term", Text("经认定，或在基准年期以内", "recognised, or within the base term"),
            (
                Test("term_years", Operator.AT_MOST, Decimal(20), "years", "base_term_years"),
                Test("recognition", Operator.ONE_OF, ("national_strategic_project", "municipal_key_project")),
            ),
            Modality.MAY, Text("取得认定文件，或调整到{limit}年以内", "obtain recognition, or keep to {limit} years"),
        ),
    ),
    Text("出让合同；认定文件", "grant contract; recognition"), "shanghai-2021-9", SINCE,
)  # fmt: skip

LIVING = Rule(
    "living-15", "parcel", Text("生活配套设施不超过15%", "Living facilities take at most 15 %"),
    Clause("五(二)", "不超过地上建筑总量的１５％", ("不超过",), "not above 15 % of the above-ground total"),
    (Condition("single_use", (True,)),),
    (requirement(Test("living_share", Operator.AT_MOST, Decimal(15), "percent"),
                 Text("生活配套占比", "share of living facilities"),
                 Text("降到{limit}%以内（超{gap}个百分点）", "bring it down to {limit} % ({gap} points too much)")),),
    Text("分用途建筑面积表", "schedule of floor area by use"), "shanghai-2021-9", SINCE,
)  # fmt: skip

ROOF = Rule(
    "roof-greening", "parcel", Text("鼓励屋顶绿化", "Roof greening is encouraged"),
    Clause("五(四)", "鼓励园区内的建设项目实施屋顶绿化", ("鼓励",), "Projects are encouraged to green their roofs."),
    (Condition("roof_greening", known=True),),
    (requirement(Test("roof_greening", Operator.IS, True), Text("屋顶绿化", "roof greening"),
                 Text("考虑实施屋顶绿化", "consider greening the roof"), Modality.ENCOURAGE),),
    Text("绿化设计方案", "landscape design"), "shanghai-2021-9", SINCE,
)  # fmt: skip

GREEN = Rule(
    "green-balance", "park", Text("调减绿地须补足", "Green taken is made up for"),
    Clause("五(四)", "因扩建改建需要调减的,优先在园区内通过新建规划绿地予以补足", ("补足",),
           "is made up for by new green"),
    (Condition("has_reduction", (True,)),),
    (requirement(Test("uncovered_m2", Operator.EQUALS, Decimal(0), "m2"),
                 Text("未补足的绿地面积", "green area not made up for"),
                 Text("再补{measured}平方米", "add {measured} m²")),),
    Text("绿地占补平衡方案", "green compensation plan"), "shanghai-2021-9", SINCE,
)  # fmt: skip

RULES = {rule.id: rule for rule in (TERM, FAR, LIVING, GREEN, ROOF)}

PACK = Pack(
    id="shanghai-2021-9",
    title=Text("高新区高质量发展的实施意见", "Opinions on high-tech zones"),
    issuer="上海市人民政府",
    number="沪府规〔2021〕9号",
    issued=dt.date(2021, 7, 23),
    in_force_from=SINCE,
    in_force_until=dt.date(2026, 8, 31),
    validity=Validity.PRESUMED,
    validity_source=Text("规范性文件有效期五年", "the rule of five years"),
    parameters=(
        Parameter(
            "base_term_years",
            Decimal(20),
            "years",
            "沪规划资源规〔2021〕6号 第十条",
            Text("基准年期", "base term"),
            "原则上不超过20年",
        ),
    ),
    rules=tuple(RULES.values()),
    left_out=(LeftOut("五(二)", "提高产业用地混合比例", Text("目标性表述", "an aim")),),
    text="",
    in_force_quote="自２０２１年９月１日起实施",
    rank=Rank.GOVERNMENT_DOCUMENT,
)


def outcome(rule: Rule, verdict: Verdict, measured: Any, **more: Any) -> Outcome:
    """The rule's first requirement, come out so."""
    first = rule.requires[0]
    test = first.any[0]
    limit = float(test.limit) if isinstance(test.limit, Decimal) else test.limit
    given = Outcome(first.name, first.label, verdict, measured, test.operator, limit, test.unit)
    return given._replace(**more)


def finding(
    rule: Rule,
    who: str,
    verdict: Verdict,
    *requirements: Outcome,
    missing: tuple[str, ...] = (),
    row: int | None = 1,
    location: tuple[float, float] | None = (121.6, 31.2),
) -> Finding:
    return Finding(rule, Subject(rule.per, who), verdict, requirements, missing, row, location)  # fmt: skip


def term_failure(who: str) -> Finding:
    requirement = TERM.requires[1]
    base = Outcome(
        requirement.name, requirement.label, Verdict.FAIL, 30.0, Operator.AT_MOST, 20.0, "years", margin=-10.0
    )
    named = base._replace(
        measured="none", operator=Operator.ONE_OF, limit=requirement.any[1].limit, unit="", margin=None
    )
    return finding(
        TERM, who, Verdict.FAIL,
        outcome(TERM, Verdict.PASS, 30.0, margin=20.0), base._replace(alternatives=(base, named)),
    )  # fmt: skip


def far_failure(who: str) -> Finding:
    return finding(FAR, who, Verdict.FAIL, outcome(FAR, Verdict.FAIL, 1.8, margin=2.0 * -0.1, margin_m2=-4000.0))


def findings() -> tuple[Finding, ...]:
    """Every verdict, and every kind of requirement."""
    lacking = ("far_gfa_m2", "site_area_m2")
    return (
        term_failure("P1"),
        far_failure("P1"),
        finding(FAR, "P2", Verdict.UNDETERMINED, outcome(FAR, Verdict.UNDETERMINED, None, missing=lacking),
                missing=lacking, row=2, location=None),
        finding(FAR, "P3", Verdict.PASS, outcome(FAR, Verdict.PASS, 2.5, margin=0.5, margin_m2=5000.0), row=3),
        finding(LIVING, "P1", Verdict.FAIL, outcome(LIVING, Verdict.FAIL, 15.00004, margin=-0.00004, margin_m2=-0.41)),
        finding(LIVING, "P2", Verdict.NOT_APPLICABLE, row=2),
        finding(GREEN, "K1", Verdict.FAIL, outcome(GREEN, Verdict.FAIL, 600.0, margin=-600.0, margin_m2=-600.0)),
        finding(ROOF, "P3", Verdict.REVIEW, outcome(ROOF, Verdict.REVIEW, False), row=3),
    )  # fmt: skip


def summary_of(found: tuple[Finding, ...]) -> Summary:
    counts = {rule: [0, 0, 0, 0, 0] for rule in RULES}
    for one in found:
        counts[one.rule.id][one.verdict] += 1
    return Summary({"parcel": 3, "park": 1}, {rule: tuple(row) for rule, row in counts.items()})


@pytest.fixture
def report() -> Report:
    """A whole report with something in every part."""
    found = findings()
    return Report(
        packs=(PACK,),
        as_of=dt.date(2026, 11, 22),
        reading=Reading.THRESHOLD,
        notices=(said("控规图则、规划条件 prevail"),),
        inputs=(
            InputInfo("parcels", "parcels.shp", "parcels", "EPSG:4549", "GB18030", 3, "ab" * 32, (said("GB18030"),)),
            InputInfo("attributes", "属性.xlsx", None, None, None, 3, "cd" * 32),
        ),
        assumptions=(
            Assumption("parcels", "single_use", True, 1117),
            Assumption("parcels", "approval_date", "2026-11-22", 2),
            Assumption("parcels", "site_area_m2", "geometry", 1),
        ),
        summary=summary_of(found),
        findings=found,
        data=(
            DataFinding("data/overlap", Level.ERROR, Subject("parcel", "P7"), said("12.5 ㎡"), 7, (121.5, 31.25)),
            DataFinding("data/crs", Level.WARNING, Subject("layer", "parks.shp"), said("?")),
        ),
        ledger=(
            LedgerRow("K1", "浦东新区", 1500.0, 900.0, 0.0, 600.0, 0.0, 0.0),
            LedgerRow("K2", None, 0.0, 800.25, 0.0, 0.0, 500.0, 300.25),
        ),
        transfers=(Transfer("K2", "K3", 500.0),),
        parameters={"base_term_years": Decimal(20)},
    )  # fmt: skip


def waived_by(text: str) -> Waived:
    return Waived(text, text, dt.date(2026, 6, 30), text)


def rule_saying(text: str) -> Rule:
    both = Text(text, text)
    clause = replace(FAR.clause, quote=text, translation=text)
    return replace(FAR, title=both, clause=clause, evidence=both)


def pack_saying(text: str) -> Pack:
    """A pack whose title, number and reasons are that text, as the gate accepts any."""
    both = Text(text, text)
    rules = tuple(rule_saying(text) if rule is FAR else rule for rule in PACK.rules)
    return replace(PACK, title=both, issuer=text, number=text, validity_source=both, rules=rules)


@pytest.fixture
def report_of() -> Callable[[str], Report]:
    """A report with one text of the data wherever such text can come to stand."""

    def build(text: str) -> Report:
        return Report(
            packs=(pack_saying(text),), as_of=dt.date(2026, 1, 1), reading=Reading.LITERAL,
            notices=(said(text),),
            inputs=(InputInfo("parcels", text, text, text, "UTF-8", 1, "00", (said(text),)),),
            assumptions=(Assumption("parcels", "name", text, 1),),
            summary=summary_of((far_failure(text),)),
            findings=(far_failure(text)._replace(rule=rule_saying(text), waived=waived_by(text)),),
            data=(DataFinding("data/value", Level.ERROR, Subject("parcel", text), said(text), 1),),
            ledger=(LedgerRow(text, text, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),),
            transfers=(Transfer(text, text, 1.0),),
            waivers=(Grant(waived_by(text), None, "far-industrial", "parcel", text, Covered(1)),),
        )  # fmt: skip

    return build
