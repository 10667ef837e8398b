"""The installed landcheck as a process of its own: where it is, and one run of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, Callable, Iterator, NamedTuple

from .plugin_texts import installed, say

WINDOWS = os.name == "nt"
SUFFIX = ".exe" if WINDOWS else ""
# what QGIS sets for its own Python and libraries, and what would lead another Python astray
OF_QGIS = re.compile(r"(PYTHON|PROJ_|GDAL_|OGR_|QT_|QGIS_|LANDCHECK_|VIRTUAL_ENV).*")
FOLDERS = (
    ".local/bin", "Library/Python/3*/bin", "AppData/Roaming/Python/Python3*/Scripts",
    "AppData/Local/Programs/Python/Python3*/Scripts", ".local/share/uv/tools/landcheck/bin",
    "AppData/Roaming/uv/tools/landcheck/Scripts", ".local/share/pipx/venvs/landcheck/bin",
    ".local/pipx/venvs/landcheck/bin", "pipx/venvs/landcheck/Scripts",
)  # fmt: skip
"""Where pip, pipx and uv put programs below the user's folder, on Linux, macOS and Windows."""
SYSTEM = () if WINDOWS else ("/usr/local/bin", "/opt/homebrew/bin")
TASKKILL = os.path.expandvars(r"%SystemRoot%\System32\taskkill.exe")
PAUSE, PATIENCE = 0.1, 10.0
"""Seconds between two looks at a run, and those that it has to end by itself."""


class NotAskedError(Exception):
    """landcheck could not be run, or did not answer; the text is for the user."""


class ProgramAnswer(NamedTuple):
    """Exit status, standard output, and the lines of standard error; ``status`` None where the run was ended."""

    status: int | None
    out: str
    told: list[str]


def program(chosen: str) -> list[str]:
    """How landcheck is called: what the user chose, else the first one found that is not too old. NotAskedError."""
    old: list[str] = []
    needed = installed()["version"]
    for words in [[chosen]] if chosen else _candidates():
        version = _version(words)
        if version and _number(version) >= _number(needed):
            return words
        if version:
            old.append("{} ({})".format(" ".join(words), version))
    if chosen and not old:
        raise NotAskedError(say("qgis-wrong-program", program=chosen))
    raise NotAskedError(say("qgis-too-old", found=old[0], needed=needed) if old else say("qgis-not-installed"))


def _candidates() -> Iterator[list[str]]:
    """On the path, beside a Python on the path, and where installers put programs; never in the current folder."""
    path = [folder for folder in map(Path, os.get_exec_path()) if folder.is_absolute()]
    yield from ([str(folder / f"landcheck{SUFFIX}")] for folder in path)
    usual = [folder for pattern in FOLDERS for folder in sorted(Path.home().glob(pattern), reverse=True)]
    yield from ([str(folder / f"landcheck{SUFFIX}")] for folder in [*usual, *map(Path, SYSTEM)])
    for name in ("py", "python") if WINDOWS else ("python3",):
        first = next((folder / (name + SUFFIX) for folder in path if (folder / (name + SUFFIX)).is_file()), None)
        if first is not None:
            yield [str(first), "-m", "landcheck"]


def _version(words: list[str]) -> str:
    """The version that a program tells of itself, empty where it is no landcheck; asked each time: it may be new."""
    if not Path(words[0]).is_file():
        return ""
    try:
        told = subprocess.run([*words, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=30, check=False, env=_environment(),
                              cwd=str(Path(__file__).parent.parent), **_apart())  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.fullmatch(r"landcheck (\d+\.\d+\S*)\s*", told.stdout.decode("utf-8", "replace"))
    return found[1] if found else ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not OF_QGIS.fullmatch(name)}
    return {**kept, "PYTHONUTF8": "1", "NO_COLOR": "1", "LANDCHECK_PROGRESS": "json"}


def _apart() -> dict[str, Any]:
    """In a group of its own, without a window."""
    if WINDOWS:
        return {"creationflags": 0x08000000 | 0x00000200}  # CREATE_NO_WINDOW, CREATE_NEW_PROCESS_GROUP
    return {"start_new_session": True}


def run(words: list[str], folder: str, stopped: Callable[[], bool], progress: Callable[[float], None]) -> ProgramAnswer:
    """Run to the end, or until ``stopped`` says so, in that folder; ``progress`` is told per cent. NotAskedError."""
    out = Path(folder) / "answer.txt"
    told: list[str] = []
    steps = [0.0]
    try:
        with out.open("wb") as file:
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE,
                                     cwd=folder, env=_environment(), **_apart())  # fmt: skip
    except OSError as error:
        raise NotAskedError(say("qgis-wrong-program", program=words[0])) from error
    listener = Thread(target=_listen, args=(child.stderr, told, steps), daemon=True)
    listener.start()
    while child.poll() is None and not stopped():
        time.sleep(PAUSE)
        progress(steps[-1])
    ended = child.poll() is None
    if ended:
        _end(child)
    listener.join(PATIENCE)
    progress(steps[-1])
    return ProgramAnswer(None if ended else child.returncode, out.read_text(encoding="utf-8", errors="replace"), told)


def _listen(lines: Any, told: list[str], steps: list[float]) -> None:
    """Take apart what is said: steps of progress in per cent, and lines for the user."""
    for raw in iter(lines.readline, b""):
        line = raw.decode("utf-8", "replace").rstrip()
        try:
            step = json.loads(line) if line.startswith("{") else {}
            steps.append(100.0 * step["done"] / max(step["total"], step["done"], 1))
        except (ValueError, KeyError, TypeError):
            told.append(line)
    lines.close()


def _end(child: Any) -> None:
    """End a run with everything that it started."""
    if WINDOWS:
        subprocess.run([TASKKILL, "/PID", str(child.pid), "/T", "/F"], check=False, **_apart())
        child.wait()
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(OSError, subprocess.TimeoutExpired):
            os.killpg(child.pid, number)
            child.wait(PATIENCE)
