"""Every sentence of the room is used, and every one that is used is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import landcheck.fields
import landcheck.messages

ROOM = Path(landcheck.fields.__file__).parent
SENTENCES = tomllib.loads((Path(landcheck.messages.__file__).parent / "fields.toml").read_text(encoding="utf-8"))


def test_the_codes_used_are_the_codes_written_down() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    assert set(re.findall(r'"(fields-[a-z-]+)"', code)) == set(SENTENCES)
