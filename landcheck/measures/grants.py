"""What land is granted for, and what a longer term or another exception rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.measures.registry import Columns, Masks, Measure, Tris, register
from landcheck.messages import Text
from landcheck.model import Kind, Role, Tri

# 研发用地 stands among 科研用地 in every code table; 工业, 科技 and 综合用地 have the same longest term anyway.
USE_OF_CLASS = {
    "industrial_project": "industrial",
    "industrial_standard": "industrial",
    "rd_general": "science_education",
    "rd_project": "science_education",
}
MAJOR = ("national", "municipal")
RECOGNISED_AS_MAJOR = ("national_strategic_project", "municipal_key_project")


def _values(name: str) -> tuple[str, ...]:
    return catalogue_field(Role.PARCELS, name).values


def _among(c: Columns, name: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(c[name], [_values(name).index(value) for value in wanted])


def _tri(yes: NDArray[np.bool_], known: NDArray[np.bool_]) -> Tris:
    """True where ``yes``, else false where known, else unknown."""
    return yes.astype(np.int8) - (known & ~yes).astype(np.int8)


def use_of_land(c: Columns) -> Tris:
    """法定用途 as an enumeration: by 产业用地类型, which the contract sets; where that is none of them, as recorded."""
    uses = [USE_OF_CLASS.get(value) for value in _values("land_class")]
    by_class = np.array([*(-1 if use is None else _values("statutory_use").index(use) for use in uses), -1], np.int8)
    own = by_class[c["land_class"]]
    return np.where(own >= 0, own, c["statutory_use"]).astype(np.int8)


def _use_lacks(c: Columns) -> Masks:
    unknown = use_of_land(c) < 0
    return {"land_class": unknown & (c["land_class"] < 0), "statutory_use": unknown}


register(Measure(
    "use_of_land", Text("用地的法定用途", "use of the land"), Kind.ENUM, "",
    Text("按产业用地类型;不在其列的按法定用途", "by land_class; where that is none of the four, statutory_use"),
    ("land_class", "statutory_use"), use_of_land, _use_lacks, values=_values("statutory_use"),
))  # fmt: skip


def _project_lacks(of: Callable[[Columns], Tris]) -> Callable[[Columns], Masks]:
    def lacks(c: Columns) -> Masks:
        unknown = of(c) == 0
        return {"major_project": unknown, "recognition": unknown & (c["recognition"] < 0)}

    return lacks


def national_or_municipal_project(c: Columns) -> Tris:
    """Tri: recognised as a national or municipal major project.

    国家战略类 and 市级战略性重点产业项目 are taken for such; 未认定 by the municipal department leaves neither open.
    """
    yes = _among(c, "major_project", MAJOR) | _among(c, "recognition", RECOGNISED_AS_MAJOR)
    return _tri(yes, (c["major_project"] >= 0) | _among(c, "recognition", ("none",)))


register(Measure(
    "national_or_municipal_project", Text("国家级、市级重大产业项目", "national or municipal major project"),
    Kind.BOOL, "",
    Text(
        "重大产业项目为国家级或市级,或市产业部门认定为国家战略类、市级战略性重点产业项目",
        "major_project is national or municipal, or recognition is national_strategic_ or municipal_key_project",
    ),
    ("major_project", "recognition"), national_or_municipal_project, _project_lacks(national_or_municipal_project),
))  # fmt: skip


def strategic_emerging_project(c: Columns) -> Tris:
    """Tri: recognised as a 战略性新兴产业项目; 未认定 by the municipal department leaves that not open."""
    yes = _among(c, "major_project", ("strategic_emerging",))
    return _tri(yes, (c["major_project"] >= 0) | _among(c, "recognition", ("none",)))


register(Measure(
    "strategic_emerging_project", Text("战略性新兴产业项目", "strategic emerging industry project"), Kind.BOOL, "",
    Text("重大产业项目为战略性新兴产业项目", "major_project is strategic_emerging"),
    ("major_project", "recognition"), strategic_emerging_project, _project_lacks(strategic_emerging_project),
))  # fmt: skip


def district_project_decided(c: Columns) -> Tris:
    """Tri: a district major project, within the yearly quota, and decided on by the district government."""
    district = _tri(_among(c, "major_project", ("district",)), c["major_project"] >= 0)
    return np.minimum(np.minimum(district, c["district_quota"]), c["district_decision"])


def _district_lacks(c: Columns) -> Masks:
    unknown = district_project_decided(c) == 0
    return {
        "major_project": unknown & (c["major_project"] < 0),
        "district_quota": unknown & (c["district_quota"] == 0),
        "district_decision": unknown & (c["district_decision"] == 0),
    }


register(Measure(
    "district_project_decided",
    Text("经区政府集体决策、纳入额度的区级重大产业项目", "district major project within the quota and decided on"),
    Kind.BOOL, "",
    Text(
        "重大产业项目为区级,且纳入项目年度额度,且经区政府集体决策",
        "major_project is district and district_quota and district_decision",
    ),
    ("major_project", "district_quota", "district_decision"), district_project_decided, _district_lacks,
))  # fmt: skip


def leased_first(c: Columns) -> Tris:
    """先租后让: some years of lease are recorded. None recorded is none."""
    return np.where(c["lease_years"] > 0, np.int8(Tri.TRUE), np.int8(Tri.FALSE))


register(Measure(
    "leased_first", Text("先租后让", "leased first"), Kind.BOOL, "",
    Text("先租年期 > 0;没有记录即不是", "lease_years > 0; none recorded is none"), ("lease_years",), leased_first,
))  # fmt: skip


def register_shown(name: str, label: Text, *fields: str, per: str = "parcel") -> None:
    """A measure that tells whether every one of some recognitions is recorded.

    They confer an exception or a status, so that without them there is none: nothing recorded is false, not unknown.
    """

    def shown(c: Columns) -> Tris:
        every = np.all([c[name] == Tri.TRUE for name in fields], axis=0)
        return np.where(every, np.int8(Tri.TRUE), np.int8(Tri.FALSE))

    formula = Text(f"{label.zh}:有记录才算", f"{label.en}: only where it is recorded")
    register(Measure(name, label, Kind.BOOL, "", formula, fields, shown, per=per))


register_shown(
    "special_process_shown", Text("特殊工艺经认定", "special process recognised"), "special_process_recognised"
)
register_shown("smart_space_shown", Text("“智造空间”经认定", "recognised smart-manufacturing space"), "smart_space")
register_shown("m0_shown", Text("载明产业融合管理要求(M0)", "M0 set by the plan"), "overlay_m0")
register_shown("pool_shown", Text("统筹平衡经认定", "pooling recognised"), "pool_recognised")
