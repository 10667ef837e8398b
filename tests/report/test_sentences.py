from __future__ import annotations

from types import SimpleNamespace

import pytest

from landcheck.messages import Lang
from landcheck.model import Operator, Outcome, Subject, Verdict
from landcheck.report.content.amounts import area, at_least, beside, exact, gap_to, grouped
from landcheck.report.content.sentences import message, remedy, subject_words


def test_a_far_below_its_floor_tells_value_limit_gap_and_floor_area(made: SimpleNamespace) -> None:
    failed = made.far_failure("P1")
    assert message(failed, "zh") == "容积率为1.8，低于下限2.0（差0.2，折合4,000平方米）"
    assert message(failed, "en") == "FAR: 1.8 is below the minimum 2.0 (short by 0.2, that is 4,000 m²)"
    assert remedy(failed, "zh") == "将容积率提高到2.0以上（计容建筑面积差4,000平方米）"


def test_missing_facts_are_named_with_the_document_that_supplies_each(made: SimpleNamespace) -> None:
    missing = ("far_gfa_m2",)
    unknown = made.finding(
        made.FAR, "P", Verdict.UNDETERMINED,
        made.outcome(made.FAR, Verdict.UNDETERMINED, None, missing=missing), missing=missing,
    )  # fmt: skip
    assert message(unknown, "zh").startswith("缺少：计容建筑面积（见")
    assert "建设工程规划许可证" in message(unknown, "zh")
    assert "建设工程规划许可证" in str(remedy(unknown, "zh"))


def test_a_missing_applicability_is_named_though_no_requirement_was_judged(made: SimpleNamespace) -> None:
    unknown = made.finding(made.FAR, "P", Verdict.UNDETERMINED, missing=("land_class",))
    assert "缺少：产业用地类型（见" in message(unknown, "zh")


def test_a_green_row_lacks_a_field_of_the_green_layer(made: SimpleNamespace) -> None:
    unknown = made.finding(made.GREEN, "K", Verdict.UNDETERMINED, missing=("project_completed",))
    assert message(unknown, "zh") != "缺少：project_completed"
    assert message(unknown, "zh").startswith("缺少：已建成项目附属绿地（见")


@pytest.mark.parametrize(("measured", "told"), [(1.99996, "FAR: 1.99996 is below"), (1.8, "FAR: 1.8 is below")])
def test_a_failing_value_keeps_the_digits_that_tell_it_from_the_limit(
    made: SimpleNamespace, measured: float, told: str
) -> None:
    failed = made.finding(
        made.FAR, "P", Verdict.FAIL, made.outcome(made.FAR, Verdict.FAIL, measured, margin=measured - 2.0)
    )
    assert message(failed, "en").startswith(told)


@pytest.mark.parametrize(
    ("measured", "limit", "shown"),
    [
        (1.8, 2.0, "1.8"),
        (1.99996, 2.0, "1.99996"),
        (1.9999, 2.0, "1.9999"),
        (1.999999990, 2.0, "1.99999999"),
        (15.00004, 15.0, "15.00004"),
        (1.23456, 2.0, "1.2346"),
        (0.0, 2.0, "0"),
        (12345.5, 0.0, "12,345.5"),
        (0.00001, 10.0, "0.00001"),  # CNY 1,000 of CNY 1 billion
        (1e-10, 10.0, "0.0000000001"),
        (0.00012345, 10.0, "0.0001"),
        (-0.00004, 1.0, "-0.00004"),
    ],
)
def test_a_value_off_its_limit_never_looks_like_it(measured: float, limit: float, shown: str) -> None:
    assert beside(measured, limit) == shown


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        (4000.0, "4,000"),
        (4000.001, "4,000.01"),
        (2.0 - 1.8, "0.2"),  # 0.19999999999999996
        (0.1 + 0.2, "0.3"),  # 0.30000000000000004
        (-0.412, "0.42"),
        (0.001, "0.001"),
        (0.00123, "0.0013"),
    ],
)
def test_an_area_to_be_found_is_rounded_up_to_the_hundredth(gap: float, shown: str) -> None:
    assert area(gap) == shown


def test_a_gap_is_never_shown_too_small() -> None:
    assert at_least(0.16666666, 4) == "0.1667"
    assert at_least(0.00004, 4) == "0.00004"
    assert at_least(0.000041234, 4) == "0.000042"
    assert at_least(2e-12, 4) == "0.000000000002"


def test_a_gap_beside_its_value_is_rounded_like_it(made: SimpleNamespace) -> None:
    # 22.00001 is shown as 22, and 22 - 15 is 7 to the reader, wherever it is said; areas alone are rounded up
    failed = made.finding(
        made.LIVING, "P", Verdict.FAIL, made.outcome(made.LIVING, Verdict.FAIL, 22.00001, margin=-7.00001)
    )
    assert message(failed, "zh") == "生活配套占比为22%，高于上限15%（超7个百分点）"
    assert remedy(failed, "zh") == "降到15%以内（超7个百分点）"


