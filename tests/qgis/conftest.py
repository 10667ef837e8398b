"""The plugin in a profile of the test's own, and QGIS itself where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from landcheck.qgis.installing import NAME, install

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from headless_qgis import PYTHON, Qgis, program  # noqa: E402 - found by the line above

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_parcels"


@pytest.fixture(scope="session")
def qgis(tmp_path_factory: pytest.TempPathFactory) -> Qgis:
    """QGIS with the plugin enabled; skipped where QGIS is not installed."""
    home = tmp_path_factory.mktemp("qgis")
    home.chmod(0o700)
    here = f"PYTHONPATH='{ROOT}' exec '{sys.executable}' -m landcheck \"$@\""
    found = Qgis(home, program(home / "bin", here).parent)
    if not shutil.which("qgis_process") or not Path(PYTHON).exists():
        pytest.skip("QGIS is not installed: there is no qgis_process")
    plugins = home / "profiles" / "default" / "python" / "plugins"
    assert install(None, str(plugins)) == [plugins / NAME]
    assert "landcheck_qgis" in found.process("plugins", "enable", NAME).stdout
    return found


@pytest.fixture
def landcheck(tmp_path: Path) -> Callable[..., str]:
    """Standard output of the command line in the folder of the samples."""

    def run(*arguments: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        words = [sys.executable, "-m", "landcheck", *arguments, "--lang", "en"]
        ran = subprocess.run(words, cwd=tmp_path, check=False, env=environment, capture_output=True)
        assert ran.returncode in {0, 1, 3}, ran.stderr
        return ran.stdout.decode()

    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    return run
