"""The fingerprint of an input's content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from threading import Thread

CHUNK = 1 << 20


def sha256(files: Iterable[Path]) -> str:
    """SHA-256 of the files' bytes, in the order given, as hexadecimal digits."""
    return begun(files)()


def begun(files: Iterable[Path]) -> Callable[[], str]:
    """The same, worked out by a thread of its own from now on; what is returned waits for it."""
    return _begun(tuple((file, file.stat().st_size, file.stat().st_mtime_ns) for file in files)).result


@lru_cache(maxsize=64)
def _begun(files: tuple[tuple[Path, int, int], ...]) -> Future[str]:
    """Once for each state of the files: a GeoPackage may supply five layers."""
    found: Future[str] = Future()
    Thread(target=_work_out, args=(found, [file for file, _, _ in files]), daemon=True).start()
    return found


def _work_out(found: Future[str], files: Sequence[Path]) -> None:
    digest = hashlib.sha256()
    try:
        for file in files:
            with file.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
    except OSError as error:
        found.set_exception(error)
    else:
        found.set_result(digest.hexdigest())


def joint(digests: Sequence[str]) -> str:
    """Of several files by the fingerprints of each, in their order; a single one keeps its own."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def files_of(path: Path) -> tuple[Path, ...]:
    """The file itself, or every file of a folder, in a fixed order."""
    if path.is_file():
        return (path,)
    return tuple(sorted(file for file in path.rglob("*") if file.is_file()))
