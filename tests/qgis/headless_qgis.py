"""QGIS without a window: qgis_process, and scripts in a QgsApplication that has the plugin."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PYTHON = "/usr/bin/python3"  # QGIS comes with the system's Python, seldom with the one that runs the tests
START = """
import json, sys
sys.path.append("/usr/share/qgis/python/plugins")
sys.path.append(sys.argv[1])
from qgis.core import *
application = QgsApplication([], False)
application.initQgis()
from qgis.analysis import QgsNativeAlgorithms
from processing.core.Processing import Processing
Processing.initialize()
QgsApplication.processingRegistry().addProvider(QgsNativeAlgorithms())
import processing
from landcheck_qgis import classFactory
plugin = classFactory(None)
plugin.initProcessing()

class Heard(QgsProcessingFeedback):
    def __init__(self, *more):
        super().__init__(False)
        self.lines, self.steps = [], []
        self.progressChanged.connect(self.steps.append)
    def pushWarning(self, text): self.lines.append("W " + text)
    def pushInfo(self, text): self.lines.append("I " + text)
    def pushCommandInfo(self, text): self.lines.append("C " + text)
    def reportError(self, text, fatalError=False): self.lines.append("E " + text)

def run(name, feedback=None, context=None, **given):
    feedback = feedback or Heard()
    try:
        found = processing.run("landcheck:" + name, given, feedback=feedback, context=context)
    except QgsProcessingException as error:
        return {"error": str(error)}
    found = {key: value for key, value in found.items() if isinstance(value, (str, int))}
    return {"found": found, "said": feedback.lines, "steps": feedback.steps}

given = json.loads(sys.argv[2])
told = None
"""
END = """
print("TOLD " + json.dumps(told), flush=True)
plugin.unload()
application.exitQgis()
"""


@dataclass(frozen=True)
class Qgis:
    """A profile with the plugin, and a path on which landcheck is."""

    home: Path
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "QGIS", "LC_"))}
        return kept | {
            "QT_QPA_PLATFORM": "offscreen", "QGIS_CUSTOM_CONFIG_PATH": str(self.home), "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home), "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "LANG": "en_US.UTF-8", "QGIS_PLUGINPATH": "",
        }  # fmt: skip

    def process(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``qgis_process``; Debian's wrapper of it passes on an option that it does not know, hence what it wraps."""
        program = shutil.which("qgis_process.bin") or shutil.which("qgis_process") or ""
        return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120, check=False,
                              env=self.environment)  # fmt: skip

    def python(self, script: str, given: object = None, environment: Mapping[str, str] | None = None) -> Any:
        """What a script of a QgsApplication leaves in ``told``."""
        plugins = self.home / "profiles" / "default" / "python" / "plugins"
        ran = subprocess.run([PYTHON, "-c", START + script + END, str(plugins), json.dumps(given)], text=True,
                             capture_output=True, timeout=120, check=False,
                             env=self.environment | dict(environment or {}))  # fmt: skip
        lines = [line for line in ran.stdout.splitlines() if line.startswith("TOLD ")]
        assert lines, ran.stderr[-4000:] + ran.stdout[-2000:]
        return json.loads(lines[-1].removeprefix("TOLD "))


def program(folder: Path, lines: str) -> Path:
    """A program called landcheck."""
    folder.mkdir(exist_ok=True)
    path = folder / "landcheck"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path
