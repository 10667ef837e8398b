"""Text of the data appears as text in every format and breaks none."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from landcheck import Request, check
from landcheck.messages.visible import shortened, visible
from landcheck.model import Report
from landcheck.report.content.text import console
from landcheck.report.csv import cell
from landcheck.report.options import Options
from landcheck.report.write import render, write_files
from landcheck.rulebook import new_pack

STYLE = re.compile(r"\x1b\[[0-9;]*m")
NUMBER = re.compile(r"-?[0-9.]+(e-?[0-9]+)?")


def text_of(report: Report, name: str, *, colour: bool = False) -> str:
    return "".join(render(report, name, Options("en", "all", 120, colour)))


INVISIBLE = set("\u034f\u115f\u3164\ufe0f\ufffe\uffff\U0001fffe\U000e0100")
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)


def unseen(text: str) -> set[str]:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {one for one in text if unicodedata.category(one) in hidden or one in INVISIBLE}


def within(text: str) -> str:
    """The text as the console shows it in the middle of a line."""
    return console("." + text)[1:]


def test_json_gives_every_text_back_unchanged(report_of: Callable[[str], Report], hostile: str) -> None:
    read = json.loads(text_of(report_of(hostile), "json"))
    assert read["findings"][0]["subject"]["id"] == hostile
    assert read["data"][0]["message"] == f"seen: {hostile}"
    assert read["green_ledger"][0]["park_id"] == hostile
    assert read["inputs"][0]["path"] == hostile
    assert read["findings"][0]["waived"] == {"number": hostile, "approver": hostile, "expires": "2026-06-30",
                                             "reason": hostile}  # fmt: skip


@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "md"])
def test_every_file_is_utf_8(
    report_of: Callable[[str], Report], hostile: str, suffix: str, tmp_path: pytest.TempPathFactory
) -> None:
    path = f"{tmp_path}/r.{suffix}"
    write_files(report_of(hostile), [path], "zh")
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - the path is text, as the command line has it
        text = file.read()
    if suffix == "json":
        assert json.loads(text)["findings"][0]["subject"]["id"] == hostile


def test_a_line_of_jsonl_stays_one_line(report_of: Callable[[str], Report], hostile: str) -> None:
    lines = text_of(report_of(hostile), "jsonl").split("\n")
    assert len(lines) == 4
    assert json.loads(lines[1])["subject"]["id"] == hostile


def test_csv_keeps_its_rows_and_holds_no_formula(report_of: Callable[[str], Report], hostile: str) -> None:
    text = text_of(report_of(hostile), "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(text.splitlines()) - 1
    assert rows[0]["subject"].replace("'", "") == visible(hostile).replace("'", "")
    assert not re.search(r';[\s"]*[=+@＝-]', text)
    for held in (held for row in rows for held in row.values()):
        assert NUMBER.fullmatch(held) or not held.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
        assert not unseen(held)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"), ("＝1+1", "'＝1+1"), ("+86 21", "'+86 21"), ("-", "'-"), ("@x", "'@x"),
        ("-5", "-5"), ("+1.5e3", "+1.5e3"), ("-５", "'-５"), ("\t=1", "\\t=1"), ("A-1", "A-1"), (None, ""),
        (float("nan"), ""), (-0.2, "-0.2"), (True, "true"), (3, "3"),
        ("a; =1", "a; '=1"), ('a;"@x;+1', 'a;"\'@x;\'+1'), ("a;b=1", "a;b=1"),
    ],
)  # fmt: skip
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(value: object, shown: str) -> None:
    assert cell(value) == shown


@pytest.mark.parametrize("name", ["plain", "table", "github", "md"])
def test_nothing_unseen_reaches_the_reader(report_of: Callable[[str], Report], hostile: str, name: str) -> None:
    assert unseen(text_of(report_of(hostile), name)) <= {"\n"}


def test_colours_are_the_program_s_own(report_of: Callable[[str], Report], hostile: str) -> None:
    drawn = text_of(report_of(hostile), "table", colour=True)
    assert STYLE.search(drawn)
    assert unseen(STYLE.sub("", drawn)) <= {"\n"}


def test_plain_text_is_whole(report_of: Callable[[str], Report], hostile: str) -> None:
    text = text_of(report_of(hostile), "plain")
    assert f"parcel {within(hostile)} (row 1)" in text
    assert f"seen: {within(hostile)}" in text
    assert f"until 2026-06-30: {within(hostile)}]" in text


@pytest.mark.parametrize("name", ["plain", "table", "md"])
def test_no_line_is_a_command_to_a_runner(report_of: Callable[[str], Report], hostile: str, name: str) -> None:
    assert not COMMAND.search(text_of(report_of(hostile), name))


@pytest.mark.parametrize("name", ["json", "jsonl", "csv"])
def test_nothing_unseen_reaches_a_terminal_in_a_format_for_programs(
    report_of: Callable[[str], Report], hostile: str, name: str
) -> None:
    assert unseen(text_of(report_of(hostile), name)) <= {"\n", "\udc80"}


def test_the_terminal_reads_no_markup_and_says_what_it_cuts(report_of: Callable[[str], Report], hostile: str) -> None:
    drawn = text_of(report_of(hostile), "table").replace("\n", "").replace(" ", "")
    assert console(hostile)[:250].replace(" ", "") in drawn
    if len(hostile) > 1000:
        assert "(9,006morecharacters)" in drawn  # of "seen: " and 10,000 characters 1,000 are shown
    assert max(map(len, text_of(report_of(hostile), "table").splitlines())) <= 120


def leaves(tokens: list[Token]) -> list[Token]:
    return [leaf for token in tokens for leaf in (leaves(token.children) if token.children else [token])]


def test_markdown_shows_the_text_and_obeys_none_of_it(report_of: Callable[[str], Report], hostile: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(text_of(report_of(hostile), "md"))
    kinds = {token.type for token in leaves(tokens)}
    assert kinds.isdisjoint({"html_block", "html_inline", "code_inline", "fence", "code_block", "link_open", "image"})
    assert kinds.isdisjoint({"em_open", "strong_open", "s_open", "softbreak", "hardbreak"})
    cells = ["".join(leaf.content for leaf in leaves([token])) for token in tokens if token.type == "inline"]
    assert f"parcel {shortened(hostile)} (row 1)" in [" ".join(cell.split(" ")) for cell in cells]
    assert shortened(hostile) in cells


def test_markdown_of_a_forge_finds_no_link_to_make(report_of: Callable[[str], Report], hostile: str) -> None:
    text = text_of(report_of(hostile), "md")
    assert "://" not in text
    assert "@" not in text


def test_the_runner_obeys_no_text(report_of: Callable[[str], Report], hostile: str) -> None:
    for line in text_of(report_of(hostile), "github").splitlines():
        assert line.startswith(("::error ", "::warning ", "::notice ", "landcheck: "))
        if line.startswith("::"):
            head, _, message = line[2:].partition("::")
            assert re.fullmatch(r"(error|warning|notice) (file=[^:,]*,line=1,)?title=[^:,]*", head)
            assert not re.search(r"%(?!25|0A)", message)
        else:
            assert "##[" not in line


@pytest.mark.parametrize("suffix", ["html", "sarif", "junit.xml", "codequality.json", "docx", "xlsx"])
def test_files_hold_nothing_unseen_and_are_well_formed(
    report_of: Callable[[str], Report], hostile: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"r.{suffix}"
    write_files(report_of(hostile), [path], "en")
    if suffix in ("docx", "xlsx"):
        with zipfile.ZipFile(path) as packed:
            parts = [packed.read(name) for name in packed.namelist() if name.endswith((".xml", ".rels"))]
        texts = ["".join(etree.fromstring(part).itertext()) for part in parts]
    else:
        texts = [path.read_text(encoding="utf-8")]
    assert {one for text in texts for one in unseen(text)} <= {"\n", "\t", "\r"}
    if suffix.endswith("json") or suffix == "sarif":
        assert json.loads(texts[0])
    if suffix == "junit.xml":
        assert etree.fromstring(texts[0].encode()).tag == "testsuites"


# A pack whose every text is hostile: the gate accepts text, so that the reports must hold.

SAID = re.compile(r'(?<=\b(?:zh|en) = )"[^"]*"|(?<=issuer = )"[^"]*"|(?<=translation = )"[^"]*"')
SUFFIXES = ("json", "jsonl", "csv", "md", "html", "sarif", "junit.xml", "codequality.json", "docx", "xlsx", "pdf")
PLAN = """parcel_id,land_class,site_area_m2,far_gfa_m2,approval_date
P1,industrial_project,10000,5000,2026-02-01
P2,industrial_project,10000,,2026-02-01
"""


def quoted(text: str) -> str:
    """As a basic string of TOML."""
    return '"' + "".join(f"\\U{ord(one):08x}" if one in '"\\{}' or not one.isascii() or not one.isprintable() else one
                         for one in text) + '"'  # fmt: skip


def spoil(pack: Path, texts: Iterator[str]) -> None:
    """Put the next text in the place of every title, remedy, reason ..., and of the document's number."""
    for file in sorted(pack.glob("*.toml")):
        said = SAID.sub(lambda _: quoted(next(texts)), file.read_text(encoding="utf-8"))
        if file.name == "pack.toml":
            said = re.sub(r'(?<=\nnumber = )"[^"]*"', lambda _: quoted(next(texts)), said, count=1)
        file.write_text(said, encoding="utf-8")


