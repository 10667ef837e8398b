"""Install the peers of the benchmark, each by itself; who cannot be installed is written down with the reason."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
# what the scripts of the whole job need; the versions of the rest, geopandas included, are those of constraints.txt
SCRIPTS = {
    "geopandas": ["geopandas"],
    "sedonadb": ["sedonadb[geopandas]==0.5.0"],
    "duckdb": ["duckdb==1.5.5", "duckdb-extension-spatial==1.5.5"],
}
VERSIONS = """
import sys
from importlib.metadata import version
print(", ".join(f"{name} {version(name)}" for name in sys.argv[1:]))
"""


def main(results: Path) -> None:
    """The group ``bench`` of the project file, and the scripts of the whole job in a place of their own."""
    results.mkdir(parents=True, exist_ok=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    peers = {re.split("[>=]", peer)[0]: [peer] for peer in project["dependency-groups"]["bench"]}
    _install(peers, Path(sys.executable), ROOT / "constraints.txt", results / "not-installed.json")
    venv.create(results / "sql", with_pip=True)
    _install(SCRIPTS, interpreter(results), _constraints(results), results / "not-installed-sql.json")


def interpreter(results: Path) -> Path:
    """The Python that the scripts of the whole job run in."""
    return results / "sql/bin/python"


def absent(results: Path) -> list[tuple[str, str]]:
    """The scripts that cannot run, with the reason."""
    kept = results / "not-installed-sql.json"
    if not kept.exists():
        return [(name, "make bench installs it") for name in SCRIPTS]
    return list(json.loads(kept.read_text(encoding="utf-8")).items())


def versions(results: Path) -> str:
    """What the scripts that can run stand on."""
    missing = {name for name, _ in absent(results)}
    names = [re.split(r"\[|==", one)[0] for name, wanted in SCRIPTS.items() if name not in missing for one in wanted]
    return (
        subprocess.check_output([interpreter(results), "-c", VERSIONS, *names], encoding="utf-8").strip()
        if names
        else "nothing"
    )


def _install(peers: dict[str, list[str]], python: Path, constraints: Path, kept: Path) -> None:
    """Each by itself, and who cannot be is written down."""
    failed = {name: said for name, wanted in peers.items() if (said := _failed(wanted, python, constraints))}
    for name, said in failed.items():
        print(f"{name} cannot be installed: {said}", file=sys.stderr)
    kept.write_text(json.dumps(failed), encoding="utf-8")


def _constraints(results: Path) -> Path:
    """The project's, without those whose version is told above."""
    own = {re.split(r"\[|==", one)[0] for wanted in SCRIPTS.values() for one in wanted if "==" in one}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    path = results / "sql-constraints.txt"
    path.write_text("\n".join(line for line in lines if line.split("==")[0] not in own), encoding="utf-8")
    return path


def _failed(wanted: list[str], python: Path, constraints: Path) -> str:
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    ran = subprocess.run(
        [*pip, "--constraint", str(constraints), *wanted], capture_output=True, encoding="utf-8", check=False
    )
    errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
    return (errors or [f"pip ended {ran.returncode}"])[-1] if ran.returncode else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
