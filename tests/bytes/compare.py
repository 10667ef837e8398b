"""Proves that a change of the code changed no byte of any output: the same commands run by two builds, and compared.

    python tests/bytes/compare.py save --checkout DIR -o FOLDER       what the build in DIR says of everything
    python tests/bytes/compare.py check --checkout DIR --against FOLDER
    python tests/bytes/compare.py between OLD_DIR NEW_DIR
    python tests/bytes/compare.py digests                             renew digests.json by the build of this repository

Only the command line is used (``python -m landcheck``, the build by PYTHONPATH), so any layout of modules will do.
``--only GROUP`` and ``--skip GROUP`` choose among the groups samples, explain, usage, languages (the first two in
the other language), help and random. The folder of ``save`` holds the inputs too, and ``check`` takes them from there.

``digests.json`` holds the digest of each output of the groups samples, explain and usage; ``test_bytes.py`` compares
with it. To renew it is to decide that an output changes: say in the commit which output, and why.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import digests
import small_inputs
from command_lines import GROUPS, cases
from differences import differences
from record import Case, build, outputs, run_all

ROOT = Path(__file__).parents[2]
SHOWN = 40  # differences of a group that are shown


def save(checkout: Path, place: Path, groups: Sequence[str], jobs: int) -> None:
    """Write the inputs and run the build on them; the folder must be new or empty."""
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        sys.exit(f"{place} is not empty")
    write_inputs(place, groups)
    for group in groups:
        timed(cases(group), checkout, place, jobs)


def write_inputs(place: Path, groups: Sequence[str]) -> None:
    """What the commands of these groups read."""
    small_inputs.write(place)
    if "random" in groups:
        import random_inputs

        random_inputs.write(place)


def check(checkout: Path, saved: Path, groups: Sequence[str], jobs: int) -> int:
    """Run the build on the inputs that were saved and compare; the number of outputs that differ."""
    known = [group for group in groups if (saved / "out" / group).is_dir()]
    if not known:
        sys.exit(f"{saved} holds none of {', '.join(groups)}")
    for group in groups:
        if group not in known:
            print(f"{group}: not compared, as {saved.name} does not hold it")
    differing = 0
    with tempfile.TemporaryDirectory(prefix="bytes-") as made:
        place = Path(made).resolve()
        shutil.copytree(saved, place, ignore=lambda of, _: ["out"] if Path(of) == saved else [], dirs_exist_ok=True)
        for group in known:
            timed(cases(group), checkout, place, jobs)
            before, now = (outputs(folder, cases(group)) for folder in (saved, place))
            differing += told(group, differences(before, now))
    return differing


def timed(chosen: Sequence[Case], checkout: Path, place: Path, jobs: int) -> None:
    """Run a group and say how long it took."""
    start = time.monotonic()
    run_all(chosen, checkout, place, jobs)
    count = len(outputs(place, chosen))
    print(f"{chosen[0].group}: {len(chosen)} cases, {count} outputs, {time.monotonic() - start:.0f} s", flush=True)


def told(group: str, found: Sequence[str]) -> int:
    """Print the differences of a group; how many there are."""
    for line in found[:SHOWN]:
        print(line)
    if len(found) > SHOWN:
        print(f"... and {len(found) - SHOWN} more")
    print(f"{group}: outputs that differ: {len(found)}", flush=True)
    return len(found)


def renew(checkout: Path, jobs: int) -> int:
    """Write the digest of each output, unless two runs give different bytes; the number of those that do."""
    with tempfile.TemporaryDirectory(prefix="bytes-") as folder:
        place = Path(folder).resolve() / "saved"
        save(checkout, place, digests.GROUPS, jobs)
        differing = check(checkout, place, digests.GROUPS, jobs)
        if not differing:
            digests.write(outputs(place, [case for group in digests.GROUPS for case in cases(group)]))
    return differing


def between(old: Path, new: Path, groups: Sequence[str], jobs: int) -> int:
    """Compare the outputs of two builds; the number of outputs that differ."""
    with tempfile.TemporaryDirectory(prefix="bytes-") as folder:
        place = Path(folder).resolve() / "saved"
        save(old, place, groups, jobs)
        return check(new, place, groups, jobs)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["save", "check", "between", "digests"])
    parser.add_argument("folders", nargs="*", type=Path, metavar="OLD_DIR NEW_DIR", help="for between")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="the repository whose build runs")
    parser.add_argument("--against", type=Path, help="the folder of an earlier save")
    parser.add_argument("-o", "--output", type=Path, help="the folder to save in")
    parser.add_argument("--only", action="append", choices=GROUPS, help="may be repeated")
    parser.add_argument("--skip", action="append", choices=GROUPS, default=[], help="may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    given = parser.parse_args()
    needed = {"save": given.output, "check": given.against, "between": len(given.folders) == 2, "digests": True}
    if not needed[given.command]:
        parser.error(f"{given.command}: a folder is missing")
    return given


def main() -> int:
    """Run the command; 1 where outputs differ."""
    given, start = arguments(), time.monotonic()
    groups = [group for group in given.only or GROUPS if group not in given.skip]
    folders = [folder.resolve() for folder in given.folders or [given.checkout]]
    for checkout in folders:
        build(checkout)
    differing = 0
    if given.command == "save":
        save(folders[0], given.output.resolve(), groups, given.jobs)
    elif given.command == "check":
        differing = check(folders[0], given.against.resolve(), groups, given.jobs)
    elif given.command == "between":
        differing = between(folders[0], folders[1], groups, given.jobs)
    else:
        differing = renew(folders[0], given.jobs)
    ending = "saved" if given.command == "save" else f"outputs that differ: {differing}"
    print(f"{ending}; {time.monotonic() - start:.0f} s in all")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
