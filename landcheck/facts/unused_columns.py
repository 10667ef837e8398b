"""Columns of which nothing was read: those that look like a field, and all others."""

from __future__ import annotations

from collections.abc import Mapping

from landcheck.facts.mapped import MappedLayer, mappable
from landcheck.fields.overlooked import overlooked
from landcheck.messages import Message
from landcheck.model import DataFinding, Level, Subject


def overlooked_columns(layers: Mapping[str, MappedLayer]) -> list[DataFinding]:
    """A warning for each column that was not used and looks like a field that no column of the run holds."""
    found = []
    for layer in layers.values():
        held = {use.field.name for other in layers.values() if other.role is layer.role for use in other.uses}
        for told in overlooked(layer.role, mappable(layer.source, {}), layer.uses, held, layer.name):
            message = Message(told.code, {"file": layer.file, **told.values})
            found.append(DataFinding("data/column", Level.WARNING, Subject("layer", layer.name), message))
    return found


def unread_columns(layers: Mapping[str, MappedLayer], layer: MappedLayer) -> tuple[set[str], list[str]]:
    """The fields that a column of the layer's kind holds, and the layer's columns that hold none."""
    held = {use.field.name for other in layers.values() if other.role is layer.role for use in other.uses}
    used = {column for use in layer.uses for column in use.columns}
    return held, [column for column in mappable(layer.source, {}) if column not in used]
