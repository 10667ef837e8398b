"""What the rules measure: pure functions of a batch's columns, and the table of them.

Columns are as :class:`landcheck.model.Batch` says (numbers float64 with NaN missing, booleans int8 ``Tri``,
enumerations int8 codes with -1 missing, dates int32 with ``NO_DATE`` missing). Every function keeps the rows and their
order; an unknown result is NaN or ``Tri.UNKNOWN``, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.messages import Text
from landcheck.model import NO_DATE, Field, Kind, Role

Columns = Mapping[str, NDArray[Any]]
Masks = dict[str, NDArray[np.bool_]]

# 数值比较用全数值比较法 (GB/T 8170); the tolerance is for binary floating point alone.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Measure:
    """A named quantity or truth: ``value`` works it out, ``lacks`` names the fields it wants for in each row.

    ``area`` is the column (m²) that turns a distance in the measure's unit into floor area; ``sum`` is the formula with
    the inputs in braces, to be shown with numbers.
    """

    name: str
    label: Text
    kind: Kind
    unit: str
    formula: Text
    inputs: tuple[str, ...]
    value: Callable[[Columns], NDArray[Any]]
    lacks: Callable[[Columns], Masks]
    values: tuple[str, ...] = ()
    area: str = ""
    sum: str = ""


def ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """``part / whole``; unknown where either is, and where the whole is zero and no share can be formed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def more(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.int8]:
    """Tri: is ``a`` greater than ``b``, beyond the tolerance?"""
    limit = b + TOLERANCE * np.abs(b)
    return (a > limit).view(np.int8) - (a <= limit).view(np.int8)


def missing(column: NDArray[Any], kind: Kind) -> NDArray[np.bool_]:
    """Where a column of that kind has no value."""
    if kind is Kind.NUMBER:
        return np.isnan(column)
    gap = {Kind.BOOL: 0, Kind.ENUM: -1, Kind.DATE: NO_DATE}[kind]
    return np.asarray(column == gap, np.bool_)


def far(c: Columns) -> NDArray[np.float64]:
    """Floor area ratio 容积率 = 计容建筑面积 / 用地面积; as declared where that cannot be worked out."""
    computed = ratio(c["far_gfa_m2"], c["site_area_m2"])
    return np.where(np.isnan(computed), c["far"], computed)


def other_use_share(c: Columns) -> NDArray[np.float64]:
    """(其他产业用途 + 生活配套设施) / 地上建筑总量, as a fraction."""
    return ratio(c["other_industry_gfa_m2"] + c["living_gfa_m2"], c["above_ground_gfa_m2"])


def living_share(c: Columns) -> NDArray[np.float64]:
    """生活配套设施 / 地上建筑总量, as a fraction."""
    return ratio(c["living_gfa_m2"], c["above_ground_gfa_m2"])


def intensified(c: Columns) -> NDArray[np.int8]:
    """Tri: was the FAR raised (提高容积率) or underground space added (增加地下空间)?"""
    return np.maximum(_far_raised(c), _underground_added(c))


def _far_raised(c: Columns) -> NDArray[np.int8]:
    return more(far(c), c["far_before"])


def _underground_added(c: Columns) -> NDArray[np.int8]:
    return more(c["underground_gfa_m2"], c["underground_gfa_before_m2"])


def _far_lacks(c: Columns) -> Masks:
    unknown = np.isnan(far(c))
    return {
        "far_gfa_m2": unknown & np.isnan(c["far_gfa_m2"]),
        "site_area_m2": unknown & ~(c["site_area_m2"] > 0),
        "far": unknown,
    }


def _share_lacks(*parts: str) -> Callable[[Columns], Masks]:
    def lacks(c: Columns) -> Masks:
        masks = {name: np.isnan(c[name]) for name in parts}
        return masks | {"above_ground_gfa_m2": ~(c["above_ground_gfa_m2"] > 0)}

    return lacks


def _intensified_lacks(c: Columns) -> Masks:
    unknown = intensified(c) == 0
    raised = unknown & (_far_raised(c) == 0)
    added = unknown & (_underground_added(c) == 0)
    masks = {name: raised & mask for name, mask in _far_lacks(c).items()}
    masks["far_before"] = raised & np.isnan(c["far_before"])
    for name in ("underground_gfa_m2", "underground_gfa_before_m2"):
        masks[name] = added & np.isnan(c[name])
    return masks


def _given(name: str) -> Callable[[Columns], NDArray[Any]]:
    return lambda c: c[name]


def _rows_lack(*fields: str) -> Callable[[Columns], Masks]:
    return lambda c: {field: c[f"lacks_{field}"] for field in fields}


LEDGER_FACTS = ("change", "area_m2", "district", "district_balance_approved")

