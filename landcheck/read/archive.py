"""Zip archives, unpacked with limits: names from GBK Windows, no way out of the folder, no bomb, no archive inside."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from weakref import WeakValueDictionary

from landcheck import temporary
from landcheck.bounded import reason
from landcheck.errors import InputError

ENTRIES_AT_MOST = 10_000
BYTES_AT_MOST = 8 << 30
RATIO_AT_MOST = 200
RATIO_COUNTS_FROM = 64 << 20
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1
NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")

_unpacked: WeakValueDictionary[tuple[str, int, int], temporary.Folder] = WeakValueDictionary()


def unpack(path: Path, file: str) -> temporary.Folder:
    """Unpack into a temporary folder that lives as long as the object returned; InputError for a hostile archive.

    While it lives, the same archive is not unpacked again: each layer of a run asks for it.
    """
    known = path.stat()
    key = str(path.resolve()), known.st_mtime_ns, known.st_size
    folder = _unpacked.get(key)
    if folder is None:
        folder = _unpacked[key] = _unpack(path, file)
    return folder


def _unpack(path: Path, file: str) -> temporary.Folder:
    folder = temporary.Folder()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = list(_entries(archive, file))
            refuse_bomb(archive, path, file)
            for entry, inside in entries:
                target = Path(folder.name) / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as packed, target.open("wb") as unpacked:  # as many bytes as it announces
                    shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise InputError("read-archive-damaged", file=file, reason=reason(error)) from error
    except (RuntimeError, NotImplementedError) as error:
        raise InputError("read-archive-method", file=file, reason=str(error)) from error
    return folder


def _entries(archive: zipfile.ZipFile, file: str) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The entries that are files, with the path each gets; InputError for a name that leads elsewhere."""
    seen: set[str] = set()
    if len(archive.infolist()) > ENTRIES_AT_MOST:
        raise InputError("read-archive-entries", file=file, limit=ENTRIES_AT_MOST)
    for entry in archive.infolist():
        name = _name(entry)
        inside = PurePosixPath(name.replace("\\", "/"))
        if entry.filename.endswith("/") or any(part in NOISE or part.startswith("._") for part in inside.parts):
            continue
        is_link = stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR)
        if not inside.parts:
            raise InputError("read-archive-nameless", file=file)
        if inside.is_absolute() or ".." in inside.parts or ":" in name or is_link:
            raise InputError("read-archive-unsafe", file=file, entry=name)
        if (folded := str(inside).casefold()) in seen:
            raise InputError("read-archive-twice", file=file, entry=name)
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise InputError("read-archive-password", file=file, entry=name)
        seen.add(folded)
        yield entry, inside


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; one not marked as UTF-8 is UTF-8 all the same, or GBK as Chinese Windows writes it."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.filename


def refuse_bomb(archive: zipfile.ZipFile, path: Path, file: str) -> None:
    """InputError for an archive that unpacks to far more than it is."""
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > min(BYTES_AT_MOST, max(RATIO_COUNTS_FROM, RATIO_AT_MOST * max(path.stat().st_size, 1))):
        raise InputError("read-archive-bomb", file=file, limit=BYTES_AT_MOST >> 30, ratio=RATIO_AT_MOST)
