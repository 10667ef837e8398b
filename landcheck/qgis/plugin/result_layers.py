"""The layers of a report in the project: styled as landcheck styles them, parcels labelled with their headroom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsPalLayerSettings,
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingUtils,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

from .plugin_texts import say

# from the top of the map to its bottom
NAMES = ("findings", "overlaps", "parcels", "parks", "zones", "green", "buildings")
ROOMS = ("floor_short_m2", "other_use_room_m2", "living_room_m2")
SMALLEST_SCALE = 25_000
KEPT: list[Any] = []
"""The post-processor, which QGIS does not keep alive."""


class ResultStyle(QgsProcessingLayerPostProcessorInterface):
    """The style that comes with a layer; parcels of a report are labelled with what may, or must, still be built."""

    def postProcessLayer(self, layer: Any, _context: Any, _feedback: Any) -> None:  # noqa: N802
        """What QGIS calls once the layer is loaded."""
        layer.loadDefaultStyle()
        lines = [
            "coalesce('\\n' || '{}: ' || format_number(\"{}\", 0), '')".format(say(f"qgis-{room}"), room)
            for room in ROOMS
            if layer.fields().indexOf(room) >= 0
        ]
        if lines:
            settings = QgsPalLayerSettings()
            settings.fieldName, settings.isExpression = " || ".join(['"parcel_id"', *lines]), True
            settings.scaleVisibility, settings.minimumScale = True, SMALLEST_SCALE
            layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
            layer.setLabelsEnabled(True)
        layer.triggerRepaint()


def layers_of(path: str) -> dict[str, str]:
    """The layers of a GeoPackage of landcheck by name, as QGIS addresses them."""
    there = {name: f"{path}|layername={name}" for name in NAMES}
    return {name: uri for name, uri in there.items() if QgsVectorLayer(uri, name, "ogr").isValid()}


def load(there: dict[str, str], output: str, context: Any) -> None:
    """Have QGIS load the layers once the algorithm has ended, with their styles."""
    KEPT[:] = [ResultStyle()]
    for name, uri in reversed(list(there.items())):
        title = say(f"qgis-result-{name}", file=Path(uri.split("|")[0]).stem)
        details = QgsProcessingContext.LayerDetails(title, context.project(), output,
                                                    QgsProcessingUtils.LayerHint.Vector)  # fmt: skip
        details.setPostProcessor(KEPT[0])
        context.addLayerToLoadOnCompletion(uri, details)
