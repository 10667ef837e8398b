"""Copies of inputs in temporary folders, so that nothing is ever written beside the inputs themselves."""

from __future__ import annotations

import shutil
from pathlib import Path


def same_file(source: Path, copy: Path) -> None:
    """A link to the file, or a copy where links are not allowed (Windows)."""
    try:
        copy.symlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, copy)
