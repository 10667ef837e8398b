"""A copy of the real pack to break, and the faults it then has."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from landcheck.errors import PackError
from landcheck.messages import Message
from landcheck.rulebook import load_pack

RULES = Path(__file__).resolve().parents[2] / "rules"

Faults = Callable[[Path], tuple[Message, ...]]
Edit = Callable[[str, str, str], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES / "shanghai-2021-9", tmp_path / "shanghai-2021-9"))


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace one passage of a file of the copy; it must be there, and once."""

    def replace(file: str, old: str, new: str) -> None:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def faults() -> Faults:
    def of(directory: Path) -> tuple[Message, ...]:
        with pytest.raises(PackError) as caught:
            load_pack(str(directory))
        assert caught.value.exit_status == 2
        return caught.value.faults

    return of
