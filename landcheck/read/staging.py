"""Copies of inputs in temporary folders, so that nothing is ever written beside the inputs themselves."""

from __future__ import annotations

import os
import re
import shutil
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from landcheck import temporary
from landcheck.read.encoding import codec_of
from landcheck.read.source import Source, readable

TOGETHER = frozenset(
    (".shp", ".shx", ".dbf", ".prj", ".cpg", ".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid", ".xsd")
)
HARD = re.compile(r"[;!%\x00-\x1f\x7f\ud800-\udfff]|^[A-Za-z][A-Za-z0-9+.-]+:")
"""What in a path is taken for something else: pyogrio reads an address (``a.zip!b``, ``zip:a``, ``a;b``), SQLite's
driver a percent sign, and bytes that are no text of the system's encoding go nowhere beyond Python."""


def same_file(source: Path, copy: Path) -> None:
    """A link to the file, or a copy where links are not allowed (Windows)."""
    try:
        copy.symlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, copy)


def has_plain_name(path: Path) -> bool:
    """Whether every reader takes this path for what it is, also with its links followed."""
    return not any(HARD.search(place) for place in (path.as_posix(), os.path.realpath(path)))


def under_plain_name(source: Source) -> Source:
    """The same data as a copy under a name that every reader takes; a folder stays, its files are copied one by one."""
    path = source.path
    if path.is_dir() and path.suffix.lower() != ".gdb":
        return source
    folder = temporary.Folder()
    copy = Path(folder.name) / (_plain(path.stem) + path.suffix)
    if path.is_dir():
        shutil.copytree(path, copy)
    else:
        for file, name in _together(path, copy.stem):
            shutil.copyfile(file, copy.with_name(name))
    origin = (copy,) if source.origin == (path,) else source.origin
    return replace(source, path=copy, origin=origin, keep=(*source.keep, folder))


def without_mark(source: Source) -> Source:
    """The same text without UTF-8's byte order mark where the user names another encoding; else the source itself."""
    codec = codec_of(source.encoding) if source.encoding else None
    with source.path.open("rb") as text:
        if codec in (None, "utf-8") or text.read(len(BOM_UTF8)) != BOM_UTF8:
            return source
        folder = temporary.Folder()
        path = Path(folder.name) / source.path.name
        with path.open("wb") as copy:
            shutil.copyfileobj(text, copy)
    return replace(source, path=path, keep=(*source.keep, folder))


def _plain(stem: str) -> str:
    text = HARD.sub("_", readable(stem))
    return text if text.isascii() else "data"


def _together(path: Path, stem: str) -> Iterator[tuple[Path, str]]:
    """The file with those beside it that belong to it, and the name of each copy; another case stays another case."""
    for file in path.parent.iterdir():
        journal = file.name in (path.name + "-wal", path.name + "-journal")
        part = file.stem.casefold() == path.stem.casefold() and file.suffix.lower() in TOGETHER
        if file.is_file() and (file == path or journal or part):
            yield file, (stem if file.name.startswith(path.stem) else stem.swapcase()) + file.name[len(path.stem) :]
