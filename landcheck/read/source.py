"""An input on its way to a reader: where it lies, and what it is called in everything that is shown."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from landcheck.errors import InputError
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
        worked_out = begun(files if files and self.origin == (self.path,) else named)

        def result() -> str:
            try:
                return worked_out()
            except OSError as error:
                raise self.refused(error) from error

        return result

    def refused(self, error: OSError) -> InputError:
        """What the system refused, with the very file, which may be another one than the user named."""
        reason = error.strerror or type(error).__name__
        if error.errno == errno.ENOSPC:
            return InputError("read-no-room", file=self.file, folder=tempfile.gettempdir())
        return InputError("read-cannot-open", file=self._called(error.filename), reason=reason)

    def _called(self, named: object) -> str:
        """How to name to the user a file in this folder, or beside this file."""
        if not isinstance(named, str | os.PathLike) or Path(named) == self.path:
            return self.file
        for folder, told in ((self.path, Path(self.file)), (self.path.parent, Path(self.file).parent)):
            if Path(named).is_relative_to(folder):
                inside = Path(named).relative_to(folder)
                return readable((told / inside).as_posix() if inside.parts else folder.name or folder.as_posix())
        return self.file


def shown(path: str) -> str:
    """The path as the user gave it where it is relative, else its last part: no absolute path reaches a report."""
    given = Path(path)
    return readable(given.name if given.is_absolute() else given.as_posix())


def readable(name: str) -> str:
    """The name of a file in one line; bytes that the system's own encoding does not take as UTF-8, or else GBK."""
    name = re.sub(r"[\x00-\x1f\x7f]", "\ufffd", name)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return _decoded(os.fsencode(name.replace("\ufffd", "?")))
    return name


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
