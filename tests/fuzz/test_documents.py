"""Documents with a value changed: read, or refused with a message; never an internal error, never a raw character.

A seeded sample runs by default; the environment as in ``test_fuzz.py``, ``LANDCHECK_FUZZ_ONLY=register:17`` one again.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from documents import KINDS, OUTPUTS, Kind, mutated, places, read, write, write_documents
from runs import MEGABYTES, SECONDS, STATUSES, Runner, numbers_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are forks of one process, for speed")

SEED = os.environ.get("LANDCHECK_FUZZ_SEED", "2021-9")
EACH = int(os.environ.get("LANDCHECK_FUZZ", "4"))
ONLY = os.environ.get("LANDCHECK_FUZZ_ONLY", "")
HIDDEN = {"Cc", "Cf", "Zl", "Zp"}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    most = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    folder = tmp_path_factory.mktemp("documents") / "sound"
    write_documents(folder)
    yield folder
    sys.set_int_max_str_digits(most)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runs = Runner()
    yield runs
    runs.close()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_sound_document_is_read(kind: Kind, sound: Path, runner: Runner, tmp_path: Path) -> None:
    assert try_document(kind, None, sound, runner, tmp_path)[0] in {0, 1, 3}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_changed_document_is_read_or_refused(kind: Kind, sound: Path, runner: Runner, tmp_path: Path) -> None:
    bad = []
    for number in numbers_of(kind.name, EACH, len(KINDS) * 2):
        _, faults = try_document(kind, number, sound, runner, tmp_path / str(number))
        bad += [f"{kind.name}:{number}: {fault}" for fault in faults]
        if not ONLY:
            shutil.rmtree(tmp_path / str(number))
    assert not bad, "\n".join(bad)


def try_document(
    kind: Kind, number: int | None, sound: Path, runner: Runner, place: Path
) -> tuple[int | None, list[str]]:
    """The status of a run with the document changed as the number says, None for sound, and what is wrong with it."""
    folder, out = place / "in", place / "out"
    shutil.copytree(sound, folder)
    (out / "tmp").mkdir(parents=True)
    arguments, done = list(kind.arguments), "sound"
    if number is not None:
        random, document = Random(f"{SEED}:{kind.name}:{number}"), read(folder / kind.file)
        at = random.choice(list(places(document)))
        write(mutated(document, at, random), folder / kind.file)
        done = ".".join(map(str, at))
        if kind.name == "result":
            arguments += ["-o", random.choice(OUTPUTS), "-o", random.choice(OUTPUTS[:3])]
    if kind.name != "configuration":
        (folder / "landcheck.toml").unlink()
    answer = runner.run(arguments, folder, out)
    said = ((out / "out").read_bytes() + (out / "err").read_bytes()).decode("utf-8", "replace")
    faults = [f"{word} shown" for word in ("Traceback (most", "internal error", "内部错误") if word in said]
    faults += ["hung"] if answer["hung"] or answer["seconds"] > SECONDS else []
    faults += [f"held {answer['megabytes']:.0f} MB"] if answer["megabytes"] > MEGABYTES else []
    faults += [f"ended with {answer['status']}"] if answer["status"] not in STATUSES else []
    seen = {one for one in said if unicodedata.category(one) in HIDDEN or one in "\u3164\uffff"} - {"\n"}
    faults += [f"raw characters {seen}"] if seen else []
    return answer["status"], [f"{done}: {fault} [{said[-300:]}]" for fault in faults]
