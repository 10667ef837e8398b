"""The README's commands are run, and what it prints is what the program prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

READMES = ("README.md", "README.zh-CN.md")


def blocks(root: Path, name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (root / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(root: Path, name: str) -> list[str]:
    lines = [line for block in blocks(root, name, "sh") for line in block.replace("\\\n", " ").splitlines()]
    return [line.split(" #")[0].strip() for line in lines]


TOLD = [line for line in commands(Path(__file__).parents[2], READMES[0]) if line.startswith("landcheck ")]


def test_every_landcheck_command_of_the_readme_runs_in_its_order(root: Path, tmp_path: Path, run: Any) -> None:
    (tmp_path / "sample_parcels").symlink_to(root / "sample_parcels")
    for command in TOLD:
        result = run(*shlex.split(command)[1:], cwd=tmp_path)
        assert result.returncode in (0, 1, 3), (command, result.stderr)
        assert result.stdout or " -o " in command, command
        assert "Traceback" not in result.stderr


def test_the_readme_tells_how_to_use_the_program() -> None:
    assert {command.split()[1] for command in TOLD} == {
        "baseline", "check", "compare", "diff", "explain", "fields", "init", "report", "rules", "waivers", "whatif",
    }  # fmt: skip


@pytest.mark.parametrize("name", READMES)
def test_the_output_in_the_readme_is_the_program_s(name: str, root: Path, run: Any) -> None:
    """A line of ``...`` stands for what the README leaves out."""
    shown = blocks(root, name, "console")
    assert shown
    for block in shown:
        command, printed = block.split("\n", 1)
        output = run(*shlex.split(command.removeprefix("$ landcheck "))).stdout
        at = 0
        for part in re.split(r"^\.\.\.\n", printed, flags=re.MULTILINE):
            assert part
            assert part in output[at:]
            at = output.index(part, at) + len(part)


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_of_the_readme_is_in_the_makefile(name: str, root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {line.split()[1] for line in commands(root, name) if line.startswith("make ")}
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("name", READMES)
def test_every_file_the_readme_links_to_is_there(name: str, root: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (root / name).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_both_readmes_show_the_same_commands(root: Path) -> None:
    english, chinese = ([re.sub(r" --lang \w\w", "", line) for line in commands(root, name)] for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_the_times_in_the_readme_stand_in_the_page_that_make_bench_writes(name: str, root: Path) -> None:
    measured = (root / "docs/benchmarks.md").read_text(encoding="utf-8").splitlines()
    section = re.split(r"^## (?:Speed|速度)\n", (root / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    quoted = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    assert len(quoted) > 2
    assert set(quoted) <= set(measured)
