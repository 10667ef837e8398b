"""Real reports of the sample parcels, one with every hostile text in it, and the files written of them."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from landcheck import Report, Request, Verdict, check, write_files
from landcheck.messages import Lang
from landcheck.model import Covered, DrawnRows, Grant, Subject, Waived

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
AS_OF = dt.date(2026, 11, 22)
HOSTILE = (
    "=cmd()|' /C calc'!A0", "@SUM(1+1)", "+1", "-1+2", "http://x.invalid/", "<script>alert(1)</script>",
    "\x1b[31mred\x1b[0m", "a\x00b\x07c\x08d\x7fe\x85f", "one\r\ntwo", "abc\u202edef\u200b", "长" * 10_000, "x" * 10_000,
    "\udc80", "a\"b';,c&amp;", "#panic() $x$ @ref <label> *b* _e_ //c", "_x0041_", "𠮷🏠ﷺ",
)  # fmt: skip

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def plan() -> Report:
    return check(Request(str(SAMPLES / "plan.gpkg"), as_of=AS_OF, headroom=True))


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    def written(report: Report, suffix: str, lang: Lang = "zh") -> Path:
        path = tmp_path_factory.mktemp("office") / f"report.{suffix}"
        write_files(report, [path], lang)
        return path

    return written


@pytest.fixture(scope="session")
def told(plan: Report, write: Write) -> dict[str, Any]:
    """The same run as JSON: what every other format is counted against."""
    read: dict[str, Any] = json.loads(write(plan, "json").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="session")
def by_rule(told: dict[str, Any]) -> dict[str, Counter[str]]:
    """Findings by rule and verdict, from the JSON."""
    counts: dict[str, Counter[str]] = {rule: Counter() for rule in told["summary"]["verdicts"]}
    for finding in told["findings"]:
        counts[finding["rule"]][finding["verdict"]] += 1
    return counts


@pytest.fixture(scope="session")
def causes_by_rule(told: dict[str, Any]) -> dict[str, Counter[str]]:
    """The same, but that those undetermined that lack the same count once."""
    lines: dict[str, set[tuple[str, str]]] = {rule: set() for rule in told["summary"]["verdicts"]}
    for number, one in enumerate(told["findings"]):
        each = str(one["missing"]) if one["verdict"] == "undetermined" else str(number)
        lines[one["rule"]].add((one["verdict"], each))
    return {rule: Counter(verdict for verdict, _ in of) for rule, of in lines.items()}


class Squares:
    """Drawn parcels with those ids, each failing the first of the rules, in the plane of the sample."""

    def __init__(self, ids: tuple[str, ...], rules: tuple[str, ...], crs: str) -> None:
        self.ids, self.rules, self.wkt = ids, rules, crs

    def crs(self, subject: str) -> str | None:
        return self.wkt if subject == "parcel" else None

    def of(self, subject: str) -> Iterator[DrawnRows]:
        if subject != "parcel":
            return
        west = 500_000 + 300.0 * np.arange(len(self.ids))
        boxes = shapely.box(west, 3_450_000, west + 250, 3_450_200)
        verdicts = np.full((len(self.rules), len(self.ids)), int(Verdict.NOT_APPLICABLE), np.int8)
        verdicts[0] = int(Verdict.FAIL)
        wkb = pa.array(shapely.to_wkb(boxes).tolist(), pa.binary())
        yield DrawnRows(self.ids, np.arange(len(self.ids)), wkb, self.rules, verdicts)


@pytest.fixture(scope="session")
def squares(plan: Report) -> Callable[[tuple[str, ...]], Squares]:
    rules = tuple(rule.id for pack in plan.packs for rule in pack.rules if rule.per == "parcel")
    assert plan.drawing is not None
    crs = plan.drawing.crs("parcel")
    assert crs is not None
    return lambda ids: Squares(ids, rules, crs)


@pytest.fixture(scope="session")
def hostile(plan: Report, squares: Callable[[tuple[str, ...]], Squares]) -> Report:
    """Every hostile text as the id of a failing parcel, as a park, an input, and a name on the map."""
    failure = next(one for one in plan.findings if one.verdict is Verdict.FAIL and one.subject.type == "parcel")
    return replace(
        plan,
        findings=tuple(
            failure._replace(subject=Subject("parcel", text), waived=Waived(text, text, dt.date(2026, 6, 30), text))
            for text in HOSTILE
        ),
        waivers=tuple(
            Grant(Waived(text, text, dt.date(2026, 6, 30), text), None, failure.rule.id, "parcel", text, Covered(1))
            for text in HOSTILE
        ),
        ledger=tuple(replace(plan.ledger[0], park_id=text, district=text) for text in HOSTILE),
        inputs=tuple(replace(plan.inputs[0], path=text, layer=text) for text in HOSTILE),
        drawing=squares(HOSTILE),
    )


@pytest.fixture(scope="session")
def many(plan: Report) -> Report:
    """Of one rule 350 failures, each waived by another document, and 30 undetermined before them in the list."""
    failure = next(one for one in plan.findings if one.verdict is Verdict.FAIL and one.rule.id == "far-industrial")
    unknown = next(
        one for one in plan.findings if one.verdict is Verdict.UNDETERMINED and one.rule.id == failure.rule.id
    )
    findings = [unknown._replace(subject=Subject("parcel", f"U{i:03}")) for i in range(30)]
    findings += [
        failure._replace(
            subject=Subject("parcel", f"F{i:03}"), waived=Waived(f"文{i}", "局", dt.date(2027, 6, 30), "协议")
        )
        for i in range(350)
    ]
    return replace(plan, findings=tuple(findings))
