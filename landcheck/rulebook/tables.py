"""Reading TOML tables so that every fault is noted with file and key, and reading goes on."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from landcheck.messages import Message, Text

Faults = list[Message]
Scalar = str | bool | Decimal | dt.date


class Table:
    """One table of a file. What is asked of it and is not so becomes a fault, and an empty value is given back."""

    def __init__(self, values: dict[str, Any], file: str, faults: Faults, path: str = "") -> None:
        self.values = values
        self.file = file
        self.faults = faults
        self.path = path
        self.asked: set[str] = set()

    def key(self, key: str) -> str:
        """The key with the tables it stands in: ``require[2].unit``."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def fault(self, code: str, key: str, **values: Any) -> None:
        """Note a fault at a key of this table."""
        self.faults.append(Message(code, {"file": self.file, "key": self.key(key), **values}))

    def text(self, key: str, *, required: bool = True) -> str:
        """A text that is not empty."""
        value = self._get(key, required)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(key, "text", value)
        return ""

    def both(self, key: str, *, required: bool = True) -> Text:
        """A text in both languages: ``{zh = "...", en = "..."}``."""
        inner = self.table(key, required=required)
        if inner is None:
            return Text("", "")
        text = Text(inner.text("zh"), inner.text("en"))
        inner.close()
        return text

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """One text, or a list of texts."""
        value = self._get(key, required)
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and items and all(isinstance(item, str) and item for item in items):
            return tuple(items)
        self._wrong(key, "texts", value)
        return ()

    def choice(self, key: str, choices: Sequence[str], *, required: bool = True) -> str:
        """One of some words; empty where it is another or none."""
        value = self.text(key, required=required)
        if value and value not in choices:
            self.fault("pack-choice", key, value=value, choices=list(choices))
            return ""
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, required=False)
        if isinstance(value, bool):
            return value
        self._wrong(key, "flag", value)
        return default

    def number(self, key: str) -> Decimal | None:
        """A number, exactly as written."""
        value = as_number(self._get(key, required=True))
        if isinstance(value, Decimal) and value.is_finite():
            return value
        self._wrong(key, "number", value)
        return None

    def date(self, key: str, *, required: bool = True) -> dt.date | None:
        """A day: ``2021-09-01``, without quotation marks."""
        value = self._get(key, required)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        self._wrong(key, "date", value)
        return None

    def table(self, key: str, *, required: bool = True) -> Table | None:
        """A table within this one."""
        value = self._get(key, required)
        if isinstance(value, dict):
            return Table(value, self.file, self.faults, self.key(key))
        self._wrong(key, "table", value)
        return None

    def tables(self, key: str, *, required: bool = True) -> list[Table]:
        """A list of tables, numbered from 1 in faults."""
        value = self._get(key, required)
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            named = enumerate(value, start=1)
            return [Table(item, self.file, self.faults, f"{self.key(key)}[{n}]") for n, item in named]
        self._wrong(key, "tables", value)
        return []

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key with its value, numbers as Decimal; asks for all of them."""
        self.asked |= self.values.keys()
        return ((key, as_number(value)) for key, value in self.values.items())

    def close(self) -> None:
        """Every key that nobody asked for is a fault."""
        for key in self.values:
            if key not in self.asked:
                self.fault("pack-key-unknown", key)

    def _get(self, key: str, required: bool) -> Any:  # noqa: FBT001 - private, named at each caller
        self.asked.add(key)
        if required and key not in self.values:
            self.fault("pack-key-missing", key)
        return self.values.get(key)

    def _wrong(self, key: str, wanted: str, value: Any) -> None:
        if value is not None:
            self.fault("pack-value-kind", key, wanted=Message(f"pack-wants-{wanted}"))


def as_number(value: Any) -> Any:
    """Whole numbers as Decimal too; true and false are no numbers."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def read_table(path: Path, file: str, faults: Faults) -> Table | None:
    """A TOML file, None where it cannot be read; repeated keys are faults of the format itself."""
    text = read_text(path, file, faults)
    if text is None:
        return None
    try:
        return Table(tomllib.loads(text, parse_float=Decimal), file, faults)
    except tomllib.TOMLDecodeError as error:
        faults.append(Message("pack-toml", {"file": file, "detail": str(error)}))
        return None


def read_text(path: Path, file: str, faults: Faults) -> str | None:
    """A UTF-8 file with or without a byte order mark, None where it is missing or something else."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        faults.append(Message("pack-file-missing", {"file": file}))
    except UnicodeDecodeError:
        faults.append(Message("pack-not-utf8", {"file": file}))
    except OSError as error:
        faults.append(Message("pack-unreadable", {"file": file, "detail": error.strerror or type(error).__name__}))
    return None
