"""An input on its way to a driver: where its bytes lie, what it is called to the user, and its fingerprint.

Nothing is ever written beside an input: what must be altered before it is read is a copy in a temporary folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from landcheck import temporary
from landcheck.bounded import reason
from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, InputInfo, Level, Subject

CHUNK = 1 << 20
HARD = re.compile(r"[;!%\x00-\x1f\x7f\ud800-\udfff]|^[A-Za-z][A-Za-z0-9+.-]+:")
"""What in a path is taken for something else: pyogrio reads an address (``a.zip!b``, ``zip:a``, ``a;b``), SQLite's
driver a percent sign, and bytes that are no text of the system's encoding go nowhere beyond Python."""


@dataclass(frozen=True, slots=True)
class DataSource:
    """One file or folder to read, for one role.

    ``file`` is its name in messages (relative as the user gave it), ``path`` where its bytes lie, which is another
    place once an archive was unpacked or a copy made. ``origin`` is what the fingerprint is taken of: the archive
    itself, what was picked from a folder, or the file with those that belong to it. ``keep`` holds the temporary
    folders the bytes lie in; ``notes`` and ``findings`` what was decided and found wrong on the way.
    """

    file: str
    path: Path
    origin: tuple[Path, ...]
    role: str
    layer: str | None = None
    encoding: str | None = None
    keep: tuple[object, ...] = ()
    notes: tuple[Message, ...] = ()
    findings: tuple[DataFinding, ...] = ()

    def finding(self, level: Level, code: str, rule: str = "data/value", **values: Any) -> DataFinding:
        """A finding about this source as a whole; the value ``row`` (from 1) is the first row it concerns."""
        message = Message(code, {"file": self.file, **values})
        return DataFinding(rule, level, Subject("layer", self.role), message, values.get("row"))

    def info(self, layer: str | None, encoding: str | None, rows: int, *notes: Message, sha256: str = "") -> InputInfo:
        """The provenance of this source; without its fingerprint where a layer has that when its rows are read."""
        return InputInfo(self.role, self.file, layer, None, encoding, max(rows, 0), sha256, self.notes + notes)

    def repeated(self, names: Iterable[str]) -> tuple[DataFinding, ...]:
        """One warning for every column name that stands more than once."""
        return tuple(self.finding(Level.WARNING, "read-column-twice", column=name) for name in names)

    def made_of(self, files: Iterable[Path]) -> DataSource:
        """The same with the files that belong together as its origin, unless that is an archive or a folder."""
        return replace(self, origin=tuple(files)) if self.origin == (self.path,) else self

    def placed(self, name: str = "") -> DataSource:
        """The same at a place in a new temporary folder, where whoever asks is to write it."""
        folder = temporary.Folder()
        return replace(self, path=Path(folder.name) / (name or self.path.name), keep=(*self.keep, folder))

    def fingerprint(self) -> Callable[[], str]:
        """The fingerprint of the origin, worked out by a thread from now on; what is returned waits for it."""
        files = [file for origin in self.origin for file in files_of(origin)]
        worked_out = _begun(tuple((file, file.stat().st_size, file.stat().st_mtime_ns) for file in files)).result

        def result() -> str:
            try:
                return worked_out()
            except OSError as error:
                raise self.refused(error) from error

        return result

    def refused(self, error: OSError) -> InputError:
        """What the system refused, with the very file, which may be another one than the user named."""
        if error.errno == errno.ENOSPC:
            return InputError("read-no-room", file=self.file, folder=tempfile.gettempdir())
        return InputError("read-cannot-open", file=self._called(error.filename), reason=reason(error))

    def _called(self, named: object) -> str:
        """How to name to the user a file in this folder, or beside this file."""
        if not isinstance(named, str | os.PathLike) or Path(named) == self.path:
            return self.file
        for folder, called in ((self.path, Path(self.file)), (self.path.parent, Path(self.file).parent)):
            if Path(named).is_relative_to(folder):
                inside = Path(named).relative_to(folder)
                return readable((called / inside).as_posix() if inside.parts else folder.name or folder.as_posix())
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
        raw = os.fsencode(name.replace("\ufffd", "?"))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("gb18030", errors="replace")
    return name


def sha256(files: Iterable[Path]) -> str:
    """SHA-256 of the files' bytes, in the order given, as hexadecimal digits."""
    return sha256_of(file.open("rb") for file in files)


def sha256_of(streams: Iterable[Any]) -> str:
    """SHA-256 of what stands in open files, one after the other; they are closed."""
    digest = hashlib.sha256()
    for stream in streams:
        with stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def joint_sha256(digests: Sequence[str]) -> str:
    """Of several files by the fingerprints of each, in their order; a single one keeps its own."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


@lru_cache(maxsize=64)
def _begun(files: tuple[tuple[Path, int, int], ...]) -> Future[str]:
    """The fingerprint of files with their size and time, worked out once: a GeoPackage may supply five layers."""
    found: Future[str] = Future()

    def work_out() -> None:
        try:
            found.set_result(sha256(file for file, _, _ in files))
        except Exception as error:
            found.set_exception(error)

    Thread(target=work_out, daemon=True).start()
    return found


def files_of(path: Path) -> tuple[Path, ...]:
    """The file itself, or every file of a folder, in a fixed order."""
    if path.is_file():
        return (path,)
    return tuple(sorted(file for file in path.rglob("*") if file.is_file()))


def link_or_copy(source: Path, copy: Path) -> None:
    """A link to the file, or a copy where links are not allowed (Windows)."""
    try:
        copy.symlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, copy)


def has_plain_name(path: Path) -> bool:
    """Whether every reader takes this path for what it is, also with its links followed."""
    return not any(HARD.search(place) for place in (path.as_posix(), os.path.realpath(path)))


def under_plain_name(source: DataSource, parts: Collection[str]) -> DataSource:
    """The same data as a copy under a name that every reader takes; a folder stays, its files are copied one by one.

    ``parts`` are the suffixes of files that belong to the one of the same name beside them.
    """
    path = source.path
    if path.is_dir() and path.suffix.lower() != ".gdb":
        return source
    stem = HARD.sub("_", readable(path.stem))
    copy = source.placed((stem if stem.isascii() else "data") + path.suffix)
    if path.is_dir():
        shutil.copytree(path, copy.path)
    else:
        for file, name in _together(path, copy.path.stem, parts):
            shutil.copyfile(file, copy.path.with_name(name))
    return replace(copy, origin=(copy.path,)) if source.origin == (path,) else copy


def _together(path: Path, stem: str, parts: Collection[str]) -> Iterator[tuple[Path, str]]:
    """The file with those beside it that belong to it, and the name of each copy; another case stays another case."""
    for file in path.parent.iterdir():
        journal = file.name in (path.name + "-wal", path.name + "-journal")
        part = file.stem.casefold() == path.stem.casefold() and file.suffix.lower() in parts
        if file.is_file() and (file == path or journal or part):
            yield file, (stem if file.name.startswith(path.stem) else stem.swapcase()) + file.name[len(path.stem) :]
