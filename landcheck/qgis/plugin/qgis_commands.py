"""The algorithms: check, explain, fields and convert."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from .landcheck_algorithm import COMPANIONS, Ask, LandcheckAlgorithm
from .plugin_texts import say
from .result_layers import layers_of, load

READINGS = ("threshold", "literal")
LAYERS = ("parcels", "parks", "findings", "overlaps")


class JudgingAlgorithm(LandcheckAlgorithm):
    """What check and explain are asked alike."""

    def add_own(self) -> None:
        """Date, packs, reading, register."""
        day = QgsProcessingParameterDateTime("AS_OF", say("help-as-of"), QgsProcessingParameterDateTime.Date, None,
                                             True)  # fmt: skip
        self.addParameter(day)
        self.addParameter(QgsProcessingParameterString("PACK", say("qgis-pack"), "", optional=True))
        self.addParameter(QgsProcessingParameterEnum("READING", say("help-reading"), list(READINGS), False, 0))
        self.add_advanced(QgsProcessingParameterBoolean("NO_ASSUMPTIONS", say("help-no-assumptions"), False))
        self.add_advanced(QgsProcessingParameterFile("WAIVERS", say("help-register"), optional=True))

    def call(self, parameters: Any, context: Any) -> list[str]:
        """The same as words."""
        words: list[str] = []
        day = self.parameterAsDateTime(parameters, "AS_OF", context)
        if day.isValid():
            words += ["--as-of", day.toString("yyyy-MM-dd")]
        for pack in self.parameterAsString(parameters, "PACK", context).split(","):
            words += ["--pack", pack.strip()] if pack.strip() else []
        reading = READINGS[self.parameterAsEnum(parameters, "READING", context)]
        words += ["--reading", reading] if reading != READINGS[0] else []
        words += ["--no-assumptions"] if self.parameterAsBool(parameters, "NO_ASSUMPTIONS", context) else []
        waivers = self.parameterAsFile(parameters, "WAIVERS", context)
        return [*words, "--waivers", waivers] if waivers else words


class CheckAlgorithm(JudgingAlgorithm):
    """Every verdict, as layers, as a page and as JSON."""

    COMMAND = "check"

    def add_own(self) -> None:
        """Besides, a baseline."""
        super().add_own()
        self.add_advanced(QgsProcessingParameterFile("BASELINE", say("help-known"), optional=True))
        self.addParameter(QgsProcessingParameterBoolean("LOAD", say("qgis-load"), True))

    def add_results(self) -> None:
        """Layers, the report, JSON."""
        self.add_file("HTML", say("qgis-html"), "html")
        self.add_file("LAYERS", say("qgis-layers"), "gpkg")
        self.add_file("JSON", say("qgis-json"), "json", made=False)
        for name in LAYERS:
            title = say(f"qgis-result-{name}", file="").strip()
            self.addOutput(QgsProcessingOutputVectorLayer(f"RESULT_{name.upper()}", title))

    def call(self, parameters: Any, context: Any) -> list[str]:
        """One run writes all files; of parcels without shapes no layers are made."""
        words = super().call(parameters, context)
        baseline = self.parameterAsFile(parameters, "BASELINE", context)
        words += ["--baseline", baseline] if baseline else []
        for path in self._files(parameters, context).values():
            words += ["--output", path]
        return [*words, "--output-format", "plain", "--summary"]

    def _files(self, parameters: Any, context: Any) -> dict[str, str]:
        paths = {name: self.parameterAsFileOutput(parameters, name, context) for name in ("HTML", "LAYERS", "JSON")}
        if not self._layers["parcels"].layer.isSpatial():
            del paths["LAYERS"]
        return {name: path for name, path in paths.items() if path}

    def results(self, ask: Ask, parameters: Any, context: Any) -> dict[str, Any]:
        """The files, and the layers in one of them."""
        files, status = self._files(parameters, context), ask().status
        if status is None:
            return {}
        found: dict[str, Any] = {"EXIT_STATUS": status, **files}
        if "LAYERS" in files:
            there = layers_of(files["LAYERS"])
            if self.parameterAsBool(parameters, "LOAD", context):
                load(there, "LAYERS", context)
            found.update({f"RESULT_{name.upper()}": uri for name, uri in there.items()})
        return found


class ExplainAlgorithm(JudgingAlgorithm):
    """The sum behind the verdicts of one parcel."""

    COMMAND = "explain"

    def add_own(self) -> None:
        """The parcel, and the rules where not all are meant."""
        self.addParameter(QgsProcessingParameterString("PARCEL", say("help-parcel")))
        self.addParameter(QgsProcessingParameterString("RULE", say("help-rule"), "", optional=True))
        super().add_own()

    def call(self, parameters: Any, context: Any) -> list[str]:
        """Besides, which parcel and rules."""
        words = [*super().call(parameters, context), "--parcel", self.parameterAsString(parameters, "PARCEL", context)]
        rules = self.parameterAsString(parameters, "RULE", context).replace(",", " ").split()
        return [*words, *(word for rule in rules for word in ("--rule", rule))]


class FieldsAlgorithm(LandcheckAlgorithm):
    """What each column is taken for, and what is missing."""

    COMMAND = "fields"


class ConvertAlgorithm(LandcheckAlgorithm):
    """The layers as a GeoPackage with canonical fields, or as a coordinate report."""

    COMMAND = "convert"
    ROLES = ("parcels", *COMPANIONS)

    def add_own(self) -> None:
        """Whether the result is shown."""
        self.addParameter(QgsProcessingParameterBoolean("LOAD", say("qgis-load"), True))

    def add_results(self) -> None:
        """The file, its format by the suffix."""
        self.add_file("OUTPUT", say("qgis-output"), "gpkg txt")

    def call(self, parameters: Any, context: Any) -> list[str]:
        """Where it is written."""
        return ["--output", self.parameterAsFileOutput(parameters, "OUTPUT", context)]

    def results(self, ask: Ask, parameters: Any, context: Any) -> dict[str, Any]:
        """The file; a GeoPackage is shown."""
        path, status = self.parameterAsFileOutput(parameters, "OUTPUT", context), ask().status
        if status is None:
            return {}
        if path.lower().endswith(".gpkg") and self.parameterAsBool(parameters, "LOAD", context):
            load(layers_of(path), "OUTPUT", context)
        return {"EXIT_STATUS": status, "OUTPUT": path}


ALGORITHMS = (CheckAlgorithm, ExplainAlgorithm, FieldsAlgorithm, ConvertAlgorithm)
