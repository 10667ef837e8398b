"""An input on its way to a reader: where it lies, and what it is called in everything that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landcheck.messages import Message
from landcheck.model import InputInfo
from landcheck.read.digest import files_of, sha256


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

    def info(
        self, layer: str | None, encoding: str | None, rows: int, files: tuple[Path, ...] = (), *notes: Message
    ) -> InputInfo:
        """The provenance of this source; ``files`` are those the fingerprint covers where they are several."""
        named = [file for origin in self.origin for file in files_of(origin)]
        fingerprint = sha256(files if files and self.origin == (self.path,) else named)
        return InputInfo(self.role, self.file, layer, None, encoding, max(rows, 0), fingerprint, self.notes + notes)


def shown(path: str) -> str:
    """The path as the user gave it where it is relative, else its last part: no absolute path reaches a report."""
    given = Path(path)
    return given.name if given.is_absolute() else given.as_posix()
