"""Fresh processes, timed and weighed. Nothing heavy is imported: Linux counts what the parent held at the fork, too."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024  # ru_maxrss is in KiB on Linux


@dataclass(frozen=True, slots=True)
class Ran:
    """One process: wall and processor seconds, and the most memory it held at a time, in MiB."""

    seconds: float
    cpu: float
    peak: float


def run(command: Sequence[str], output: Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run to the end, standard output into a file. SystemExit where it fails."""
    ran = within(None, command, output, environment)
    if isinstance(ran, str):
        sys.exit(f"{' '.join(command)} {ran}")
    return ran


def within(
    limit: float | None, command: Sequence[str], output: Path, environment: Mapping[str, str] | None = None
) -> Ran | str:
    """Run, standard output into a file; why it failed, or that it was stopped after so many seconds, where it did."""
    with output.open("wb") as stdout:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, env=environment)
        stop = threading.Timer(limit or threading.TIMEOUT_MAX, process.kill)
        stop.daemon = True
        stop.start()
        assert process.stderr is not None
        with process.stderr:
            said = process.stderr.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    stop.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        stopped = limit is not None and seconds >= limit
        return f"stopped after {limit:.0f} s" if stopped else f"ended {process.returncode}: {said[-2000:]}"
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB)


def alternate(commands: Mapping[str, Sequence[str]], rounds: int, output: Path) -> dict[str, float]:
    """Median wall seconds of each, after one round to warm the disk's cache; the rounds take turns."""
    told: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            seconds = run(command, output).seconds
            if number:
                told[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in told.items()}


def python(code: str, *arguments: str) -> list[str]:
    """A command that runs a line of Python in a fresh process."""
    return [sys.executable, "-c", code, *arguments]


def landcheck(*arguments: str) -> list[str]:
    """A command that runs the program."""
    return [sys.executable, "-m", "landcheck", *arguments]
