"""A check on a Dask cluster of separate processes gives what a check in one process gives, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster
from town import Town, parcels, told
from typer.testing import CliRunner

from landcheck import Request, Verdict, check, render
from landcheck.cli import config
from landcheck.cli.app import app
from landcheck.cluster import Cluster, client, coordinator, tasks
from landcheck.cluster import check as check_on
from landcheck.errors import InputError, LandcheckError, UsageError
from landcheck.geometry.overlap.unmatched import MOST
from landcheck.read import open_layer
from landcheck.report.options import Options

PART_ROWS = coordinator.PART_ROWS
MANY = {"PART_ROWS": 300, "TOGETHER": 4, "TILE_ROWS": 400}
"""So small that a town has 14 parts, 4 groups of them, and 8 tiles of the ground."""


@pytest.fixture(autouse=True)
def _in_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, rows in MANY.items():
        monkeypatch.setattr(coordinator, name, rows)


def kill_a_worker(client: Client) -> None:
    os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)


def dead_after(client: Client, share: float) -> Callable[[int, int], None]:
    """A progress that kills a worker once, when that share of the parcels is judged."""
    left = [True]

    def progress(done: int, total: int) -> None:
        if left and done >= share * total:
            left.clear()
            kill_a_worker(client)

    return progress


def test_the_town_has_all_that_crosses_the_borders_of_parts(local: str) -> None:
    found = Counter(fault["code"] for fault in json.loads(local)["data"])
    assert found["overlap"] > 300
    assert found["id-repeated"] == 2
    assert found["id-missing"] == 1
    assert found["parent-unknown"] == 1
    for code in ("part-outside-parent", "attributes-without-parcel", "gfa-buildings-differ", "parcel-across-border"):
        assert found[code], found
    assert [waiver["covers"] for waiver in json.loads(local)["waivers"]] == [
        {"fail": 1, "review": 0},
        {"fail": 0, "review": 0},
    ]


def test_a_cluster_gives_the_same_result_byte_for_byte(plan: Town, local: str, workers: LocalCluster) -> None:
    rows: list[tuple[int, int]] = []
    request = plan.request(waivers=plan.waivers)
    report = check_on(Cluster(workers.scheduler_address), request, lambda *told: rows.append(told))
    assert told(report) == local
    assert len(rows) == 7 * 2
    assert sorted(rows) == rows
    assert rows[-1] == (3_000, 3_000)


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_a_worker_killed_on_the_way_changes_nothing(plan: Town, local: str, client: Client, share: float) -> None:
    request = plan.request(waivers=plan.waivers)
    report = check_on(Cluster(client.scheduler.address), request, dead_after(client, share))
    assert told(report) == local


def test_a_worker_killed_with_the_rings_it_held_changes_nothing(
    plan: Town, local: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = coordinator.plan

    def deadly(*values: Any) -> Any:
        kill_a_worker(client)
        return planned(*values)

    monkeypatch.setattr(coordinator, "plan", deadly)
    request = plan.request(waivers=plan.waivers)
    assert told(check_on(Cluster(client.scheduler.address), request)) == local


@pytest.mark.parametrize("name", ["json", "csv", "plain"])
def test_a_layer_of_which_every_parcel_fails_gives_the_same_bytes(
    name: str, tmp_path: Path, workers: LocalCluster
) -> None:
    """Half the FAR asked for, three times the share of living facilities."""
    layer = parcels().drop(columns=["pool_id", "pool_recognised", "parent_id"])
    layer = layer[layer.geometry.notna() & layer.geometry.is_valid & ~layer["parcel_id"].isin(["TWICE", "ALSO TWICE"])]
    built = {"far_gfa_m2": layer["site_area_m2"], "above_ground_gfa_m2": 9_000.0, "living_gfa_m2": 4_500.0}
    layer = layer.assign(land_class="industrial_project", other_industry_gfa_m2=0.0, is_surplus_part=False, **built)
    layer["approval_date"] = "2023-01-02"
    layer.to_parquet(tmp_path / "failing.parquet", row_group_size=300)
    request = Request(str(tmp_path / "failing.parquet"), as_of=dt.date(2026, 6, 30))
    here = check(request)
    verdicts = here.summary.verdicts["living-15"]
    assert (verdicts[Verdict.FAIL], sum(verdicts)) == (len(layer), len(layer))
    there = check_on(Cluster(workers.scheduler_address), request)
    assert list(render(there, name, Options("zh"))) == list(render(here, name, Options("zh")))


def test_one_file_is_read_by_its_row_groups_with_every_pack_and_the_sums_of_pools(
    plan: Town, workers: LocalCluster
) -> None:
    request = plan.request("town.parquet", packs=("auto",))
    here = check(request)
    assert any(notice.code == "summed-over-pool" for notice in here.notices)
    assert told(check_on(Cluster(workers.scheduler_address), request)) == told(here)


def test_the_order_of_the_tiles_and_parts_is_nowhere_to_be_seen(
    plan: Town, workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts that share nothing but their neighbours' edges, in tiles so small that most rows lie on a border."""
    monkeypatch.setattr(coordinator, "TILE_ROWS", 120)
    request = Request(str(plan.folder / "town"), as_of=plan.request().as_of)
    assert told(check_on(Cluster(workers.scheduler_address), request)) == told(check(request))


