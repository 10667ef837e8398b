from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

sys.path.insert(0, str(Path(__file__).parent))

import town

from landcheck import check


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> town.Town:
    return town.written(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="session")
def local(plan: town.Town) -> str:
    return town.told(check(plan.request(waivers=plan.waivers)))


@pytest.fixture(scope="session")
def workers() -> Iterator[LocalCluster]:
    """Two processes, each with one thread."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster


@pytest.fixture
def client(workers: LocalCluster) -> Iterator[Client]:
    with Client(workers, set_as_default=False) as client:
        client.wait_for_workers(2)
        yield client
