"""docs/contract.md and the program name the same things: options, keys, fields, rules, formats, keys of the JSON."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from landcheck.fields.catalogue import fields
from landcheck.model import Role
from landcheck.report.ci.sarif import DATA_RULES

ROOT = Path(__file__).parents[2]
LANGUAGES = ("docs/contract.md", "docs/contract.zh-CN.md")
JUDGING = {"check", "explain", "whatif", "compare"}
COMMANDS = (
    *sorted(JUDGING), "fields", "convert", "report", "diff", "baseline", "waivers new", "init", "serve",
    "rules list", "rules show", "rules test", "rules docs", "rules new",
    "qgis install",
)  # fmt: skip
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def section(number: int, page: str = LANGUAGES[0]) -> str:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of the tables' rows."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def options() -> dict[str, set[str]]:
    """By command, the options that the page gives it."""
    told: dict[str, set[str]] = {command: set() for command in COMMANDS}
    for cells in rows(section(7)):
        named = set(re.findall(r"`?(--[a-z-]+)", cells[0]))
        for part in cells[1].split(";"):
            only = set(re.findall(r"`(--[a-z-]+)`", part)) or named
            for command in commands_of(part):
                told[command] |= only
    return told


def commands_of(text: str) -> set[str]:
    if text.startswith("all but"):
        return set(COMMANDS) - set(re.findall(r"`([^`]+)`", text))
    if text == "all":
        return set(COMMANDS)
    named = set(re.findall(r"`([^`]+)`", text)) & set(COMMANDS)
    return named | (JUDGING if "judging" in text else set())


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_of_a_command_are_those_of_its_help(command: str, run: Run) -> None:
    helped = run(*command.split(), "--help").stdout
    there = set(re.findall(r"^ +(?:-\w, +)?(--[a-z-]+)", helped, re.MULTILINE))
    assert "--help" in there
    assert options()[command] == there


def test_the_keys_of_the_configuration_are_those_that_are_known(run: Run, tmp_path: Path) -> None:
    (tmp_path / "landcheck.toml").write_text("qqqqqq = 1\n")
    refused = run("check", str(ROOT / "sample_parcels/small.geojson"), "--lang", "en", cwd=tmp_path)
    assert refused.returncode == 2
    known = set(refused.stderr.split("known:")[1].replace(",", " ").split())
    cells = [cells[2] for cells in rows(section(7)) if len(cells) == 4]
    assert {key for cell in cells for key in re.findall(r"`\[?([a-z_]+)", cell)} == known


@pytest.mark.parametrize(("flag", "marks"), [("-o", r"`(\.[a-z.]+)`"), ("--output-format", r"`([a-z]+)`")])
def test_the_formats_are_those_that_are_written(flag: str, marks: str, run: Run) -> None:
    refused = run("check", "sample_parcels/small.geojson", flag, "x.y", "--lang", "en")
    assert refused.returncode == 2
    known = refused.stderr.split("use one of" if flag == "-o" else "x.y")[-1]
    told = next(line for line in section(7).splitlines() if line.startswith("Report files by suffix"))
    files, standard = told.split("On standard output")
    names = set(re.findall(marks, files if flag == "-o" else standard))
    assert names
    assert names == set(re.findall(r"(?<!\w)\.[a-z.]+[a-z]|\b(?:" + "|".join(names) + r")\b", known))


def test_the_fields_are_those_of_the_catalogue() -> None:
    told = set(re.findall(r"`([a-z0-9_]+)`", section(2)))
    there = [field for role in Role for field in fields(role)]
    words = {value for field in there for value in field.values}
    names = {field.name for field in there}
    assert names <= told
    assert told - names == words - names


def test_what_is_assumed_is_what_the_catalogue_assumes() -> None:
    table = [cells for cells in rows(section(2)) if len(cells) == 4]
    told = {name for cells in table if cells[2] for name in re.findall(r"`(\w+)`", cells[0])}
    assert told == {field.name for field in fields(Role.PARCELS) if field.assumed is not None}


def test_the_rules_are_those_of_the_pack(run: Run) -> None:
    printed = run("rules", "list", "--pack", "shanghai-2021-9", "--lang", "en").stdout
    listed = re.findall(r"^  ([a-z0-9-]+) +(?:parcel|park) ", printed, re.MULTILINE)
    assert [cells[0].strip("`") for cells in rows(section(3))][1:] == listed


def test_the_data_findings_are_those_of_the_program() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "landcheck").rglob("*.py"))
    told = {cells[0].strip("`") for cells in rows(section(6))} - {"id"}
    assert told == set(re.findall(r'"(data/[a-z-]+)"', source))
    assert told == {f"data/{name}" for name in DATA_RULES}  # each has a sentence of its own in SARIF


def properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from properties(inner)


def test_every_key_of_the_schema_stands_in_the_section_on_json() -> None:
    schema = json.loads((ROOT / "landcheck/report/schema.json").read_text(encoding="utf-8"))
    keys = set(properties(schema))
    assert len(keys) > 100
    told = set(re.findall(r"[`\"]([a-z0-9_]+)[`\"]", section(8) + section(1)))
    assert keys <= told


@pytest.mark.parametrize("arguments", [
    ("explain", "sample_parcels/plan.gpkg", "--parcel", "PD01-03"),
    ("whatif", "sample_parcels/plan.gpkg", "--parcel", "PD01-03", "--set", "far_gfa_m2=60000"),
    ("compare", "sample_parcels/plan.gpkg", "--as-of", "2021-08-31", "--as-of", "2026-06-30"),
    ("fields", "sample_parcels/plan.gpkg"),
], ids=lambda arguments: arguments[0])  # fmt: skip
def test_the_keys_of_other_commands_stand_there_too(arguments: tuple[str, ...], run: Run) -> None:
    answer = json.loads(run(*arguments, "--output-format", "json").stdout)
    told = set(re.findall(r"[`\"]([a-z0-9_]+)[`\"]", section(8)))
    assert set(answer) <= told
    own = next(cells[1] for cells in rows(section(8)) if f"`{arguments[0]}`" in cells[0])
    assert re.findall(r"`(\w+)`", own)[0] in answer


def test_the_example_is_sound_json() -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```", section(8), re.MULTILINE | re.DOTALL)
    schema = json.loads((ROOT / "landcheck/report/schema.json").read_text(encoding="utf-8"))
    assert set(json.loads(block)) <= set(schema["properties"])


@pytest.mark.parametrize("number", range(1, 11))
def test_both_languages_name_the_same_things(number: int) -> None:
    english, chinese = (
        sorted(name for name in re.findall(r"`([^`\n]+)`", section(number, page))) for page in LANGUAGES
    )
    assert english == chinese
