"""What is wrong with a call is said in the language of the run, with the name that was probably meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landcheck import UsageError
from landcheck.fields.choices import choices
from landcheck.fields.field_names import parse_map
from landcheck.fields.mapping import map_columns
from landcheck.model import Role

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chek"], "错误：没有命令 chek；是否应为 check？"),
        (["check", "p.csv", "--raeding", "literal"], "错误：没有选项 --raeding；是否应为 --reading"),
        (["check"], "错误：缺少 PARCELS"),
        (["check", "p.csv", "--workers", "many"], "错误：--workers 的值不可用；应为数字"),
        (["check", "p.csv", "--reading", "liberal"], "错误：--reading 的值不可用；可用：threshold、literal"),
        (["check", "p.csv", "--parks"], "错误：选项 --parks 需要一个值"),
    ],
)
def test_a_wrong_call_is_said_in_chinese(arguments: list[str], told: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    ran = subprocess.run(
        [sys.executable, "-m", "landcheck", *arguments], env=environment, capture_output=True, check=False
    )
    said = ran.stderr.decode()
    assert (ran.returncode, told in said) == (2, True), said
    assert "Error" not in said


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("用地面积=MJ", "site_area_m2"), ("宗地面积=MJ", "site_area_m2"), ("地块.容积率=MJ", "far"),
        ("园区.区=MJ", "parks.district"), ("绿地.绿地编号=MJ", "green_id"), ("site_area_m2=MJ", "site_area_m2"),
        ("属性表.地块编号=MJ", "attributes.parcel_id"), ("批准日期=MJ", "approval_date"),
        ("parks.DISTRICT=MJ", "parks.district"),
    ],
)  # fmt: skip
def test_a_field_may_be_named_as_people_name_it(written: str, field: str) -> None:
    name, column = parse_map(written)
    assert name.removeprefix("green.") == field
    assert column.column == "MJ"


def test_a_wrong_name_gets_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        parse_map("用地面=MJ")
    assert "可用的如 site_area_m2（" in refused.value.say("zh")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("通用类", "是否应为通用类研发用地？"),
        ("研发用地", "是否应为通用类研发用地、产业项目类研发用地？"),
        ("工业用地", "是否应为产业项目类工业用地、标准厂房类工业用地？"),
        ("住宅", ""),
    ],
)
def test_an_unknown_word_gets_the_choice_that_it_is_like(word: str, near: str) -> None:
    import pyarrow as pa

    (use,) = map_columns(Role.PARCELS, ["land_class"], {}, "a.csv")
    _, (fault,) = choices(pa.array([word]), use)
    said = fault.reason.say("zh")
    assert near in said
    assert bool(near) is ("是否应为" in said)
