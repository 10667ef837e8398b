"""What a start costs: the version and the help beside a hello-world, a small check beside an import of geopandas."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import check, city
from processes import alternate, landcheck, python
from table import Table, save

ROUNDS = 20
PARCELS = 100
HELLO = """
import typer

def hello(name: str = "world") -> None:
    print(f"Hello {name}")

typer.run(hello)
"""
NOTES = [
    f"Wall milliseconds of fresh processes, median of {ROUNDS} rounds taken in turn.",
    "The hello-world prints its line and asks for no help: with --help typer would import rich.",
]


def main(_most: int, results: Path) -> None:
    """Time the starts and keep the table."""
    small = check(city(results.parent, "gpkg", PARCELS))
    light = {
        "typer hello-world": python(HELLO), "landcheck --version": landcheck("--version"),
        "landcheck --help": landcheck("--help"),
    }  # fmt: skip
    heavy = {"import geopandas": python("import geopandas"), f"check of {PARCELS} parcels": small}
    lines = [line for commands in (light, heavy) for line in _lines(alternate(commands, ROUNDS, Path(os.devnull)))]
    save(results, [Table("Start", "启动", NOTES, ["", "ms", "ratio"], lines)])


def _lines(told: dict[str, float]) -> list[list[str]]:
    """Each beside the first."""
    first = next(iter(told.values()))
    return [[name, f"{seconds * 1000:.0f}", f"{seconds / first:.2f}"] for name, seconds in told.items()]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
