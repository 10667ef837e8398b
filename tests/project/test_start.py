"""The start of the program stays light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = {"numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow"}


def test_no_heavy_library_is_imported_to_tell_the_version(root: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "landcheck", "--version"],
        env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert told.stdout.startswith("landcheck ")
    imported = {line.rsplit("|", 1)[1].strip() for line in told.stderr.splitlines() if line.startswith("import time:")}
    assert "landcheck" in imported
    assert not {name.split(".")[0] for name in imported} & HEAVY