MEASURES: Mapping[str, Measure] = {
    m.name: m
    for m in (
        Measure(
            "far", Text("容积率", "FAR"), Kind.NUMBER, "1",
            Text("容积率 = 计容建筑面积 / 用地面积", "FAR = far_gfa_m2 / site_area_m2"),
            ("far_gfa_m2", "site_area_m2", "far"), far, _far_lacks, area="site_area_m2",
            sum="{far_gfa_m2} / {site_area_m2}",
        ),
        Measure(
            "other_use_share", Text("其他产业用途和生活配套设施占比", "share of other uses"), Kind.NUMBER, "1",
            Text(
                "占比 = (其他产业用途 + 生活配套设施) / 地上建筑总量",
                "share = (other_industry_gfa_m2 + living_gfa_m2) / above_ground_gfa_m2",
            ),
            ("other_industry_gfa_m2", "living_gfa_m2", "above_ground_gfa_m2"), other_use_share,
            _share_lacks("other_industry_gfa_m2", "living_gfa_m2"), area="above_ground_gfa_m2",
            sum="({other_industry_gfa_m2} + {living_gfa_m2}) / {above_ground_gfa_m2}",
        ),
        Measure(
            "living_share", Text("生活配套设施占比", "share of living facilities"), Kind.NUMBER, "1",
            Text("占比 = 生活配套设施 / 地上建筑总量", "share = living_gfa_m2 / above_ground_gfa_m2"),
            ("living_gfa_m2", "above_ground_gfa_m2"), living_share,
            _share_lacks("living_gfa_m2"), area="above_ground_gfa_m2",
            sum="{living_gfa_m2} / {above_ground_gfa_m2}",
        ),
        Measure(
            "intensified", Text("提高容积率或增加地下空间", "FAR raised or underground space added"), Kind.BOOL, "",
            Text(
                "容积率 > 原容积率,或 地下建筑面积 > 原地下建筑面积",
                "far > far_before or underground_gfa_m2 > underground_gfa_before_m2",
            ),
            ("far_gfa_m2", "site_area_m2", "far", "far_before", "underground_gfa_m2", "underground_gfa_before_m2"),
            intensified, _intensified_lacks,
        ),
        Measure(
            "has_reduction", Text("有调减绿地", "has a green reduction"), Kind.BOOL, "",
            Text("园区内有“调减”的绿地", "some green row of the park is a reduction"),
            ("has_reduction", "lacks_change"), _given("has_reduction"), _rows_lack("change"),
        ),
        Measure(
            "reductions_completed", Text("调减的均为已建成项目附属绿地", "every reduction is at a completed project"),
            Kind.BOOL, "",
            Text("园区内每一调减绿地的项目均已建成", "project_completed holds for every reduction of the park"),
            ("reductions_completed", "lacks_project_completed", "lacks_change"),
            _given("reductions_completed"), _rows_lack("project_completed", "change"),
        ),
        Measure(
            "reductions_for_building_works",
            Text("调减均因扩建改建", "every reduction is for expansion or renovation"), Kind.BOOL, "",
            Text("园区内每一调减绿地均因扩建或改建", "reason is expansion or renovation for every reduction"),
            ("reductions_for_building_works", "lacks_reason", "lacks_change"),
            _given("reductions_for_building_works"), _rows_lack("reason", "change"),
        ),
        Measure(
            "uncovered_m2", Text("未补足的绿地面积", "green area not made up for"), Kind.NUMBER, "m2",
            Text("未补足 = 调减 - 园区内补足 - 本区平衡补足", "uncovered = need - own - from_district"),
            ("uncovered_m2", *(f"ledger_lacks_{name}" for name in LEDGER_FACTS)),
            _given("uncovered_m2"), lambda c: {name: c[f"ledger_lacks_{name}"] for name in LEDGER_FACTS},
        ),
    )
}  # fmt: skip


@cache
def measure(name: str, per: str) -> Measure:
    """The measure of that name; a field of the subject's layer is a measure of itself. KeyError for neither."""
    return MEASURES.get(name) or _of_field(subject_field(name, per))


def subject_field(name: str, per: str) -> Field:
    """The catalogue's field; a park takes zone and date fields it has none of its own from the parcels' list."""
    if per == "park":
        try:
            return catalogue_field(Role.PARKS, name)
        except KeyError:
            pass
    return catalogue_field(Role.PARCELS, name)


def _of_field(f: Field) -> Measure:
    def lacks(c: Columns) -> Masks:
        return {f.name: missing(c[f.name], f.kind)}

    formula = Text(f.label.zh, f.name)
    return Measure(f.name, f.label, f.kind, f.unit, formula, (f.name,), _given(f.name), lacks, f.values)
