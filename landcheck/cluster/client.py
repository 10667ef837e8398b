"""The client of a cluster: how it is reached, the tasks it is given, and what goes wrong with it in words."""

from __future__ import annotations

import logging
import signal
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import count
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from landcheck.cluster import tasks
from landcheck.errors import LandcheckError, UsageError
from landcheck.request import Cluster
from landcheck.version import __version__

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 15
WORKER_SECONDS = 60
# how long a cluster may be without any worker before it is given up
ALONE_SECONDS = 120
POLL_SECONDS = 0.02


def refuse_without_dask() -> None:
    """UsageError where the extra is not installed."""
    if find_spec("distributed") is None:
        raise UsageError("cluster-no-dask")


@contextmanager
def connected(cluster: Cluster) -> Iterator[Client]:
    """A client of the cluster, whose workers have this very landcheck. LandcheckError for all that a cluster can do."""
    from distributed.scheduler import KilledWorker

    with ExitStack() as stack, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="distributed")
        stack.enter_context(_silence())
        client = stack.enter_context(_client(cluster, stack))
        _await_workers(client)
        try:
            yield client
        except KilledWorker as error:
            raise LandcheckError("cluster-worker-killed", task=str(error.task).split("-")[1]) from error
        except (CancelledError, OSError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            raise LandcheckError("cluster-lost", reason=reason) from error


class Work:
    """Tasks of one run. Their keys are its own: what another run left on the cluster is never taken for theirs."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._run = uuid4().hex
        self._number = count()

    def submit(self, task: Callable[..., Any], *values: Any) -> Future:
        """One task; futures among its values are replaced by their results where it runs."""
        key = f"landcheck-{task.__name__}-{self._run}-{next(self._number)}"
        return self.client.submit(task, *values, key=key, pure=True)

    def completed(self, futures: Sequence[Future]) -> Iterator[Future]:
        """Each as it is done; raises what one of them raised, or LandcheckError where no worker is left."""
        from distributed import as_completed

        waiting, seen = as_completed(futures, loop=self.client.loop), time.monotonic()
        while not waiting.is_empty():
            if not waiting.has_ready():
                time.sleep(POLL_SECONDS)
                seen = self._seen(seen)
                continue
            for future in waiting.next_batch(block=False):
                if future.status != "finished":
                    future.result()
                yield future

    def results(self, futures: Sequence[Future]) -> Iterator[Any]:
        """The results in the order of the futures; each is let go once it is taken."""
        waiting = list(futures)
        for _ in self.completed(waiting):
            pass
        while waiting:
            yield waiting.pop(0).result()

    def _seen(self, before: float) -> float:
        """When the cluster last had a worker."""
        now = time.monotonic()
        if now - before < 1:
            return before
        if self.client.nthreads():
            return now
        if now - before > ALONE_SECONDS:
            raise LandcheckError("cluster-no-workers", seconds=ALONE_SECONDS)
        return before


def _client(cluster: Cluster, stack: ExitStack) -> Client:
    from distributed import Client, LocalCluster

    if cluster.scheduler is None:
        with _uninterrupted():
            workers = LocalCluster(n_workers=cluster.workers, threads_per_worker=1, processes=True,
                                   dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL)  # fmt: skip
        return Client(stack.enter_context(workers), set_as_default=False)
    try:
        return Client(cluster.scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise LandcheckError("cluster-unreachable", address=cluster.scheduler, seconds=CONNECT_SECONDS) from error


@contextmanager
def _silence() -> Iterator[None]:
    """What Dask logs stays out of the terminal: its levels are set logger by logger, so each is set here."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started here take no Ctrl-C of the terminal: the client does, and ends them in good order."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _await_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        raise LandcheckError("cluster-no-workers", seconds=WORKER_SECONDS) from error
    try:
        versions = set(client.run(tasks.version).values())
    except Exception as error:
        if ModuleNotFoundError.__name__ not in repr(error):  # Dask wraps it where the function cannot be unpacked
            raise
        raise LandcheckError("cluster-worker-without-landcheck", reason=str(error)) from error
    if versions - {__version__}:
        other = sorted(versions - {__version__})
        raise LandcheckError("cluster-other-version", own=__version__, other=other)
