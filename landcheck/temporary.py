"""Temporary folders and files of a run: private, gone with what holds them, or with the next run where it was killed.

A folder is called after the machine and the process that made it, ``landcheck-HOST-PID-...``; a draft beside a report
has a dot before that. Whoever makes one first removes those of processes of this machine that are gone.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import weakref
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path
from platform import node

PREFIX, DRAFT = "landcheck-", ".landcheck-"


class Folder:
    """A folder under the system's temporary folder, or a draft in another; ``name`` is its path."""

    def __init__(self, within: Path | None = None) -> None:
        prefix = PREFIX if within is None else DRAFT
        _clear(Path(tempfile.gettempdir()) if within is None else within, prefix)
        self.name = tempfile.mkdtemp(prefix=f"{prefix}{_host()}-{os.getpid()}-", dir=within)
        self._remove = weakref.finalize(self, shutil.rmtree, self.name, ignore_errors=True)

    def __enter__(self) -> str:
        return self.name

    def __exit__(self, *_: object) -> None:
        self._remove()


def nameless_file(holder: object) -> BufferedRandom:
    """A file without a name, open for writing and reading, closed when ``holder`` goes."""
    file = tempfile.TemporaryFile(prefix=PREFIX)  # noqa: SIM115 - lives as long as its holder
    weakref.finalize(holder, file.close)
    return file


def _host() -> str:
    """The machine: a folder may be shared, and a process of another cannot be asked for."""
    return re.sub(r"[^A-Za-z0-9]", "", node()) or "local"


def _clear(folder: Path, prefix: str) -> None:
    """Remove what processes left there that are gone; what cannot be removed stays."""
    mine = re.compile(rf"{re.escape(prefix)}{_host()}-([0-9]+)-[^-]+")
    with suppress(OSError):
        for name in [entry.name for entry in folder.iterdir()]:
            found = mine.fullmatch(name)
            if found and not _alive(int(found[1])):
                shutil.rmtree(folder / name, ignore_errors=True)


def _alive(process: int) -> bool:
    if sys.platform == "win32":  # where asking for a process would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
