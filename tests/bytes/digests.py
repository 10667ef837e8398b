"""The digests of outputs as they were decided: read, made and compared."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import zlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("digests.json")
GROUPS = ("samples", "explain", "usage")
LIBRARIES = ("pyogrio", "pyproj", "shapely", "geopandas", "numpy", "pyarrow", "xlsxwriter", "python-docx", "typst")
# These bytes are a library's as much as ours; init prints the digest of the GeoPackage it wrote.
BY_LIBRARIES = re.compile(r"/init\.|\.(xlsx|docx|pdf|gpkg|parquet|shp|shx|dbf|prj)$")


def made_with() -> dict[str, str]:
    """The versions that the bytes of some formats hang on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, "zlib": zlib.ZLIB_RUNTIME_VERSION, **{name: version(name) for name in LIBRARIES}}


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(outputs: Mapping[str, Path]) -> None:
    """Decide that the outputs are to be these."""
    found = {name: digest(path) for name, path in sorted(outputs.items())}
    text = json.dumps({"made_with": made_with(), "outputs": found}, indent=1, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")


def read() -> Any:
    """What was decided: ``made_with`` and ``outputs``."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def changed(case: str, outputs: Mapping[str, Path]) -> list[str]:
    """The outputs of a case that are not as decided, are no longer there, or were not there.

    Where a library is of another version than decided with, the formats that it writes are left out.
    """
    decided = read()
    same = decided["made_with"] == made_with()
    wanted = {name: value for name, value in decided["outputs"].items() if name.startswith(f"{case}/")}
    found = {name: digest(path) for name, path in outputs.items()}
    names = {name for name in wanted | found if wanted.get(name) != found.get(name)}
    return sorted(name for name in names if same or not BY_LIBRARIES.search(name))
