"""What a person sees of a check: on a terminal, piped, quiet, coloured or not, and when it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landcheck import InputError, Options, Report, Request, check, render
from landcheck.cli.app import app
from landcheck.cli.console import alive, coloured
from landcheck.messages import Lang
from landcheck.report.content.text import folds, width
from landcheck.report.options import Detail

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
PLAN = "sample_parcels/plan.gpkg"
HEAD = "parcel_id,land_class,term_years,site_area_m2,far_gfa_m2,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2"
ROW = "{},industrial_project,20,10000,{},30000,0,0"


@pytest.fixture(scope="module")
def plan() -> Report:
    import datetime as dt

    here = Path.cwd()
    os.chdir(ROOT)
    try:
        return check(Request(PLAN, as_of=dt.date(2026, 6, 30)))
    finally:
        os.chdir(here)


@pytest.mark.parametrize(("lang", "columns", "detail"), [
    ("zh", 100, "usual"), ("en", 100, "usual"), ("zh", 60, "usual"), ("en", 60, "summary"), ("zh", 100, "summary"),
])  # fmt: skip
def test_the_sample_on_a_terminal(plan: Report, lang: Lang, columns: int, detail: Detail) -> None:
    """LANDCHECK_RENEW_GOLDEN=1 writes the files anew: read the diff."""
    text = "".join(render(plan, "table", Options(lang, width=columns, detail=detail)))
    path = GOLDEN / f"plan.{lang}.{columns}.{detail}.txt"
    if os.environ.get("LANDCHECK_RENEW_GOLDEN"):
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text
    assert max(map(width, text.splitlines())) <= columns
    assert "…" not in text


def squeezed(text: str) -> str:
    return re.sub(r"[\s-]|\.{3}", "", text)


def test_a_narrow_terminal_cuts_nothing(plan: Report) -> None:
    """Every finding's sentence that plain text holds stands on 40 columns too, folded."""
    narrow = squeezed("".join(render(plan, "table", Options("zh", width=40))))
    plain = "".join(render(plan, "plain", Options("zh")))
    said = [line for line in plain.splitlines() if line.startswith("    ")]
    assert len(said) > 60
    assert [line for line in said if squeezed(line) not in narrow] == []


def test_the_order_is_the_same_piped_and_not(plan: Report) -> None:
    drawn, piped = ("".join(render(plan, name, Options("en", width=200))) for name in ("table", "plain"))
    subjects = [re.findall(r"(?:parcel|park) (\w+(?:-\w+)?) \(row \d+\)", text) for text in (drawn, piped)]
    once = [list(dict.fromkeys(of)) for of in subjects]
    assert once[0] == once[1]
    assert once[0][0] == "PD01-02"


