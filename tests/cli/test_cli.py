"""The real command line: statuses, messages, files whole or not at all. In one process where that is enough."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import landcheck
from landcheck import InputError, Request
from landcheck.cli import console
from landcheck.cli.app import app
from landcheck.messages import Lang

ROOT = Path(__file__).parents[2]
HEAD = (
    "parcel_id,land_class,site_area_m2,far_gfa_m2,single_use,in_high_tech_zone,is_stock,is_surplus_part,approval_date"
)
REST = "term_years,recognition,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2"
CLEAN = "P1,industrial_project,20000,40000,true,true,false,false,2022-01-01,20,none,40000,6000,6000"


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def write(rows: list[str], name: str = "parcels.csv", head: str = f"{HEAD},{REST}") -> str:
    Path(name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return name


def check(file: str, *more: str) -> Result:
    return run("check", file, "--as-of", "2022-06-01", *more)


def changed(**values: str) -> str:
    row = dict(zip(f"{HEAD},{REST}".split(","), CLEAN.split(","), strict=True)) | values
    return ",".join(row.values())


@pytest.mark.parametrize(
    ("row", "options", "status"),
    [
        (CLEAN, [], 0),
        (changed(far_gfa_m2="39999.99"), [], 1),
        (changed(far_gfa_m2="39999.99"), ["--reading", "literal"], 0),
        (changed(far_gfa_m2="39999.99"), ["--reading", "literal", "--fail-on", "review"], 3),
        (changed(far_gfa_m2="39999.99"), ["--exit-zero"], 0),
        (changed(far_gfa_m2=""), [], 3),
        (changed(far_gfa_m2=""), ["--fail-on", "fail"], 0),
        (changed(far_gfa_m2="", term_years="60"), ["--fail-on", "fail"], 1),
        (changed(far_gfa_m2="about 2"), ["--fail-on", "fail"], 1),
        (changed(term_years="30"), [], 1),
        (changed(term_years="30"), ["--set", "base_term_years=30"], 0),
        (changed(single_use=""), [], 0),
        (changed(single_use=""), ["--no-assumptions"], 3),
        (changed(in_high_tech_zone="false", far_gfa_m2="1000"), [], 0),
    ],
)
def test_exit_status(row: str, options: list[str], status: int) -> None:
    result = check(write([row]), *options)
    assert result.exit_code == status, result.output


def test_a_lapsed_text_is_a_notice_and_stops_ci_only_on_request() -> None:
    file = write([CLEAN])
    late = ["--as-of", "2026-11-22", "--output-format", "json"]
    result = run("check", file, *late)
    assert result.exit_code == 0
    assert "pack-presumed-lapsed" in {notice["code"] for notice in json.loads(result.stdout)["notices"]}
    assert run("check", file, *late, "--fail-on", "lapsed").exit_code != 0
    assert check(file, "--fail-on", "lapsed").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["nowhere.shp"], 4, "nowhere.shp"),
        (["good.csv", "--as-of", "2022-02-30"], 2, "2022-02-30"),
        (["good.csv", "--map", "storeys=X"], 2, "storeys"),
        (["good.csv", "--map", "far=NOWHERE"], 2, "NOWHERE"),
        (["good.csv", "--map", "nonsense"], 2, "nonsense"),
        (["good.csv", "--set", "base_term_years=many"], 2, "many"),
        (["good.csv", "--set", "speed=3"], 2, "speed"),
        (["good.csv", "--pack", "atlantis"], 2, "atlantis"),
        (["good.csv", "--config", "none.toml"], 2, "none.toml"),
        (["good.csv", "--output-format", "sonnet"], 2, "sonnet"),
        (["good.csv", "-o", "report.sonnet"], 2, "report.sonnet"),
        (["good.csv", "-o", "good.csv"], 2, "good.csv"),
        (["good.csv", "-o", "good.csv/report.json"], 2, "good.csv/report.json"),
        (["good.csv", "--reading", "liberal"], 2, "liberal"),
        (["good.csv", "--crs", "EPSG:0"], 2, "EPSG:0"),
        (["empty.csv"], 4, "empty.csv"),
        (["no-id.csv"], 4, "parcel_id"),
        (["twice.csv"], 4, "--map parcel_id=地块编号"),
        (["text.shp"], 4, "text.shp"),
        (["good.csv", "--parks", "nowhere.gpkg"], 4, "nowhere.gpkg"),
    ],
)
def test_what_cannot_be_run_says_so_in_one_message(arguments: list[str], status: int, told: str) -> None:
    write([CLEAN], "good.csv")
    write([], "empty.csv")
    write(["2.0"], "no-id.csv", "far")
    write(["P1,P2,2.1"], "twice.csv", "地块编号,parcel_id,far")
    Path("text.shp").write_text("this is no shapefile", encoding="utf-8")
    before = sorted(path.name for path in Path.cwd().iterdir())
    result = run("check", *arguments)
    assert result.exit_code == status, result.output
    assert told in result.output
    assert "Traceback" not in result.output
    assert result.stdout == "" or "Usage" in result.output
    assert sorted(path.name for path in Path.cwd().iterdir()) == before


@pytest.mark.parametrize("role", ["parcels", "parks", "zones", "green", "buildings", "attributes"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "<html><body><table><tr><td>地块编号</td></tr></table>",
            {"zh": "网页表格（HTML）", "en": "a web page (HTML)"},
        ),
        (
            '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            {"zh": "Excel 2003 的 XML 表格", "en": "the XML of Excel 2003"},
        ),
    ],
)
def test_what_only_calls_itself_a_workbook_is_named_with_the_way_out(
    role: str, text: str, words: dict[Lang, str]
) -> None:
    good = write([CLEAN], "good.csv")
    Path("t.xls").write_bytes(text.encode("gbk"))
    with pytest.raises(InputError) as refused:
        landcheck.check(Request("t.xls") if role == "parcels" else Request(good, {role: "t.xls"}))
    for lang, word in words.items():
        said = refused.value.say(lang)
        assert "t.xls" in said
        assert word in said
        assert "XLSX" in said


def test_reports_are_written_in_the_format_of_their_suffix() -> None:
    file = write([CLEAN, changed(parcel_id="P2", far_gfa_m2="1")])
    result = check(file, "-o", "r.json", "-o", "r.csv", "-o", "r.md", "-o", "r.jsonl", "--output-format", "json")
    assert result.exit_code == 1
    assert Path("r.json").read_text(encoding="utf-8") == result.stdout
    assert all(Path(f"r.{suffix}").stat().st_size for suffix in ("csv", "md", "jsonl"))


def test_nothing_is_written_where_one_report_cannot_be() -> None:
    file = write([CLEAN])
    Path("taken.md").mkdir()
    assert check(file, "-o", "r.json", "-o", "taken.md").exit_code == 2
    assert not Path("r.json").exists()


def test_the_configuration_counts_and_the_command_line_counts_more() -> None:
    file = write([changed(term_years="30")])
    Path("landcheck.toml").write_text("as_of = 2022-06-01\n[set]\nbase_term_years = 30\n", encoding="utf-8")
    result = run("check", file)
    assert result.exit_code == 0
    assert "landcheck.toml" in result.stderr
    assert run("check", file, "--set", "base_term_years=20").exit_code == 1


@pytest.mark.parametrize(
    "text", ["speed = 3", "reading = 7", "map = 3", "not toml at all", "[set]\nbase_term_years = 'x'"]
)
def test_a_faulty_configuration_names_its_file(text: str) -> None:
    file = write([CLEAN])
    Path("mine.toml").write_text(text, encoding="utf-8")
    result = run("check", file, "--config", "mine.toml")
    assert result.exit_code == 2
    assert "mine.toml" in result.output or "base_term_years" in result.output


def test_explain_lets_a_reader_redo_the_sum() -> None:
    file = write([changed(far_gfa_m2="36000")])
    result = run("explain", file, "--parcel", "P1", "--rule", "far-industrial", "--as-of", "2022-06-01")
    assert result.exit_code == 0, result.output
    assert "36000 / 20000 = 1.8" in result.stdout
    assert "parcels.csv" in result.stdout
    assert "工业用地容积率可以２．０以上" in result.stdout


def test_explain_of_nobody_and_of_no_rule() -> None:
    file = write([CLEAN])
    assert run("explain", file, "--parcel", "P9").exit_code == 4
    assert run("explain", file, "--parcel", "P1", "--rule", "far-lunar").exit_code == 2


def test_rules_are_listed_shown_and_tested() -> None:
    listed = run("rules", "list", "--lang", "en")
    assert listed.exit_code == 0
    assert "far-industrial" in listed.stdout
    assert "工业用地容积率可以２．０以上" in run("rules", "show", "far-industrial", "--lang", "zh").stdout
    assert run("rules", "show", "far-lunar").exit_code == 2


def test_a_faulty_pack_stops_everything_with_all_its_faults(tmp_path: Path) -> None:
    file = write([CLEAN])
    pack = tmp_path / "broken"
    pack.mkdir()
    (pack / "pack.toml").write_text('id = "broken"\nspeed = 3\n', encoding="utf-8")
    result = run("check", file, "--pack", str(pack))
    assert result.exit_code == 2
    assert result.output.count("pack.toml") > 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--lang", "zh"], {}, "zh"),
        (["--lang=en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "C"}, "en"),
    ],
)
def test_language(arguments: list[str], environment: dict[str, str], expected: str) -> None:
    assert console.choose_language(arguments, environment) == expected


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "landcheck", *arguments]
    return subprocess.run(command, env=surroundings, capture_output=True, check=False)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["check", "parcels.csv", "--lang", "zh"]])
def test_a_gbk_console_shows_everything_and_stops_nothing(arguments: list[str]) -> None:
    write([changed(far_gfa_m2="1", parcel_id="甪直㎡²✓")])
    ran = program(*arguments, PYTHONIOENCODING="gbk", LANG="zh_CN.GBK", LC_ALL="")
    assert b"Traceback" not in ran.stderr
    assert ran.stdout.decode("gbk")


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    write([CLEAN, changed(parcel_id="P2", far_gfa_m2="1")])
    arguments = ["check", "parcels.csv", "--as-of", "2022-06-01", "--output-format", "json", "--show", "all"]
    outputs = {program(*arguments, PYTHONHASHSEED=str(seed)).stdout for seed in (1, 2)}
    assert len(outputs) == 1
    assert str(Path.cwd()).encode() not in outputs.pop()


def test_a_reader_that_goes_away_is_no_error() -> None:
    write([CLEAN])
    command = f"{shlex.quote(sys.executable)} -m landcheck check parcels.csv --show all | true"
    ran = subprocess.run(
        ["sh", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert ran.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that closes is another thing on Windows")
def test_a_reader_that_goes_away_changes_no_status() -> None:
    write([CLEAN.replace("40000", "20000", 1)] * 3000)
    command = [sys.executable, "-m", "landcheck", "check", "parcels.csv", "--output-format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr is not None
        assert (run.stderr.read(), run.wait()) == ("", 1)
