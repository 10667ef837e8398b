"""The guide to writing rules: its example passes the gate, and what it shows is what there is."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from landcheck.rulebook import load_pack
from landcheck.rulebook.gate import examine_pack

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "example-pack" / "beijing-green-1990"
GUIDES = {lang: (ROOT / "docs" / name).read_text(encoding="utf-8")
          for lang, name in (("zh", "writing-rules.zh-CN.md"), ("en", "writing-rules.md"))}  # fmt: skip


def test_the_example_passes_the_gate() -> None:
    report = examine_pack(load_pack(str(EXAMPLE)))
    assert report.faults == ()
    assert len(report.results) == 12


def test_the_chinese_guide_shows_the_example_itself() -> None:
    header, card = re.findall(r"```toml\n(.*?)```", GUIDES["zh"], re.DOTALL)
    assert card == (EXAMPLE / "green-toxic-40.toml").read_text(encoding="utf-8")
    for table in header.split("\n\n"):
        assert table.strip() in (EXAMPLE / "pack.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", GUIDES)
def test_what_the_gate_says_in_the_guide_is_what_it_says(lang: str, edited) -> None:
    wrong = edited("green-toxic-40.toml", "at_least = 40", "at_least = 30")
    assert wrong.say(lang) in GUIDES[lang]


@pytest.fixture
def edited(tmp_path: Path, faults):
    def fault(file: str, old: str, new: str):
        home = Path(shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.name))
        path = home / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        (only,) = faults(home)
        return only

    return fault


@pytest.mark.parametrize("lang", GUIDES)
def test_the_survivor_in_the_guide_is_one(lang: str) -> None:
    pack = load_pack(str(EXAMPLE))
    fewer = replace(pack, cases=tuple(case for case in pack.cases if case.kind != "past_limit"))
    said = [fault.say(lang) for fault in examine_pack(fewer).faults if fault.code == "gate-mutant-survives"]
    assert said
    assert all(sentence in GUIDES[lang] for sentence in said)


@pytest.mark.parametrize("lang", GUIDES)
def test_links_lead_somewhere(lang: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", GUIDES[lang])
    assert targets
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []
