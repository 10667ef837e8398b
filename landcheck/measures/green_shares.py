"""Green: shares of a plot and of a park, and what the green ledger says of a park."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from landcheck.measures.registry import Columns, Masks, Measure, given, ratio, register, shares_lack
from landcheck.messages import Text
from landcheck.model import Kind, Tri

LEDGER_FACTS = ("change", "area_m2", "district", "district_balance_approved")
GREEN_TO_ADD = "green_to_add_m2"  # a column of the ledger: the new green with which the park is covered
_FEE = ("replanting_impossible", "compensation_fee_paid")


def _register_share(name: str, per: str, label: Text, formula: Text, inputs: tuple[str, str]) -> None:
    """A share of an area as a fraction of the whole, both in m²."""
    part, whole = inputs
    register(Measure(
        name, label, Kind.NUMBER, "1", formula, inputs, lambda c: ratio(c[part], c[whole]),
        shares_lack(part, whole=whole), per, lowest=0, area=whole, sum=lambda _: f"{{{part}}} / {{{whole}}}",
    ))  # fmt: skip


_register_share(
    "plot_green_share", "parcel", Text("项目绿地占用地的比例", "green of the plot"),
    Text("占比 = 附属绿地面积 / 用地面积", "share = plot_green_m2 / site_area_m2"), ("plot_green_m2", "site_area_m2"),
)  # fmt: skip
_register_share(
    "ground_green_share", "parcel", Text("地面绿化占用地的比例", "green on the ground of the plot"),
    Text("占比 = 地面绿化面积 / 用地面积", "share = ground_green_m2 / site_area_m2"),
    ("ground_green_m2", "site_area_m2"),
)  # fmt: skip
_register_share(
    "park_green_share", "park", Text("园区绿地占园区用地的比例", "all green of the park"),
    Text("占比 = 园区绿地总面积 / 园区用地总面积", "share = park_green_m2 / park_area_m2"),
    ("park_green_m2", "park_area_m2"),
)  # fmt: skip
_register_share(
    "attached_green_share", "park", Text("园区附属绿地占园区用地的比例", "green belonging to the park's projects"),
    Text("占比 = 园区附属绿地总面积 / 园区用地总面积", "share = attached_green_m2 / park_area_m2"),
    ("attached_green_m2", "park_area_m2"),
)  # fmt: skip
register(Measure(
    "fee_instead",
    Text("经审定确不具备补绿条件，且已缴绿地易地补偿费", "no room as approved, and the compensation fee paid"),
    Kind.BOOL, "",
    Text("经审定确不具备补绿条件，且已缴费", "replanting_impossible and compensation_fee_paid"), _FEE,
    lambda c: np.minimum(*(c[name] for name in _FEE)),
    lambda c: {name: c[name] == Tri.UNKNOWN for name in _FEE}, "park",
))  # fmt: skip


def _columns(lacking: dict[str, str]) -> Callable[[Columns], Masks]:
    """What the ledger found missing: by field the column that says so."""
    return lambda c: {field: c[column] for field, column in lacking.items()}


def _register_reductions(name: str, label: Text, formula: Text, *fields: str) -> None:
    """A truth of all green rows of a park, which the ledger's rows are gathered into."""
    lacking = {field: f"lacks_{field}" for field in fields}
    register(Measure(
        name, label, Kind.BOOL, "", formula, (name, *lacking.values()), given(name), _columns(lacking), "park",
    ))  # fmt: skip


_register_reductions(
    "has_reduction", Text("有调减绿地", "has a green reduction"),
    Text("园区内有“调减”的绿地", "some green row of the park is a reduction"), "change",
)  # fmt: skip
_register_reductions(
    "reductions_completed", Text("调减的均为已建成项目附属绿地", "every reduction is at a completed project"),
    Text("园区内每一调减绿地的项目均已建成", "project_completed holds for every reduction of the park"),
    "project_completed", "change",
)  # fmt: skip
_register_reductions(
    "reductions_for_building_works", Text("调减均因扩建改建", "every reduction is for expansion or renovation"),
    Text("园区内每一调减绿地均因扩建或改建", "reason is expansion or renovation for every reduction"),
    "reason", "change",
)  # fmt: skip

_LEDGER = {fact: f"ledger_lacks_{fact}" for fact in LEDGER_FACTS}
register(Measure(
    "uncovered_m2", Text("未补足的绿地面积", "green area not made up for"), Kind.NUMBER, "m2",
    Text("未补足 = 调减 - 园区内补足 - 本区平衡补足", "uncovered = need - own - from_district"),
    ("uncovered_m2", GREEN_TO_ADD, *_LEDGER.values()), given("uncovered_m2"), _columns(_LEDGER), "park", lowest=0,
))  # fmt: skip
