"""What a parcel carries: floor area ratio, shares of floor area, and shares within a pool (统筹平衡、集中设置)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from landcheck.measures.registry import (
    TOLERANCE,
    Columns,
    Masks,
    Measure,
    Numbers,
    Tris,
    more,
    once,
    ratio,
    register,
    shares_lack,
    unknown_numbers,
    unread,
)
from landcheck.messages import Text
from landcheck.model import Kind, Tri

ABOVE_GROUND, FAR_GFA = "above_ground_gfa_m2", "far_gfa_m2"
UNDERGROUND = ("underground_gfa_m2", "underground_gfa_before_m2")
# 30 %, 15 %: of 地上建筑总量 as the texts write; of 计容建筑面积 by a reading met elsewhere (share_denominator)
WHOLES = {ABOVE_GROUND: Text("地上建筑总量", "the above-ground floor area"),
          FAR_GFA: Text("计容建筑面积", "the floor area counted for FAR")}  # fmt: skip
PARTS = {
    "other_use_share": (
        ("other_industry_gfa_m2", "living_gfa_m2"), Text("其他产业用途和生活配套设施", "other uses"),
        "（其他产业用途 + 生活配套设施）",
    ),
    "living_share": (("living_gfa_m2",), Text("生活配套设施", "living facilities"), "生活配套设施"),
}  # fmt: skip


def far(c: Columns) -> Numbers:
    """Floor area ratio 容积率 = 计容建筑面积 / 用地面积; as declared where that cannot be worked out."""
    known = ratio(c[FAR_GFA], c["site_area_m2"])
    np.copyto(known, c["far"], where=np.isnan(known))
    return known


def _far_lacks(c: Columns) -> Masks:
    """The declared FAR takes no unreadable area's place, so that it is not wanted there."""
    unknown = np.isnan(once("far", far, c))
    spoilt = (unread(c, FAR_GFA, "parcel") | unread(c, "site_area_m2", "parcel")) & ~unread(c, "far", "parcel")
    return {
        FAR_GFA: unknown & np.isnan(c[FAR_GFA]),
        "site_area_m2": unknown & ~(c["site_area_m2"] > 0),
        "far": unknown & ~spoilt,
    }


register(Measure(
    "far", Text("容积率", "FAR"), Kind.NUMBER, "1",
    Text("容积率 = 计容建筑面积 / 用地面积", "FAR = far_gfa_m2 / site_area_m2"),
    (FAR_GFA, "site_area_m2", "far"), far, _far_lacks, lowest=0, area="site_area_m2",
    parts=(FAR_GFA,), whole="site_area_m2", sum=lambda _: "{far_gfa_m2} / {site_area_m2}",
))  # fmt: skip


def underground_added(c: Columns) -> Tris:
    """Tri: was underground space added (增加地下空间)?"""
    return more(*(c[name] for name in UNDERGROUND))


register(Measure(
    "underground_added", Text("增加地下空间", "underground space added"), Kind.BOOL, "",
    Text("地下建筑面积 > 原地下建筑面积", "underground_gfa_m2 > underground_gfa_before_m2"),
    UNDERGROUND, underground_added, unknown_numbers(*UNDERGROUND),
))  # fmt: skip


def intensified(c: Columns) -> Tris:
    """Tri: was the FAR raised (提高容积率) or underground space added (增加地下空间)?"""
    return np.maximum(_far_raised(c), underground_added(c))


def _far_raised(c: Columns) -> Tris:
    return more(once("far", far, c), c["far_before"])


def _intensified_lacks(c: Columns) -> Masks:
    unknown = intensified(c) == 0
    raised = unknown & (_far_raised(c) == 0)
    added = unknown & (underground_added(c) == 0)
    masks = {name: raised & mask for name, mask in _far_lacks(c).items()}
    masks["far_before"] = raised & np.isnan(c["far_before"])
    return masks | {name: added & mask for name, mask in unknown_numbers(*UNDERGROUND)(c).items()}


register(Measure(
    "intensified", Text("提高容积率或增加地下空间", "FAR raised or underground space added"), Kind.BOOL, "",
    Text(
        "容积率 > 原容积率，或 地下建筑面积 > 原地下建筑面积",
        "far > far_before or underground_gfa_m2 > underground_gfa_before_m2",
    ),
    (FAR_GFA, "site_area_m2", "far", "far_before", *UNDERGROUND), intensified, _intensified_lacks,
))  # fmt: skip


def of_whole(name: str, whole: str) -> str:
    """The share of that name, over another whole."""
    return name if whole == ABOVE_GROUND else f"{name}_of_far_gfa"


def share(parts: Sequence[str], whole: str) -> Callable[[Columns], Numbers]:
    """The parts over the whole, as a fraction."""
    return lambda c: ratio(reduce(np.add, (c[part] for part in parts)), c[whole])


def pooled_share(parts: Sequence[str], whole: str) -> Callable[[Columns], Numbers]:
    """The share within the recognised pool; of the plot itself, over ``whole``, where it is surely in none."""
    own, pool = share(parts, whole), share(*_of_pool(parts))
    return lambda c: np.select([_pooled(c), c["pool_recognised"] == Tri.FALSE], [pool(c), own(c)], np.nan)


