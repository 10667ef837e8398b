"""One mutated source checked, and everything that must hold of that."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from mutations import mutate
from specimens import Specimen, copy

SECONDS = 20.0
MEGABYTES = 1024.0
CHECK = ("--as-of", "2026-06-30", "--output-format", "json", "--lang", "en")
FIELDS = ("--output-format", "json", "--lang", "en")
STATUSES = {0, 1, 2, 3, 4}


def numbers_of(name: str, each: int, tests: int) -> Iterator[int]:
    """The cases to try: so many, or with LANDCHECK_FUZZ_SECONDS as many as its share of the time allows."""
    only, seconds = os.environ.get("LANDCHECK_FUZZ_ONLY", ""), float(os.environ.get("LANDCHECK_FUZZ_SECONDS", "0"))
    if only:
        yield from [int(only.split(":")[1])] if only.split(":")[0] == name else []
        return
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ends = time.monotonic() + seconds * workers / tests
    for number in count():
        if number >= each and time.monotonic() >= ends:
            return
        yield number


class Runner:
    """The process that runs the cases; started again where even that one died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def run(self, arguments: list[str], folder: Path, out: Path) -> dict[str, Any]:
        """The outcome of one run; ``{"status": None}`` where the runner itself was lost."""
        if self.process is None or self.process.poll() is not None:
            self.process = self._start()
        question = {"arguments": arguments, "folder": str(folder), "out": str(out), "seconds": SECONDS}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        return json.loads(answer) if answer else {"status": None, "hung": False, "seconds": 0.0, "megabytes": 0.0}

    def close(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.communicate(timeout=30)

    def _start(self) -> subprocess.Popen[str]:
        root = Path(__file__).parents[2]
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))],
            env={**os.environ, "PYTHONPATH": str(root), "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: what was done to the source, what the run said, and what is wrong with that."""

    name: str
    done: str
    status: int | None
    said: str
    faults: tuple[str, ...]
    seconds: float
    megabytes: float


def try_one(specimen: Specimen, number: int, seed: str, runner: Runner, place: Path) -> Outcome:
    """Spoil a copy of the specimen as the seed says, run landcheck on it, and look at everything it left."""
    random = Random(f"{seed}:{specimen.name}:{number}")
    spoilt = copy(specimen, place / "in")
    done = mutate(list(spoilt.files), specimen.arguments[0], random)
    command = "fields" if random.random() < 0.2 else "check"
    arguments = [command, *specimen.arguments, *(FIELDS if command == "fields" else CHECK)]
    out = place / "out"
    (out / "tmp").mkdir(parents=True)
    before = snapshot(spoilt.folder)
    answer = runner.run(arguments, spoilt.folder, out)
    texts = {name: (out / name).read_bytes() if (out / name).exists() else b"" for name in ("out", "err")}
    faults = (
        *_ended(answer),
        *_spoke(answer["status"], texts["out"], texts["err"], place),
        *([] if snapshot(spoilt.folder) == before else ["the input was changed"]),
        *(f"left behind: {left.name}" for left in (out / "tmp").iterdir()),
    )
    said = texts["err"].decode(errors="replace").strip()
    name = f"{specimen.name}:{number}"
    return Outcome(name, f"{command}: {done}", answer["status"], said, faults, answer["seconds"], answer["megabytes"])


def snapshot(folder: Path) -> dict[str, str]:
    """Every file and folder below with the hash of its content."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "/"
        for path in folder.rglob("*")
    }


def _ended(answer: dict[str, Any]) -> list[str]:
    faults = [f"hung for {SECONDS:g} s"] if answer["hung"] else []
    if not answer["hung"] and answer["status"] not in STATUSES:
        faults.append(f"ended with {answer['status']}")
    if answer["megabytes"] > MEGABYTES:
        faults.append(f"held {answer['megabytes']:.0f} MB")
    return faults


def _spoke(status: int | None, out: bytes, err: bytes, place: Path) -> list[str]:
    faults = [f"{word} shown" for word in ("Traceback (most", "internal error") if word.encode() in out + err]
    at = (out + err).find(str(place).encode())
    if at >= 0:
        faults.append(f"an absolute path shown: {(out + err)[max(0, at - 150) : at + 150].decode(errors='replace')}")
    try:
        text = out.decode("utf-8")
        err.decode("utf-8")
    except UnicodeDecodeError:
        return [*faults, "output that is no UTF-8"]
    if status in {0, 1, 3}:
        return [*faults, *_is_json(text)]
    if status in {2, 4} and not err.strip():
        faults.append("no reason given")
    return faults


def _is_json(text: str) -> list[str]:
    try:
        json.loads(text, parse_constant=lambda word: (_ for _ in ()).throw(ValueError(word)))
    except ValueError as error:
        return [f"no JSON: {error}"]
    return []
