"""Floor area ratio and shares of floor area: what a parcel carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from landcheck.measures.measure import Columns, Masks, Measure, more, once, ratio, shares_lack
from landcheck.messages import Text
from landcheck.model import Kind

ABOVE_GROUND, FAR_GFA = "above_ground_gfa_m2", "far_gfa_m2"
# 30 %, 15 %: of 地上建筑总量 as the texts write; of 计容建筑面积 by a reading met elsewhere (share_denominator)
WHOLES = {ABOVE_GROUND: Text("地上建筑总量", "the above-ground floor area"),
          FAR_GFA: Text("计容建筑面积", "the floor area counted for FAR")}  # fmt: skip
PARTS = {
    "other_use_share": (
        ("other_industry_gfa_m2", "living_gfa_m2"), Text("其他产业用途和生活配套设施", "other uses"),
        "(其他产业用途 + 生活配套设施)",
    ),
    "living_share": (("living_gfa_m2",), Text("生活配套设施", "living facilities"), "生活配套设施"),
}  # fmt: skip


def far(c: Columns) -> NDArray[np.float64]:
    """Floor area ratio 容积率 = 计容建筑面积 / 用地面积; as declared where that cannot be worked out."""
    known = ratio(c["far_gfa_m2"], c["site_area_m2"])
    np.copyto(known, c["far"], where=np.isnan(known))
    return known


def share(parts: Sequence[str], whole: str) -> Callable[[Columns], NDArray[np.float64]]:
    """The parts over the whole, as a fraction."""
    return lambda c: ratio(reduce(np.add, (c[part] for part in parts)), c[whole])


def intensified(c: Columns) -> NDArray[np.int8]:
    """Tri: was the FAR raised (提高容积率) or underground space added (增加地下空间)?"""
    return np.maximum(_far_raised(c), underground_added(c))


def _far_raised(c: Columns) -> NDArray[np.int8]:
    return more(once("far", far, c), c["far_before"])


def underground_added(c: Columns) -> NDArray[np.int8]:
    """Tri: was underground space added (增加地下空间)?"""
    return more(c["underground_gfa_m2"], c["underground_gfa_before_m2"])


def _far_lacks(c: Columns) -> Masks:
    unknown = np.isnan(once("far", far, c))
    return {
        "far_gfa_m2": unknown & np.isnan(c["far_gfa_m2"]),
        "site_area_m2": unknown & ~(c["site_area_m2"] > 0),
        "far": unknown,
    }


def _intensified_lacks(c: Columns) -> Masks:
    unknown = intensified(c) == 0
    raised = unknown & (_far_raised(c) == 0)
    added = unknown & (underground_added(c) == 0)
    masks = {name: raised & mask for name, mask in _far_lacks(c).items()}
    masks["far_before"] = raised & np.isnan(c["far_before"])
    for name in ("underground_gfa_m2", "underground_gfa_before_m2"):
        masks[name] = added & np.isnan(c[name])
    return masks


def _underground_lacks(c: Columns) -> Masks:
    return {name: np.isnan(c[name]) for name in ("underground_gfa_m2", "underground_gfa_before_m2")}


def of_whole(name: str, whole: str) -> str:
    """The share of that name, over another whole."""
    return name if whole == ABOVE_GROUND else f"{name}_of_far_gfa"


def division(parts: Sequence[str], whole: str) -> str:
    """The sum of a share, its inputs in braces."""
    numbers = " + ".join(f"{{{part}}}" for part in parts)
    return f"{numbers if len(parts) == 1 else f'({numbers})'} / {{{whole}}}"


def _share(name: str, whole: str) -> Measure:
    parts, label, summed = PARTS[name]
    added = " + ".join(parts) if len(parts) == 1 else f"({' + '.join(parts)})"
    return Measure(
        of_whole(name, whole),
        Text(f"{label.zh}占{WHOLES[whole].zh}的比例", f"share of {label.en} in {WHOLES[whole].en}"), Kind.NUMBER, "1",
        Text(f"占比 = {summed} / {WHOLES[whole].zh}", f"share = {added} / {whole}"), (*parts, whole),
        share(parts, whole), shares_lack(*parts, whole=whole), area=whole,
        sum=lambda _: division(parts, whole),
    )  # fmt: skip


MEASURES = (
    Measure(
        "far", Text("容积率", "FAR"), Kind.NUMBER, "1",
        Text("容积率 = 计容建筑面积 / 用地面积", "FAR = far_gfa_m2 / site_area_m2"),
        ("far_gfa_m2", "site_area_m2", "far"), far, _far_lacks, area="site_area_m2",
        sum=lambda _: "{far_gfa_m2} / {site_area_m2}",
    ),
    *(_share(name, whole) for whole in WHOLES for name in PARTS),
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
        "underground_added", Text("增加地下空间", "underground space added"), Kind.BOOL, "",
        Text("地下建筑面积 > 原地下建筑面积", "underground_gfa_m2 > underground_gfa_before_m2"),
        ("underground_gfa_m2", "underground_gfa_before_m2"), underground_added, _underground_lacks,
    ),
)  # fmt: skip
