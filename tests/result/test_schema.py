"""The published schemas are the ones the types give. LANDCHECK_RENEW_GOLDEN=1 writes them anew: read the diff."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

import landcheck.report
from landcheck.cli.app import app
from landcheck.report.result.schema import pages_text, schema_text

FOLDER = Path(landcheck.report.__file__).parent
SAMPLES = Path(__file__).parents[2] / "sample_parcels"
PLAN = str(SAMPLES / "plan.gpkg")
DAY = ("--as-of", "2026-06-30")


@pytest.mark.parametrize(("name", "text"), [("schema.json", schema_text), ("pages.json", pages_text)])
def test_the_published_schema_is_made_of_the_types(name: str, text: Any) -> None:
    path = FOLDER / name
    if os.environ.get("LANDCHECK_RENEW_GOLDEN"):
        path.write_text(text(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text(), "the schema changed: see the head of this file"


def page(kind: str, *arguments: str) -> Any:
    """What a command prints as JSON, valid under its own part of the schema and no other."""
    ran = CliRunner().invoke(app, [*arguments, "--output-format", "json"])
    assert ran.exit_code in (0, 1, 3), ran.output
    printed = json.loads(ran.stdout)
    schema = json.loads((FOLDER / "pages.json").read_text(encoding="utf-8"))
    jsonschema.validate(printed, schema | {"$ref": f"#/$defs/{kind}"})
    assert printed["schema_version"] == "1"
    return printed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_each_command_prints_is_valid(lang: str, tmp_path: Path) -> None:
    said = ("--lang", lang)
    assert page("explain", "explain", PLAN, "--parcel", "PD01-03", *DAY, *said)["explanations"]
    assert page("whatif", "whatif", PLAN, "--parcel", "PD01-03", "--set", "far=2", *DAY, *said)["whatif"]
    assert page("survey", "fields", PLAN, *said)["layers"]
    results = [str(tmp_path / name) for name in ("old.json", "new.json")]
    for result, reading in zip(results, ("threshold", "literal"), strict=True):
        CliRunner().invoke(app, ["check", PLAN, "--reading", reading, "-o", result, *DAY, *said])
    changes = page("difference", "diff", *results, *said)
    assert changes["changed"] + changes["fixed"]
    again = page("difference", "compare", PLAN, "--pack", "shanghai-2021-9", "--pack", "shanghai-2025-28", *DAY, *said)
    assert again["topics"]


def test_fields_without_a_file_are_the_catalogue() -> None:
    named = {(one["layer"], one["field"]): one for one in page("catalogue", "fields", "--lang", "zh")["fields"]}
    assert named["parcels", "site_area_m2"]["unit"] == "m2"
    assert "industrial_project" in named["parcels", "land_class"]["values"]
