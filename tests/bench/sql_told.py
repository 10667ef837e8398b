"""What landcheck and the scripts of the whole job said of a layer, in a form that can be compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cities import data_lines, summary
from sql_rules import IDS, WORDS

Found = set[tuple[str, str, str | None]]
"""Kind, parcel and the other parcel."""

DATA = ("data/geometry", "data/overlap")


@dataclass(frozen=True, slots=True)
class Told:
    """Verdicts by rule, and the invalid shapes and overlapping pairs."""

    verdicts: dict[str, dict[str, int]]
    found: Found


def of_landcheck(report: Path) -> Told:
    """From a JSON report; the second parcel of a pair is told by its row, which in the city tells its id."""
    verdicts = summary(report)["verdicts"]
    lines = [json.loads(line) for line in data_lines(report, DATA)]
    found = {(line["rule"], line["subject"]["id"], _named(line["other_row"])) for line in lines}
    return Told({rule: {word: verdicts[rule][word] for word in WORDS} for rule in IDS}, found)


def of_script(said: Path, findings: Path) -> Told:
    """From its verdicts by rule and its lines of JSON."""
    verdicts = json.loads(said.read_text(encoding="utf-8"))
    with findings.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if '"data' in line]  # the slash may be escaped
    return Told(verdicts, {(line["rule"], line["parcel"], line.get("other")) for line in lines})


def differences(ours: Told, theirs: Told, *, overlaps: bool) -> str:
    """What a script says otherwise; empty where nothing. Without overlaps it must have found none."""
    rules = [rule for rule in IDS if ours.verdicts[rule] != theirs.verdicts.get(rule)]
    expected = {one for one in ours.found if overlaps or one[0] != DATA[1]}
    data = sorted(map(str, expected ^ theirs.found))
    return "; ".join([*rules, *data[:12]])


def _named(row: int | None) -> str | None:
    return None if row is None else f"SH{row - 1:08}"