@pytest.fixture(scope="module", params=range(0, 20, 4))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, hostile_texts: list[str]) -> Path:
    """A folder with such a pack and a plan: each text of the corpus stands in several places, over all folders."""
    made = tmp_path_factory.mktemp("hostile")
    new_pack(made / "mine")
    spoil(made / "mine", islice(cycle(hostile_texts), request.param, None))
    (made / "p.csv").write_text(PLAN, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def judged(folder: Path) -> Report:
    return check(Request(str(folder / "p.csv"), packs=(str(folder / "mine"),), as_of=dt.date(2026, 6, 30)))


@pytest.fixture(scope="module")
def files(folder: Path, judged: Report) -> dict[str, Path]:
    paths = {suffix: folder / f"r.{suffix}" for suffix in SUFFIXES}
    write_files(judged, list(paths.values()), "en")
    return paths


def test_a_hostile_pack_is_judged(judged: Report) -> None:
    assert [(one.subject.id, one.verdict.word) for one in judged.findings] == [("P1", "fail"), ("P2", "undetermined")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["plain", "table", "github", "md", "csv", "jsonl", "json"])
def test_no_stream_shows_it(judged: Report, name: str, lang: Any) -> None:
    text = "".join(map(str, render(judged, name, Options(lang, "all", 120))))
    assert unseen(text) <= {"\n"}
    if name in ("plain", "table", "md"):
        assert not COMMAND.search(text)
    if name == "github":
        assert all(
            line.startswith(("::error ", "::warning ", "::notice ", "landcheck: ")) for line in text.splitlines()
        )


def test_files_are_well_formed_and_show_none(files: dict[str, Path]) -> None:
    for suffix, path in files.items():
        if suffix in ("docx", "xlsx"):
            with zipfile.ZipFile(path) as packed:
                parts = {name: packed.read(name) for name in packed.namelist() if name.endswith((".xml", ".rels"))}
            texts = ["".join(etree.fromstring(part).itertext()) for part in parts.values()]
            assert not any(b"<f>" in part or b"<f " in part for part in parts.values())
            assert not any("hyperlink" in name for name in parts)
        else:
            texts = [] if suffix == "pdf" else [path.read_text(encoding="utf-8-sig")]
        assert {one for text in texts for one in unseen(text)} <= {"\n", "\t", "\r"}, suffix
    for suffix in ("json", "sarif", "codequality.json"):
        assert json.loads(files[suffix].read_text(encoding="utf-8"))
    assert etree.fromstring(files["junit.xml"].read_bytes()).tag == "testsuites"
    assert files["pdf"].read_bytes().startswith(b"%PDF-")


def test_csv_holds_no_formula(files: dict[str, Path]) -> None:
    text = files["csv"].read_text(encoding="utf-8-sig")
    for row in csv.DictReader(io.StringIO(text, newline="")):
        for held in row.values():
            assert NUMBER.fullmatch(held) or not held.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_markdown_and_html_obey_none_of_it(files: dict[str, Path]) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(
        files["md"].read_text(encoding="utf-8"))  # fmt: skip
    kinds = {token.type for token in leaves(tokens)}
    assert kinds.isdisjoint({"html_block", "html_inline", "fence", "code_block", "link_open", "image", "s_open"})
    page = files["html"].read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "x.invalid" not in re.findall(r'(?:href|src)="([^"]*)"', page)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rules", "list", "--pack", "mine"), ("rules", "show", "far-floor", "--pack", "mine"),
        ("rules", "test", "mine"), ("rules", "docs", "--pack", "mine", "-o", "d.md"),
        ("explain", "p.csv", "--pack", "mine", "--parcel", "P1"),
        ("whatif", "p.csv", "--pack", "mine", "--parcel", "P1", "--set", "far_gfa_m2=20000"),
        ("check", "p.csv", "--pack", "mine", "--summary", "-v"),
        ("report", "r.json", "--pack", "mine"), ("diff", "r.json", "r.json", "--pack", "mine"),
        ("compare", "p.csv", "--pack", "mine", "--pack", "mine"),
    ],
    ids=lambda words: " ".join(words[:2]),
)  # fmt: skip
def test_no_command_says_it_raw(
    start: Callable[..., Any], folder: Path, files: dict[str, Path], arguments: tuple[str, ...]
) -> None:
    assert files["json"].parent == folder
    ran = start(*arguments, "--lang", "en", cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said = b"\n".join(ran.communicate()).decode("utf-8")
    assert ran.returncode in (0, 1, 3)
    assert unseen(said) <= {"\n"}
    assert not COMMAND.search(said)
    assert not {"Traceback", "internal error"} & set(said.splitlines())
    if arguments[1] == "docs":
        assert unseen((folder / "d.md").read_text(encoding="utf-8")) <= {"\n"}
