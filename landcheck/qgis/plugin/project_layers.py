"""Layers of the project as files that landcheck reads: their own file, else an export of what QGIS shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterator, NamedTuple

from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProviderRegistry,
    QgsVectorFileWriter,
)
from qgis.PyQt.QtCore import QVariant

from .plugin_texts import say

ALL = -1
GARBLED = re.compile("[\x80-\x9f\xc0-\xd6\xd8-\xf6\xf8-\xff\ufffd]")
"""Letters of Latin-1, which a Chinese text has only where it was read in another encoding than it was written in."""


class Computed(NamedTuple):
    """A column that is worked out by an expression of QGIS."""

    column: str
    expression: str


class ProjectLayer(NamedTuple):
    """A layer that was chosen: QGIS's own, what of it is meant, and why it cannot be read from its file as it is."""

    role: str
    layer: Any
    source: Any
    part: bool
    file: str
    inner: str

    @property
    def columns(self) -> list[str]:
        """Its columns by name."""
        return [field.name() for field in self.source.fields()]


def chosen(role: str, given: Any, layer: Any, source: Any) -> ProjectLayer:
    """The layer of a parameter. ``file`` is empty where it must be exported, ``inner`` its layer in a file of many."""
    part = bool(layer.subsetString())
    if isinstance(given, QgsProcessingFeatureSourceDefinition):
        limit = getattr(given, "featureLimit", ALL)
        part = part or given.selectedFeaturesOnly or limit != ALL or bool(getattr(given, "filterExpression", ""))
    file, inner = ("", "") if part or _altered(layer) else _place(layer)
    if role != "parcels" and inner and inner != role:
        file = ""
    return ProjectLayer(role, layer, source, part, file, inner)


def _altered(layer: Any) -> bool:
    """Whether QGIS shows other features, columns or another coordinate system than stand in the file."""
    provider = layer.dataProvider()
    own = all(layer.fields().fieldOrigin(i) == QgsFields.OriginProvider for i in range(layer.fields().count()))
    return layer.isModified() or layer.crs() != provider.crs() or not own


def _place(layer: Any) -> tuple[str, str]:
    """The file of a layer, and its name there where the file has several."""
    if layer.providerType() != "ogr":
        return "", ""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    file = str(parts.get("path") or "")
    if not Path(file).is_absolute() or not Path(file).exists() or parts.get("vsiPrefix") or parts.get("openOptions"):
        return "", ""
    names = [one.name() for one in QgsProviderRegistry.instance().querySublayers(file) if one.providerKey() == "ogr"]
    return file, (str(parts.get("layerName") or names[0]) if len(names) > 1 else "")


def exported(one: ProjectLayer, folder: Path, computed: list[Computed], context: Any, feedback: Any) -> Path:
    """A GeoPackage of what QGIS shows of the layer, in its coordinate system. QgsProcessingException where it fails."""
    folder.mkdir()
    path = folder / (re.sub(r"[^\w\- ]", "_", one.layer.name()).strip() or one.role)
    path = path.with_name(path.name[:60] + ".gpkg")
    fields = QgsFields(one.source.fields())
    for column in computed:
        fields.append(QgsField(column.column, QVariant.String))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName, options.fileEncoding = "GPKG", one.role, "UTF-8"
    options.layerOptions = ["FID=landcheck_fid"]
    sink = QgsVectorFileWriter.create(str(path), fields, one.source.wkbType(), one.source.sourceCrs(),
                                      context.transformContext(), options)  # fmt: skip
    rows = garbled = 0
    for feature in _features(one, fields, computed):
        if feedback.isCanceled():
            break
        if not sink.addFeature(feature, QgsFeatureSink.FastInsert):
            raise QgsProcessingException(say("qgis-export-failed", layer=one.layer.name(), reason=sink.errorMessage()))
        rows += 1
        garbled += any(isinstance(value, str) and GARBLED.search(value) for value in feature.attributes())
    failed = sink.errorMessage() if sink.hasError() else ""
    del sink  # which writes what is left
    if failed:
        raise QgsProcessingException(say("qgis-export-failed", layer=one.layer.name(), reason=failed))
    _tell(one, rows, feedback)
    if garbled:
        encoding = one.layer.dataProvider().encoding()
        feedback.pushWarning(say("qgis-garbled", layer=one.layer.name(), rows=garbled, encoding=encoding))
    return path


def _features(one: ProjectLayer, fields: Any, computed: list[Computed]) -> Iterator[Any]:
    """The features with the columns that are worked out, invalid shapes as they are: landcheck tells of those."""
    scope = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(one.layer))
    expressions = [_prepared(column, scope) for column in computed]
    unchecked = QgsProcessingFeatureSource.FlagSkipGeometryValidityChecks
    for feature in one.source.getFeatures(QgsFeatureRequest(), unchecked):
        scope.setFeature(feature)
        made = QgsFeature(fields)
        made.setGeometry(feature.geometry())
        made.setAttributes([*feature.attributes(), *(_value(of, scope, feature) for of in expressions)])
        yield made


def _prepared(column: Computed, scope: Any) -> Any:
    expression = QgsExpression(column.expression)
    if expression.hasParserError() or not expression.prepare(scope):
        reason = expression.parserErrorString() or expression.evalErrorString()
        raise QgsProcessingException(say("qgis-expression", text=column.expression, reason=reason.strip()))
    return expression


def _value(expression: Any, scope: Any, feature: Any) -> str | None:
    found = expression.evaluate(scope)
    if expression.hasEvalError():
        reason = f"{expression.evalErrorString()} (id {feature.id()})"
        raise QgsProcessingException(say("qgis-expression", text=expression.expression(), reason=reason))
    if found is None or (isinstance(found, QVariant) and found.isNull()):
        return None
    return found.toString("yyyy-MM-dd") if hasattr(found, "toString") else str(found)


def _tell(one: ProjectLayer, rows: int, feedback: Any) -> None:
    """Say what of the layer is read; a part of it is a warning."""
    whole = one.layer.dataProvider().featureCount() if not one.layer.subsetString() else ALL
    values: dict[str, object] = {"layer": one.layer.name(), "rows": rows, "all": "?" if whole < 0 else whole}
    if one.part:
        feedback.pushWarning(say("qgis-part", **values))
    else:
        feedback.pushInfo(say("qgis-exported", **values))
