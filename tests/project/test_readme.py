"""The commands of the README and of the pages are run, and what they print is what the program prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import landcheck

READMES = ("README.md", "README.zh-CN.md")
GUIDES = ("docs/guide.md", "docs/guide.zh-CN.md")
ENGLISH = [
    READMES[0],
    *sorted(
        f"docs/{path.name}"
        for path in (Path(__file__).parents[2] / "docs").glob("*.md")
        if not path.name.endswith(".zh-CN.md")
    ),
]


def blocks(root: Path, name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (root / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(root: Path, name: str) -> list[str]:
    lines = [line for block in blocks(root, name, "sh") for line in block.replace("\\\n", " ").splitlines()]
    return [line.split(" #")[0].strip() for line in lines]


def told(name: str) -> list[str]:
    """The commands of the program that a page tells the reader to run."""
    return [line for line in commands(Path(__file__).parents[2], name) if line.startswith("landcheck ")]


PAGES = [name for name in ENGLISH if told(name)]


@pytest.mark.parametrize("name", PAGES)
def test_every_landcheck_command_of_a_page_runs_in_its_order(name: str, root: Path, tmp_path: Path, run: Any) -> None:
    (tmp_path / "sample_parcels").symlink_to(root / "sample_parcels")
    for command in told(name):
        result = run(*shlex.split(command)[1:], cwd=tmp_path)
        assert result.returncode in (0, 1, 3), (command, result.stderr)
        assert result.stdout or " -o " in command, command
        assert "Traceback" not in result.stderr


def test_the_guide_tells_how_to_use_the_program() -> None:
    assert {command.split()[1] for command in told(GUIDES[0])} == {
        "baseline", "check", "compare", "convert", "diff", "explain", "fields", "init", "report", "rules",
        "waivers", "whatif",
    }  # fmt: skip


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_short_and_begins_with_what_to_run(name: str, root: Path) -> None:
    text = (root / name).read_text(encoding="utf-8")
    hanzi = len(re.findall(r"[\u3400-\u9fff]", text)) if "zh-CN" in name else 0
    words = len(re.sub(r"[\u3400-\u9fff]+", " ", text).split()) if hanzi else len(text.split())
    assert words + hanzi / 1.6 <= 450  # a Chinese word has about 1.6 characters
    screen = "\n".join(text.splitlines()[:24])
    assert [line.split(" #")[0].strip() for line in re.findall(r"^make .*$", screen, re.MULTILINE)] == [
        "make demo", "make test",
    ]  # fmt: skip


@pytest.mark.parametrize("name", READMES)
def test_the_output_in_a_readme_is_the_program_s(name: str, root: Path, run: Any) -> None:
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


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"])
def test_every_make_target_that_is_told_of_is_in_the_makefile(name: str, root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", (root / name).read_text(encoding="utf-8"), re.MULTILINE))
    named = {one or other for one, other in named}
    assert "test" in named
    assert named <= targets


@pytest.mark.parametrize("name", READMES)
def test_every_file_the_readme_links_to_is_there(name: str, root: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (root / name).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (root / link).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_show_the_same_commands(name: str, root: Path) -> None:
    twin = name.replace(".md", ".zh-CN.md")
    english, chinese = ([re.sub(r" --lang \w\w", "", line) for line in commands(root, page)] for page in (name, twin))
    assert english == chinese


@pytest.mark.parametrize("name", GUIDES)
def test_the_times_in_the_guide_stand_in_the_page_that_make_bench_writes(name: str, root: Path) -> None:
    measured = (root / "docs/benchmarks.md").read_text(encoding="utf-8").splitlines()
    section = re.split(r"^## (?:Speed|速度)\n", (root / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    quoted = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    assert len(quoted) > 2
    assert set(quoted) <= set(measured)


@pytest.mark.parametrize("name", READMES)
def test_the_times_in_a_readme_are_those_of_a_million_parcels_on_that_page(name: str, root: Path) -> None:
    page = (root / "docs/benchmarks.md").read_text(encoding="utf-8").split("\n## The scripts without")[0]
    rows = re.findall(r"^\| (\w+) \| 1,000,000 \| GeoParquet \| ([\d.]+) \|", page, re.MULTILINE)
    text = (root / name).read_text(encoding="utf-8")
    told = dict(re.findall(r"([\d.]+) s\s\((\w+)\)", text))
    ours = re.findall(r"\*\*([\d.]+) s\*\*", text)
    assert len(rows) == 4
    assert dict.fromkeys(ours, "landcheck") | told == {f"{float(seconds):.1f}": who for who, seconds in rows}


@pytest.mark.parametrize("name", ["docs/python.md", "docs/python.zh-CN.md"])
def test_the_python_page_names_what_is_public(name: str, root: Path) -> None:
    text = (root / name).read_text(encoding="utf-8")
    rows = "\n".join(line.rsplit("|", 2)[0] for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)", rows)) == set(landcheck.__all__)


@pytest.mark.parametrize("page", sorted((Path(__file__).parents[2] / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_a_page_stands_in_both_languages(page: Path) -> None:
    """In a twin, or in itself."""
    text = page.read_text(encoding="utf-8")
    if page.name.endswith(".zh-CN.md"):
        assert page.with_name(page.name.replace(".zh-CN.md", ".md")).exists()
    elif not page.with_name(f"{page.stem}.zh-CN.md").exists():
        assert len(re.findall(r"[\u3400-\u9fff]", text)) >= 40
        assert len(re.findall(r"[A-Za-z]{3,}", text)) >= 40
