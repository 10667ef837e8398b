"""What land is granted for, and what a longer term or another exception rests on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.measures.registry import Columns, Masks, Measure, Tris, more, register, unknown_numbers, unread
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


def use_of_class(c: Columns) -> Tris:
    """法定用途 that goes with 产业用地类型, as a code of ``statutory_use``; -1 where the class is none of the four."""
    uses = [USE_OF_CLASS.get(value) for value in _values("land_class")]
    by_class = np.array([*(-1 if use is None else _values("statutory_use").index(use) for use in uses), -1], np.int8)
    return by_class[c["land_class"]]


def use_of_land(c: Columns) -> Tris:
    """法定用途 as an enumeration: as recorded; where the cell is empty, by 产业用地类型, which the contract sets."""
    stated = c["statutory_use"]
    as_recorded = (stated >= 0) | unread(c, "statutory_use", "parcel")
    return np.where(as_recorded, stated, use_of_class(c)).astype(np.int8)


def _use_lacks(c: Columns) -> Masks:
    unknown = use_of_land(c) < 0
    return {"land_class": unknown & (c["land_class"] < 0), "statutory_use": unknown}


register(Measure(
    "use_of_land", Text("用地的法定用途", "use of the land"), Kind.ENUM, "",
    Text("按法定用途；没有载明的按产业用地类型", "statutory_use; where it is not stated, by land_class"),
    ("land_class", "statutory_use"), use_of_land, _use_lacks, values=_values("statutory_use"),
))  # fmt: skip


def recognised_as_none(c: Columns) -> NDArray[np.bool_]:
    """Where 市产业部门认定 is such as only a major project has, and 重大产业项目 is stated to be none."""
    return _among(c, "major_project", ("none",)) & _among(c, "recognition", RECOGNISED_AS_MAJOR)


def national_or_municipal_project(c: Columns) -> Tris:
    """Tri: recognised as a national or municipal major project.

    国家战略类 and 市级战略性重点产业项目 are taken for such; a record that the project is none contradicts that.
    """
    as_major = _tri(_among(c, "major_project", MAJOR), c["major_project"] >= 0)
    recognised = _tri(_among(c, "recognition", RECOGNISED_AS_MAJOR), c["recognition"] >= 0)
    return np.where(recognised_as_none(c), np.int8(Tri.UNKNOWN), np.maximum(as_major, recognised))


def _project_lacks(c: Columns) -> Masks:
    unknown = national_or_municipal_project(c) == 0
    named = {"major_project": c["major_project"] < 0, "recognition": c["recognition"] < 0}
    both = ~(named["major_project"] | named["recognition"])
    return {name: unknown & (lacks | both) for name, lacks in named.items()}


register(Measure(
    "national_or_municipal_project", Text("国家级、市级重大产业项目", "national or municipal major project"),
    Kind.BOOL, "",
    Text(
        "重大产业项目为国家级或市级，或市产业部门认定为国家战略类、市级战略性重点产业项目",
        "major_project is national or municipal, or recognition is national_strategic_ or municipal_key_project",
    ),
    ("major_project", "recognition"), national_or_municipal_project, _project_lacks,
))  # fmt: skip


def strategic_emerging_project(c: Columns) -> Tris:
    """Tri: recognised as a 战略性新兴产业项目."""
    return _tri(_among(c, "major_project", ("strategic_emerging",)), c["major_project"] >= 0)


register(Measure(
    "strategic_emerging_project", Text("战略性新兴产业项目", "strategic emerging industry project"), Kind.BOOL, "",
    Text("重大产业项目为战略性新兴产业项目", "major_project is strategic_emerging"), ("major_project",),
    strategic_emerging_project, lambda c: {"major_project": c["major_project"] < 0},
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
        "重大产业项目为区级，且纳入项目年度额度，且经区政府集体决策",
        "major_project is district and district_quota and district_decision",
    ),
    ("major_project", "district_quota", "district_decision"), district_project_decided, _district_lacks,
))  # fmt: skip


def leased_first(c: Columns) -> Tris:
    """Tri: 先租后让, some years of lease before the grant?"""
    return more(c["lease_years"], np.zeros(1))


register(Measure(
    "leased_first", Text("先租后让", "leased first"), Kind.BOOL, "", Text("先租年期 > 0", "lease_years > 0"),
    ("lease_years",), leased_first, unknown_numbers("lease_years"),
))  # fmt: skip

_TERMS = ("lease_years", "term_years")
register(Measure(
    "lease_and_grant_years", Text("租让总年限", "lease and grant together"), Kind.NUMBER, "years",
    Text("租让总年限 = 先租年期 + 出让年期", "lease_years + term_years"), _TERMS,
    lambda c: c["lease_years"] + c["term_years"], unknown_numbers(*_TERMS), lowest=0,
    sum=lambda _: "{lease_years} + {term_years}",
))  # fmt: skip
