"""`make judges`: every report to validators that others wrote; an objection that is not on the list fails."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from ask import asked
from objections import NotHadError, Objection, Outcome, read_list, weigh
from reports import write

LIST = Path(__file__).parent / "allowed.toml"
SHOWN = 40


def main(home: Path) -> int:
    """1 where an objection stays, an entry of the list is needed no more, or nobody could be asked."""
    allowed, never = read_list(LIST)
    folder = home / "reports"
    shutil.rmtree(folder, ignore_errors=True)
    write(folder)
    said, heard, absent = [], [], dict(never)
    for judge, answer in asked(home, folder):
        if isinstance(answer, NotHadError):
            absent[judge] = str(answer)
            continue
        heard.append(judge)
        said += [Objection(judge, file, words) for file, words in answer]
        print(f"{judge}: asked, {len(answer)} objections", flush=True)
    outcome = weigh(said, allowed, heard)
    _tell(outcome, absent)
    print(f"{len(heard)} judges asked, {len(absent)} not asked, {len(outcome.objections)} objections stay")
    return int(bool(outcome.objections or outcome.idle or not heard))


def _tell(outcome: Outcome, absent: dict[str, str]) -> None:
    for name, reason in absent.items():
        print(f"not asked: {name}: {reason}")
    for entry, times in outcome.used.items():
        print(f"let stand {times} times: {entry.judge}: {entry.says}: {entry.reason}")
    for entry in outcome.idle:
        print(f"nobody says this any more, take it off the list: {entry.judge}: {entry.says}")
    for one in outcome.objections[:SHOWN]:
        print(f"OBJECTION {one.judge}: {one.file}: {one.said}")
    if (more := len(outcome.objections) - SHOWN) > 0:
        print(f"and {more} more objections")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