def _share_if_pooled(parts: Sequence[str]) -> Callable[[Columns], Numbers]:
    """The share within the pool, should it be recognised; unknown where that is a cell that cannot be read."""
    pool = share(*_of_pool(parts))
    return lambda c: np.where(unread(c, "pool_recognised", "parcel"), np.nan, pool(c))


def _told_whole(parts: Sequence[str], whole: str) -> Callable[[Columns, Numbers], Numbers]:
    """What the share that is told is a share of: the pool's floor area, or the plot's where it is the plot's share."""
    own, (_, pool_whole) = share(parts, whole), _of_pool(parts)
    return lambda c, told: np.where(_pooled(c) | (told != own(c)), c[pool_whole], c[whole])


def _of_pool(parts: Sequence[str]) -> tuple[tuple[str, ...], str]:
    return tuple(f"pool_{part}" for part in parts), f"pool_{ABOVE_GROUND}"


def _pooled(c: Columns) -> NDArray[np.bool_]:
    return np.asarray(c["pool_recognised"] == Tri.TRUE, np.bool_)


def _pooled_lacks(parts: Sequence[str], whole: str) -> Callable[[Columns], Masks]:
    pool_parts, pool_whole = _of_pool(parts)
    own, pool = shares_lack(*parts, whole=whole), shares_lack(*pool_parts, whole=pool_whole)

    def lacks(c: Columns) -> Masks:
        pooled, unknown = _pooled(c), c["pool_recognised"] == Tri.UNKNOWN
        masks = {name: mask & ~pooled for name, mask in own(c).items()}
        # nobody asks for the totals of what may be no pool, but one that cannot be read is to be corrected
        for name, mask in pool(c).items():
            masks[name] = mask & (pooled | unknown & unread(c, name, "parcel"))
        return masks | {"pool_recognised": unknown}

    return lacks


def _added(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def _division(parts: Sequence[str], whole: str) -> str:
    """The sum of a share, its inputs in braces."""
    return f"{_added([f'{{{part}}}' for part in parts])} / {{{whole}}}"


def _register_shares(name: str, whole: str) -> None:
    """The share of the plot, and that of the pool it is in."""
    parts, label, summed = PARTS[name]
    pool_parts, pool_whole = _of_pool(parts)
    own_sum, pool_sum = _division(parts, whole), _division(pool_parts, pool_whole)
    zh, en = f"{label.zh}占{WHOLES[whole].zh}的比例", f"share of {label.en} in {WHOLES[whole].en}"
    formula = Text(f"占比 = {summed} / {WHOLES[whole].zh}", f"share = {_added(parts)} / {whole}")
    register(Measure(
        of_whole(name, whole), Text(zh, en), Kind.NUMBER, "1", formula, (*parts, whole),
        share(parts, whole), shares_lack(*parts, whole=whole), lowest=0, area=whole, parts=parts, whole=whole,
        sum=lambda _: own_sum,
    ))  # fmt: skip
    register(Measure(
        f"pooled_{of_whole(name, whole)}", Text(f"{zh}（统筹的按组）", f"{en} (of the pool)"), Kind.NUMBER, "1",
        Text(
            f"{formula.zh}；统筹平衡经认定的，按统筹组合计的地上建筑总量",
            f"{formula.en}; of the pool, over its above-ground floor area, where pool_recognised",
        ),
        ("pool_recognised", *parts, whole, *pool_parts, pool_whole),
        pooled_share(parts, whole), _pooled_lacks(parts, whole), lowest=0, parts=parts, whole=whole,
        sum=lambda c: pool_sum if _pooled(c)[0] else own_sum, either=(share(parts, whole), _share_if_pooled(parts)),
        area_told=_told_whole(parts, whole),
    ))  # fmt: skip


for _whole in WHOLES:
    for _name in PARTS:
        _register_shares(_name, _whole)


def pool_concentrated_excess_m2(c: Columns) -> Numbers:
    """集中配建部分 - 该地块产业主导用途, in m²; negative where the concentrated part is the smaller."""
    main = c[ABOVE_GROUND] - c["other_industry_gfa_m2"] - c["living_gfa_m2"]
    excess = c["pool_concentrated_gfa_m2"] - main
    return np.where(np.abs(excess) <= TOLERANCE * c[ABOVE_GROUND], 0.0, excess)


_CONCENTRATED = ("pool_concentrated_gfa_m2", ABOVE_GROUND, "other_industry_gfa_m2", "living_gfa_m2")
register(Measure(
    "pool_concentrated_excess_m2",
    Text("集中配建部分超出产业主导用途的建筑面积", "concentrated floor area beyond the main use"), Kind.NUMBER, "m2",
    Text(
        "集中配建 - （地上建筑总量 - 其他产业用途 - 生活配套设施）",
        "pool_concentrated_gfa_m2 - (above_ground_gfa_m2 - other_industry_gfa_m2 - living_gfa_m2)",
    ),
    _CONCENTRATED, pool_concentrated_excess_m2, unknown_numbers(*_CONCENTRATED),
    sum=lambda _: "{pool_concentrated_gfa_m2} - "
    "({above_ground_gfa_m2} - {other_industry_gfa_m2} - {living_gfa_m2})",
))  # fmt: skip
