"""What a reader of 3,000 parcels sees first: the verdict, the commonest causes, what to supply, the worst park."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import district
import pytest

from landcheck import Options, Report, Request, check, render
from landcheck.messages import Lang

GOLDEN = Path(__file__).parent / "golden"
FIRST = 25
SOUGHT: dict[Lang, tuple[str, ...]] = {
    "zh": ("结论：不符合", "最多的不符合", "首先补充的材料", "问题最多的园区："),
    "en": ("Verdict: ", "Most frequent: fail", "Ask for this first", "Worst park: "),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    plan = district.draw(tmp_path_factory.mktemp("district") / "district.gpkg")
    return check(Request(str(plan), as_of=dt.date(2026, 6, 30)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_lines_say_what_matters(report: Report, lang: Lang) -> None:
    """LANDCHECK_RENEW_GOLDEN=1 writes the files anew: read the diff."""
    lines = "".join(render(report, "table", Options(lang, width=100))).splitlines()[:FIRST]
    text = "\n".join(lines) + "\n"
    path = GOLDEN / f"district.{lang}.txt"
    if os.environ.get("LANDCHECK_RENEW_GOLDEN"):
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text
    assert [sought for sought in SOUGHT[lang] if sought not in text] == []
