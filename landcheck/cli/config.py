"""``landcheck.toml``: the options of a project, written down once."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any, NamedTuple

from landcheck.cli.option_table import DELIVERY
from landcheck.errors import UsageError, nearest
from landcheck.request import OPTIONS

NAME = "landcheck.toml"
TABLES = ("map", "set")
# The options that may stand in the file, by their key.
KEYS = {
    option.name if option.key is None else option.key: option
    for option in (*OPTIONS, *DELIVERY)
    if option.key != "" and option.form not in TABLES
}


class Config(NamedTuple):
    """What a configuration file says: ``options`` by key, ``tables`` as lines such as the command line takes."""

    path: str | None
    options: dict[str, Any]
    tables: dict[str, list[str]]


NONE = Config(None, {}, {"map": [], "set": []})


def load(path: str | None) -> Config:
    """The file named, else ``landcheck.toml`` of this folder, else nothing. UsageError with file and key."""
    file = Path(path or NAME)
    if not os.path.lexists(file):
        if path is not None:
            raise UsageError("config-missing", file=path)
        return NONE
    from landcheck.bounded import SETTINGS, octets, reason, toml

    name = str(path or NAME)
    try:
        content = toml(octets(name, name, SETTINGS, UsageError), name)
    except (ValueError, OSError) as error:
        raise UsageError("config-unreadable", file=name, reason=reason(error)) from error
    maps = _map_lines(content.pop("map", {}), name)
    sets = [f"{key}={value}" for key, value in _table(content.pop("set", {}), "set", name).items()]
    content |= {f"project.{key}": value for key, value in _table(content.pop("project", {}), "project", name).items()}
    options = {key: _value(key, value, name, file.parent) for key, value in content.items()}
    return Config(name, options, {"map": maps, "set": sets})


def _value(key: str, value: Any, file: str, folder: Path) -> Any:
    from decimal import Decimal

    option = KEYS.get(key)
    match (option.form if option else "", value):
        case "path", str() if value:
            return value if "://" in value else (folder / value).as_posix()
        case ("text", str()) | ("switch" | "off", bool()):
            return value
        case ("number", int()) | ("amount", int() | Decimal()) if not isinstance(value, bool):
            return value
        case "list", str() | list():
            return [value] if isinstance(value, str) else [str(item) for item in value]
        case "date", dt.date() | str():
            return str(value)
    known = KEYS if "." in key else {*(one.partition(".")[0] for one in KEYS), *TABLES}
    code = "config-wrong-value" if option else "config-unknown-key"
    raise UsageError(code, file=file, key=key, known=nearest(key, sorted(known)))


def _map_lines(table: Any, file: str) -> list[str]:
    lines = []
    for key, value in _table(table, "map", file).items():
        inner = value if isinstance(value, dict) else {"": value}
        for name, column in inner.items():
            if not isinstance(column, str):
                raise UsageError("config-wrong-value", file=file, key=f"map.{key}", known=["COLUMN[:UNIT]"])
            lines.append(f"{key}.{name}={column}" if name else f"{key}={column}")
    return lines


def _table(value: Any, key: str, file: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError("config-wrong-value", file=file, key=key, known=[f"[{key}]"])
    return value
