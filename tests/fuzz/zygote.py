"""Runs landcheck many times, each time in a fork of this process, which has imported everything already.

Cases come as JSON lines on standard input, outcomes go as JSON lines to standard output. A crash, a hang or a leak of
one case is the end of its fork only, and the system's own account of it gives the most memory it held.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import signal
import sys
import time
from typing import Any

ADDRESS_SPACE = 6 << 30


def prepare() -> None:
    """Import what a check imports; nothing is run, so that no threads are lost in a fork."""
    import geopandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import pyogrio  # noqa: F401
    import python_calamine  # noqa: F401
    import shapely  # noqa: F401


def case(arguments: list[str], folder: str, out: str) -> None:
    """In the fork: the run itself, its output into files, ended like a program."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stream, descriptor in (("out", 1), ("err", 2)):
        file = os.open(os.path.join(out, stream), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)  # noqa: PTH118 - a path as text
        os.dup2(file, descriptor)
    os.chdir(folder)
    os.environ["TMPDIR"] = os.path.join(out, "tmp")  # noqa: PTH118 - a path as text
    sys.stdout, sys.stderr = open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8")  # noqa: SIM115 - the streams of the process
    sys.argv = ["landcheck", *arguments]
    status: Any = 0
    try:
        from landcheck.cli.app import main

        main()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 99
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 98)


def watch(process: int, seconds: float) -> dict[str, Any]:
    """Wait for the fork; end it and all it started where it takes too long."""
    start = time.monotonic()
    hung = False
    while True:
        ended, status, usage = os.wait4(process, os.WNOHANG)
        if ended:
            return {
                "status": os.waitstatus_to_exitcode(status),
                "hung": hung,
                "seconds": time.monotonic() - start,
                "megabytes": usage.ru_maxrss / 1024,
                "cpu": usage.ru_utime + usage.ru_stime,
            }
        if time.monotonic() - start > seconds and not hung:
            hung = True
            os.killpg(process, signal.SIGKILL)
        time.sleep(0.005)


def serve() -> None:
    """Answer every line until the input ends."""
    prepare()
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.flush()
        process = os.fork()
        if process == 0:
            case(asked["arguments"], asked["folder"], asked["out"])
        sys.stdout.write(json.dumps(watch(process, asked["seconds"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
