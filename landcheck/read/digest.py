"""The fingerprint of an input's content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

CHUNK = 1 << 20


def sha256(files: Iterable[Path]) -> str:
    """SHA-256 of the files' bytes, in the order given, as hexadecimal digits."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def files_of(path: Path) -> tuple[Path, ...]:
    """The file itself, or every file of a folder, in a fixed order."""
    if path.is_file():
        return (path,)
    return tuple(sorted(file for file in path.rglob("*") if file.is_file()))
