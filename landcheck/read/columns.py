"""Column names and column types that the rest of the program can rely on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.layer import about_file

if TYPE_CHECKING:
    import pyarrow as pa


def distinct(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names no two of which are equal, and those that stood more than once; a nameless column gets its number."""
    seen: dict[str, int] = {}
    result: list[str] = []
    repeated: list[str] = []
    for number, raw in enumerate(names, start=1):
        name = raw.strip() or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 2:
            repeated.append(name)
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result), tuple(repeated)


def repeated_columns(role: str, file: str, repeated: Sequence[str]) -> tuple[DataFinding, ...]:
    """One warning for every column name that stands more than once."""
    return tuple(
        about_file("data/value", Level.WARNING, role, Message("read-column-twice", {"file": file, "column": name}))
        for name in repeated
    )


def plain(column: pa.Array) -> pa.Array:
    """The column without nested, dictionary and extension types: what normalising values can work on."""
    import pyarrow as pa

    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_nested(column.type):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
    return column
