"""The fingerprint of an input's content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

CHUNK = 1 << 20


def sha256(files: Iterable[Path]) -> str:
    """SHA-256 of the files' bytes, in the order given, as hexadecimal digits."""
    return _digest(tuple((file, file.stat().st_size, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=64)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Once for each state of the files: a GeoPackage may supply five layers."""
    digest = hashlib.sha256()
    for file, _, _ in files:
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def joint(digests: Sequence[str]) -> str:
    """Of several files by the fingerprints of each, in their order; a single one keeps its own."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def files_of(path: Path) -> tuple[Path, ...]:
    """The file itself, or every file of a folder, in a fixed order."""
    if path.is_file():
        return (path,)
    return tuple(sorted(file for file in path.rglob("*") if file.is_file()))
