"""One check on a cluster of this machine: the JSON report on standard output, what it took in a file."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cities import AS_OF
from distributed import Client, LocalCluster

from landcheck import Request, render
from landcheck.cluster import Cluster, check
from landcheck.report.options import Options


def main(parcels: str, told: Path, workers: int, *, lost: bool) -> None:
    """Run it, and kill a worker half-way where one is to be lost."""
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as local,
        Client(local) as client,
    ):
        client.wait_for_workers(workers)
        request = Request(parcels, as_of=dt.date.fromisoformat(AS_OF))
        report = check(Cluster(local.scheduler_address), request, _progress(client, lost=lost))
        size = 0
        for piece in render(report, "json", Options("en")):
            size += sys.stdout.write(piece)
        sys.stdout.flush()
        spent = client.run(_spent).values()
        told.write_text(json.dumps({
            "memory of the client": _peak(),
            "memory of all workers": sum(peak for _, peak in spent),
            "core seconds of the workers": sum(seconds for seconds, _ in spent),
            "core seconds of the client": time.process_time(),
            "JSON report": size,
        }), encoding="utf-8")  # fmt: skip


def _progress(client: Client, *, lost: bool) -> Callable[[int, int], None]:
    left = [lost]

    def progress(done: int, total: int) -> None:
        if left[0] and done * 2 >= total:
            left[0] = False
            os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)

    return progress


def _spent() -> tuple[float, int]:
    return time.process_time(), _peak()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), lost=sys.argv[4] == "1")
