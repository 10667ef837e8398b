"""Calls of the command line for sessions: as many at a time as there are cores, each with a bound on its time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from landcheck.messages import Lang, say
from landcheck.web.bounds import SECONDS, TOLD

State = Literal["waiting", "running", "done", "failed", "stopped"]
CHILD = (sys.executable, "-P", "-m", "landcheck.web.child")
HOME = str(Path(__file__).resolve().parents[2])
RESULTS = frozenset((0, 1, 3))
"""Exit statuses that are results: clean, broken, open."""


@dataclass(slots=True)
class Job:
    """One call: ``arguments`` of the command line, run in ``folder``, what it prints going to ``printed``.

    ``doing`` is the code of the sentence that says what is being done, ``target`` the page that shows the result,
    ``back`` the one to mend what was wrong. ``made``, and else what it prints, is there once it is done. ``errors`` are
    the lines it said of what is wrong.
    """

    doing: str
    arguments: Sequence[str]
    folder: Path
    printed: Path
    target: str
    back: str
    made: Path | None = None
    state: State = "waiting"
    status: int | None = None
    errors: list[str] = field(default_factory=list)
    progress: dict[str, Any] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state not in ("waiting", "running")

    def stop(self) -> None:
        """End it now, with all that it started; what it wrote is for the caller to remove."""
        if self.is_over:
            return
        self.state = "stopped"
        if self.process is not None:
            _kill(self.process)
        elif self.task is not None:
            self.task.cancel()


class Crew:
    """Those who work: a job waits until one of the cores is free, in the order in which the jobs came."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size or os.cpu_count() or 1
        self._free = asyncio.Semaphore(self.size)
        self._waiting: list[Job] = []

    def take(self, job: Job, environment: Mapping[str, str], lang: Lang) -> None:
        """Begin with the job as soon as there is room."""
        self._waiting.append(job)
        job.task = asyncio.create_task(self._do(job, environment, lang))

    def before(self, job: Job) -> int:
        """How many jobs wait that came earlier."""
        return self._waiting.index(job) if job in self._waiting else 0

    async def _do(self, job: Job, environment: Mapping[str, str], lang: Lang) -> None:
        try:
            async with self._free:
                self._waiting.remove(job)
                await _run(job, environment, lang)
        finally:
            if job in self._waiting:
                self._waiting.remove(job)


async def _run(job: Job, environment: Mapping[str, str], lang: Lang) -> None:
    job.state = "running"
    try:
        with job.printed.open("wb") as printed:
            job.process = await asyncio.create_subprocess_exec(
                *CHILD, *job.arguments, cwd=job.folder, env={**os.environ, **_found(), **environment},
                stdin=subprocess.PIPE, stdout=printed, stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        await asyncio.wait_for(_listen(job, job.process), SECONDS)
    except TimeoutError:
        job.errors = [say("web-too-long", lang, minutes=SECONDS // 60)]
    except (OSError, ValueError):
        job.errors = [say("web-not-started", lang)]
    finally:
        if job.process is not None:
            if job.process.returncode is None or job.process.returncode < 0:
                _kill(job.process)
            job.status = await job.process.wait()
        if not job.is_over:
            job.state = "done" if job.status in RESULTS and _is_there(job.made or job.printed) else "failed"
        if job.state == "failed" and not job.errors:
            job.errors = [say("web-child-died", lang, status=job.status)]


def _is_there(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _found() -> dict[str, str]:
    """Where the child finds this package; progress is asked for as lines of JSON."""
    paths = os.pathsep.join(filter(None, (HOME, os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": paths, "LANDCHECK_PROGRESS": "json", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}


async def _listen(job: Job, process: asyncio.subprocess.Process) -> None:
    """Follow what the child says until it ends: progress, and what is wrong."""
    assert process.stderr is not None
    rest, said = b"", b""
    while piece := await process.stderr.read(65_536):
        *lines, rest = (rest + piece).split(b"\n")
        said += b"".join(line + b"\n" for line in lines if not _is_progress(job, line))
        said, rest = said[-TOLD:], rest[-TOLD:]
    text = (said + rest).decode("utf-8", "replace")
    job.errors = [line.removeprefix("landcheck: ") for line in text.splitlines() if line.strip()]
    await process.wait()


def _is_progress(job: Job, line: bytes) -> bool:
    if not line.startswith(b'{"'):
        return False
    with suppress(ValueError):
        job.progress = json.loads(line)
        return True
    return False


def _kill(process: asyncio.subprocess.Process) -> None:
    """The child and whatever it started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
