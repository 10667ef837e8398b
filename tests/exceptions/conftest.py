"""A small plan whose verdicts are known by hand, and the program run on it by its command line."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shapely
from typer.testing import CliRunner, Result

from landcheck.cli.app import app
from landcheck.geometry.shapes.fingerprint import fingerprint

# Squares of 200 m by 100 m at Shanghai in EPSG:4549: 20,000 m², FAR 2.0 from 40,000 m² on.
COLUMNS = {
    "parcel_id": "", "land_class": "industrial_project", "site_area_m2": "20000", "far_gfa_m2": "40000",
    "single_use": "true", "in_high_tech_zone": "true", "is_stock": "false", "is_surplus_part": "false",
    "approval_date": "2022-01-01", "term_years": "20", "recognition": "none", "above_ground_gfa_m2": "40000",
    "other_industry_gfa_m2": "6000", "living_gfa_m2": "6000", "wkt": "",
}  # fmt: skip
AS_OF = "2024-06-01"


def square(east: float, width: float = 200, north: float = 3_455_000) -> str:
    x, y = 640_000 + east, north
    return f"POLYGON (({x} {y}, {x + width} {y}, {x + width} {y + 100}, {x} {y + 100}, {x} {y}))"


def row(ident: str, east: float, **values: str) -> dict[str, str]:
    return {**COLUMNS, "parcel_id": ident, "wkt": square(east), **values}


# FAIL breaks the FAR alone (1.8), OPEN lacks what the FAR is made of, GOOD passes everything, RD is none of its kind.
FAIL = row("FAIL", 0, far_gfa_m2="36000")
OPEN = row("OPEN", 300, far_gfa_m2="")
GOOD = row("GOOD", 600)
RD = row("RD", 900, land_class="rd_project")
PLAN = (FAIL, OPEN, GOOD, RD)

WAIVER = {
    "number": "沪规划资源〔2024〕12号", "approver": "市规划资源局", "reason": "历史遗留", "expires": "2025-12-31",
    "rule": "far-industrial", "parcel": "FAIL", "fingerprint": "g1-8e985bccc4a7",  # of the square that FAIL is drawn as
}  # fmt: skip


def mark(wkt: str) -> str:
    """The fingerprint of a drawing."""
    found = fingerprint(shapely.from_wkt(wkt))
    assert found is not None
    return found


def write_plan(*rows: dict[str, str], name: str = "parcels.csv") -> str:
    lines = [",".join(COLUMNS), *(",".join(f'"{value}"' for value in one.values()) for one in rows)]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def write_register(*entries: dict[str, Any], name: str = "waivers.toml") -> str:
    lines = [line for entry in entries for line in ("[[waiver]]", *(f"{k} = {_toml(v)}" for k, v in entry.items()))]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def _toml(value: object) -> str:
    text = str(value)
    return text if len(text) == 10 and text[4] == "-" and text[7] == "-" else json.dumps(text, ensure_ascii=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def check(*more: str, plan: str = "parcels.csv", as_of: str = AS_OF) -> tuple[int, Any]:
    """The exit status and the result in JSON; what was said where there is none."""
    result = run(
        "check", plan, "--as-of", as_of, "--crs", "EPSG:4549", "--output-format", "json", "--lang", "en", "-q", *more
    )
    return result.exit_code, json.loads(result.stdout) if result.stdout else result.output


def told(result: Any) -> list[tuple[str, str, str]]:
    """What is told of the register: level, subject, code."""
    return [(one["level"], one["subject"]["id"], one["code"]) for one in result["data"] if one["rule"] == "data/waiver"]


def finding(result: Any, parcel: str, rule: str = "far-industrial") -> Any:
    return next(one for one in result["findings"] if one["subject"]["id"] == parcel and one["rule"] == rule)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def plan() -> SimpleNamespace:
    """The parcels, a waiver, and what the tests do with them."""
    return SimpleNamespace(
        FAIL=FAIL, OPEN=OPEN, GOOD=GOOD, RD=RD, ALL=PLAN, WAIVER=WAIVER, row=row, square=square, write=write_plan,
        register=write_register, run=run, check=check, told=told, finding=finding, mark=mark,
    )  # fmt: skip
