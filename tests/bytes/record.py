"""Runs the program by its public command line and keeps every byte that comes of it.

A case is some commands run one after the other in the folder of the inputs. What they print, how they end and the
files they write lie afterwards in its ``out/GROUP/NAME``: ``1.stdout``, ``1.stderr``, ``1.status``, ``r.json``.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

SECONDS = 300
PASSED_ON = ("PATH", "HOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "COLUMNS": "120", "TERM": "dumb", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Case:
    """Commands as one would type them after ``landcheck``, variables of the environment before them.

    ``{out}`` stands for the case's own folder.
    """

    group: str
    name: str
    steps: tuple[str, ...]

    @property
    def out(self) -> str:
        return f"out/{self.group}/{self.name}"

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"


def run(case: Case, checkout: Path, place: Path) -> None:
    """Run the build in ``checkout`` on the inputs in ``place``."""
    (place / case.out).mkdir(parents=True)
    for number, step in enumerate(case.steps, 1):
        done = _started(shlex.split(step.replace("{out}", case.out)), checkout, place)
        kept = {"stdout": done.stdout, "stderr": done.stderr, "status": f"{done.returncode}\n".encode()}
        for name, content in kept.items():
            (place / case.out / f"{number}.{name}").write_bytes(_placeless(content, checkout, place))


def run_all(cases: Sequence[Case], checkout: Path, place: Path, jobs: int) -> None:
    """Run the cases, ``jobs`` at a time; each is a process of its own."""
    with ThreadPoolExecutor(jobs) as pool:
        for _ in pool.map(lambda case: run(case, checkout, place), cases):
            pass


def outputs(place: Path, cases: Iterable[Case]) -> dict[str, Path]:
    """Every output of these cases by its name, such as ``samples/gbk.en/r.json``."""
    root = place / "out"
    files = (path for case in cases for path in (place / case.out).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path for path in sorted(files)}


def build(checkout: Path) -> Path:
    """The folder of the package that a run would take. SystemExit where it is not the one in ``checkout``."""
    command = [sys.executable, "-c", "import landcheck; print(landcheck.__path__[0])"]
    done = subprocess.run(
        command, env=_environment(checkout), capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    found = Path(done.stdout.strip())
    if done.returncode or found.resolve() != (checkout / "landcheck").resolve():
        sys.exit(f"no build in {checkout}: {done.stderr or found}")
    return found


def _started(words: list[str], checkout: Path, place: Path) -> subprocess.CompletedProcess[bytes]:
    variables = dict(word.split("=", 1) for word in takewhile(lambda word: "=" in word, words))
    command = [sys.executable, "-m", "landcheck", *words[len(variables) :]]
    return subprocess.run(
        command, cwd=place, env=_environment(checkout) | variables, capture_output=True, check=False, timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _environment(checkout: Path) -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, **ENVIRONMENT, "PYTHONPATH": str(checkout)}


def _placeless(content: bytes, checkout: Path, place: Path) -> bytes:
    """What was printed, without the folders of this run."""
    for name, folder in (("{place}", place), ("{checkout}", checkout)):
        content = content.replace(str(folder).encode(), name.encode())
    return content
