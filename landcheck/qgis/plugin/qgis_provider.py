"""The provider of algorithms, its setting, and the plugin that brings it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .landcheck_algorithm import PROGRAM
from .plugin_texts import installed, say
from .qgis_commands import ALGORITHMS

NAME = "landcheck"
ICON = Path(__file__).parent / "icon.svg"


class LandcheckProvider(QgsProcessingProvider):
    """The algorithms in the toolbox, in models and in qgis_process."""

    def load(self) -> bool:
        """Add the setting and the algorithms."""
        ProcessingConfig.settingIcons[NAME] = self.icon()
        ProcessingConfig.addSetting(Setting(NAME, PROGRAM, say("qgis-program"), "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Take the setting away."""
        ProcessingConfig.removeSetting(PROGRAM)

    def loadAlgorithms(self) -> None:  # noqa: N802 - here and below as QGIS calls them
        """One of each."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

    def id(self) -> str:
        """What stands before the colon of an algorithm's id."""
        return NAME

    def name(self) -> str:
        """The same for people."""
        return NAME

    def longName(self) -> str:  # noqa: N802
        """Name and version."""
        return "{} {}".format(NAME, installed()["version"])

    def icon(self) -> Any:
        """The plugin's picture."""
        return QIcon(str(ICON))


class LandcheckPlugin:
    """What QGIS holds of the plugin."""

    def __init__(self) -> None:
        self._provider: LandcheckProvider | None = None

    def initProcessing(self) -> None:  # noqa: N802
        """Add the provider; qgis_process asks for this alone."""
        self._provider = LandcheckProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:  # noqa: N802
        """The same on the desktop."""
        self.initProcessing()

    def unload(self) -> None:
        """Take the provider away."""
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
