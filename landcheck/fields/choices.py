"""Columns of any type as truth values, words of an enumeration, or text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import spellings
from landcheck.fields.cells import (
    CellFault,
    faults_at,
    folded,
    is_empty,
    is_text,
    narrow,
    plain,
    read_each,
    trimmed,
    unreadable,
)
from landcheck.fields.headings import key
from landcheck.fields.mapping import ColumnUse
from landcheck.messages import Message, Text
from landcheck.model import Choice, Field, Tri

ALIKE = 2  # letters in common by which a word may mean a choice

TRUE = frozenset({"是", "有", "真", "√", "✓", "✔", "y", "yes", "true", "t", "1", "1.0"})
FALSE = frozenset({"否", "无", "假", "×", "✗", "✘", "n", "no", "false", "f", "0", "0.0"})

WITH_CODE = re.compile(r"(.+)\((?:[a-z]{1,2}[0-9]{1,4}|[0-9]{6})\)")
EXPONENT = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}$"
EXACT_FLOAT = 2.0**53
"""From here on a float64 skips whole numbers, so an id kept as one has lost its last digits."""


def truths(column: pa.Array, use: ColumnUse) -> tuple[NDArray[np.int8], list[CellFault]]:
    """int8 of ``Tri``: UNKNOWN where missing."""
    column = plain(column)
    if pa.types.is_boolean(column.type):
        return _signs(pc.equal(column, pa.scalar(value=True)), pc.equal(column, pa.scalar(value=False))), []
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return _from_ones(column)
    if is_text(column.type):
        words = spellings(use.field.role, use.field.name)
        return read_each(column.cast(pa.string()), lambda text: _truth(text, words), Tri.UNKNOWN, np.int8)
    return np.zeros(len(column), dtype=np.int8), unreadable(column, Message("fields-not-a-truth"))


def choices(column: pa.Array, use: ColumnUse) -> tuple[NDArray[np.int8], list[CellFault]]:
    """int8: the index into ``Field.values``, -1 where missing."""
    column = plain(column)
    a_field = use.field
    codes = {value: code for code, value in enumerate(a_field.values)}
    words = {word: codes[value] for word, value in spellings(a_field.role, a_field.name).items()}
    text, faults = _as_text(column)
    values, unknown = read_each(text, lambda word: _choice(word, words, a_field), -1, np.int8)
    return values, [*faults, *unknown]


def texts(column: pa.Array, use: ColumnUse) -> tuple[pa.Array, list[CellFault]]:
    """Arrow strings without surrounding blanks, null where empty; numbers lose a ``.0``, codes keep their zeros.

    Ids are folded from full width; one that a spreadsheet has shortened to ``3.1E+11`` is none.
    """
    text, faults = _as_text(plain(column))
    text = trimmed(text)
    if use.field.name.endswith("_id"):
        text = folded(text)
        lost = pc.fill_null(pc.match_substring_regex(text, EXPONENT), fill_value=False)
        faults += faults_at(np.flatnonzero(lost.to_numpy(zero_copy_only=False)), text, Message("fields-id-exponent"))
        text = pc.if_else(lost, pa.scalar(None, pa.string()), text)
    known = spellings(use.field.role, use.field.name)
    if known:
        text = _each(text, lambda word: known.get(key(word), word))
    return text, faults


def _signs(true: pa.Array, false: pa.Array) -> NDArray[np.int8]:
    yes = true.fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    no = false.fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    signs: NDArray[np.int8] = yes.astype(np.int8) - no.astype(np.int8)
    return signs


def _from_ones(column: pa.Array) -> tuple[NDArray[np.int8], list[CellFault]]:
    values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    truth = (values == 1).astype(np.int8) - (values == 0).astype(np.int8)
    wrong = np.flatnonzero((truth == 0) & ~np.isnan(values))
    return truth, faults_at(wrong, column, Message("fields-not-a-truth"))


def _truth(text: str, words: Mapping[str, str]) -> int | Message | None:
    word = narrow(text).casefold()
    if word in TRUE:
        return Tri.TRUE
    if word in FALSE:
        return Tri.FALSE
    if is_empty(text):
        return None
    known = words.get(key(text))
    if known is None:
        return Message("fields-not-a-truth")
    return Tri.TRUE if known == "true" else Tri.FALSE


def _choice(text: str, words: Mapping[str, int], a_field: Field) -> int | Message | None:
    """The words of the field come first: ``none`` is a recognition, and an empty cell only elsewhere.

    A plan code in brackets behind the word, 通用类研发用地(C65), adds nothing to it.
    """
    word = key(text)
    coded = WITH_CODE.fullmatch(word)
    code = words.get(word, words.get(coded[1]) if coded else None)
    if code is None:
        return None if is_empty(text) else _refused(word, a_field)
    return code


def _refused(word: str, a_field: Field) -> Message:
    """What is allowed, and which of that begins as the word does or holds it, if that tells them apart."""
    alike = {choice: _alike(word, key(choice.label.zh)) for choice in a_field.choices}
    most = max(alike.values(), default=0)
    near = tuple(_called(choice) for choice, letters in alike.items() if letters == most >= ALIKE)
    told = Message("fields-near", {"near": near}) if near and len(near) < len(alike) else ""
    return Message("fields-not-a-choice", {"near": told, "allowed": tuple(map(_called, a_field.choices))})


def _alike(word: str, label: str) -> int:
    return (
        len(word)
        if word in label
        else next(
            (at for at, (a, b) in enumerate(zip(word, label, strict=False)) if a != b), min(len(word), len(label))
        )
    )


def _called(choice: Choice) -> Text:
    return Text(choice.label.zh, f"{choice.value} ({choice.label.zh})")


def _as_text(column: pa.Array) -> tuple[pa.Array, list[CellFault]]:
    kind = column.type
    if pa.types.is_floating(kind):
        return _from_floats(column)
    if pa.types.is_decimal(kind):
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0*$", ""), []
    if is_text(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind):
        return column.cast(pa.string()), []
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string()), []
    return pa.nulls(len(column), pa.string()), unreadable(column, Message("fields-not-a-text"))


def _from_floats(column: pa.Array) -> tuple[pa.Array, list[CellFault]]:
    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    lost = np.abs(values) >= EXACT_FLOAT
    whole = (values == np.floor(values)) & ~lost
    digits = pa.array(np.where(whole, values, 0).astype(np.int64)).cast(pa.string())
    text = pc.if_else(pa.array(whole), digits, column.cast(pa.string()))
    text = pc.if_else(pa.array(lost), pa.scalar(None, pa.string()), text)
    return text, faults_at(np.flatnonzero(lost), column, Message("fields-digits-lost"))


def _each(text: pa.Array, change: Callable[[str], Any]) -> pa.Array:
    coded = text.dictionary_encode()
    changed = pa.array([change(word) for word in coded.dictionary.to_pylist()], type=pa.string())
    return changed.take(coded.indices)
