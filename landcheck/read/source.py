"""An input on its way to a reader: where it lies, and what it is called in everything that is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from landcheck.messages import Message
from landcheck.model import InputInfo
from landcheck.read.digest import begun, files_of


@dataclass(frozen=True, slots=True)
class Source:
    """One file or folder to read, for one role.

    ``file`` is its name in messages (relative as the user gave it), ``path`` where its bytes lie, which is
    another place once an archive was unpacked. ``origin`` is what the fingerprint is taken of: the archive itself,
    or what was picked from a folder.
    """

    file: str
    path: Path
    origin: tuple[Path, ...]
    role: str
    layer: str | None = None
    encoding: str | None = None
    keep: tuple[object, ...] = ()
    notes: tuple[Message, ...] = ()

    def info(self, layer: str | None, encoding: str | None, rows: int, *notes: Message) -> InputInfo:
        """The provenance of this source, with its fingerprint."""
        return replace(self.unmarked(layer, encoding, rows, *notes), sha256=self.fingerprint()())

    def unmarked(self, layer: str | None, encoding: str | None, rows: int, *notes: Message) -> InputInfo:
        """The same without the fingerprint, for a layer that has it when its rows are read."""
        return InputInfo(self.role, self.file, layer, None, encoding, max(rows, 0), "", self.notes + notes)

    def fingerprint(self, files: tuple[Path, ...] = ()) -> Callable[[], str]:
        """The fingerprint, worked out aside; ``files`` are those it covers where they are several."""
        named = [file for origin in self.origin for file in files_of(origin)]
        return begun(files if files and self.origin == (self.path,) else named)


def shown(path: str) -> str:
    """The path as the user gave it where it is relative, else its last part: no absolute path reaches a report."""
    given = Path(path)
    return given.name if given.is_absolute() else given.as_posix()