def test_the_program_runs_on_workers_of_its_own_and_on_those_of_an_address(
    plan: Town, workers: LocalCluster, tmp_path: Path
) -> None:
    arguments = ["check", str(plan.folder / "town"), "--as-of", "2026-06-30", "-q", "--lang", "en"]
    here = CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "here.csv")])
    there = CliRunner().invoke(
        app, [*arguments, "-o", str(tmp_path / "there.csv"), "--scheduler", workers.scheduler_address]
    )
    assert (here.exit_code, here.stdout) == (there.exit_code, there.stdout) == (1, "")
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()
    program = [sys.executable, "-m", "landcheck", *arguments, "--engine", "dask", "--workers", "2"]
    printed = CliRunner().invoke(app, arguments).stdout
    run = subprocess.run(program, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run.returncode, run.stdout, run.stderr) == (1, printed, "")


INTERRUPTED = """
import os, signal, sys
from landcheck.cli.app import main
from landcheck.cluster.coordinator import ClusterRun
ClusterRun._gather = lambda *_: os.killpg(0, signal.SIGINT)
sys.argv[0] = "landcheck"
main()
"""


def test_an_interrupted_run_says_so_and_nothing_else(start: Any, plan: Town, tmp_path: Path) -> None:
    """Ctrl-C in a terminal reaches every process of the group."""
    pipe, town = subprocess.PIPE, str(plan.folder / "town")
    with start("check", town, "--workers", "2", "-o", "r.json", python=("-c", INTERRUPTED), cwd=tmp_path, text=True,
               stdout=pipe, stderr=pipe, start_new_session=True) as run:  # fmt: skip
        out, err = run.communicate()
    assert (run.returncode, out, err.count("\n")) == (130, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_does_not_answer_ends_the_run_in_time_and_in_words(
    plan: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "CONNECT_SECONDS", 1)
    run = CliRunner().invoke(app, ["check", str(plan.folder / "town"), "--scheduler", "tcp://127.0.0.1:9"])
    assert run.exit_code == 4
    assert "tcp://127.0.0.1:9" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_scheduler_that_goes_away_on_the_way_ends_the_run(plan: Town, tmp_path: Path) -> None:
    """The scheduler and its worker are processes of their own, as on other machines."""
    told = ["--scheduler-file", str(tmp_path / "scheduler.json"), "--no-dashboard"]
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *told]
    workers = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", *told]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(program, **quiet) as scheduler, subprocess.Popen(workers, **quiet) as worker:
        try:
            while not (tmp_path / "scheduler.json").exists():
                time.sleep(0.05)
            address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
            with pytest.raises(LandcheckError) as error:
                check_on(Cluster(address), plan.request(), lambda *_: scheduler.kill())
        finally:
            scheduler.kill()
            worker.terminate()
    assert error.value.message.code == "cluster-lost"


def test_workers_with_another_landcheck_are_refused(
    plan: Town, workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "__version__", "0.0.0")
    with pytest.raises(LandcheckError) as error:
        check_on(Cluster(workers.scheduler_address), plan.request())
    assert error.value.message.code == "cluster-other-version"


def test_a_cluster_without_workers_ends_the_run(plan: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "WORKER_SECONDS", 1)
    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as empty, pytest.raises(LandcheckError) as error:
        check_on(Cluster(empty.scheduler_address), plan.request())
    assert error.value.message.code == "cluster-no-workers"


def test_a_worker_that_does_not_see_the_file_says_which(plan: Town) -> None:
    parts = open_layer(str(plan.folder / "town"), "parcels").parts
    assert parts is not None
    (plan.folder / "gone").mkdir(exist_ok=True)
    moved = parts.cut(150)[0]
    object.__setattr__(moved.parts[0], "path", str(plan.folder / "gone" / "part-00000.parquet"))
    with pytest.raises(InputError) as error:
        tasks.judge(b"", moved)
    assert error.value.message.values["file"] == "town/part-00000.parquet"


def test_without_dask_the_way_to_it_is_named(plan: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "find_spec", lambda _name: None)
    run = CliRunner().invoke(app, ["check", str(plan.folder / "town"), "--engine", "dask"])
    assert run.exit_code == 2
    assert "pip install landcheck[dask]" in run.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--engine", "local", "--workers", "2"],
        ["--engine", "local", "--scheduler", "tcp://x:1"],
        ["--workers", "2", "--scheduler", "tcp://x:1"],
        ["--workers", "0"],
    ],
)
def test_options_that_contradict_each_other_are_refused(plan: Town, options: list[str]) -> None:
    assert CliRunner().invoke(app, ["check", str(plan.folder / "town"), *options]).exit_code == 2


def test_what_cannot_be_read_in_parts_is_refused_with_the_way_out(tmp_path: Path) -> None:
    parcels().head(5).to_file(tmp_path / "town.gpkg")
    with pytest.raises(UsageError) as error:
        check_on(Cluster(workers=2), Request(str(tmp_path / "town.gpkg")))
    assert error.value.message.code == "cluster-not-parquet"


@pytest.mark.parametrize("page", ["cluster.md", "cluster.zh-CN.md"])
def test_the_page_speaks_of_options_and_settings_that_there_are(page: str, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    told = CliRunner().invoke(app, ["check", "--help"], env={"COLUMNS": "200"}).stdout
    assert set(re.findall(r"--[a-z]+(?:-[a-z]+)*", text)) <= set(re.findall(r"--[a-z]+(?:-[a-z]+)*", told))
    for seconds in (client.CONNECT_SECONDS, client.WORKER_SECONDS, client.ALONE_SECONDS):
        assert re.search(rf"\b{seconds} ?(seconds|秒|on the way)", text)
    assert f"{PART_ROWS:,}" in text
    assert f"{MOST:,}" in text
    (tmp_path / "landcheck.toml").write_text('engine = "dask"\nscheduler = "tcp://x:1"\nworkers = 2\n')
    assert set(config.load(str(tmp_path / "landcheck.toml")).options) == {"engine", "scheduler", "workers"}
