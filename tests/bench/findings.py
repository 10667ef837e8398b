"""Layers in which nearly every parcel has something to say: every one fails, or has an id and a shape and no more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cities import AS_OF, check, city, read, summary
from processes import Ran, landcheck, run
from table import Table, save

NOWHERE = Path(os.devnull)
ROOT = Path(__file__).parents[2]
BEFORE = "5f017db"  # the last build in which every finding was an object
KINDS = {
    "failing-once": "every parcel fails one clause",
    "failing": "every parcel fails three clauses",
    "bare": "only ids and shapes",
}
FORMATS = ("json", "csv", "plain", "parquet")
SIZES = (100_000, 1_000_000)
COMPARED = 100_000  # parcels up to which the build before is timed, too
NOTES = [
    "Wall seconds of fresh processes, one run each after one that warms the disk's cache; the GeoPackage of the "
    "made-up city with other attributes. Every finding is written: to standard output, which nobody keeps (a million "
    "parcels that fail three clauses are 4 GB of JSON, and a disk takes its own time for that), Parquet to a folder.",
    "CPU µs a finding: processor time beyond that of the same check with `--output-format table`, which lists 50.",
    f"Before: the build of commit {BEFORE}, in the same run up to {COMPARED:,} parcels; a dash where its commit is not "
    "at hand.",
]


def main(most: int, results: Path) -> None:
    """Time each layer in each format and keep the table."""
    before, lines = _before(results.parent / "before"), list[list[str]]()
    for kind in KINDS:
        for rows in [size for size in SIZES if size <= most] or [most]:
            lines += _lines(kind, rows, before if rows <= COMPARED else None, results.parent)
    heads = [
        "",
        "parcels",
        "findings",
        "format",
        "s",
        "to reading",
        "CPU µs a finding",
        "MiB",
        "before, s",
        "before/now",
    ]
    save(results, [Table("Every parcel has something to say", "每个地块都有结论", NOTES, heads, lines)])


def _lines(kind: str, rows: int, before: Path | None, folder: Path) -> list[list[str]]:
    path = city(folder, "gpkg", rows, kind)
    reading = [run(read(path), NOWHERE) for _ in range(2)][-1]
    few = [_told(path, "table", folder) for _ in range(2)][-1]
    run(check(path), folder / "report.json")
    findings = sum(sum(of[word] for word in ("fail", "review", "undetermined"))
                   for of in summary(folder / "report.json")["verdicts"].values())  # fmt: skip
    lines = []
    for name in FORMATS:
        now = _told(path, name, folder)
        then = None if before is None else _told(path, name, folder, before)
        lines.append([
            KINDS[kind], f"{rows:,}", f"{findings:,}", name, f"{now.seconds:.1f}",
            f"{now.seconds / reading.seconds:.2f}", f"{(now.cpu - few.cpu) / findings * 1e6:.1f}", f"{now.peak:,.0f}",
            *(["-", "-"] if then is None else [f"{then.seconds:.1f}", f"{then.seconds / now.seconds:.1f}"]),
        ])  # fmt: skip
        print(*lines[-1], file=sys.stderr)
    return lines


def _told(path: Path, name: str, folder: Path, build: Path | None = None) -> Ran:
    """The check with all its findings in that format, by this build or the one in a folder."""
    parquet = folder / "report.parquet"
    shutil.rmtree(parquet, ignore_errors=True)
    form = ["-o", str(parquet), "--output-format", "table"] if name == "parquet" else ["--output-format", name]
    command = landcheck("check", str(path), "--as-of", AS_OF, "--lang", "en", "--exit-zero", "--quiet", *form)
    if build is None:
        return run(command, NOWHERE)
    command.insert(1, "-P")  # else the folder it runs in, which holds this build, comes before
    return run(command, NOWHERE, {**os.environ, "PYTHONPATH": str(build.resolve())})


def _before(folder: Path) -> Path | None:
    """The build before, from the history; None where that does not reach so far."""
    if not folder.exists():
        packed = subprocess.run(["git", "-C", str(ROOT), "archive", BEFORE, "landcheck", "rules"], capture_output=True,
                                check=False)  # fmt: skip
        if packed.returncode:
            return None
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
