"""What a card may name: the fields of its subject's layer, and the measures worked out from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.catalogue import fields
from landcheck.model import Field, Kind, Role

ROLES: Mapping[str, Role] = {"parcel": Role.PARCELS, "park": Role.PARKS}


@dataclass(frozen=True, slots=True)
class Measurable:
    """Kind and unit of a name; ``area`` where a gap can be given in m² too, ``lowest`` where values have a floor."""

    kind: Kind
    unit: str = ""
    per: str = "parcel"
    values: tuple[str, ...] = ()
    area: bool = False
    lowest: float | None = None


MEASURABLE: Mapping[str, Measurable] = {
    "far": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "other_use_share": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "living_share": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "other_use_share_of_far_gfa": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "living_share_of_far_gfa": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "intensified": Measurable(Kind.BOOL),
    "has_reduction": Measurable(Kind.BOOL, per="park"),
    "reductions_completed": Measurable(Kind.BOOL, per="park"),
    "reductions_for_building_works": Measurable(Kind.BOOL, per="park"),
    "uncovered_m2": Measurable(Kind.NUMBER, "m2", per="park", area=True, lowest=0),
    "underground_added": Measurable(Kind.BOOL),
    "use_of_land": Measurable(Kind.ENUM, values=catalogue_field(Role.PARCELS, "statutory_use").values),
    "national_or_municipal_project": Measurable(Kind.BOOL),
    "strategic_emerging_project": Measurable(Kind.BOOL),
    "district_project_decided": Measurable(Kind.BOOL),
    "leased_first": Measurable(Kind.BOOL),
    "special_process_shown": Measurable(Kind.BOOL),
    "smart_space_shown": Measurable(Kind.BOOL),
    "m0_shown": Measurable(Kind.BOOL),
    "pool_shown": Measurable(Kind.BOOL),
    "pooled_other_use_share": Measurable(Kind.NUMBER, "1", lowest=0),
    "pooled_living_share": Measurable(Kind.NUMBER, "1", lowest=0),
    "pooled_other_use_share_of_far_gfa": Measurable(Kind.NUMBER, "1", lowest=0),
    "pooled_living_share_of_far_gfa": Measurable(Kind.NUMBER, "1", lowest=0),
    "pool_concentrated_excess_m2": Measurable(Kind.NUMBER, "m2", area=True),
    "plot_green_share": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "ground_green_share": Measurable(Kind.NUMBER, "1", area=True, lowest=0),
    "park_green_share": Measurable(Kind.NUMBER, "1", per="park", area=True, lowest=0),
    "attached_green_share": Measurable(Kind.NUMBER, "1", per="park", area=True, lowest=0),
    "fee_instead_shown": Measurable(Kind.BOOL, per="park"),
}


def facts(per: str, measures: Mapping[str, Measurable] = MEASURABLE) -> dict[str, Measurable]:
    """Everything a card per ``parcel`` or ``park`` may name."""
    known = {field.name: _of(field, per) for field in fields(ROLES[per])} if per in ROLES else {}
    return known | {name: measure for name, measure in measures.items() if measure.per == per}


def _of(field: Field, per: str) -> Measurable:
    lowest = field.at_least if field.at_least is not None else field.more_than
    return Measurable(field.kind, field.unit, per, field.values, field.unit == "m2", lowest)
