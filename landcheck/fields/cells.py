"""What the readers of values share: text as it stands in a cell, empty cells, and reading each distinct text once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.messages import Message

EMPTY = frozenset({"", "null", "<null>", "(null)", "nan", "<na>", "nat", "none", "无数据"})
"""What programs write for an empty cell, in lower case. ``-``, ``/``, ``N/A`` are words of people: those are faults."""

LONGEST = 60
"""Characters of a faulty value that a message shows."""

UNREAD = "\ufdd0"
"""Begins a cell that could not be read and of which its reader has told; what follows is shown for it. It is no
character, and stands in no text."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-"}
_BLANK = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\ufeff\u200b\x00"
"""Every blank of Unicode (U+3000 is the last), and what spreadsheets and .dbf files leave at the ends of a text."""


class CellFault(NamedTuple):
    """A cell that could not be read: its row in the batch, what it holds, and why."""

    row: int
    value: str
    reason: Message


def set_aside(column: pa.Array) -> tuple[pa.Array, NDArray[np.intp]]:
    """The column without the cells of which its reader has told that they could not be read, and the rows of these."""
    marked = pc.starts_with(column, UNREAD) if column.type == pa.string() else None
    if marked is None or not pc.any(marked).as_py():
        return column, np.empty(0, np.intp)
    rows = np.flatnonzero(marked.fill_null(False).to_numpy(zero_copy_only=False))
    return pc.if_else(marked, pa.scalar(None, pa.string()), column), rows


def unmarked(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with what is shown for the cells that could not be read."""
    marked = column.type == pa.string() and pc.any(pc.starts_with(column, UNREAD)).as_py()
    return pc.replace_substring_regex(column, f"^{UNREAD}", "") if marked else column


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as ASCII, without surrounding blanks.

    Not NFKC: that makes 102 of ``10²`` and 1 of ``①``.
    """
    return text.translate(_FULL_WIDTH).strip(_BLANK)


def is_empty(text: str) -> bool:
    """Whether a cell holds nothing."""
    return text.strip(_BLANK).casefold() in EMPTY


def is_text(kind: pa.DataType) -> bool:
    """Whether Arrow holds strings in this type."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def plain(column: pa.Array) -> pa.Array:
    """The column without dictionary or extension type; strings that are views as such, which few functions take."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def trimmed(column: pa.Array) -> pa.Array:
    """A string column without surrounding blanks, as ``pa.string()``; empty cells are null."""
    text = pc.utf8_trim(column.cast(pa.string()), characters=_BLANK)
    gone = pc.is_in(pc.utf8_lower(text), value_set=pa.array(sorted(EMPTY)))
    return pc.if_else(gone, pa.scalar(None, pa.string()), text)


_OTHERWISE = r"""[\x{FF01}-\x{FF5E}\x{3000}\x{2212}]|^['‘’][0-9]|^="[^"]*"$"""
"""In an id: full-width signs, and the marks around a number with which spreadsheets make it a text."""
_TEXT_MARK = re.compile(r"""^['‘’](?=[0-9])|^="|(?<=.)"$""")


def written_otherwise(ids: pa.Array) -> pa.Array:
    """Which ids (strings) hold signs that are folded; null where there is none."""
    marked = pc.or_(pc.starts_with(ids, "'"), pc.starts_with(ids, '="'))
    plain_all = pc.all(pc.string_is_ascii(ids)).as_py() and not pc.any(marked).as_py()
    return marked if plain_all else pc.match_substring_regex(ids, _OTHERWISE)


def folded(ids: pa.Array) -> pa.Array:
    """Ids with full-width signs as ASCII and without the mark of a text before a number."""
    otherwise = pc.fill_null(written_otherwise(ids), fill_value=False)
    if not pc.any(otherwise).as_py():
        return ids
    plain_ones = [_TEXT_MARK.sub("", narrow(text)) for text in ids.filter(otherwise).to_pylist()]
    return pc.replace_with_mask(ids, otherwise, pa.array(plain_ones, ids.type))


def unreadable(column: pa.Array, reason: Message) -> list[CellFault]:
    """A fault for every cell that holds something, where the type of the column cannot be the field's."""
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    return faults_at(rows, column, reason)


def faults_at(rows: NDArray[np.intp], column: pa.Array, reason: Message) -> list[CellFault]:
    """The same fault in each of these rows, with what the cell holds."""
    return [_fault(row, _held(column[row]), reason) for row in rows.tolist()]


def _held(cell: pa.Scalar) -> str:
    try:
        return str(cell.cast(pa.string()).as_py())
    except (pa.ArrowException, ValueError):  # lists, bytes that are no UTF-8
        return str(cell.as_py())


def _fault(row: int, value: object, reason: Message) -> CellFault:
    """The value is cut to what a message can show."""
    text = str(value)
    return CellFault(row, text if len(text) <= LONGEST else text[:LONGEST] + "…", reason)


def read_each(
    column: pa.Array, read: Callable[[Any], Any], missing: float, dtype: type
) -> tuple[NDArray[Any], list[CellFault]]:
    """Each distinct value read once.

    ``read`` gives the value, None for an empty cell, or the Message that says what is wrong with it; the last two
    leave ``missing`` in the array of ``dtype``.
    """
    coded = column.dictionary_encode()
    distinct = coded.dictionary.to_pylist()
    results = [read(value) for value in distinct]
    wrong = {code: result for code, result in enumerate(results) if isinstance(result, Message)}
    values = [missing if result is None or isinstance(result, Message) else result for result in results]
    codes = coded.indices.cast(pa.int64()).fill_null(len(values)).to_numpy(zero_copy_only=False)
    table: NDArray[Any] = np.array([*values, missing], dtype=dtype)
    rows = np.flatnonzero(np.isin(codes, list(wrong))).tolist() if wrong else []
    return table[codes], [_fault(row, distinct[codes[row]], wrong[int(codes[row])]) for row in rows]
