"""Which fields the rules would miss in a row where every column that is there is filled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.facts.floor_sums import POOLED
from landcheck.facts.mapped import MappedLayer
from landcheck.fields.candidates import Gap
from landcheck.fields.catalogue import field, has_field
from landcheck.measures import measure
from landcheck.messages import Message
from landcheck.model import NO_DATE, Condition, Field, Kind, Role, Rule
from landcheck.request import Request

BY_PLACE = ("park_id", "district", "in_high_tech_zone", "in_industrial_park")
BY_BUILDINGS = ("above_ground_gfa_m2", "other_industry_gfa_m2", "living_gfa_m2", "underground_gfa_m2")
SOME = {Kind.NUMBER: 1.0, Kind.BOOL: np.int8(1), Kind.ENUM: np.int8(0), Kind.DATE: np.int32(0)}
NONE = {Kind.NUMBER: np.nan, Kind.BOOL: np.int8(0), Kind.ENUM: np.int8(-1), Kind.DATE: np.int32(NO_DATE)}
# a park is judged by facts of its own, of its green, and of the pack's time and place
LAYERS = {"parcel": (Role.PARCELS, Role.BUILDINGS), "park": (Role.PARKS, Role.GREEN, Role.PARCELS)}


def gaps_of(
    rules: Sequence[Rule], layers: Mapping[str, MappedLayer], request: Request, doubtful: Collection[Field]
) -> tuple[Gap, ...]:
    """The fields that rules need and no column holds, in the order of the rules; with what is taken instead.

    ``doubtful`` fields have a column as soon as someone says which.
    """
    there = {use.field for layer in layers.values() for use in layer.uses} | set(doubtful)
    instead = {a_field: message for a_field in _needed(rules, set()) if (message := _instead(a_field, layers, request))}
    wanted = _needed(rules, there | instead.keys())
    replaced = {a_field: names for a_field, names in _needed(rules, there).items() if a_field in instead}
    gaps = {**wanted, **replaced}
    return tuple(Gap(a_field, tuple(names), instead.get(a_field)) for a_field, names in gaps.items())


class SupposedRow(dict[str, NDArray[Any]]):
    """One row in which a field holds something where it is there, else nothing; worked out as it is asked for."""

    def __init__(self, per: str, there: Callable[[Field], bool]) -> None:
        super().__init__()
        self.per = per
        self.there = there

    def __missing__(self, name: str) -> NDArray[Any]:
        """The column of a field, or of a fact of the ledger: what a park's green lacks, or what is not yet known."""
        lacked = name.removeprefix("ledger_").removeprefix("lacks_")
        of = field_of(self.per, lacked)
        if lacked != name:
            return np.array([of is not None and not self.there(of)])
        if of is None or of.kind is Kind.TEXT:
            return np.zeros(1, np.int8)
        return np.array([(SOME if self.there(of) else NONE)[of.kind]])


def field_of(per: str, name: str) -> Field | None:
    """The field of that name of the layers a subject is judged by."""
    return next((field(role, name) for role in LAYERS[per] if has_field(role, name)), None)


def _needed(rules: Sequence[Rule], there: set[Field]) -> dict[Field, list[str]]:
    """The fields lacking and the rules that want for them."""
    held = {(a_field.role, a_field.name) for a_field in there}

    def known(a_field: Field) -> bool:
        own = (a_field.role, a_field.name)
        # a park's district may stand with its green as well
        return own in held or (own == (Role.PARKS, "district") and (Role.GREEN, "district") in held)

    needed: dict[Field, list[str]] = {}
    for rule in rules:
        row = SupposedRow(rule.per, known)
        for name in dict.fromkeys(_lacking(rule, row)):
            a_field = field_of(rule.per, name)
            if a_field is not None:
                needed.setdefault(a_field, []).append(rule.id)
    return needed


def _lacking(rule: Rule, row: SupposedRow) -> Iterator[str]:
    conditions = (*rule.applies, Condition("approval_date", known=True))
    subjects = [condition.subject for condition in conditions]
    subjects += [test.measure for requirement in rule.requires for test in requirement.any]
    for subject in subjects:
        yield from (name for name, mask in measure(subject, rule.per).lacks(row).items() if mask[0])


def _instead(a_field: Field, layers: Mapping[str, MappedLayer], request: Request) -> Message | None:
    """What a check takes where a field has no column."""
    if (evidence := _evidence(a_field, layers)) is not None:
        return evidence
    if not request.assume or a_field.assumed is None:
        return None
    if a_field.assumed == "geometry":
        return Message("survey-by-drawing") if _measurable(layers.get(a_field.role.value)) else None
    if a_field.assumed == "as_of":
        return Message("survey-as-of")
    return Message("survey-assumed-true" if a_field.assumed else "survey-assumed-false")


def _evidence(a_field: Field, layers: Mapping[str, MappedLayer]) -> Message | None:
    """What the other layers tell of a field."""
    parcels = a_field.role is Role.PARCELS
    placed = layers["parcels"].source.has_geometry and (
        "parks" in layers or (a_field.name == "in_high_tech_zone" and "zones" in layers)
    )
    if parcels and a_field.name in BY_PLACE and placed:
        return Message("survey-by-place")
    if parcels and a_field.name in BY_BUILDINGS and "buildings" in layers:
        return Message("survey-by-buildings")
    if parcels and a_field.name in POOLED and _has("pool_id", layers):
        return Message("survey-by-pool")
    if (a_field.role, a_field.name) == (Role.PARKS, "park_green_m2") and "green" in layers:
        return Message("survey-by-green")
    return None


def _has(name: str, layers: Mapping[str, MappedLayer]) -> bool:
    """Whether some layer has a column for that field."""
    return any(use.field.name == name for layer in layers.values() for use in layer.uses)


def _measurable(layer: MappedLayer | None) -> bool:
    """Whether areas can be taken from the drawing: it has shapes, in a coordinate system that is known."""
    return layer is not None and layer.source.has_geometry and layer.frame is not None and layer.frame.usable
