"""Tasks given to a cluster, and their results taken one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from landcheck.errors import LandcheckError

if TYPE_CHECKING:
    from distributed import Client, Future

POLL_SECONDS = 0.02
# how long a cluster may be without any worker before it is given up
ALONE_SECONDS = 120


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
