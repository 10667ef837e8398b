"""Every sentence is said in both languages, of the same things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import landcheck
from landcheck.messages import Message, catalogue


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_speak_of_the_same_values(code: str) -> None:
    text = catalogue()[code]
    assert text.zh.strip()
    assert text.en.strip()
    assert names(text.zh) == names(text.en)


def test_a_value_in_braces_stays_text() -> None:
    told = Message("id-missing", {"file": "{row}.shp", "row": 3})
    assert told.say("en").startswith("{row}.shp, row 3")


SPEAKERS = {
    "Message",
    "say",
    "told",
    "UsageError",
    "InputError",
    "InternalError",
    "PackError",
    "FaultsError",
    "LandcheckError",
}


def spoken() -> Iterator[tuple[str, str]]:
    """Every code that stands in the source as the first argument of something that speaks."""
    for path in sorted(Path(landcheck.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in SPEAKERS
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield path.name, first.value


def test_every_sentence_the_source_names_stands_in_the_catalogue() -> None:
    named = set(spoken())
    assert len(named) > 200
    assert not {(file, code) for file, code in named if code not in catalogue()}