@pytest.mark.parametrize(
    ("gap", "limit", "shown"),
    [
        (10.0, 10.0, "10"),
        (9.99999, 10.0, "9.99999"),
        (9.999, 10.0, "9.999"),
        (7.00001, 15.0, "7"),
        (0.00004, 2.0, "0.00004"),
        (1.8, 0.0, "1.8"),
    ],
)
def test_a_gap_is_the_whole_limit_only_where_there_is_nothing(gap: float, limit: float, shown: str) -> None:
    assert gap_to(limit, gap) == shown


def test_what_meets_a_limit_is_not_shown_as_nought_either(made: SimpleNamespace) -> None:
    outcome = made.outcome(made.LIVING, Verdict.PASS, 0.00002, margin=14.99998)
    met = made.finding(made.LIVING, "P", Verdict.PASS, outcome)
    assert message(met, "en") == "share of living facilities: 0.00002 % keeps to the maximum 15 %"


def test_exact_keeps_every_digit() -> None:
    assert exact(10000.123) == "10,000.123"
    assert exact(18000.0) == "18,000"
    assert exact(0.1 + 0.2) == "0.30000000000000004"
    assert exact(1e-7) == "0.0000001"
    assert exact(1.5e16) == "15,000,000,000,000,000"


def test_zero_has_no_sign() -> None:
    assert grouped(-0.00001) == "0"


def test_of_two_ways_both_unmet_each_tells_how(made: SimpleNamespace) -> None:
    failed = made.term_failure("P1")
    assert message(failed, "zh") == (
        "经认定，或在基准年期以内：以下均未满足——出让年期为30年，高于上限20年（超10年）；"
        "市产业部门认定：无，应为以下之一：国家战略类产业项目、市级战略性重点产业项目"
    )
    assert remedy(failed, "zh") == "取得认定文件，或调整到20年以内"


def test_an_overridden_parameter_is_the_limit_shown(made: SimpleNamespace) -> None:
    failed = made.term_failure("P1")
    cap, either = failed.requirements
    term, recognition = either.alternatives
    longer = term._replace(limit=25.0, margin=-5.0)
    told = message(
        failed._replace(requirements=(cap, longer._replace(alternatives=(longer, recognition)))), "en"
    )  # fmt: skip
    assert "above the maximum 25 years (over by 5 years)" in told


def test_of_two_ways_one_met_that_one_is_told(made: SimpleNamespace) -> None:
    either = made.TERM.requires[1]
    term = Outcome(either.name, either.label, Verdict.FAIL, 50.0, Operator.AT_MOST, 20.0, "years", margin=-30.0)
    recognised = term._replace(
        verdict=Verdict.PASS, measured="municipal_key_project", operator=Operator.ONE_OF,
        limit=either.any[1].limit, unit="", margin=None,
    )  # fmt: skip
    passed = made.finding(
        made.TERM, "P", Verdict.PASS, term._replace(verdict=Verdict.PASS, alternatives=(term, recognised))
    )
    assert message(passed, "zh") == "市产业部门认定：市级战略性重点产业项目，符合要求"
    unmet = term._replace(verdict=Verdict.PASS)  # carries the requirement's verdict, and 50 years above 20
    carried = passed.requirements[0]._replace(alternatives=(unmet, recognised))
    assert message(passed._replace(requirements=(carried,)), "zh") == message(passed, "zh")


def test_a_permission_not_used_says_that_it_obliges_nobody(made: SimpleNamespace) -> None:
    soft = made.finding(made.FAR, "P", Verdict.REVIEW, made.outcome(made.FAR, Verdict.REVIEW, 1.8, margin=-0.2))
    assert message(soft, "zh") == "容积率为1.8，低于下限2.0（差0.2）（条文为许可，并非义务，须人工判断）"
    assert remedy(soft, "zh") == "将容积率提高到2.0以上（计容建筑面积差若干平方米）"


def test_an_encouragement_not_followed_is_no_breach(made: SimpleNamespace) -> None:
    soft = made.finding(made.ROOF, "P", Verdict.REVIEW, made.outcome(made.ROOF, Verdict.REVIEW, False))
    assert message(soft, "zh") == "屋顶绿化：否，应为是（条文为鼓励，不构成违反，供人工判断）"


def test_passes_and_what_does_not_apply_have_words_and_ask_for_nothing(made: SimpleNamespace) -> None:
    passed = made.finding(made.LIVING, "P", Verdict.PASS, made.outcome(made.LIVING, Verdict.PASS, 15.0, margin=0.0))
    aside = made.finding(made.GREEN, "K", Verdict.NOT_APPLICABLE)
    assert message(passed, "zh") == "生活配套占比为15%，不超过上限15%"
    assert message(aside, "zh") == "条款不涉及该园区"
    assert remedy(passed, "zh") is None
    assert remedy(aside, "en") is None


@pytest.mark.parametrize(("lang", "said"), [("zh", "图层 属性表"), ("en", "layer attributes")])
def test_a_layer_is_called_by_what_it_holds(lang: Lang, said: str) -> None:
    assert subject_words(Subject("layer", "attributes"), None, lang) == said
