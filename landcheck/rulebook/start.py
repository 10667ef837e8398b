"""A pack to start from: one card that passes the gate as written, to be replaced line by line."""

from __future__ import annotations

import re
from pathlib import Path

from landcheck.errors import UsageError
from landcheck.rulebook.load import AUTO, pack_names

TEMPLATE = Path(__file__).parent / "template"
PLACE_OF_NAME = "@PACK@"
NAME = re.compile(r"\w[\w.-]*")


def new_pack(directory: str | Path) -> tuple[Path, ...]:
    """Writes a pack into a new or empty directory, whose name becomes the pack's; the files written, sorted.

    UsageError where something is there already, where the name cannot be a pack's, or where nothing can be written.
    """
    home = Path(directory)
    name = home.resolve().name
    if not NAME.fullmatch(name):
        raise UsageError("new-pack-name", name=name)
    if name in (AUTO, *pack_names()):
        raise UsageError("new-pack-name-taken", name=name)
    try:
        return _write(home, name)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise UsageError("new-pack-unwritable", directory=str(directory), detail=detail) from error


def _write(home: Path, name: str) -> tuple[Path, ...]:
    if home.exists() and not home.is_dir():
        raise UsageError("new-pack-no-directory", directory=str(home))
    if home.is_dir() and any(home.iterdir()):
        raise UsageError("new-pack-not-empty", directory=str(home))
    home.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(TEMPLATE.iterdir()):
        path = home / source.name
        text = source.read_text(encoding="utf-8").replace(PLACE_OF_NAME, name)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)