def test_the_first_lines_say_what_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer without the column of floor areas: one line for the rule, and the document that supplies them."""
    monkeypatch.chdir(tmp_path)
    head, rows = HEAD.replace("far_gfa_m2,", ""), (ROW.format(f"P{i}", "").replace(",,", ",") for i in range(60))
    Path("p.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    lines = run("check", "p.csv", "--as-of", "2022-06-01", "--lang", "zh").splitlines()[:7]
    assert lines[0].startswith("结论：不符合 0 项、无法判定 60 项")
    assert lines[1] == "对所有适用对象均无法判定（共 60 项）：工业用地容积率2.0以上"
    assert any("计容建筑面积（见建设工程规划许可证或规划条件）：60 项结论待定" in line for line in lines)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--lang", "en"] if "--lang" not in arguments else list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("\n".join([HEAD, ROW.format("A", 15_000), ROW.format("B", 25_000)]), encoding="utf-8")
    return "p.csv"


def test_the_last_line_is_the_tally(broken: str) -> None:
    last = run("check", broken, "--as-of", "2022-06-01", "-o", "out/r.json").splitlines()[-1]
    assert last == (
        "Verdict: 1 fail, 0 undetermined, 0 review, 7 pass, 10 not applicable. Written: out/r.json. "
        "Exit status 1 (a failure or a data error)"
    )
    last = run("check", broken, "--as-of", "2022-06-01", "--exit-zero").splitlines()[-1]
    assert last.endswith("Exit status 0 (by --exit-zero)")


def test_quiet_with_a_file_prints_nothing(broken: str) -> None:
    assert run("check", broken, "--as-of", "2022-06-01", "-q", "-o", "r.json") == ""
    assert run("check", broken, "--as-of", "2022-06-01", "-q", "-o", "r.json", "--output-format", "json") != ""
    assert Path("r.json").is_file()


@pytest.mark.parametrize("form", ["plain", "table", "md", "csv", "json", "github"])
def test_a_rule_left_out_is_named_and_is_no_compliance(broken: str, form: str) -> None:
    told = run("check", broken, "--as-of", "2022-06-01", "--ignore", "far-industrial", "--output-format", form)
    assert "not judged" in told or '"not_judged":["far-industrial"]' in told
    assert "far-industrial" in told


def test_a_saved_result_keeps_what_was_left_out(broken: str) -> None:
    run("check", broken, "--as-of", "2022-06-01", "--select", "term", "-q", "-o", "r.json")
    again = run("report", "r.json", "--output-format", "plain", "--summary")
    assert again.startswith("Verdict: 0 fail, 0 undetermined, 0 review, 2 pass, 0 not applicable; 9 rules not judged\n")
    assert "Not judged" in again
    html = run("report", "r.json", "-o", "r.html", "-o", "r.xlsx", "-o", "r.docx", "-o", "r.junit.xml")
    assert html == ""
    assert "rules not judged" in Path("r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "judged"),
    [
        (["--select", "far"], {"far-industrial", "far-rd-general"}),
        (["--select", "far", "--ignore", "far-rd-general"], {"far-industrial"}),
        (["--select", "far-industrial", "--ignore", "far"], {"far-industrial"}),  # the longer selector counts
        (["--select", "term-50,living-15"], {"term-50", "living-15"}),
        (["--select", "shanghai-2021-9", "--ignore", "far,stock,surplus,mixed-use,living,green,roof"], {"term-50"}),
    ],
)
def test_selectors_meet_rules_as_those_of_ruff(broken: str, options: list[str], judged: set[str]) -> None:
    import json

    told = json.loads(run("check", broken, "--as-of", "2022-06-01", "--output-format", "json", *options))
    assert set(told["summary"]["verdicts"]) == judged
    assert {rule["id"] for rule in told["rules"]} == judged
    assert len(judged) + len(told["not_judged"]) == 10


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--ignore", "far-industrail"], "the nearest: far-industrial"),
     (["--select", "term-50", "--ignore", "term-50"], "leave no rule")],
)  # fmt: skip
def test_a_selector_that_meets_nothing_is_refused(broken: str, options: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["check", broken, *options, "--lang", "en"])
    assert (result.exit_code, said in result.output) == (2, True)


def test_rules_that_have_nothing_to_judge_are_an_error_that_names_them(broken: str) -> None:
    with pytest.raises(InputError) as refused:
        check(Request(broken, select=("green-balance",)))
    assert "园区调减绿地须在园区内或本区园区之间补足" in refused.value.say("zh")
    assert "green-balance" in refused.value.say("en")
    assert "--parks" in refused.value.say("en")


def test_a_rule_left_out_leaves_its_baseline_alone(broken: str) -> None:
    run("check", broken, "--as-of", "2022-06-01", "-q", "-o", "old.json")
    told = run("check", broken, "--as-of", "2022-06-01", "--baseline", "old.json", "--ignore", "far")
    assert "0 of the baseline are no longer found" in told


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colour", "lively"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, False, True),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "0"}, False, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, True),
    ],
)
def test_colour_is_what_the_environment_asks_for(environment: dict[str, str], *, colour: bool, lively: bool) -> None:
    stream: object = Terminal()
    assert coloured(stream, environment) is colour  # type: ignore[arg-type]
    assert alive(stream, environment) is lively  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others on Windows")
@pytest.mark.parametrize("after", [0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.2])
def test_an_interruption_at_any_moment_ends_with_one_line(after: float) -> None:
    # a dot once the program has begun: before that it is Python's own start
    code = """
import os, sys
class Begun:
    def find_spec(self, name, *_):
        if name == "landcheck.cli.app":
            os.write(1, b".")
sys.meta_path.insert(0, Begun())
from landcheck.__main__ import main
main()
"""
    options = ["--output-format", "json", "--lang", "en", "--exit-zero"]
    command = [sys.executable, "-c", code, "check", PLAN, *options]
    started = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=started) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"."
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    lines = said.decode().splitlines()
    assert (process.returncode, len(lines)) in ((130, 1), (0, 0)), said
    assert all(line.startswith("landcheck: interrupted") for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("容积率1.5，低于下限", ["容积率", "1.5，低", "于下限"]),
        ("A-1000、A-2000", ["A-1000、", "A-2000"]),
        ("面积 12,345.67", ["面积 ", "12,345.6", "7"]),
        ("abc def ghi", ["abc def ", "ghi"]),
        ("", [""]),
    ],
)
def test_words_and_numbers_stay_whole_where_a_line_is_folded(text: str, lines: list[str]) -> None:
    places = [0, *folds(text, 8), len(text)]
    assert [text[a:b] for a, b in pairwise(places)] == lines
