"""``landcheck diff``: what was resolved, and what was only read otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from landcheck.cli.app import app

HEAD = "parcel_id,land_class,site_area_m2,far_gfa_m2,合同"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def saved(name: str, row: str, *options: str) -> None:
    Path("p.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    run = ["check", "p.csv", "--as-of", "2026-06-30", "--show", "all", "--exit-zero", "-q", "-o", name, *options]
    assert CliRunner().invoke(app, run).exit_code == 0


def ended() -> dict[str, tuple[str, bool]]:
    """What is fixed or dropped on the FAR, and whether it was only read otherwise."""
    found = CliRunner().invoke(app, ["diff", "a.json", "b.json", "--output-format", "json", "--lang", "en"])
    told: dict[str, Any] = json.loads(found.stdout)
    return {
        one["rule"]: (section, one["reread"])
        for section in ("fixed", "dropped")
        for one in told[section]
        if one["rule"] == "far-industrial"
    }


FAILING, SOUND = "A,industrial_project,10000,19000,2020-01-01", "A,industrial_project,10000,21000,2020-01-01"


def test_a_greater_floor_area_is_resolved() -> None:
    saved("a.json", FAILING)
    saved("b.json", SOUND)
    assert ended() == {"far-industrial": ("fixed", False)}


def test_a_date_that_is_read_now_resolves_nothing() -> None:
    saved("a.json", FAILING)
    saved("b.json", FAILING, "--map", "approval_date=合同")
    assert ended() == {"far-industrial": ("dropped", True)}
    page = CliRunner().invoke(app, ["diff", "a.json", "b.json", "--lang", "en"]).stdout
    assert "nothing was resolved" in page


def test_a_date_that_was_assumed_and_is_read_from_another_file_resolves_nothing() -> None:
    saved("a.json", FAILING)
    saved("b.json", FAILING + " ", "--map", "approval_date=合同")
    assert ended()["far-industrial"][1]


def test_a_fact_that_was_missing_is_read() -> None:
    saved("a.json", "A,industrial_project,10000,,2020-01-01")
    saved("b.json", SOUND)
    assert ended() == {"far-industrial": ("fixed", True)}
