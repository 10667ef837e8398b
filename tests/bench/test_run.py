"""The benchmark tells of every peer, and of no time before the verdicts agree."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import decide
import numpy as np
import pytest
import run
from by_hand import masks
from columns import made_up
from contest import Entry, tally
from table import Table, load, save

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_every_peer_of_the_project_file_has_its_place_in_the_table() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {peer.split(">")[0] for peer in project["dependency-groups"]["bench"]} == set(decide.PEERS.values())
    assert {path.stem for path in HERE.glob("peer_*.py")} == {f"peer_{name}" for name in decide.PEERS}


def test_a_peer_that_is_not_installed_is_told_of_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "not-installed.json").write_text(json.dumps({"zen-engine": "no wheel for this Python"}))
    program = [sys.executable, "-c", f"""
import sys
sys.path.insert(0, {str(HERE)!r})
sys.modules["zen"] = None  # as if it were not there
import decide, pathlib
decide.main(2000, pathlib.Path(sys.argv[1]))
""", str(tmp_path / "decide.json")]  # fmt: skip
    subprocess.run(program, cwd=ROOT, check=True)
    (table,) = load(tmp_path / "decide.json")
    told = {line[0].split(" ")[0]: line[-1] for line in table.rows}
    assert told["zen-engine"] == "not installed: no wheel for this Python"
    assert set(decide.PEERS.values()) < set(told)


def test_verdicts_that_differ_are_noticed() -> None:
    columns = made_up(3000)
    expected = tally(masks(columns, 3000))
    verdicts = masks(columns, 3000)
    verdicts[1, np.flatnonzero(verdicts[1] == 0)[0]] = 3
    assert decide._agrees(Entry(lambda: masks(columns, 3000), tally), columns, 3000, expected)
    assert not decide._agrees(Entry(lambda: verdicts, tally), columns, 3000, expected)


@pytest.mark.parametrize("text", ["µs a parcel", "性能"])
def test_a_table_is_kept_and_shown(text: str, tmp_path: Path) -> None:
    table = Table("Deciding", "判断", ["a note"], ["", text], [["landcheck", "1.0"]])
    save(tmp_path / "kept.json", [table])
    assert load(tmp_path / "kept.json") == [table]
    assert f"|  | {text} |\n| :--- | ---: |\n| landcheck | 1.0 |" in table.markdown()


def test_a_part_measured_by_itself_leaves_the_other_tables(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    run._write_page(
        page, [Table("Deciding", "判断", ["a"], ["", "s"], [["x", "1"]]), Table("Start", "启动", [], [""], [])]
    )
    run._write_page(page, [Table("Deciding", "判断", ["a"], ["", "s"], [["x", "2"]])])
    text = page.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Deciding / 判断", "## Start / 启动"]
    assert "| x | 2 |" in text
    assert "| x | 1 |" not in text
