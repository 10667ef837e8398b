"""TOML tables decoded by type, so that every fault is noted with file and key, and reading goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from landcheck.bounded import SETTINGS, is_inside, lines, octets, reason, toml
from landcheck.errors import UsageError
from landcheck.messages import Message, Text
from landcheck.model import Rank

Faults = list[Message]
T = TypeVar("T")

NO_TEXT = Text("", "")
NO_DAY = dt.date.min


class TomlTable:
    """One table of a file. What is asked of it and is not so becomes a fault, and an empty value is given back."""

    def __init__(self, values: dict[str, Any], file: str, faults: Faults, path: str = "") -> None:
        self.values = values
        self.file = file
        self.faults = faults
        self.path = path
        self.asked: set[str] = set()

    def fault(self, code: str, key: str, **values: Any) -> None:
        """Note a fault at a key of this table."""
        self.faults.append(Message(code, {"file": self.file, "key": self._path_of(key), **values}))

    def text(self, key: str, *, required: bool = True) -> str:
        """A text that is not empty."""
        value: str = self._checked(key, "text", required, lambda value: isinstance(value, str) and value.strip())
        return value or ""

    def both(self, key: str, *, required: bool = True) -> Text:
        """A text in both languages: ``{zh = "...", en = "..."}``."""
        inner = self.table(key, required=required)
        if inner is None:
            return NO_TEXT
        text = Text(inner.text("zh"), inner.text("en"))
        inner.close()
        return text

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """One text, or a list of texts."""

        def sound(value: Any) -> bool:
            items = [value] if isinstance(value, str) else value
            return isinstance(items, list) and items != [] and all(isinstance(item, str) and item for item in items)

        value = self._checked(key, "texts", required, sound)
        return (value,) if isinstance(value, str) else tuple(value or ())

    def choice(self, key: str, choices: Sequence[str], *, required: bool = True) -> str:
        """One of some words; empty where it is another or none."""
        value = self.text(key, required=required)
        if value and value not in choices:
            self.fault("pack-choice", key, value=value, choices=list(choices))
            return ""
        return value

    def rank(self, key: str, *, required: bool = True) -> Rank | None:
        """The rank of a text; None where it is another word or none."""
        name = self.choice(key, [rank.value for rank in Rank], required=required)
        return Rank(name) if name else None

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value: bool | None = self._checked(key, "flag", False, lambda value: isinstance(value, bool))
        return default if value is None else value

    def number(self, key: str) -> Decimal | None:
        """A number, exactly as written."""
        value = self._checked(key, "number", True, lambda value: _is_number(value) and Decimal(value).is_finite())
        return None if value is None else Decimal(value)

    def date(self, key: str, *, required: bool = True) -> dt.date | None:
        """A day: ``2021-09-01``, without quotation marks."""
        value: dt.date | None = self._checked(key, "date", required, lambda value: type(value) is dt.date)
        return value

    def table(self, key: str, *, required: bool = True) -> TomlTable | None:
        """A table within this one."""
        value = self._checked(key, "table", required, lambda value: isinstance(value, dict))
        return None if value is None else TomlTable(value, self.file, self.faults, self._path_of(key))

    def tables(self, key: str, *, required: bool = True) -> list[TomlTable]:
        """A list of tables, numbered from 1 in faults."""

        def sound(value: Any) -> bool:
            return isinstance(value, list) and value != [] and all(isinstance(item, dict) for item in value)

        named = enumerate(self._checked(key, "tables", required, sound) or (), start=1)
        return [TomlTable(item, self.file, self.faults, f"{self._path_of(key)}[{n}]") for n, item in named]

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key with its value, numbers as Decimal; asks for all of them."""
        self.asked |= self.values.keys()
        return ((key, Decimal(value) if _is_number(value) else value) for key, value in self.values.items())

    def read(self, cls: Callable[..., T], **given: Any) -> T:
        """An object of that dataclass, each field from the key of its name by its type; nothing else may stand there.

        A field with a default may be left out. ``given`` are fields that are no keys of the table.
        """
        values = dict(given)
        for name, kind, required in _keys(cls):
            if name not in given:
                values[name] = DECODERS[kind](self, name, required)
        self.close()
        return cls(**values)

    def entry(self, key: str, cls: Callable[..., T]) -> T | None:
        """A table within this one that may be left out, as an object of that dataclass."""
        inner = self.table(key, required=False)
        return None if inner is None else inner.read(cls)

    def entries(self, key: str, cls: Callable[..., T], *, required: bool = False) -> tuple[T, ...]:
        """A list of tables, each as an object of that dataclass."""
        return tuple(table.read(cls) for table in self.tables(key, required=required))

    def close(self) -> None:
        """Every key that nobody asked for is a fault."""
        for key in self.values:
            if key not in self.asked:
                self.fault("pack-key-unknown", key)

    def _path_of(self, key: str) -> str:
        """The key with the tables it stands in: ``require[2].unit``."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def _checked(self, key: str, wanted: str, required: bool, sound: Callable[[Any], object]) -> Any:  # noqa: FBT001
        """The value, None with a fault where it is missing or not as wanted."""
        self.asked.add(key)
        value = self.values.get(key)
        if value is None:
            if required:
                self.fault("pack-key-missing", key)
        elif not sound(value):
            self.fault("pack-value-kind", key, wanted=Message(f"pack-wants-{wanted}"))
            value = None
        return value


def _is_number(value: Any) -> bool:
    """Whether it is a number, which true and false are not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


DECODERS: Mapping[Any, Callable[[TomlTable, str, bool], Any]] = {
    str: lambda table, key, required: table.text(key, required=required),
    Text: lambda table, key, required: table.both(key, required=required),
    tuple[str, ...]: lambda table, key, required: table.texts(key, required=required),
    dt.date: lambda table, key, required: table.date(key, required=required) or NO_DAY,
    Decimal: lambda table, key, _: table.number(key) or Decimal(0),
    Rank | None: lambda table, key, required: table.rank(key, required=required),
}


@cache
def _keys(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name and type of each field, and whether it must be there; those that need not come first."""
    hints = get_type_hints(cls)
    return tuple(sorted(((f.name, hints[f.name], f.default is MISSING) for f in fields(cls)), key=lambda key: key[2]))


def read_table(path: Path, file: str, faults: Faults) -> TomlTable | None:
    """A TOML file, None where it cannot be read; repeated keys are faults of the format itself."""
    text = read_text(path, file, faults)
    if text is None:
        return None
    try:
        return TomlTable(toml(text.encode(), file), file, faults)
    except UsageError as error:
        faults.append(error.message)
    except ValueError as error:
        faults.append(Message("pack-toml", {"file": file, "detail": reason(error)}))
    return None


def read_text(path: Path, file: str, faults: Faults) -> str | None:
    """A UTF-8 file with or without a byte order mark, None where it is missing or something else."""
    if not is_inside(path, path.parent) or Path(file).parts[1:-1]:
        faults.append(Message("pack-file-outside", {"file": file}))
        return None
    try:
        return lines(octets(str(path), file, SETTINGS, UsageError))
    except UsageError as error:
        faults.append(error.message)
    except FileNotFoundError:
        faults.append(Message("pack-file-missing", {"file": file}))
    except UnicodeDecodeError:
        faults.append(Message("pack-not-utf8", {"file": file}))
    except OSError as error:
        faults.append(Message("pack-unreadable", {"file": file, "detail": reason(error)}))
    return None
