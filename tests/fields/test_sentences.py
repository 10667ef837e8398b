"""Every sentence of the room: there in both languages, with the same values, and used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import landcheck.fields
import landcheck.messages

ROOM = Path(landcheck.fields.__file__).parent
SENTENCES = tomllib.loads((Path(landcheck.messages.__file__).parent / "fields.toml").read_text(encoding="utf-8"))


def test_the_codes_used_are_the_codes_written_down() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    assert set(re.findall(r'"(fields-[a-z-]+)"', code)) == set(SENTENCES)


def test_both_languages_speak_of_the_same_values() -> None:
    for code, text in SENTENCES.items():
        names = {lang: {name for _, name, _, _ in Formatter().parse(text[lang]) if name} for lang in ("zh", "en")}
        # Chinese calls a field by its label, English by its name or by both
        assert names["zh"] ^ names["en"] <= {"field", "fields", "label", "labels"}, code
