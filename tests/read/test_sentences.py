"""Every code that the room raises has its sentence, and every sentence is raised."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import landcheck.messages
import landcheck.read
from landcheck.read.reader_calls import reader_sentence

ROOM = Path(landcheck.read.__file__).parent
SENTENCES = tomllib.loads((Path(landcheck.messages.__file__).parent / "read.toml").read_text(encoding="utf-8"))


def test_codes_and_sentences_are_the_same_set() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in ROOM.rglob("*.py"))
    used = set(re.findall(r'"(read-[a-z0-9-]+)"', source))
    assert used == set(SENTENCES)


def test_both_languages_speak_of_the_same_values() -> None:
    for code, text in SENTENCES.items():
        values = [set(re.findall(r"\{(\w+)\}", text[lang])) for lang in ("zh", "en")]
        assert values[0] == values[1], code


@pytest.mark.parametrize("folder", ["o", "data", "/srv/plans"])
def test_only_the_folder_before_the_file_is_left_out(folder: str) -> None:
    path = Path(folder) / "bad.geojson"
    told = f"Failed to read GeoJSON data from {path}: no closed ring in /other/data"
    assert reader_sentence(told, path) == "Failed to read GeoJSON data from bad.geojson: no closed ring in /other/data"
