"""What a process of our own, the command line or a child, does without and takes over from its libraries."""

from __future__ import annotations

import atexit
import gc
import mmap
import os
import signal
import sys
import warnings
from typing import NoReturn

PANDAS = ("pandas", "geopandas")
ENVIRONMENT = {"NUMPY_MADVISE_HUGEPAGE": "0", "ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
# Python looks for circles of objects after so many new ones; findings are many and never lie in a circle
OBJECTS = 100_000
MUCH = 600 * 2**20


def own_process() -> None:
    """To be called before any library is imported; not for a process that is somebody else's.

    Without pandas, which pyogrio and pyarrow import where it is there: it takes longer than most reading, and 60 MB.
    Batches come and go: pages of two megabytes for numpy's arrays, or a pool of Arrow's own, have the system blank much
    more memory than the C library asks for. No matrix here is large enough for threads of OpenBLAS, which spin.
    """
    if not any(isinstance(finder, _Absent) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Absent())
    if not sys.warnoptions:  # a warning of a library says nothing to a user; what is wrong is a finding
        warnings.simplefilter("ignore")
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    gc.set_threshold(OBJECTS)


def give_back() -> None:
    """What is free goes back to the system once much is held: glibc keeps it where it lies between what is in use."""
    if sys.platform != "linux" or _held() < MUCH:
        return
    import ctypes

    if hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def _held() -> int:
    """The memory of the process, in bytes."""
    from pathlib import Path

    return int(Path("/proc/self/statm").read_bytes().split()[1]) * mmap.PAGESIZE


def leave(status: int) -> NoReturn:
    """End the process; what is written must be flushed. Temporary folders go, as at any end.

    The objects of a large run are not taken apart one by one: the system takes the memory back in no time, where the
    interpreter would take an eighth of a second after a million parcels.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is said and written
    atexit._run_exitfuncs()
    os._exit(status)


class _Absent:
    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name in PANDAS:
            raise ModuleNotFoundError(name)
