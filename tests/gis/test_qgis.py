"""QGIS itself, where it is installed: every layer opens with its style, and each of its rows has a category."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pyogrio
import pytest

from landcheck.model import Report
from landcheck.report.write import write_files

# QGIS comes with the system's Python, seldom with the one that runs the tests
PYTHON = "/usr/bin/python3"
OPEN = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
told = {}
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    loaded, renderer = layer.loadDefaultStyle()[1], layer.renderer()
    column = layer.fields().indexOf(renderer.classAttribute())
    missing = sorted(layer.uniqueValues(column) - {category.value() for category in renderer.categories()})
    told[name] = [layer.isValid(), loaded, renderer.type(), layer.featureCount(), missing,
                  layer.editorWidgetSetup(column).type(), layer.crs().authid(),
                  [field.name() for field in layer.fields() if field.name() != "fid" and not field.alias()]]
print(json.dumps(told), flush=True)
application.exitQgis()
"""


def in_qgis(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([PYTHON, "-c", *arguments], capture_output=True, text=True, timeout=120, check=False,
                          env=environment | {"QT_QPA_PLATFORM": "offscreen"})  # fmt: skip


@pytest.fixture(scope="module")
def _qgis() -> None:
    if not Path(PYTHON).exists() or in_qgis("import qgis.core").returncode:
        pytest.skip(f"QGIS is not installed: {PYTHON} has no qgis.core")


@pytest.mark.usefixtures("_qgis")
@pytest.mark.parametrize("name", ["dirty", "plan"])
def test_qgis_opens_every_layer_coloured(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    report: Report = request.getfixturevalue(name)
    path = tmp_path / "a.gpkg"
    write_files(report, [path], "zh")
    layers = [layer for layer, kind in pyogrio.list_layers(path) if kind is not None]
    ran = in_qgis(OPEN, str(path), *layers)
    told = json.loads(ran.stdout.splitlines()[-1]) if ran.stdout else ran.stderr
    assert told == {
        layer: [True, True, "categorizedSymbol", pyogrio.read_info(path, layer=layer)["features"], [], "ValueMap",
                "EPSG:4549", []]
        for layer in layers
    }  # fmt: skip
