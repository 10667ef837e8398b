"""What is said of many findings at once is what is said of each alone, and no text of the data is a mark."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from landcheck import Request, check
from landcheck.messages import Lang
from landcheck.model import Finding
from landcheck.report.content.filled import blocks, of_block
from landcheck.report.content.listed import ListedFindings
from landcheck.report.content.sentences import message, remark, remedy
from landcheck.report.content.slots import MarkedTexts, Slot
from landcheck.report.result.encode import finding_record
from landcheck.report.result.line import line

HEAD = "parcel_id,land_class,single_use,site_area_m2,far_gfa_m2,far,above_ground_gfa_m2,other_industry_gfa_m2," \
       "living_gfa_m2,term_years,is_stock,far_before,increase_approved"  # fmt: skip


def plan(rows: int) -> str:
    chance = random.Random(rows)

    def some(values: list[object]) -> str:
        return "" if chance.random() < 0.15 else str(chance.choice(values))

    lines = [HEAD]
    for row in range(rows):
        floor = round(chance.uniform(1_000, 90_000), chance.choice([0, 2, 4]))
        lines.append(",".join([
            f"P{row}", some(["industrial_project", "rd_general", "other"]), some(["true", "false"]),
            some([20_000, 10_000.5]), some([floor, 20_000, 39_999.99]), some([1.5, 2.0, 1.99996]),
            some([floor, 18_000]),
            some([0, round(floor * 0.3, 2)]), some([0, round(floor * 0.2, 2), 1]), some([1, 20, 51, 50]),
            some(["true", "false"]), some([0.5, 1.0]), some(["true", "false"]),
        ]))  # fmt: skip
    return "\n".join(lines)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sentence_of_many_is_that_of_each(tmp_path: Path, lang: Lang) -> None:
    (tmp_path / "p.csv").write_text(plan(300), encoding="utf-8")
    report = check(Request(str(tmp_path / "p.csv"), packs=("shanghai-2021-9", "china-terms"), show_all=True))

    def said(one: Finding) -> tuple[str | None, ...]:
        return *remark(one, lang), message(one, lang), remedy(one, lang), line(finding_record(one, lang))

    for block in blocks(report, "all"):
        for many in (block, ListedFindings(list(block))):
            columns = [column.to_pylist() for column in of_block(many, said)]
            assert list(zip(*columns, strict=True)) == [said(one) for one in block]


def test_a_slot_is_written_as_a_slot_or_not_at_all() -> None:
    slot = Slot.of(np.array([1.5, 2.5]), MarkedTexts())
    for write in (str, repr, "{:.2f}".format, float, int, lambda one: one * 2, lambda one: f"{one}"):
        with pytest.raises(TypeError):
            write(slot)


def test_no_text_of_the_data_is_a_mark() -> None:
    marks = MarkedTexts()
    marks.columns.append(np.array(["x"]))
    assert marks.filled("a\ufdd00\ufdd2b", 1).to_pylist() == ["a\ufdd00\ufdd2b"]
