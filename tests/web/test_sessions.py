"""Sessions see nothing of each other, and nothing is left of them: when they end, with the server, or after a kill."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from visitor import AS_OF, Visitor

from landcheck.messages import say
from landcheck.web.jobs import Crew, Job
from landcheck.web.sessions import Session, Sessions

T = TypeVar("T")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")


def layer(name: str, rows: int = 1) -> bytes:
    features = [
        {"type": "Feature", "properties": {"parcel_id": f"{name}{at}", "far": 1.5, "land_class": "industrial_project"},
         "geometry": {"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31]]]}}
        for at in range(rows)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_two_sessions_do_not_see_each_other(served: Any) -> None:
    one, other = Visitor(served.address, "en"), Visitor(served.address, "en")
    assert one.cookie != other.cookie
    one.check([("secret.geojson", layer("mine"))])
    for path in ("/", "/columns", "/options", "/report", "/report/frame", "/download/json", "/download/landcheck.toml"):
        answer = other.get(path)
        assert b"secret" not in answer.body
        assert b"mine0" not in answer.body
    assert other.get("/download/json").status == 404
    assert other.post("/end").status == 200
    assert one.get("/download/json").status == 200
    assert other.get("/").status == 403


def test_end_and_anew_drop_all_files(serve: Any, tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        visitor = Visitor(served.address, "en")
        visitor.post("/language")
        visitor.survey([("parcels.geojson", layer("P"))])
        (before,) = served.left()
        again = visitor.post("/again")
        visitor.cookie = again.headers["set-cookie"].partition(";")[0]
        (after,) = served.left()
        assert before != after
        assert "parcels.geojson" not in visitor.get("/").text
        ended = visitor.post("/end")
        assert say("web-ended", "zh") in ended.text  # the language that was chosen stays
        assert served.left() == []


def test_the_server_ends_clean_and_with_it_all_files(serve: Any, tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        visitor = Visitor(served.address, "en")
        visitor.survey([("parcels.geojson", layer("P"))])
        assert served.left()
        served.process.send_signal(signal.SIGINT)
        out, err = served.process.communicate(timeout=30)
    assert (served.process.returncode, served.left()) == (0, [])
    assert say("serve-ended", "en") in err
    assert "Traceback" not in out + err


def children(process: int) -> set[int]:
    return {int(one) for task in Path(f"/proc/{process}/task").glob("*/children") for one in task.read_text().split()}


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    state = re.search(r"^State:\s+(\S)", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return state is not None and state[1] == "Z"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the children of a process as Linux tells them")
def test_of_a_server_that_was_killed_nothing_is_left_after_the_next_start(serve: Any, tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        visitor = Visitor(served.address, "en")
        visitor.survey([("parcels.geojson", layer("P", rows=6_000))])
        visitor.post("/options", AS_OF)
        while not (below := children(served.process.pid)):
            time.sleep(0.01)
        served.process.kill()
        served.process.wait()
        assert served.left()
        deadline = time.monotonic() + 20
        while not all(map(is_gone, below)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert all(map(is_gone, below)), "a check went on without its server"
        with serve(tmp_path) as next_one:
            assert next_one.left() == []


@POSIX
def test_a_check_can_be_cancelled_and_begun_again(serve: Any, tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        visitor = Visitor(served.address, "en")
        visitor.survey([("parcels.geojson", layer("P", rows=6_000))])
        visitor.post("/options", AS_OF)
        assert visitor.get("/report").to == "/working"
        assert visitor.bring([("x.geojson", b"")]).to == "/working"  # not while it is being read
        assert visitor.post("/cancel").to == "/working"
        assert say("web-stopped", "en") in visitor.get("/working").text
        assert children(served.process.pid) == set()
        (home,) = served.left()
        assert list((home / "out").iterdir()) == []
        visitor.post("/options", AS_OF)
        assert visitor.wait().to == "/report"


def test_too_many_sessions_are_refused(serve: Any, tmp_path: Path) -> None:
    from landcheck.web.bounds import SESSIONS

    with serve(tmp_path) as served:
        first, *_ = [Visitor(served.address, "en") for _ in range(SESSIONS)]
        late = Visitor(served.address, "en")
        assert late.came.status == 503
        assert say("web-too-many-sessions", "en") in late.came.text
        first.post("/end")
        assert Visitor(served.address, "en").came.status == 200


def test_a_child_beyond_its_memory_is_told(start: Callable[..., Any], tmp_path: Path) -> None:
    """The bound is set in the child itself; here it is one that no check fits into."""
    import subprocess

    program = (
        "import landcheck.web.bounds as bounds; bounds.MEMORY = 200 << 20\nfrom landcheck.web.child import main; main()"
    )
    (tmp_path / "parcels.geojson").write_bytes(layer("P", rows=6_000))
    with start("check", "parcels.geojson", python=("-P", "-c", program), cwd=tmp_path, stdin=subprocess.PIPE,
               stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as child:  # fmt: skip
        assert child.wait(timeout=60) not in (0, 1, 3)
        assert "Traceback" not in child.stderr.read()


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser that other tests hold has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def job(folder: Path, *arguments: str) -> Job:
    return Job("web-doing-check", arguments, folder, folder / "printed.txt", "/report", "/", folder / "r.json")


def test_a_check_that_takes_too_long_is_stopped_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.web.jobs.SECONDS", 0.1)
    (tmp_path / "parcels.geojson").write_bytes(layer("P"))
    slow = job(tmp_path, "check", "parcels.geojson", "-q", "-o", "r.json")

    async def done() -> None:
        Crew(1).take(slow, {}, "en")
        assert slow.task is not None
        await slow.task

    run(done())
    assert (slow.state, slow.errors) == ("failed", [say("web-too-long", "en", minutes=0)])


def test_jobs_wait_in_their_order_and_one_that_waits_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "parcels.geojson").write_bytes(layer("P"))
    first, second, third = (job(tmp_path, "check", "parcels.geojson", "-q", "-o", "r.json") for _ in range(3))

    async def done() -> list[int]:
        crew = Crew(1)
        for one in (first, second, third):
            crew.take(one, {}, "en")
        await asyncio.sleep(0.01)
        places = [crew.before(one) for one in (first, second, third)]
        second.stop()
        await asyncio.wait(filter(None, [one.task for one in (first, second, third)]))
        return places

    assert run(done()) == [0, 0, 1]
    assert [one.state for one in (first, second, third)] == ["done", "stopped", "done"]


def test_what_nobody_uses_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.web.sessions.PAUSE", 0.01)
    monkeypatch.setattr("landcheck.web.sessions.IDLE", 100)

    async def left() -> tuple[Session | None, Session | None]:
        sessions = Sessions(Crew(1), None)
        old, new = sessions.open("en"), sessions.open("en")
        assert old is not None
        assert new is not None
        old.used -= 200
        with suppress(TimeoutError):
            await asyncio.wait_for(sessions.watch(), 0.3)
        assert not Path(old.folder.name).exists()
        found = sessions.find(old.key), sessions.find(new.key)
        await sessions.close_all()
        return found

    old, new = run(left())
    assert old is None
    assert new is not None
    assert not Path(new.folder.name).exists()
