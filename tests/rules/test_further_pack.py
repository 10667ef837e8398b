"""A pack of another text is data alone: Chinese numerals, no end date, an excerpt, its own words and measures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from landcheck.measures import MEASURES as KNOWN
from landcheck.model import Modality, Operator, Reading, Validity, Verdict
from landcheck.rulebook import load_pack

TEXT = """第十五条
新建工业园区附属绿地总面积不得低于工业园区用地总面积的百分之二十,
工业用地容积率一般控制在2.0.投资10亿元以上的重大投资项目可按50年年期出让.
本意见自印发之日施行.
"""

HEADER = """
id = "elsewhere"
title = {zh = "别处的意见", en = "opinions of elsewhere"}
issuer = "某局"
number = "某规〔2025〕1号"
rank = "bureau_document"
text_source = {zh = "试验", en = "a test"}
issued = 2025-01-27
in_force_from = 2025-01-27
in_force_quote = "本意见自印发之日施行"
excerpt = true
rules = ["green-share", "far-control", "fifty-years"]

[validity]
kind = "none"
source = {zh = "未载明", en = "none printed"}

[[section]]
number = "第十五条"
begins = "新建工业园区"
until = "本意见自印发"
"""

GREEN = """
id = "green-share"
per = "park"
title = {zh = "绿地不低于20%", en = "green of 20 % or more"}
evidence = {zh = "绿地规划", en = "green plan"}
[clause]
number = "第十五条"
quote = "新建工业园区附属绿地总面积不得低于工业园区用地总面积的百分之二十"
words = "不得低于"
translation = "Green of a new industrial park covers at least 20 % of its area."
[[require]]
measure = "green_share"
label = {zh = "绿地率", en = "green share"}
at_least = 20
unit = "percent"
remedy = {zh = "增加绿地{gap}个百分点", en = "add {gap} percentage points of green"}
"""

FAR = """
id = "far-control"
per = "parcel"
title = {zh = "容积率控制在2.0", en = "FAR kept to 2.0"}
evidence = {zh = "规划条件", en = "planning conditions"}
[clause]
number = "第十五条"
quote = "工业用地容积率一般控制在2.0"
words = "一般控制在"
translation = "The FAR of industrial land is as a rule kept to 2.0."
[applies]
land_class = ["industrial_project", "industrial_standard"]
[[require]]
measure = "far"
label = {zh = "容积率", en = "FAR"}
at_most = 2.0
unit = "1"
remedy = {zh = "调整控规", en = "have the plan changed"}
"""

FIFTY = """
id = "fifty-years"
per = "parcel"
title = {zh = "可按50年出让", en = "50 years possible"}
evidence = {zh = "合同", en = "contract"}
[clause]
number = "第十五条"
quote = "投资10亿元以上的重大投资项目可按50年年期出让"
translation = "Major projects of CNY 1 billion or more may be granted 50 years."
[[require]]
name = "large_or_recognised"
label = {zh = "投资10亿元以上,或经认定", en = "CNY 1 billion or more, or recognised"}
words = ["重大投资项目可按", "以上"]
remedy = {zh = "还差{gap}亿元", en = "{gap} hundred million CNY short"}
any = [
  {measure = "investment_cny", at_least = 10, unit = "100m_CNY"},
  {measure = "term_years", at_least = 50, unit = "years"},
]
"""

CASE = """
[[case]]
name = {zh = "例", en = "case"}
kind = "other"
reading = "literal"
as_of = 2026-01-01
assume = false
expect = "review"
missing = []
"""

WORDS = """
["重大投资项目可按"]
modality = "may"
note = {zh = "许可", en = "a permission"}
"""

MEASURES = {
    **KNOWN,
    "green_share": replace(KNOWN["park_green_share"], name="green_share"),
    "investment_cny": replace(KNOWN["far"], name="investment_cny", unit="CNY", area="", lowest=None),
}


def written(directory: Path) -> Path:
    home = directory / "elsewhere"
    home.mkdir()
    for name, text in {
        "policy.txt": TEXT, "pack.toml": HEADER, "vocabulary.toml": WORDS,
        "green-share.toml": GREEN, "far-control.toml": FAR, "fifty-years.toml": FIFTY,
        "green-share.cases.toml": CASE + 'parks = [{park_id = "K1"}]\n',
        "far-control.cases.toml": CASE, "fifty-years.cases.toml": CASE,
    }.items():  # fmt: skip
        (home / name).write_text(text, encoding="utf-8")
    return home


def test_it_loads_with_its_own_words_and_measures(tmp_path):
    pack = load_pack(str(written(tmp_path)), MEASURES)
    green, far, fifty = pack.rules
    assert (pack.validity, pack.in_force_until, pack.excerpt) == (Validity.NONE, None, True)
    assert (pack.issued, pack.parameters, pack.left_out) == (dt.date(2025, 1, 27), (), ())
    assert (green.requires[0].any[0].limit, green.requires[0].any[0].scale) == (Decimal(20), Decimal("0.01"))
    assert (far.requires[0].any[0].operator, far.requires[0].modality) == (Operator.AT_MOST, Modality.CONTROL)
    assert fifty.requires[0].modality is Modality.MAY
    assert fifty.requires[0].any[0].limit * fifty.requires[0].any[0].scale == 1_000_000_000


def test_a_case_says_how_it_is_to_be_judged(tmp_path):
    case = load_pack(str(written(tmp_path)), MEASURES).cases[1]
    assert (case.reading, case.as_of, case.assume) == (Reading.LITERAL, dt.date(2026, 1, 1), False)
    assert (case.expect, case.missing) == (Verdict.REVIEW, ())
