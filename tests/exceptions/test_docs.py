"""What docs/waivers.md tells is so: its register is read, its fingerprint is a sample's, its headings are known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace as Plan

import pytest

from landcheck.exceptions.written_register import ALIASES, WORDS
from landcheck.fields.headings import key

ROOT = Path(__file__).parents[2]
DOCS = ("waivers.md", "waivers.zh-CN.md")
AREA = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {}, "geometry": {
        "type": "Polygon", "coordinates": [[[121.0, 30.9], [121.9, 30.9], [121.9, 31.4], [121.0, 31.4], [121.0, 30.9]]],
    }}],
}  # fmt: skip


@pytest.mark.parametrize("name", DOCS)
def test_the_register_of_the_page_is_sound_and_applies(plan: Plan, name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    register = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[0]
    Path("waivers.toml").write_text(register, encoding="utf-8")
    for file in re.findall(r'polygon = "(.*)"', register):
        Path(file).write_text(json.dumps(AREA), encoding="utf-8")
    sample = str(ROOT / "sample_parcels" / "plan.gpkg")
    _, result = plan.check("--waivers", "waivers.toml", plan=sample, as_of="2026-06-30")
    assert {code for _, _, code in plan.told(result)} == {"waiver-undetermined"}, "no verdict is covered that is open"
    assert result["summary"]["waived"] == {
        "far-industrial": {"fail": 1, "review": 0},
        "mixed-use-30": {"fail": 2, "review": 0},
    }


@pytest.mark.parametrize("name", DOCS)
def test_every_key_and_heading_of_the_page_is_known(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.MULTILINE)
    assert [row[0] for row in rows] == list(ALIASES)
    for own, headings in rows:
        for heading in re.split(r"[,、]\s*", headings.strip()):
            assert WORDS[key(heading)] == own
