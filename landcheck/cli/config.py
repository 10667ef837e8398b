"""``landcheck.toml``: the options of a project, written down once."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from landcheck.errors import UsageError

NAME = "landcheck.toml"
SOURCES = ("parks", "zones", "green", "buildings", "attributes")
PATHS = (*SOURCES, "waivers", "baseline")
WORDS = ("layer", "reading", "encoding", "crs", "area_basis", "share_denominator", "lang", "show")
CLUSTER = ("engine", "scheduler")  # where a check is worked out; says nothing of what it finds
LISTS = ("pack", "fail_on")
SWITCHES = ("assumptions", "keep_geometry")
NUMBERS = ("workers",)


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says; ``options`` hold the long options' names with underscores."""

    path: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    maps: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()

    def get(self, name: str, given: Any) -> Any:
        """The command line's value where there is one, else the file's."""
        return self.options.get(name) if given in (None, [], ()) else given


def load(path: str | None) -> Config:
    """The file named, else ``landcheck.toml`` of this folder, else nothing. UsageError with file and key."""
    file = Path(path or NAME)
    if not file.is_file():
        if path is not None:
            raise UsageError("config-missing", file=path)
        return Config()
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError("config-unreadable", file=str(path or NAME), reason=str(error)) from error
    return _parsed(content, str(path or NAME), file.parent)


def _parsed(content: dict[str, Any], file: str, folder: Path) -> Config:
    maps = _maps(content.pop("map", {}), file)
    sets = tuple(f"{name}={value}" for name, value in _table(content.pop("set", {}), "set", file).items())
    options = {key: _option(key, value, file, folder) for key, value in content.items()}
    return Config(file, options, maps, sets)


def _option(key: str, value: Any, file: str, folder: Path) -> Any:
    if key in PATHS and isinstance(value, str) and value:
        return value if "://" in value else (folder / value).as_posix()
    if key in (*WORDS, *CLUSTER) and isinstance(value, str):
        return value
    if key in LISTS and isinstance(value, str | list):
        return [value] if isinstance(value, str) else [str(item) for item in value]
    if key in SWITCHES and isinstance(value, bool):
        return value
    if key in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return value
    if key == "as_of" and isinstance(value, dt.date | str):
        return str(value)
    keys = (*PATHS, *WORDS, *LISTS, *SWITCHES, *CLUSTER, *NUMBERS, "as_of")
    raise UsageError("config-wrong-value" if key in keys else "config-unknown-key", file=file, key=key,
                     known=sorted((*keys, "map", "set")))  # fmt: skip


def _maps(table: Any, file: str) -> tuple[str, ...]:
    lines = []
    for key, value in _table(table, "map", file).items():
        inner = value if isinstance(value, dict) else {"": value}
        for name, column in inner.items():
            if not isinstance(column, str):
                raise UsageError("config-wrong-value", file=file, key=f"map.{key}", known=["COLUMN[:UNIT]"])
            lines.append(f"{key}.{name}={column}" if name else f"{key}={column}")
    return tuple(lines)


def _table(value: Any, key: str, file: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError("config-wrong-value", file=file, key=key, known=[f"[{key}]"])
    return value
