"""Floor area ratio and shares of floor area: what a parcel carries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landcheck.measures.measure import Columns, Masks, Measure, more, ratio, shares_lack
from landcheck.messages import Text
from landcheck.model import Kind


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
    return np.maximum(_far_raised(c), underground_added(c))


def _far_raised(c: Columns) -> NDArray[np.int8]:
    return more(far(c), c["far_before"])


def underground_added(c: Columns) -> NDArray[np.int8]:
    """Tri: was underground space added (增加地下空间)?"""
    return more(c["underground_gfa_m2"], c["underground_gfa_before_m2"])


def _far_lacks(c: Columns) -> Masks:
    unknown = np.isnan(far(c))
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


MEASURES = (
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
        shares_lack("other_industry_gfa_m2", "living_gfa_m2"), area="above_ground_gfa_m2",
        sum="({other_industry_gfa_m2} + {living_gfa_m2}) / {above_ground_gfa_m2}",
    ),
    Measure(
        "living_share", Text("生活配套设施占比", "share of living facilities"), Kind.NUMBER, "1",
        Text("占比 = 生活配套设施 / 地上建筑总量", "share = living_gfa_m2 / above_ground_gfa_m2"),
        ("living_gfa_m2", "above_ground_gfa_m2"), living_share,
        shares_lack("living_gfa_m2"), area="above_ground_gfa_m2",
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
        "underground_added", Text("增加地下空间", "underground space added"), Kind.BOOL, "",
        Text("地下建筑面积 > 原地下建筑面积", "underground_gfa_m2 > underground_gfa_before_m2"),
        ("underground_gfa_m2", "underground_gfa_before_m2"), underground_added, _underground_lacks,
    ),
)  # fmt: skip
