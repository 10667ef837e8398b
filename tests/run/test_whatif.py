"""``landcheck whatif``: what is set by any name a column may have, and what of it decides nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from landcheck.cli.app import app

HEAD = "parcel_id,land_class,site_area_m2,far_gfa_m2,far,roof_greening"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text(f"{HEAD}\nA,industrial_project,10000,19000,1.9,部分\n", encoding="utf-8")


def run(*changes: str, form: str = "json") -> Result:
    words = [word for change in changes for word in ("--set", change)]
    options = ("--as-of", "2026-06-30", "--lang", "en", "--output-format", form)
    return CliRunner().invoke(app, ["whatif", "p.csv", "--parcel", "A", *words, *options])


def told(*changes: str) -> tuple[dict[str, str], str, list[str]]:
    """The changes, the verdict on the FAR after them, and what is said of them."""
    found: dict[str, Any] = json.loads(run(*changes).stdout)
    (far,) = [one["after"]["verdict"] for one in found["whatif"] if one["rule"] == "far-industrial"]
    return found["changes"], far, [one["code"] for one in found["notices"] if one["code"].startswith("whatif-")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (("far_gfa_m2=21000",), ({"far_gfa_m2": "21000"}, "pass", [])),
        (("计容建筑面积=21000",), ({"far_gfa_m2": "21000"}, "pass", [])),
        (("计容建筑面积(万㎡)=2.1",), ({"far_gfa_m2": "2.1 万平方米"}, "pass", [])),
        (("far=2.5",), ({"far": "2.5"}, "fail", ["whatif-far-beside-areas"])),
        (("容积率=2.5", "far_gfa_m2="), ({"far": "2.5", "far_gfa_m2": ""}, "pass", [])),
        (("far_gfa_m2=999999",), ({"far_gfa_m2": "999999"}, "undetermined", ["whatif-not-taken"])),
        (("toxic_gas=true",), ({"toxic_gas": "true"}, "fail", ["whatif-no-effect"])),
    ],
)
def test_what_is_set_and_what_of_it_decides(changes: tuple[str, ...], expected: Any) -> None:
    assert told(*changes) == expected


def test_a_value_set_takes_the_place_of_a_cell_that_cannot_be_read() -> None:
    found = json.loads(run("屋顶绿化=是").stdout)["whatif"]
    (roof,) = [one for one in found if one["rule"] == "roof-greening"]
    assert (roof["before"], roof["after"]["verdict"]) == ("undetermined", "pass")


def test_the_page_says_so_in_words() -> None:
    assert "the far that was set does not decide" in run("far=2.5", form="plain").stdout


@pytest.mark.parametrize(("name", "near"), [("容积", "far"), ("出让年", "term_years"), ("far_gfaa", "far_gfa_m2")])
def test_the_nearest_fields_are_offered(name: str, near: str) -> None:
    refused = run(f"{name}=2")
    assert (refused.exit_code, near in refused.stderr) == (2, True)
    assert "protection_belt_m" not in refused.stderr


def test_one_field_by_two_names_is_refused() -> None:
    refused = run("far=2", "容积率=3")
    assert (refused.exit_code, "far" in refused.stderr) == (2, True)
