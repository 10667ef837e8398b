"""Four megabytes of rows without content: a cost a row in columns, and no finding a row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landcheck.verdicts.held_columns import held_once

# A process counts what the one had that it was forked from, and a worker of pytest has a lot: hence one in between.
BETWEEN = """
import json, os, sys
child = os.posix_spawn(sys.executable, [sys.executable, "-m", "landcheck", *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_maxrss]))
"""
MEGABYTES = 800  # the two took 1,000 and over 2,000 when each row had memory and findings of its own


@pytest.mark.skipif(sys.platform != "linux", reason="what a process held is counted in KiB on Linux")
@pytest.mark.parametrize(("head", "row", "rows"), [("parcel_id", "A", 2_000_000), ("parcel_id,far", ",x", 1_300_000)])
def test_a_row_of_two_bytes_takes_no_hundreds(tmp_path: Path, head: str, row: str, rows: int) -> None:
    (tmp_path / "p.csv").write_text(f"{head}\n" + f"{row}\n" * rows)
    command = [sys.executable, "-c", BETWEEN, "check", "p.csv", "--summary"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    status, kibibytes = json.loads(ran.stdout.splitlines()[-1])
    assert status == 1
    assert kibibytes < MEGABYTES * 1024


@pytest.mark.parametrize("values", [[np.nan] * 3, [0.0] * 3, [1, 1], [7]])
def test_a_column_of_one_value_is_held_once(values: list[float]) -> None:
    held = held_once(np.array(values))
    assert held.tobytes() == np.array(values).tobytes()
    assert held.strides == (0,)


@pytest.mark.parametrize("values", [[np.nan, 0.0], [0.0, -0.0], [1, 2], []])
def test_another_column_stays(values: list[float]) -> None:
    column = np.array(values)
    assert held_once(column) is column


def test_places_of_two_columns_are_held_once() -> None:
    held = held_once(np.full((4, 2), np.nan))
    assert held.shape == (4, 2)
    assert held.strides[0] == 0
