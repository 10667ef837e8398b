"""Shares of green: of a plot, and of a park."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landcheck.measures.grants import shown_measure
from landcheck.measures.measure import Columns, Measure, ratio, shares_lack
from landcheck.messages import Text
from landcheck.model import Kind


def share_measure(name: str, label: Text, formula: Text, part: str, whole: str) -> Measure:
    """A share of an area, ``part / whole`` as a fraction, both in m²."""

    def value(c: Columns) -> NDArray[np.float64]:
        return ratio(c[part], c[whole])

    return Measure(
        name, label, Kind.NUMBER, "1", formula, (part, whole), value, shares_lack(part, whole=whole), area=whole,
        sum=lambda _: f"{{{part}}} / {{{whole}}}",
    )  # fmt: skip


MEASURES = (
    share_measure(
        "plot_green_share", Text("项目绿地占用地的比例", "green of the plot"),
        Text("占比 = 附属绿地面积 / 用地面积", "share = plot_green_m2 / site_area_m2"), "plot_green_m2", "site_area_m2",
    ),
    share_measure(
        "ground_green_share", Text("地面绿化占用地的比例", "green on the ground of the plot"),
        Text("占比 = 地面绿化面积 / 用地面积", "share = ground_green_m2 / site_area_m2"),
        "ground_green_m2", "site_area_m2",
    ),
    share_measure(
        "park_green_share", Text("园区绿地占园区用地的比例", "all green of the park"),
        Text("占比 = 园区绿地总面积 / 园区用地总面积", "share = park_green_m2 / park_area_m2"),
        "park_green_m2", "park_area_m2",
    ),
    share_measure(
        "attached_green_share", Text("园区附属绿地占园区用地的比例", "green belonging to the park's projects"),
        Text("占比 = 园区附属绿地总面积 / 园区用地总面积", "share = attached_green_m2 / park_area_m2"),
        "attached_green_m2", "park_area_m2",
    ),
    shown_measure(
        "fee_instead_shown",
        Text("经审定确不具备补绿条件,且已缴绿地易地补偿费", "no room as approved, and the compensation fee paid"),
        "replanting_impossible", "compensation_fee_paid",
    ),
)  # fmt: skip
