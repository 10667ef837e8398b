"""Every sentence is said in both languages, of the same things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import landcheck
from landcheck.messages import Message, catalogue, say


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# What a machine is told by, and what Chinese says in its place; English says the id or both.
IDS, LABELS = {"field", "fields", "name"}, {"label", "labels", "meaning"}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_speak_of_the_same_values(code: str) -> None:
    text = catalogue()[code]
    assert text.zh.strip()
    assert text.en.strip()
    zh, en = names(text.zh), names(text.en)
    assert zh - en <= LABELS
    assert en - zh <= IDS


@pytest.mark.parametrize("code", sorted(code for code in catalogue() if code.startswith("fields-")))
def test_nobody_is_told_to_empty_a_cell_for_which_something_would_be_assumed(code: str) -> None:
    text = catalogue()[code]
    assert not any(word in text.zh for word in ("留空", "清空"))
    assert not any(word in text.en for word in ("empty it", "it empty"))


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


def counted() -> Iterator[tuple[str, str, str]]:
    for code, text in catalogue().items():
        for _, name, words, _ in Formatter().parse(text.en):
            if name and words:
                yield code, name, words


def test_what_depends_on_a_count_has_a_word_for_one_and_a_word_for_more() -> None:
    told = list(counted())
    assert len(told) > 80
    assert [(code, words) for code, _, words in told if words.count("|") != 1 or not all(words.split("|"))] == []
    assert not [code for code, text in catalogue().items() if "|" in text.zh]


@pytest.mark.parametrize(
    ("count", "en"),
    [
        (1, 'For 1 parcel "far" was derived from its place'),
        (2, 'For 2 parcels "far" was derived from their place'),
        ("1,001", 'For 1,001 parcels "far" was derived from their place'),
    ],
)
def test_a_count_of_one_is_singular(count: int | str, en: str) -> None:
    assert Message("derived-from-place", {"rows": count, "field": "far", "rest": ""}).say("en") == en


def test_a_long_list_is_named_in_part_and_counted() -> None:
    values = {"file": "p.csv", "id": "P1", "rows": list(range(56))}
    assert Message("id-repeated", values).say("en").count(",") == 12
    assert "11, and 44 more" in Message("id-repeated", values).say("en")
    assert "11、另有 44 项" in Message("id-repeated", values).say("zh")
    assert "more" not in Message("id-repeated", {**values, "rows": list(range(12))}).say("en")
    assert len(Message("id-repeated", {**values, "rows": ["x" * 10**6]}).say("en")) < 400
    choices = tuple(f"m{number}" for number in range(20))  # what one may choose from is named whole
    assert "m19" in Message("fields-map-unit", {"field": "far", "unit": "x", "known": choices}).say("en")


@pytest.mark.parametrize(
    ("items", "zh", "en"),
    [
        (["A", "B"], "A、B", "A, B"),
        (["可至50年，余20年", "容积率"], "可至50年，余20年；容积率", "可至50年，余20年; 容积率"),
        (["居住最高70年、商业最高40年"], "居住最高70年、商业最高40年", "居住最高70年、商业最高40年"),
        (["homes 70 years, shops 40", "FAR"], "homes 70 years, shops 40；FAR", "homes 70 years, shops 40; FAR"),
        ([], "无", "none"),
    ],
)
def test_items_that_have_commas_are_parted_by_semicolons(items: list[str], zh: str, en: str) -> None:
    assert say("report-not-judged", "zh", rules=items).endswith("：" + zh)
    assert say("report-not-judged", "en", rules=items).endswith(": " + en)


def test_a_value_that_is_not_there_is_said_to_be_missing() -> None:
    assert say("convert-done", "zh", file="f", layer="L", rows=1, crs=None).endswith("坐标系 未注明")
    assert say("convert-done", "en", file="f", layer="L", rows=1, crs=None).endswith("CRS not stated")


def test_counts_are_grouped_and_rows_are_not() -> None:
    assert say("report-rest-rows", "en", count=1234) == "1,234 more rows are not listed here"
    assert say("report-subject-row", "zh", subject="地块 A", row=1234) == "地块 A（第 1234 行）"
