"""Install the peers of the benchmark, each by itself; who cannot be installed is written down with the reason."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main(results: Path) -> None:
    """The group ``bench`` of the project file, with the versions of constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    absent = {}
    for peer in project["dependency-groups"]["bench"]:
        if said := _failed(peer):
            absent[peer.split(">")[0]] = said
            print(f"{peer} cannot be installed: {said}", file=sys.stderr)
    results.mkdir(parents=True, exist_ok=True)
    (results / "not-installed.json").write_text(json.dumps(absent), encoding="utf-8")


def _failed(peer: str) -> str:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    command = [*pip, "--constraint", str(ROOT / "constraints.txt"), peer]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
    return (errors or [f"pip ended {ran.returncode}"])[-1] if ran.returncode else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
