"""Temporary folders and files of a run: private, named ``landcheck-...``, gone with the object that holds them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from io import BufferedRandom

PREFIX = "landcheck-"


class Folder:
    """A folder under the system's temporary folder; ``name`` is its path."""

    def __init__(self) -> None:
        self.name = tempfile.mkdtemp(prefix=PREFIX)
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
