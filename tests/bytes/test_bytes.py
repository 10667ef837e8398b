"""No output changes by a byte unless that was decided: how to renew ``digests.json`` stands in compare.py."""

from __future__ import annotations

from pathlib import Path

import digests
import pytest
import small_inputs
from command_lines import cases
from differences import differences, first
from record import Case, outputs, run

ROOT = Path(__file__).parents[2]
CASES = [case for group in digests.GROUPS for case in cases(group)]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bytes").resolve()
    small_inputs.write(folder)
    return folder


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_byte_is_as_decided(case: Case, place: Path) -> None:
    run(case, ROOT, place)
    assert digests.changed(str(case), outputs(place, [case])) == []


def test_every_digest_is_of_a_case() -> None:
    named = {"/".join(name.split("/")[:2]) for name in digests.read()["outputs"]}
    assert named == {str(case) for case in CASES}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [(b"a\nbc", b"a\nbd", "byte 3, line 2"), (b"ab", b"abc", "byte 2, line 1"), (b"", b"x", "byte 0, line 1")],
)
def test_the_first_place_that_differs_is_told(old: bytes, new: bytes, place: str) -> None:
    assert first(old, new).startswith(place)


def test_an_output_that_differs_is_lost_or_is_new_is_told(tmp_path: Path) -> None:
    contents = {"old": b"old", "same": b"old", "new": b"new"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    old, same, new = (tmp_path / name for name in contents)
    before, now = {"a": old, "b": old, "c": old}, {"a": same, "b": new, "d": new}
    assert [entry.splitlines()[0] for entry in differences(before, now)] == [
        "c: no longer there",
        "d: was not there",
        "b: byte 0, line 1",
    ]
