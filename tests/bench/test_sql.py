"""The scripts of the whole job say what landcheck says, and one that does not is noticed."""

import dataclasses
import json
import sys
from pathlib import Path

import by_hand
import city
import duckdb
import geopandas
import pytest
import run
import sql
from cities import check
from install import SCRIPTS, absent, interpreter
from processes import Ran, within
from sql_rules import by_rule, counted, findings, judged
from sql_told import Told, differences, of_landcheck, of_script
from table import Table, load

from landcheck.fields.catalogue import field
from landcheck.model import Role

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "build/bench"
PARCELS = 10_000


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("city")
    files = {suffix: folder / f"parcels.{suffix}" for suffix in sql.FORMATS.values()}
    for path in files.values():
        city.write(path, PARCELS)
    return files


@pytest.fixture(scope="module")
def ours(layers: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Told:
    report = tmp_path_factory.mktemp("ours") / "report.json"
    assert isinstance(within(None, check(layers["parquet"]), report), Ran)
    return of_landcheck(report)


def python_of(peer: str) -> str:
    """geopandas is here for the tests; the others are where `make bench` has put them."""
    if peer == "geopandas":
        return sys.executable
    if why := dict(absent(INSTALLED)).get(peer):
        pytest.skip(f"{peer} is not installed: {why}")
    return str(interpreter(INSTALLED))


@pytest.mark.parametrize("part", ["overlaps", ""])
@pytest.mark.parametrize("suffix", sql.FORMATS.values())
@pytest.mark.parametrize("peer", SCRIPTS)
def test_a_script_says_what_landcheck_says(
    peer: str, suffix: str, part: str, layers: dict[str, Path], ours: Told, tmp_path: Path
) -> None:
    said, told = tmp_path / "said.json", tmp_path / "told.jsonl"
    command = [python_of(peer), str(HERE / f"sql_{peer}.py"), str(layers[suffix]), str(told), *part.split()]
    ran = within(None, command, said)
    assert isinstance(ran, Ran), ran
    assert differences(ours, of_script(said, told), overlaps=bool(part)) == ""
    lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    open_verdicts = sum(of[word] for of in ours.verdicts.values() for word in ("fail", "review", "undetermined"))
    assert len(lines) == open_verdicts + (len(ours.found) if part else sum(two is None for _, _, two in ours.found))


def test_there_is_something_to_find(ours: Told) -> None:
    kinds = [kind for kind, _, _ in ours.found]
    assert kinds.count("data/geometry") >= 3
    assert kinds.count("data/overlap") >= 3
    assert all(of["fail"] + of["review"] for of in ours.verdicts.values())


def test_the_rules_in_sql_give_the_same_verdicts_without_a_spatial_extension(
    layers: dict[str, Path], ours: Told
) -> None:
    frame = geopandas.read_parquet(layers["parquet"])
    plain = frame.drop(columns="geometry").assign(drawn=frame.to_crs(6933).area, sound=frame.is_valid)
    with duckdb.connect() as db:
        db.register("parcels", plain)
        db.execute(f"CREATE TEMP TABLE judged AS {judged('NULL', 'sound', 'drawn', shapes=False)}")
        counts = by_rule(list(db.execute(counted()).fetchall()[0]))
        rules = {line[0] for line in db.execute(findings(overlaps=False)).fetchall()}
    assert counts == ours.verdicts
    assert rules == {"data/geometry", *ours.verdicts}


def test_what_a_script_says_otherwise_is_noticed(ours: Told) -> None:
    pairs = sorted(one for one in ours.found if one[0] == "data/overlap")
    verdicts = {**ours.verdicts, "term-50": {**ours.verdicts["term-50"], "pass": 0}}
    assert differences(ours, ours, overlaps=True) == ""
    assert pairs[0][1] in differences(ours, Told(ours.verdicts, ours.found - {pairs[0]}), overlaps=True)
    assert pairs[0][1] in differences(ours, ours, overlaps=False)  # looked for where it was not to be
    assert differences(ours, dataclasses.replace(ours, verdicts=verdicts), overlaps=True) == "term-50"


def test_the_measuring_ends_where_a_script_says_otherwise(layers: dict[str, Path], tmp_path: Path) -> None:
    liar = [sys.executable, "-c", "import json; print(json.dumps({}))"]
    entries = {
        (sql.OURS, "overlaps"): sql.Contestant(check(layers["parquet"])),
        ("duckdb", ""): sql.Contestant(liar, tmp_path / "told.jsonl"),
    }
    (tmp_path / "told.jsonl").touch()
    with pytest.raises(SystemExit, match="duckdb says otherwise than landcheck"):
        sql.judge(entries, layers["parquet"], tmp_path)


def test_a_run_that_takes_too_long_is_stopped_and_one_that_fails_tells_why(tmp_path: Path) -> None:
    sleeping, failing = ([sys.executable, "-c", code] for code in ("import time; time.sleep(60)", "raise KeyError(5)"))
    contestants = [sql.Contestant(command, tmp_path / "told") for command in (sleeping, failing)]
    for one in contestants:
        one.take(within(0.5, one.command, tmp_path / "out"))
    assert [one.said for one in contestants] == ["stopped after 0 s", "KeyError: 5"]
    assert all(one.done() for one in contestants)


def test_a_script_that_cannot_be_installed_has_a_line_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "not-installed-sql.json").write_text(json.dumps(dict.fromkeys(SCRIPTS, "no wheel")), encoding="utf-8")
    sql.main(100, tmp_path / "sql.json")
    tables = load(tmp_path / "sql.json")
    assert [table.title for table in tables] == list(run.LEADING)
    told = [(line[0], line[-1]) for line in tables[0].rows]
    assert told == [("landcheck", "-")] * 2 + [(peer, "not installed: no wheel") for peer in SCRIPTS]


def test_what_a_user_chooses_between_leads_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for title in ("Deciding", *run.LEADING):
        run._write_page(page, [Table(title, "判断", ["a note"], ["", "s"], [["x", "1"]])])
    assert titles(page) == [*run.LEADING, "Deciding"]


def test_the_codes_of_the_masks_are_those_of_the_fields() -> None:
    for name, values in by_hand.VALUES.items():
        assert field(Role.PARCELS, name).values == values


def titles(page: Path) -> list[str]:
    lines = page.read_text(encoding="utf-8").splitlines()
    return [line[3:].split(" / ")[0] for line in lines if line.startswith("## ")]
