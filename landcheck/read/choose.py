"""Which of several layers, sheets or files is meant. Never the first one silently."""

from __future__ import annotations

from collections.abc import Sequence

from landcheck.errors import InputError

ROLE_WORDS: dict[str, tuple[str, ...]] = {
    "parcels": ("parcels", "parcel", "宗地", "地块", "zongdi", "dikuai"),
    "parks": ("parks", "park", "园区", "工业园区", "产业园区", "产业基地", "产业社区", "yuanqu"),
    "zones": ("zones", "zone", "高新区", "高新技术产业开发区", "gaoxinqu"),
    "green": ("green", "greens", "绿地", "lvdi", "ludi"),
    "buildings": ("buildings", "building", "建筑", "建筑物", "房屋", "jianzhu"),
    "attributes": ("attributes", "attribute", "属性", "属性表", "指标", "指标表"),
}


def choose(names: Sequence[str], role: str, wanted: str | None, file: str) -> str:
    """The name that was asked for, else the only one, else the only one called like the role; InputError otherwise."""
    if wanted is not None:
        return _asked_for(names, wanted, file)
    if len(names) == 1:
        return names[0]
    for candidates in (_called(names, role), _holding(names, role)):
        if len(candidates) == 1:
            return candidates[0]
    raise InputError("read-several-layers", file=file, role=role, layers=list(names))


def _asked_for(names: Sequence[str], wanted: str, file: str) -> str:
    if wanted in names:
        return wanted
    alike = [name for name in names if name.casefold() == wanted.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise InputError("read-no-such-layer", file=file, layer=wanted, layers=list(names))


def _called(names: Sequence[str], role: str) -> list[str]:
    words = ROLE_WORDS.get(role, (role,))
    return [name for name in names if name.strip().casefold() in words]


def _holding(names: Sequence[str], role: str) -> list[str]:
    words = ROLE_WORDS.get(role, (role,))
    return [name for name in names if any(word in name.casefold() for word in words)]
