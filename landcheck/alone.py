"""What is one for the whole process, as warnings and the settings of GDAL are: one thread at a time changes it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

ALONE = RLock()


@contextmanager
def with_warnings_apart() -> Iterator[None]:
    """Filters that are set meanwhile are gone afterwards; other threads wait, or they would put back each other's."""
    with ALONE, warnings.catch_warnings():
        yield
