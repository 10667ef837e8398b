"""`make bench`: each part in a process of its own; its tables are printed, and docs/benchmarks.md is made of them."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from table import Table, load

HERE = Path(__file__).parent
PARTS = ("sql", "decide", "whole", "findings", "memory", "startup", "reading", "geodataframe", "cluster")
LEADING = ("The whole job beside scripts by hand", "The scripts without overlaps")  # what a user chooses between
LIBRARIES = ("numpy", "pyarrow", "shapely", "pyogrio", "geopandas", "pandas", "typer")
HEAD = """# Benchmarks / 性能测试

Measured by `make bench`; written by it, so do not edit. Each table is one run on one machine: compare within a table.
本页由 `make bench` 测量并生成,请勿手工修改;每张表为同一台机器上的同一次运行,只在表内比较。

{machine}

"""


def main() -> int:
    """Run the parts asked for and write the page from all that is measured."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for part in asked.parts or PARTS:
        results = asked.folder / f"{part}.json"
        results.unlink(missing_ok=True)
        rows = str(asked.rows)
        status = subprocess.run([sys.executable, str(HERE / f"{part}.py"), rows, str(results)], check=False).returncode
        tables = load(results) if results.exists() else []
        print(*(table.markdown() for table in tables), sep="\n", flush=True)
        if status:
            return status
    _write_page(asked.page, [table for part in PARTS for table in _measured(asked.folder / f"{part}.json")])
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; else everything")
    parser.add_argument("--rows", type=int, default=1_000_000, help="the most parcels")
    parser.add_argument("--folder", type=Path, default=HERE.parents[1] / "build/bench", help="cities and results")
    parser.add_argument("--page", type=Path, default=HERE.parents[1] / "docs/benchmarks.md", help="the page to write")
    return parser.parse_args()


def _measured(results: Path) -> list[Table]:
    return load(results) if results.exists() else []


def _write_page(page: Path, tables: list[Table]) -> None:
    """The tables that were measured, and those that stand on the page and were not measured again."""
    sections = {} if not page.exists() else _sections(page.read_text(encoding="utf-8"))
    sections |= {table.title: table.markdown() for table in tables}
    ordered = sorted(sections, key=lambda title: title not in LEADING)
    page.write_text(HEAD.format(machine=machine()) + "\n".join(sections[title] for title in ordered), encoding="utf-8")


def _sections(page: str) -> dict[str, str]:
    """The sections of the page by the English title."""
    found = [f"## {section.rstrip()}\n" for section in page.split("\n## ")[1:]]
    return {section[3:].partition(" / ")[0]: section for section in found}


def machine() -> str:
    """Cores, memory and versions: what a time depends on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, Python {platform.python_version()}; {libraries}."


if __name__ == "__main__":
    sys.exit(main())
