"""Shares of floor area where adjacent plots of one owner share their facilities (统筹平衡、集中设置)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from landcheck.measures.buildings import ABOVE_GROUND, PARTS, WHOLES, division, of_whole, share
from landcheck.measures.measure import Columns, Masks, Measure, shares_lack
from landcheck.messages import Text
from landcheck.model import Kind, Tri

Shares = NDArray[np.float64]
BOTH = PARTS["other_use_share"][0]


def _pooled_share(name: str, whole: str) -> Callable[[Columns], Shares]:
    """The share within the recognised pool; of the plot itself, over ``whole``, where it is in none."""
    parts = PARTS[name][0]
    own, pool = share(parts, whole), share([f"pool_{part}" for part in parts], f"pool_{ABOVE_GROUND}")
    return lambda c: np.where(_pooled(c), pool(c), own(c))


def pool_concentrated_excess_m2(c: Columns) -> Shares:
    """集中配建部分 - 该地块产业主导用途, in m²; negative where the concentrated part is the smaller."""
    main = c["above_ground_gfa_m2"] - c["other_industry_gfa_m2"] - c["living_gfa_m2"]
    return np.asarray(c["pool_concentrated_gfa_m2"] - main, np.float64)


def _pooled(c: Columns) -> NDArray[np.bool_]:
    return np.asarray(c["pool_recognised"] == Tri.TRUE, np.bool_)


def _lacks(parts: Sequence[str], whole: str) -> Callable[[Columns], Masks]:
    own = shares_lack(*parts, whole=whole)
    pool = shares_lack(*(f"pool_{part}" for part in parts), whole=f"pool_{ABOVE_GROUND}")

    def lacks(c: Columns) -> Masks:
        pooled = _pooled(c)
        masks = {name: mask & ~pooled for name, mask in own(c).items()}
        return masks | {name: mask & pooled for name, mask in pool(c).items()}

    return lacks


def _excess_lacks(c: Columns) -> Masks:
    return {name: np.isnan(c[name]) for name in ("pool_concentrated_gfa_m2", ABOVE_GROUND, *BOTH)}


def _pooled_sum(parts: Sequence[str], whole: str) -> Callable[[Columns], str]:
    own, pool = division(parts, whole), division([f"pool_{part}" for part in parts], f"pool_{ABOVE_GROUND}")
    return lambda c: pool if _pooled(c)[0] else own


def _pooled_measure(name: str, whole: str) -> Measure:
    parts, label, summed = PARTS[name]
    added = " + ".join(parts) if len(parts) == 1 else f"({' + '.join(parts)})"
    return Measure(
        f"pooled_{of_whole(name, whole)}",
        Text(
            f"{label.zh}占{WHOLES[whole].zh}的比例(统筹的按组)",
            f"share of {label.en} in {WHOLES[whole].en} (of the pool)",
        ),
        Kind.NUMBER, "1",
        Text(
            f"占比 = {summed} / {WHOLES[whole].zh};统筹平衡经认定的,按统筹组合计的地上建筑总量",
            f"share = {added} / {whole}; of the pool, over its above-ground floor area, where pool_recognised",
        ),
        ("pool_recognised", *parts, whole, *(f"pool_{part}" for part in parts), f"pool_{ABOVE_GROUND}"),
        _pooled_share(name, whole), _lacks(parts, whole), sum=_pooled_sum(parts, whole),
    )  # fmt: skip


MEASURES = (
    *(_pooled_measure(name, whole) for whole in WHOLES for name in PARTS),
    Measure(
        "pool_concentrated_excess_m2",
        Text("集中配建部分超出产业主导用途的建筑面积", "concentrated floor area beyond the main use"),
        Kind.NUMBER, "m2",
        Text(
            "集中配建 - (地上建筑总量 - 其他产业用途 - 生活配套设施)",
            "pool_concentrated_gfa_m2 - (above_ground_gfa_m2 - other_industry_gfa_m2 - living_gfa_m2)",
        ),
        ("pool_concentrated_gfa_m2", ABOVE_GROUND, *BOTH), pool_concentrated_excess_m2, _excess_lacks,
        sum=lambda _: "{pool_concentrated_gfa_m2} - "
        "({above_ground_gfa_m2} - {other_industry_gfa_m2} - {living_gfa_m2})",
    ),
)  # fmt: skip
