"""A pack to start from passes the gate as written, and nothing that is there is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck.errors import UsageError
from landcheck.rulebook import load_pack, new_pack, pack_names
from landcheck.rulebook.gate import examine_pack


def test_it_passes_the_whole_gate_as_written(tmp_path: Path) -> None:
    written = new_pack(tmp_path / "some" / "my-city-2026")
    assert [path.name for path in written] == ["far-floor.cases.toml", "far-floor.toml", "pack.toml", "policy.txt"]
    report = examine_pack(load_pack(str(tmp_path / "some" / "my-city-2026")))
    assert (report.pack.id, report.faults) == ("my-city-2026", ())
    assert len(report.results) == 9


def test_an_empty_directory_and_a_chinese_name_will_do(tmp_path: Path) -> None:
    (tmp_path / "某市2026").mkdir()
    new_pack(str(tmp_path / "某市2026"))
    assert load_pack(str(tmp_path / "某市2026")).id == "某市2026"


def refused(directory: Path) -> str:
    with pytest.raises(UsageError) as caught:
        new_pack(directory)
    assert caught.value.exit_status == 2
    assert caught.value.say("zh") != caught.value.say("en")
    return caught.value.message.code


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "mine"
    home.mkdir()
    (home / "pack.toml").write_text("mine", encoding="utf-8")
    assert refused(home) == "new-pack-not-empty"
    assert [path.read_text(encoding="utf-8") for path in home.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ['a"b', "a b", "-a"])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path / name) == "new-pack-name"
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_pack_that_comes_along_is_taken(tmp_path: Path) -> None:
    for name in pack_names():
        assert refused(tmp_path / name) == "new-pack-name-taken"


def test_a_file_is_no_directory_and_nothing_goes_below_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert refused(tmp_path / "file") == "new-pack-no-directory"
    assert refused(tmp_path / "file" / "below") == "new-pack-unwritable"
