"""Whole reports as they were looked at and found good. LANDCHECK_RENEW_GOLDEN=1 writes them anew: read the diff."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from landcheck.messages import LANGUAGES, Lang, Text
from landcheck.model import Explanation, Fact, Origin, Report
from landcheck.report.options import Options
from landcheck.report.output_formats import standard_output_formats
from landcheck.report.pages import explain_page, rules_page
from landcheck.report.write import render

GOLDEN = Path(__file__).parent / "golden"


def compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("LANDCHECK_RENEW_GOLDEN"):
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text, f"{name} changed: see the head of this file"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", standard_output_formats())
def test_report(report: Report, name: str, lang: Lang) -> None:
    compare(f"report.{lang}.{name}", "".join(render(report, name, Options(lang, "all", width=120))))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rule_pages(made: SimpleNamespace, lang: Lang) -> None:
    pages = [
        *rules_page.list_rules([made.PACK], lang), "\n", *rules_page.show_rule(made.PACK, made.TERM, lang), "\n",
        *rules_page.docs([made.PACK], "md", lang),
    ]  # fmt: skip
    compare(f"rules.{lang}.txt", "".join(pages))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explanation(report: Report, made: SimpleNamespace, lang: Lang) -> None:
    facts = (
        Fact("far_gfa_m2", 18000.0, "m2", Origin.LAYER, "parcels.shp", "计容面积", 1),
        Fact("site_area_m2", 10000.0, "m2", Origin.ATTRIBUTES, "属性.xlsx", "用地面积", 4),
        Fact("land_class", "industrial_project", "", Origin.LAYER, "parcels.shp", "YDLX", 1),
        Fact("in_high_tech_zone", True, "", Origin.PLACE, "zones.shp"),
        Fact("approval_date", "2026-11-22", "", Origin.ASSUMED),
        Fact("far", None, "1", Origin.LAYER),
    )
    formula = (
        Text("容积率 = 计容建筑面积 / 用地面积", "FAR = far_gfa_m2 / site_area_m2"),
        Text("= 18000 / 10000 = 1.8", "= 18000 / 10000 = 1.8"),
    )
    explained = [Explanation(made.far_failure("P1"), facts, formula), Explanation(made.term_failure("P1"), (), ())]
    told = [*explain_page.text(report, explained, Options(lang)), *explain_page.json(report, explained, Options(lang))]
    compare(f"explain.{lang}.txt", "".join(told))
