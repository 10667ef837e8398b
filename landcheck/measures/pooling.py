"""Shares of floor area where adjacent plots of one owner share their facilities (统筹平衡、集中设置)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from landcheck.measures.buildings import living_share, other_use_share
from landcheck.measures.measure import Columns, Masks, Measure, ratio, shares_lack
from landcheck.messages import Text
from landcheck.model import Kind, Tri

Shares = NDArray[np.float64]
PARTS = ("other_industry_gfa_m2", "living_gfa_m2")


def pooled_other_use_share(c: Columns) -> Shares:
    """(其他产业用途 + 生活配套设施) / 地上建筑总量 of the recognised pool; of the plot itself where it is in none."""
    whole = ratio(c["pool_other_industry_gfa_m2"] + c["pool_living_gfa_m2"], c["pool_above_ground_gfa_m2"])
    return np.where(_pooled(c), whole, other_use_share(c))


def pooled_living_share(c: Columns) -> Shares:
    """生活配套设施 / 地上建筑总量 of the recognised pool; of the plot itself where it is in none."""
    return np.where(_pooled(c), ratio(c["pool_living_gfa_m2"], c["pool_above_ground_gfa_m2"]), living_share(c))


def pool_concentrated_excess_m2(c: Columns) -> Shares:
    """集中配建部分 - 该地块产业主导用途, in m²; negative where the concentrated part is the smaller."""
    main = c["above_ground_gfa_m2"] - c["other_industry_gfa_m2"] - c["living_gfa_m2"]
    return np.asarray(c["pool_concentrated_gfa_m2"] - main, np.float64)


def _pooled(c: Columns) -> NDArray[np.bool_]:
    return np.asarray(c["pool_recognised"] == Tri.TRUE, np.bool_)


def _lacks(*parts: str) -> Callable[[Columns], Masks]:
    own = shares_lack(*parts)
    pool = shares_lack(*(f"pool_{part}" for part in parts), whole="pool_above_ground_gfa_m2")

    def lacks(c: Columns) -> Masks:
        pooled = _pooled(c)
        masks = {name: mask & ~pooled for name, mask in own(c).items()}
        return masks | {name: mask & pooled for name, mask in pool(c).items()}

    return lacks


def _excess_lacks(c: Columns) -> Masks:
    return {name: np.isnan(c[name]) for name in ("pool_concentrated_gfa_m2", "above_ground_gfa_m2", *PARTS)}


MEASURES = (
    Measure(
        "pooled_other_use_share",
        Text("其他产业用途和生活配套设施占比(统筹的按组)", "share of other uses (of the pool)"),
        Kind.NUMBER, "1",
        Text(
            "占比 = (其他产业用途 + 生活配套设施) / 地上建筑总量;统筹平衡经认定的,按统筹组合计",
            "share = (other_industry_gfa_m2 + living_gfa_m2) / above_ground_gfa_m2; of the pool where pool_recognised",
        ),
        ("pool_recognised", *PARTS, "above_ground_gfa_m2", *(f"pool_{p}" for p in PARTS), "pool_above_ground_gfa_m2"),
        pooled_other_use_share, _lacks(*PARTS),
    ),
    Measure(
        "pooled_living_share", Text("生活配套设施占比(统筹的按组)", "share of living facilities (of the pool)"),
        Kind.NUMBER, "1",
        Text(
            "占比 = 生活配套设施 / 地上建筑总量;统筹平衡经认定的,按统筹组合计",
            "share = living_gfa_m2 / above_ground_gfa_m2; of the pool where pool_recognised",
        ),
        ("pool_recognised", "living_gfa_m2", "above_ground_gfa_m2", "pool_living_gfa_m2", "pool_above_ground_gfa_m2"),
        pooled_living_share, _lacks("living_gfa_m2"),
    ),
    Measure(
        "pool_concentrated_excess_m2",
        Text("集中配建部分超出产业主导用途的建筑面积", "concentrated floor area beyond the main use"),
        Kind.NUMBER, "m2",
        Text(
            "集中配建 - (地上建筑总量 - 其他产业用途 - 生活配套设施)",
            "pool_concentrated_gfa_m2 - (above_ground_gfa_m2 - other_industry_gfa_m2 - living_gfa_m2)",
        ),
        ("pool_concentrated_gfa_m2", "above_ground_gfa_m2", *PARTS), pool_concentrated_excess_m2, _excess_lacks,
        sum="{pool_concentrated_gfa_m2} - ({above_ground_gfa_m2} - {other_industry_gfa_m2} - {living_gfa_m2})",
    ),
)  # fmt: skip
