"""What the rules measure: pure functions of a batch's columns, and the table of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.measures import buildings, grants, greenness, parks, pooling
from landcheck.measures.buildings import far
from landcheck.measures.measure import TOLERANCE, Columns, Masks, Measure, given, kept_as, missing, more, ratio
from landcheck.measures.parks import LEDGER_FACTS
from landcheck.messages import Text
from landcheck.model import Field, Role

__all__ = [
    "LEDGER_FACTS",
    "MEASURES",
    "TOLERANCE",
    "Columns",
    "Masks",
    "Measure",
    "far",
    "kept_as",
    "measure",
    "missing",
    "more",
    "ratio",
    "subject_field",
]

MEASURES: Mapping[str, Measure] = {
    m.name: m for m in (*buildings.MEASURES, *parks.MEASURES, *grants.MEASURES, *pooling.MEASURES, *greenness.MEASURES)
}


@cache
def measure(name: str, per: str) -> Measure:
    """The measure of that name; a field of the subject's layer is a measure of itself. KeyError for neither."""
    return MEASURES.get(name) or _of_field(subject_field(name, per))


def subject_field(name: str, per: str) -> Field:
    """The catalogue's field; a park takes zone and date fields it has none of its own from the parcels' list."""
    if per == "park":
        try:
            return catalogue_field(Role.PARKS, name)
        except KeyError:
            pass
    return catalogue_field(Role.PARCELS, name)


def _of_field(f: Field) -> Measure:
    def lacks(c: Columns) -> Masks:
        return {f.name: missing(c[f.name], f.kind)}

    formula = Text(f.label.zh, f.name)
    return Measure(f.name, f.label, f.kind, f.unit, formula, (f.name,), given(f.name), lacks, f.values)
