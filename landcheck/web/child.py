"""What a child of the server runs: the command line itself, within bounds, and gone as soon as the server is.

Started as ``python -P -m landcheck.web.child check ...``: -P, because the folder it works in holds files of strangers.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from contextlib import suppress
from threading import Thread

from landcheck.lean import own_process
from landcheck.web.bounds import MEMORY, UNPACKED

OUT_OF_ROOM = 4


def main() -> None:
    """Run the command line with the arguments given."""
    try:
        own_process()
        _bound()
        Thread(target=_end_with_the_server, daemon=True).start()
        runpy.run_module("landcheck", run_name="__main__", alter_sys=True)
    except (MemoryError, ImportError, RuntimeError):  # where there is no room for a library or a thread
        os._exit(OUT_OF_ROOM)


def _bound() -> None:
    """Soft limits: a reader in a process apart sets limits of its own, and may not raise a hard one."""
    from landcheck.read import archive

    archive.BYTES_AT_MOST = UNPACKED
    with suppress(ImportError):  # there are no such limits on Windows
        import resource

        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, UNPACKED), (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _end_with_the_server() -> None:
    """Standard input is a pipe that only the server holds: at its end this process and its children are killed."""
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
