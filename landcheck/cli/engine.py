"""Where a check is worked out: in this process, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from landcheck.cli.config import Config
from landcheck.errors import UsageError

if TYPE_CHECKING:
    from landcheck.model import Report
    from landcheck.request import Request
    from landcheck.run.check import Progress

ENGINES = ("local", "dask")
CLUSTER = ("scheduler", "workers")


def engine(given: Mapping[str, Any], project: Config) -> Callable[[Request, Progress], Report]:
    """The ``check`` of the engine asked for; a scheduler or a number of workers means Dask. UsageError."""
    settled = given if given.get("engine") == "local" else {n: project.get(n, given.get(n)) for n in CLUSTER}
    scheduler, workers = (settled.get(name) for name in CLUSTER)
    name = project.get("engine", given.get("engine")) or ("dask" if scheduler or workers is not None else "local")
    if name not in ENGINES:
        raise UsageError("bad-choice", name="engine", value=name, known=list(ENGINES))
    if (name == "local" and (scheduler or workers is not None)) or (scheduler and workers is not None):
        raise UsageError("cluster-options-clash")
    if workers is not None and workers < 1:
        raise UsageError("cluster-workers-number", value=workers)
    return _dask(scheduler, workers) if name == "dask" else _local()


def _local() -> Callable[[Request, Progress], Report]:
    from landcheck.run.check import check

    return check


def _dask(scheduler: str | None, workers: int | None) -> Callable[[Request, Progress], Report]:
    from landcheck.cluster import Cluster, check
    from landcheck.cluster.connect import refuse_without_dask

    refuse_without_dask()
    return partial(check, Cluster(scheduler, workers))
