"""Packs used together must be told apart in a report; what cannot be is refused before anything is checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from landcheck.cli.app import app
from landcheck.errors import PackError
from landcheck.rulebook import load_packs, new_pack, pack_names

RULES = Path(__file__).resolve().parents[2] / "rules"
PARCELS = "parcel_id,land_class,site_area_m2,far_gfa_m2\nP1,industrial_project,20000,36000\n"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text(PARCELS, encoding="utf-8")


def check(*packs: str) -> Result:
    named = [word for pack in packs for word in ("--pack", pack)]
    return CliRunner().invoke(app, ["check", "p.csv", *named, "--as-of", "2025-06-01", "--output-format", "json"])


def renamed(old: str, new: str) -> Path:
    """A copy of one of our packs under another id, its rules called as before."""
    copy = Path(shutil.copytree(RULES / old, Path(new)))
    header = copy / "pack.toml"
    header.write_text(header.read_text(encoding="utf-8").replace(f'"{old}"', f'"{new}"', 1), encoding="utf-8")
    return copy


def clashes(*packs: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_packs(packs)
    assert caught.value.exit_status == 2
    assert caught.value.say("zh") != caught.value.say("en")
    return [fault.code for fault in caught.value.faults]


def test_all_our_packs_go_together() -> None:
    assert tuple(pack.id for pack in load_packs(pack_names())) == pack_names()


def test_two_packs_that_share_a_rule_are_refused_by_their_names() -> None:
    renamed("shanghai-2021-9", "hangzhou")
    result = check("shanghai-2021-9", "hangzhou")
    assert result.exit_code == 2
    assert not result.stdout
    assert 'rule packs shanghai-2021-9 and hangzhou both have a rule "term-50"' in result.stderr
    assert result.stderr.count("both have a rule") == 10


def test_a_parameter_of_two_values_is_refused_and_one_of_the_same_value_is_not() -> None:
    codes = ["packs-same-rule"] * 10
    copy = renamed("shanghai-2021-9", "hangzhou") / "pack.toml"
    assert clashes("shanghai-2021-9", "hangzhou") == codes
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("value  = 20", "value  = 30").replace("不超过20年", "不超过30年"), encoding="utf-8")
    assert clashes("shanghai-2021-9", "hangzhou") == [*codes, "packs-same-parameter"]
    result = check("shanghai-2021-9", "hangzhou")
    assert 'both have a parameter "base_term_years", but not the same number (20 years; 30 years)' in result.stderr


def test_two_packs_of_one_id_are_refused() -> None:
    new_pack("a/mine")
    new_pack("b/mine")
    assert clashes("a/mine", "b/mine") == ["packs-same-id"]
    assert check("a/mine", "b/mine").exit_code == 2


def test_every_pair_is_looked_at() -> None:
    new_pack("first")
    new_pack("second")
    assert clashes("first", "shanghai-2021-9", "second") == ["packs-same-rule"]


def test_a_pack_named_twice_counts_once() -> None:
    once, twice = check("shanghai-2021-9"), check("shanghai-2021-9", str(RULES / "shanghai-2021-9"))
    assert (once.exit_code, twice.exit_code) == (1, 1), twice.output
    assert twice.stdout == once.stdout
    assert [pack["id"] for pack in json.loads(twice.stdout)["pack"]] == ["shanghai-2021-9"]


def test_packs_keep_the_order_they_were_named_in() -> None:
    names = ("shanghai-green", "china-terms", "shanghai-green")
    assert [pack.id for pack in load_packs(names)] == ["shanghai-green", "china-terms"]
