"""The examples on the pages about Python run as they stand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PAGES = ("docs/python.md", "docs/python.zh-CN.md")


def examples(root: Path, page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (root / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_every_example_runs(
    page: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sample_parcels").symlink_to(root / "sample_parcels")
    monkeypatch.chdir(tmp_path)
    found = examples(root, page)
    assert len(found) == 5
    for example in found:
        exec(compile(example, page, "exec"), {})  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert "34\n" in said
    assert "parcels (GeoDataFrame)" in said
    assert "\n1\n" in said  # a FAR of 1.8, which fails
    assert "far-industrial" in said
    assert "read-no-such-file nowhere.gpkg None" in said
    assert {path.name for path in tmp_path.iterdir()} == {"sample_parcels", "report.html", "report.xlsx"}


def test_both_pages_show_the_same_code(root: Path) -> None:
    """But for comments, the words of the plan and the language."""

    def calls(example: str) -> list[str]:
        nodes = ast.walk(ast.parse(example))
        return [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]

    one, other = ([calls(example) for example in examples(root, page)] for page in PAGES)
    assert one == other
