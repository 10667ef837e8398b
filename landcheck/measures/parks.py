"""What the green ledger says of a park, and what a park's green is of its land."""

from __future__ import annotations

from collections.abc import Callable

from landcheck.measures.measure import Columns, Masks, Measure, given
from landcheck.messages import Text
from landcheck.model import Kind

LEDGER_FACTS = ("change", "area_m2", "district", "district_balance_approved")


def _rows_lack(*fields: str) -> Callable[[Columns], Masks]:
    return lambda c: {field: c[f"lacks_{field}"] for field in fields}


MEASURES = (
    Measure(
        "has_reduction", Text("有调减绿地", "has a green reduction"), Kind.BOOL, "",
        Text("园区内有“调减”的绿地", "some green row of the park is a reduction"),
        ("has_reduction", "lacks_change"), given("has_reduction"), _rows_lack("change"),
    ),
    Measure(
        "reductions_completed", Text("调减的均为已建成项目附属绿地", "every reduction is at a completed project"),
        Kind.BOOL, "",
        Text("园区内每一调减绿地的项目均已建成", "project_completed holds for every reduction of the park"),
        ("reductions_completed", "lacks_project_completed", "lacks_change"),
        given("reductions_completed"), _rows_lack("project_completed", "change"),
    ),
    Measure(
        "reductions_for_building_works",
        Text("调减均因扩建改建", "every reduction is for expansion or renovation"), Kind.BOOL, "",
        Text("园区内每一调减绿地均因扩建或改建", "reason is expansion or renovation for every reduction"),
        ("reductions_for_building_works", "lacks_reason", "lacks_change"),
        given("reductions_for_building_works"), _rows_lack("reason", "change"),
    ),
    Measure(
        "uncovered_m2", Text("未补足的绿地面积", "green area not made up for"), Kind.NUMBER, "m2",
        Text("未补足 = 调减 - 园区内补足 - 本区平衡补足", "uncovered = need - own - from_district"),
        ("uncovered_m2", *(f"ledger_lacks_{name}" for name in LEDGER_FACTS)),
        given("uncovered_m2"), lambda c: {name: c[f"ledger_lacks_{name}"] for name in LEDGER_FACTS},
    ),
)  # fmt: skip
