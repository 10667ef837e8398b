"""docs/parcels.ipynb runs from its first cell to its last, and shows what it says."""

from __future__ import annotations

import ast
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def shown(source: str, names: dict[str, Any]) -> Any:
    """What a notebook shows below a cell: the value of its last line, if that is an expression."""
    cell = ast.parse(source)
    last = cell.body.pop() if isinstance(cell.body[-1], ast.Expr) else None
    exec(compile(cell, "cell", "exec"), names)  # noqa: S102 - a page of this repository
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307


def test_every_cell_of_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    cells = json.loads((ROOT / "docs" / "parcels.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert not [cell for cell in cells if cell.get("outputs")]
    names: dict[str, Any] = {}
    answers = [shown(source, names) for source in sources if "plot()" not in source or find_spec("matplotlib")]
    summary, failed, explained, far, parks, shapes, *plots = answers
    assert "far-industrial" in summary._repr_html_()
    assert "PD01-03" in set(failed["subject"])
    assert "47,512" in str(explained)
    assert far == {50_000: "fail", 55_000: "fail", 60_000: "pass"}  # 2.0 x 29,695 = 59,390
    assert parks["PD01"] > 0
    assert len(shapes) == 5
    assert all(one._repr_png_().startswith(b"\x89PNG") for one in plots)
